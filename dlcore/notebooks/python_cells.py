"""A Python file in cells: what the line above each says, and its source.

A cell starts with a line such as ``# %% exercise="6.3" points=2``. Of the words after the mark,
those of the form ``name=value`` are entries, and others a title. A value is a number, a word, a
text in quotation marks or a list; what looks like an entry and is none becomes one without a value.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from dlcore.notebooks.files import NotebookError
from dlcore.notebooks.syntax import parse

_CELL = re.compile(r"^# ?%%(.*)$", re.MULTILINE)
_ENTRY = re.compile(r"(\w+)=(\"[^\"]*\"|'[^']*'|\[(?:[^\[\]]|\[[^\[\]]*\])*\]|[^\s\"'\[]+)")


class FileCell(NamedTuple):
    """A cell of a file: where it stands, its source, and its entries."""

    place: str
    source: str
    entries: dict[str, Any]


def read_cells(path: Path) -> Iterator[FileCell]:
    """Yield the cells of a Python file; those marked ``[markdown]`` and empty ones are left out.

    Parameters
    ----------
    path : Path
        The file.

    Yields
    ------
    FileCell
        In the order of the file; what stands above the first mark is a cell without entries.

    Raises
    ------
    NotebookError
        If the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotebookError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise NotebookError(f"{path}: cannot be read ({error})") from None
    marks = list(_CELL.finditer(text))
    ends = [mark.start() for mark in marks] + [len(text)]
    if text[: ends[0]].strip():
        yield FileCell("line 1", text[: ends[0]], {})
    for mark, end in zip(marks, ends[1:], strict=True):
        line = text.count("\n", 0, mark.start()) + 1
        source = text[mark.end() : end].strip("\n")
        if source.strip() and "[markdown]" not in mark[1]:
            yield FileCell(f"line {line}", source, _entries(mark[1]))


def cell_faults(cell: FileCell, known: set[str], has: str) -> Iterator[str]:
    """Yield what is wrong with a cell that may belong to an exercise.

    Parameters
    ----------
    cell : FileCell
        The cell.
    known : set of str
        The names that entries may have.
    has : str
        The same in words, for a message.

    Yields
    ------
    str
        One fault.
    """
    entries = cell.entries
    if unknown := sorted(set(entries) - known):
        yield f"unknown: {', '.join(unknown)}; {has}"
    if set(entries) - {"exercise"} and "exercise" not in entries:
        yield 'says nothing of the exercise: exercise="6.3"'
    if not isinstance(entries.get("exercise", ""), str):
        yield f'exercise must be a text such as "6.3", got {entries["exercise"]!r}'
    try:
        parse(cell.source)
    except SyntaxError as error:
        yield f"is not Python: {error.msg} in its line {error.lineno}"


def _entries(words: str) -> dict[str, Any]:
    """Return what the first line of a cell says, as names and values."""
    found: dict[str, Any] = {}
    for name, value in _ENTRY.findall(words):
        try:
            found[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            found[name] = value
    if "=" in (rest := _ENTRY.sub("", words)):
        found[rest.strip()] = None
    return found
