"""A teacher's own checks, which learners never see: read, seeded, and run on the solution.

The file is a notebook or a Python file in cells. In a notebook a check is a code cell with
``{"dlcore": {"exercise": "6.3", "points": 2}}`` in its metadata. In a Python file a cell starts
with a line such as::

    # %% exercise="6.3" points=2 tolerance=1e-6

``points`` is 1 when it is not given, and ``tolerance`` that of other checks. A code cell without an
exercise is put before each check: imports, helpers. In a check the name ``SEED`` holds a number
that comes from the content of the file, so that nobody knows it who has not seen the file, and
everybody in a class gets the same. A check prints what the learner's answer computes; what the
solution prints in its place is what is expected, and is found out when the grader runs.
"""

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat import NotebookNode

from dlcore.notebooks.compare import tolerance_of
from dlcore.notebooks.files import NotebookError, ours, read_json
from dlcore.notebooks.syntax import parse

_CELL = re.compile(r"^# ?%%(.*)$", re.MULTILINE)
_ENTRY = re.compile(r"(\w+)=(\"[^\"]*\"|'[^']*'|[^\s\"']+)")
_KNOWN = {"exercise", "points", "tolerance"}


class HiddenCheck(NamedTuple):
    """One check of the file, and the exercise that it belongs to."""

    exercise: str
    source: str
    points: int
    tolerance: float | None


class _Cell(NamedTuple):
    """A cell of the file as it was found."""

    place: str
    source: str
    entries: dict[str, Any]


def read_hidden(path: Path) -> list[HiddenCheck]:
    """Read a file of hidden checks.

    Parameters
    ----------
    path : Path
        A notebook, or a Python file in cells.

    Returns
    -------
    list of HiddenCheck
        In the order of the file; the source of each gives a value to ``SEED``.

    Raises
    ------
    NotebookError
        If the file cannot be read, or if a cell says something that has no meaning here.
    """
    cells = list(_notebook_cells(path) if path.suffix == ".ipynb" else _python_cells(path))
    if faults := [f"{path}: {cell.place}: {fault}" for cell in cells for fault in _faults(cell)]:
        raise NotebookError("\n".join(faults))
    before = "\n".join(cell.source for cell in cells if "exercise" not in cell.entries)
    secret = "\0".join(f"{cell.entries} {cell.source}" for cell in cells)
    checks = [cell for cell in cells if "exercise" in cell.entries]
    if not checks:
        raise NotebookError(f"{path}: no cell of it is marked as a check of an exercise")
    return [
        HiddenCheck(
            cell.entries["exercise"],
            f"SEED = {_seed(secret, number)}\n{before}\n{cell.source}",
            cell.entries.get("points", 1),
            cell.entries.get("tolerance"),
        )
        for number, cell in enumerate(checks)
    ]


def hidden_cells(checks: list[HiddenCheck]) -> list[NotebookNode]:
    """Return hidden checks as cells of a solution, still without their outputs.

    Parameters
    ----------
    checks : list of HiddenCheck
        What `read_hidden` returned.

    Returns
    -------
    list of NotebookNode
        Code cells with metadata and identifiers of their own.
    """
    made = []
    numbers: Counter[str] = Counter()
    for check in checks:
        numbers[check.exercise] += 1
        entries = {"exercise": check.exercise, "role": "check", "visibility": "hidden"}
        more: dict[str, Any] = {"points": check.points, "hint": "", "teacher": True}
        if check.tolerance is not None:
            more["tolerance"] = check.tolerance
        name = f"ex-{check.exercise.replace('.', '-')}-hidden-{numbers[check.exercise]}"
        cell = nbformat.v4.new_code_cell(  # type: ignore[no-untyped-call]
            check.source, id=name, metadata={"dlcore": {**entries, **more}}, execution_count=1
        )
        made.append(cell)
    return made


def _seed(secret: str, number: int) -> int:
    """Return a number for one check, which only the content of the file can tell."""
    digest = hashlib.sha256(f"{number}\0{secret}".encode()).digest()
    return int.from_bytes(digest[:6], "big")


def _notebook_cells(path: Path) -> Iterator[_Cell]:
    """Yield the code cells of a notebook."""
    for number, cell in enumerate(read_json(path)["cells"], start=1):
        source = cell.get("source", "")
        text = "".join(source) if isinstance(source, list) else source
        if cell.get("cell_type") == "code" and isinstance(text, str) and text.strip():
            entries = {name: value for name, value in ours(cell).items() if name in _KNOWN}
            yield _Cell(f"cell {number}", text, entries)


def _python_cells(path: Path) -> Iterator[_Cell]:
    """Yield the cells of a Python file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotebookError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise NotebookError(f"{path}: cannot be read ({error})") from None
    marks = list(_CELL.finditer(text))
    ends = [mark.start() for mark in marks] + [len(text)]
    if text[: ends[0]].strip():
        yield _Cell("line 1", text[: ends[0]], {})
    for mark, end in zip(marks, ends[1:], strict=True):
        line = text.count("\n", 0, mark.start()) + 1
        source = text[mark.end() : end].strip("\n")
        if source.strip() and "[markdown]" not in mark[1]:
            yield _Cell(f"line {line}", source, _entries(mark[1]))


def _entries(words: str) -> dict[str, Any]:
    """Return what the first line of a cell says, as names and values."""
    found: dict[str, Any] = {}
    for name, value in _ENTRY.findall(words):
        try:
            found[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            found[name] = value
    return found


def _faults(cell: _Cell) -> Iterator[str]:
    """Yield what is wrong with a cell."""
    entries = cell.entries
    points = entries.get("points", 1)
    if unknown := sorted(set(entries) - _KNOWN):
        yield f"unknown: {', '.join(unknown)}; a check has exercise, points and tolerance"
    if set(entries) - {"exercise"} and "exercise" not in entries:
        yield 'says nothing of the exercise: exercise="6.3"'
    if not isinstance(entries.get("exercise", ""), str):
        yield f'exercise must be a text such as "6.3", got {entries["exercise"]!r}'
    if isinstance(points, bool) or not isinstance(points, int) or points < 1:
        yield f"points must be a whole number of at least 1, got {points!r}"
    try:
        tolerance_of(entries)
    except ValueError as error:
        yield str(error)
    try:
        parse(cell.source)
    except SyntaxError as error:
        yield f"is not Python: {error.msg} in its line {error.lineno}"
