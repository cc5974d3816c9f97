"""What a cell of the book must be like: one function a rule, each yielding its complaints."""

import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode
from nbval.plugin import find_comment_markers, find_metadata_tags

from dlcore.notebooks.compare import as_text, tolerance_of
from dlcore.notebooks.files import CELL_ID, MAX_ID_LENGTH, ours
from dlcore.notebooks.places import alt_text, caption, pictures
from dlcore.notebooks.tidy import CELL_METADATA

MAX_CODE_LINES = 25
MAX_BUILD_LINES = 80  # a build is one cell, so that it can be taken out as it is
MAX_WORDS = 200
MIN_REASON = 10  # characters
MIN_CAPTION = 4  # words

_FORBIDDEN = {
    "an absolute path": (
        r"(?<![\w:/.])/(?:home|root|Users|tmp|usr|var|opt|work|mnt|srv)/|\b[A-Z]:\\"
    ),
    "a path of an installed package": r"site-packages|dist-packages",
    "a memory address": r"\b0x[0-9a-fA-F]{6,}\b",
    "a bare NumPy scalar": r"\bnp\.(?:float|u?int|bool|complex)\d*_?\(",
    "a time of this machine": (
        r"\b\d+(?:\.\d+)? ?(?:ns|[µμu]s|ms)\b|\b\d+\.\d+ ?s(?:ec|econds?)?\b"
        r"|(?i:per loop|wall time|cpu times)"
    ),
    "a progress bar": r"\d%\|| ?it/s\b|s/it\b",
    "a warning": r"\b\w*Warning: ",
    "a traceback": r"Traceback \(most recent call last\)",
}
_ONE_PANEL = ("Left", "Right", "Above", "Below", "Top", "Bottom")
_NOT_PROSE = re.compile(r"```.*?```|\$\$.*?\$\$|^\s*(?:\||:::).*?$|\$[^$\n]*\$", re.S | re.M)


def cell_id(cell: NotebookNode) -> Iterator[str]:
    """Ask for a short readable slug."""
    if not CELL_ID.fullmatch(cell.id) or len(cell.id) > MAX_ID_LENGTH:
        yield "the id must be a readable slug: small letters, digits and hyphens, a letter first"
    elif re.fullmatch(r"(?=.*\d)[0-9a-f]{8}(?:-[0-9a-f-]+)?", cell.id):
        yield "the id is one that a program made; give it a name that says what the cell does"


def metadata(cell: NotebookNode) -> Iterator[str]:
    """Ask for the metadata of the book and nothing else."""
    extra = sorted(set(cell.metadata) - set(CELL_METADATA))
    if extra:
        yield f"metadata that do not belong in the book: {', '.join(extra)}"
    if "dlcore" in cell.metadata and not isinstance(cell.metadata["dlcore"], dict):
        yield "metadata.dlcore must be a dictionary"
    if "accept" in ours(cell) and ours(cell).get("role") != "check":
        yield "dlcore.accept belongs to a check"
    try:
        tolerance_of(ours(cell))
    except ValueError as error:
        yield str(error)


def marks(cell: NotebookNode) -> Iterator[str]:
    """Refuse nbval's marks and tags, which skip a cell or its comparison in silence."""
    if cell.cell_type != "code":
        return
    if list(find_comment_markers(cell.source)) or list(find_metadata_tags(cell.metadata)):
        yield "nbval's marks and tags are not allowed: dlcore.skip_compare takes a reason"


def opt_out(cell: NotebookNode) -> Iterator[str]:
    """Ask a cell that is not compared, or not in the page, for its reason."""
    for key in ("skip_compare", "differs", "reworded"):
        reason = ours(cell).get(key, "a reason that is not needed")
        if not isinstance(reason, str) or len(reason.strip()) < MIN_REASON:
            yield f"dlcore.{key} must give the reason in words, got {reason!r}"


def brief(cell: NotebookNode) -> Iterator[str]:
    """Ask for the short form of a long cell in words that the cell has."""
    pieces = ours(cell).get("brief", {})
    if not isinstance(pieces, dict) or not all(isinstance(new, str) for new in pieces.values()):
        yield f"dlcore.brief must map pieces of the cell to shorter ones, got {pieces!r}"
        return
    for old in pieces:
        if (times := cell.source.count(old)) != 1:
            yield f"dlcore.brief: {old!r} stands {times} times in the cell, not once"


def code_length(cell: NotebookNode) -> Iterator[str]:
    """Ask for code cells that fit on a screen."""
    lines = len(cell.source.splitlines())
    limit = MAX_BUILD_LINES if ours(cell).get("kind") == "build" else MAX_CODE_LINES
    if cell.cell_type == "code" and lines > limit:
        yield f"{lines} lines of code; the limit is {limit}"


def text_length(cell: NotebookNode) -> Iterator[str]:
    """Ask for text cells that hold one idea; formulas, code and tables are not counted."""
    if cell.cell_type != "markdown":
        return
    words = len(re.findall(r"\w[\w'’-]*", _NOT_PROSE.sub(" ", cell.source)))
    if words > MAX_WORDS:
        yield f"{words} words; split the cell, the limit is {MAX_WORDS}"


def figure_words(cell: NotebookNode) -> Iterator[str]:
    """Ask every figure for a text that says what it shows."""
    found = pictures(cell)
    if len(found) > 1:
        yield f"the cell shows {len(found)} figures; give each a cell of its own"
    for output in found:
        alt = alt_text(cell, output)
        if len(alt) < MIN_REASON:
            yield "the figure has no alt text: metadata.mystnb.image.alt"
        elif re.match(r"(?i)(?:an? |the )?(?:figure|image|picture)\b", alt):
            yield "the alt text must say what the figure shows, not that it is one"


def figure_caption(cell: NotebookNode) -> Iterator[str]:
    """Ask every figure for a sentence about all of it, which stands below it."""
    for output in pictures(cell):
        text = caption(cell, alt_text(cell, output))
        if len(text.split()) < MIN_CAPTION or text.startswith(_ONE_PANEL):
            yield f"{text!r} is no caption of the whole figure: give it one, dlcore.caption"


def stored_run(cell: NotebookNode) -> Iterator[str]:
    """Ask for the outputs of a run that went well."""
    if cell.cell_type != "code":
        return
    if cell.source.strip() and cell.execution_count is None:
        yield "no run is stored: run 'dlcore outputs'"
    for output in _outputs(cell):
        if output["output_type"] == "error":
            yield f"a traceback is stored: {output['ename']}"
        elif output.get("name") == "stderr":
            yield f"warnings or messages are stored: {output['text'].strip()[:60]!r}"


def output_text(cell: NotebookNode) -> Iterator[str]:
    """Refuse what differs from machine to machine, or should not be seen, in stored output."""
    texts = [as_text([output]) for output in _outputs(cell) if output.get("name") != "stderr"]
    for what, pattern in _FORBIDDEN.items():
        found = re.search(pattern, "\n".join(texts))
        if found:
            yield f"the output holds {what}: {found[0].strip()!r}"


def _outputs(cell: NotebookNode) -> list[dict[str, Any]]:
    """Return the outputs of a cell; text cells have none."""
    return list(cell.get("outputs", ()))


CELL_RULES = (
    cell_id,
    metadata,
    marks,
    opt_out,
    brief,
    code_length,
    text_length,
    figure_words,
    stored_run,
    output_text,
)
CHAPTER_RULES = (figure_caption,)
