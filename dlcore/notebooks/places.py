"""What a chapter numbers, sections and figures, and the words that a figure brings along.

A section is numbered by its chapter and its place in it, 15.4 or 15.4.1; a figure by its chapter
and its place among the figures, 15.3. The number of a chapter is that of its file. Text refers to
both by name: a section's is its label, `sec-15-heads`, a figure's is `fig-15-` and the id of its
cell.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dlcore.notebooks.compare import PICTURES
from dlcore.notebooks.files import ours

LABEL = re.compile(r"(?:sec|fig|ch)-\d\d(?:-[a-z0-9-]+)?")
_LABELLED = re.compile(r"\((?P<name>[a-z0-9-]+)\)=\s*")
_HEADING = re.compile(r"(?P<marks>##+) +(?P<title>.+?)\s*")
_FENCE = re.compile(r"\s*(```+|~~~+)")
_DRAWN = re.compile(r"<Figure: (?P<label>.+)>", re.S)
_SENTENCE = re.compile(r".+?[.!?](?=\s+[^a-z\s]|\s*$)", re.S)


class Section(NamedTuple):
    """A section of a chapter: its number, its label if it has one, its title and its source."""

    number: str
    name: str
    title: str
    source: str


class Figure(NamedTuple):
    """A figure of a chapter: its number, its name, its caption and its alt text."""

    number: str
    name: str
    caption: str
    alt: str


def alt_text(cell: Mapping[str, Any], output: Mapping[str, Any]) -> str:
    """Return what a figure shows, in words.

    Parameters
    ----------
    cell : mapping
        A code cell; what its metadata say counts, ``mystnb.image.alt``.
    output : mapping
        The output that holds the figure. A drawing of `dlcore.plot` says itself what it shows,
        where the cell does not.

    Returns
    -------
    str
        The alt text; empty where there is none.
    """
    options = cell["metadata"].get("mystnb", {})
    image = options.get("image", {}) if isinstance(options, dict) else {}
    own = image.get("alt", "") if isinstance(image, dict) else ""
    if own:
        return str(own).strip()
    drawn = _DRAWN.fullmatch(_joined(output.get("data", {}).get("text/plain", "")).strip())
    return drawn["label"].strip() if drawn else ""


def caption(cell: Mapping[str, Any], alt: str) -> str:
    """Return the sentence that stands below a figure.

    Parameters
    ----------
    cell : mapping
        The cell that shows it; ``dlcore.caption`` of its metadata counts.
    alt : str
        The alt text; its first sentence serves where the cell gives no caption.

    Returns
    -------
    str
        The caption.
    """
    own = ours(cell).get("caption")
    if isinstance(own, str):
        return own.strip()
    first = _SENTENCE.match(alt)
    return first[0] if first else alt


def pictures(cell: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the outputs of a cell that are pictures.

    Parameters
    ----------
    cell : mapping
        A cell of any kind.

    Returns
    -------
    list of mapping
        In the order in which they are shown.
    """
    found = cell.get("outputs", [])
    return [output for output in found if set(PICTURES) & set(output.get("data", {}))]


def figures(notebook: Mapping[str, Any], chapter: int) -> list[Figure]:
    """Return the figures of a chapter, numbered.

    Parameters
    ----------
    notebook : mapping
        The chapter, with its outputs.
    chapter : int
        Its number.

    Returns
    -------
    list of Figure
        In order.
    """
    found: list[Figure] = []
    for cell in notebook["cells"]:
        for place, output in enumerate(pictures(cell)):
            alt = alt_text(cell, output)
            name = f"fig-{chapter:02}-{cell['id']}" + (f"-{place + 1}" if place else "")
            found.append(Figure(f"{chapter}.{len(found) + 1}", name, caption(cell, alt), alt))
    return found


def sections(notebook: Mapping[str, Any], chapter: int) -> list[Section]:
    """Return the sections of a chapter, numbered.

    Parameters
    ----------
    notebook : mapping
        The chapter.
    chapter : int
        Its number.

    Returns
    -------
    list of Section
        In order; the source of a section holds that of the sections within it.
    """
    lines = list(_lines(notebook))
    starts = [(i, h["marks"], h["title"]) for i, h in _headings(lines)]
    counts: list[int] = []
    found = []
    for at, (start, marks, title) in enumerate(starts):
        depth = len(marks) - 2
        counts = _next(counts, depth)
        stop = next((i for i, m, _ in starts[at + 1 :] if len(m) <= len(marks)), len(lines))
        label = _LABELLED.fullmatch(lines[start - 1]) if start else None
        number = ".".join(map(str, [chapter, *counts]))
        found.append(
            Section(number, label["name"] if label else "", title, "\n".join(lines[start:stop]))
        )
    return found


def _next(counts: list[int], depth: int) -> list[int]:
    """Count one section further at a depth."""
    padded = [*counts, *[0] * (depth + 1)][: depth + 1]
    return [*padded[:-1], padded[-1] + 1]


def _lines(notebook: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of all cells."""
    for cell in notebook["cells"]:
        text = cell["cell_type"] == "markdown"
        for line in _joined(cell["source"]).splitlines():
            yield line if text else f"    {line}"


def _headings(lines: list[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the headings of sections with their places; none within a block of code."""
    fence = ""
    for i, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip() == fence:
            fence = ""
        elif not fence and (heading := _HEADING.fullmatch(line)):
            yield i, heading


def _joined(text: Any) -> str:
    """Return a text that a notebook on disk may hold as a list of lines."""
    return text if isinstance(text, str) else "".join(text)
