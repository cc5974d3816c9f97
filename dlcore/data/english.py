"""English text for character models: the reference that every Python carries."""

import importlib
import re
from os import PathLike
from pathlib import Path

from dlcore.data.fetch import DataFileError

ALPHABET = "\n !\"'(),-.0123456789:;?abcdefghijklmnopqrstuvwxyz"
_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})
_LEAST = 100_000  # characters; some builds of Python leave the reference out, or empty


def load_english(path: str | PathLike[str] | None = None, *, alphabet: str = ALPHABET) -> str:
    r"""Load about 400,000 characters of English, stripped to a fixed alphabet.

    Parameters
    ----------
    path : path-like, optional
        A text of your own, in UTF-8.
    alphabet : str
        The characters that stay; others are left out. By default line ends, blanks, lower-case
        letters, digits and ``!"'(),-.:;?``, 49 in all. Where it has no capital letters, capitals
        become small ones.

    Returns
    -------
    str
        The text, with single blanks in a line, no rules (``----``) and at most one empty line in
        a row.

    Raises
    ------
    DataFileError
        If this build of Python carries no reference.
    ValueError
        If nothing of a text of your own is left.

    Notes
    -----
    The text is Python's language reference as ``help()`` shows it (``pydoc_data.topics``), under
    the PSF licence. Its wording differs a little from one version of Python to the next, so that
    it cannot have one sha256.

    Examples
    --------
    >>> text = load_english()
    >>> print(len(text) > 300_000, sorted(set(text) - set(ALPHABET)))
    True []
    """
    text = _reference() if path is None else Path(path).read_text(encoding="utf-8")
    stripped = strip(text, alphabet)
    if not stripped:
        raise ValueError(f"{path}: nothing is left of it in the alphabet {alphabet!r}")
    return stripped


def strip(text: str, alphabet: str = ALPHABET) -> str:
    r"""Strip a text to an alphabet, and take out what is only layout.

    Parameters
    ----------
    text : str
        Any text.
    alphabet : str
        The characters that stay.

    Returns
    -------
    str
        The text, without blanks at both ends.

    Examples
    --------
    >>> print(strip("Élan — “the\tend”\n=====\n\n\nOf   it…"))
    lan - "the end"
    <BLANKLINE>
    of it...
    """
    text = text.translate(_PLAIN)
    if alphabet == alphabet.lower():
        text = text.lower()
    text = text.replace("\t", " ")
    text = re.sub(f"[^{re.escape(alphabet)}]", "", text)
    text = re.sub("-{3,}", "", text)
    text = re.sub(" +", " ", text)
    text = re.sub(" ?\n ?", "\n", text)
    return re.sub("\n{3,}", "\n\n", text).strip()


def _reference() -> str:
    try:
        topics: dict[str, str] = importlib.import_module("pydoc_data.topics").topics
    except ImportError:
        topics = {}
    text = "\n\n".join(topics[name] for name in sorted(topics))
    if len(text) < _LEAST:
        raise DataFileError(
            "This Python carries no reference (pydoc_data.topics is missing or empty): "
            "give path= a text of your own."
        )
    return text
