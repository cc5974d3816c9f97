"""Check exercises in a page: which cells are needed, and what the grader would say.

Outputs are compared by the grader's own rules, and the words are those of its report.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any

from dlcore.grade.judging import difference, error_in, explain, shown, stub_error
from dlcore.grade.report import CheckResult, ExerciseResult
from dlcore.notebooks.compare import as_text
from dlcore.notebooks.names import read_names, top_names
from dlcore.notebooks.syntax import parsed

EVERYTHING = "*"  # what "from … import *" may make
Outputs = list[dict[str, Any]]


# Cells -----------------------------------------------------------------------------------------


def needed(cells: list[dict[str, str]], exercise: str) -> list[str]:
    """Return the cells to run for an exercise: its own, and those above that they build on.

    Of another exercise all cells are taken or none, because a check may add to what it checks.

    Parameters
    ----------
    cells : list of dict
        The code cells in order, each with ``id``, ``code`` and ``exercise``; the last is empty
        for a cell that belongs to no exercise.
    exercise : str
        The number of the exercise.

    Returns
    -------
    list of str
        The cells by their ids, in order.
    """
    own = [cell for cell in cells if cell["exercise"] == exercise]
    above = [cell for cell in cells[: cells.index(own[-1])] if cell not in own]
    chosen, left = own, grouped(above)
    while True:
        wanted, made = names(read_names, chosen), names(makes, chosen)
        more = [
            group
            for group in left
            if names(makes, group) & wanted
            or names(changes, group) & (wanted | made | {EVERYTHING})
        ]
        if not more:
            break
        chosen = [*chosen, *(cell for group in more for cell in group)]
        left = [group for group in left if group not in more]
    ids = {cell["id"] for cell in chosen}
    return [cell["id"] for cell in cells if cell["id"] in ids]


def names(of: Callable[[str], Iterable[str]], cells: list[dict[str, str]]) -> set[str]:
    """Return all names of some kind in some cells."""
    return {name for cell in cells for name in of(cell["code"])}


def grouped(cells: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    """Return the cells of each exercise together, at the place of its last; others alone."""
    groups: dict[str, list[dict[str, str]]] = {}
    for cell in cells:
        key = cell["exercise"] or cell["id"]
        groups[key] = [*groups.pop(key, []), cell]
    return list(groups.values())


def makes(code: str) -> set[str]:
    """Return the names that a cell binds for those after it."""
    return top_names([code])


def changes(code: str) -> Iterator[str]:
    """Yield the names to whose entries or attributes a cell assigns, or whose methods it calls."""
    for node in ast.walk(parsed(code)):
        place: ast.AST | None = None
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            place = node
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            place = node.value.func
        elif isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            yield EVERYTHING
        while isinstance(place, ast.Subscript | ast.Attribute):
            place = place.value
            if isinstance(place, ast.Name):
                yield place.id


# Verdicts --------------------------------------------------------------------------------------


def judged(exercise: dict[str, Any], outputs: dict[str, Outputs]) -> dict[str, Any]:
    """Return the grader's result for an exercise.

    Parameters
    ----------
    exercise : dict
        What the page knows of it: ``number``, ``kind``, ``answers`` and ``checks``.
    outputs : dict
        What each of its cells has shown; a cell that was not run is missing.

    Returns
    -------
    dict
        The entries of an exercise in a report.
    """
    head = (str(exercise["number"]), str(exercise["title"]), int(exercise["stars"]))
    result = ExerciseResult(*head, str(exercise["kind"]))
    broken = [word for cell in exercise["answers"] if (word := error_in(outputs.get(cell, [])))]
    if broken:
        result.message = "your answer: " + "; ".join(broken)
    for check in exercise["checks"]:
        found = CheckResult(check["id"], "passed", int(check["points"]), part=check["part"])
        result.checks.append(found)
        if broken:
            found.status, found.message, found.hint = "error", broken[0], str(check["hint"])
        else:
            compare(found, check, outputs[check["id"]], result.kind)
    stub = stub_error(result.exercise)
    if result.points == 0 and stub in {*broken, *(found.message for found in result.checks)}:
        result.fate = "not attempted"
    scores = {"points": result.points, "max_points": result.max_points, "status": result.status}
    return asdict(result) | scores


def compare(found: CheckResult, check: dict[str, Any], outputs: Outputs, kind: str) -> None:
    """Hold what a check shows against what it shows for the solution."""
    expected = shown(check["expected"])
    if message := error_in(outputs):
        found.status, found.message = "error", message
    elif gap := difference(check, expected, outputs):
        found.status, found.message = "failed", gap.why
    if found.status != "passed":
        explain(found, check, kind=kind, expected=as_text(expected), got=as_text(outputs))
