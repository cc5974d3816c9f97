"""A teacher's own checks, which learners never see: read, seeded, and run on the solution.

The file is a notebook or a Python file in cells. In a notebook a check is a code cell with
``{"dlcore": {"exercise": "6.3", "points": 2}}`` in its metadata. In a Python file a cell starts
with a line such as::

    # %% exercise="6.3" points=2 tolerance=1e-6

``points`` is 1 when it is not given, and ``tolerance`` that of other checks. A check that prints
one number may say what is accepted in its place: ``at_least=0.93``, ``at_most=1e-6``,
``between=[0, 0.1]`` or ``close_to=3.14``; for more numbers than one there is ``accept``, in the
form of `dlcore.notebooks.accept`. A code cell without an
exercise is put before each check: imports, helpers. In a check the name ``SEED`` holds a number
that comes from the content of the file, so that nobody knows it who has not seen the file, and
everybody in a class gets the same. A check prints what the learner's answer computes; what the
solution prints in its place is what is expected, and is found out when the grader runs.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat import NotebookNode

from dlcore.notebooks.accept import KINDS, accept_of
from dlcore.notebooks.compare import tolerance_of
from dlcore.notebooks.files import NotebookError, ours, read_json, source_of
from dlcore.notebooks.python_cells import FileCell, cell_faults, read_cells

_KNOWN = {"exercise", "points", "tolerance", "accept", *KINDS}
_HAS = f"a check has exercise, points, tolerance, and accept or one of {', '.join(KINDS)}"


class HiddenCheck(NamedTuple):
    """One check of the file, and the exercise that it belongs to."""

    exercise: str
    source: str
    points: int
    tolerance: float | None
    accept: Any = None


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
    read = _notebook_cells if path.suffix == ".ipynb" else read_cells
    cells = [_accepting(cell) for cell in read(path)]
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
            cell.entries.get("accept"),
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
        if check.accept is not None:
            more["accept"] = check.accept
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


def _notebook_cells(path: Path) -> Iterator[FileCell]:
    for number, cell in enumerate(read_json(path)["cells"], start=1):
        text = source_of(cell)
        if cell.get("cell_type") == "code" and text.strip():
            entries = {name: value for name, value in ours(cell).items() if name in _KNOWN}
            yield FileCell(f"cell {number}", text, entries)


def _accepting(cell: FileCell) -> FileCell:
    """Return a cell with the rule that stands among its entries under ``accept``."""
    rule = {kind: value for kind, value in cell.entries.items() if kind in KINDS}
    if not rule or "accept" in cell.entries:
        return cell
    rest = {name: value for name, value in cell.entries.items() if name not in KINDS}
    return cell._replace(entries={**rest, "accept": rule})


def _faults(cell: FileCell) -> Iterator[str]:
    points = cell.entries.get("points", 1)
    yield from cell_faults(cell, _KNOWN - set(KINDS), _HAS)
    if isinstance(points, bool) or not isinstance(points, int) or points < 1:
        yield f"points must be a whole number of at least 1, got {points!r}"
    try:
        tolerance_of(cell.entries)
        accept_of(cell.entries)
    except ValueError as error:
        yield str(error)
