"""What goes into a report: text made harmless."""

import re

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# Control characters, marks that turn the direction of text, halves of characters, non-characters.
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def plain(text: str) -> str:
    r"""Make a text that comes from a learner fit for a terminal, for XML and for a page.

    Parameters
    ----------
    text : str
        What was printed, written or used as a name.

    Returns
    -------
    str
        The text without escape sequences of terminals. Control characters, marks that reverse
        the direction of writing, and halves of characters are spelt out.

    Examples
    --------
    >>> plain("\x1b[2Jfull\tmarks\x07")
    'full\tmarks\\x07'
    """
    text = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNFIT.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
