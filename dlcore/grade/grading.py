"""One notebook graded: assembled, run in a process of its own, and given its points."""

import ast
import builtins
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from dlcore.grade.environment import share_font_cache
from dlcore.grade.reference import Reference, find_reference
from dlcore.grade.report import CheckResult, ExerciseResult, Report
from dlcore.grade.submission import Answer, Submission
from dlcore.notebooks.compare import as_text
from dlcore.notebooks.exercises import Exercise, parsed
from dlcore.notebooks.files import NotebookError, ours

MEMORY = 4096  # mebibytes for the kernel
_START = 600.0  # seconds that kernels and the exercise's own cells may take, all together
MAX_SHOWN = 2000  # characters of an output in a report

Results = dict[str, dict[str, str]]


class GradingError(Exception):
    """The notebook could not be graded through no fault of the answers."""


def grade(path: Path, solutions: Path | None = None, timeout: float = 30.0) -> Report:
    """Grade one notebook.

    Parameters
    ----------
    path : Path
        The learner's notebook.
    solutions : Path, optional
        The folder of the solutions; looked for when not given.
    timeout : float
        Seconds that an answer or a check may take.

    Returns
    -------
    Report
        Points and feedback for every exercise.

    Raises
    ------
    NotebookError
        If the file is not a notebook, or if there is no solution fit to grade it.
    GradingError
        If the run itself failed.
    """
    submission = Submission(path)
    reference = find_reference(submission, solutions)
    answers = {
        cell.id: submission.answer(cell, exercise)
        for exercise in reference.exercises
        for cell in exercise.answers
    }
    cells = assemble(reference, answers)
    results = run(cells, reference, timeout) if _graded(cells) else {}
    _require_good_setup(reference, results)
    exercises = [_result(exercise, answers, results) for exercise in reference.exercises]
    return Report(str(path), reference.path.stem, exercises)


def assemble(reference: Reference, answers: dict[str, Answer]) -> list[NotebookNode]:
    """Put the learner's answers into the cells of the solution that are to be run.

    Parameters
    ----------
    reference : Reference
        The solution.
    answers : dict
        The learner's answer for each answer cell.

    Returns
    -------
    list of NotebookNode
        Code cells in the order of the solution. Exercises with nothing to run are left out; of
        the learner's notebook nothing but source is taken.
    """
    left_out = {
        exercise.number
        for exercise in reference.exercises
        if exercise.kind == "text" or _fate(exercise, answers)
    }
    cells = []
    for cell in reference.notebook.cells:
        entries = ours(cell)
        if cell.cell_type != "code" or entries.get("exercise") in left_out:
            continue
        new = cell.copy()
        if entries.get("role") == "answer":
            new["source"] = answers[cell.id].source
        if entries.get("role") != "check":
            new["outputs"] = []
        new["execution_count"] = 1
        cells.append(new)
    return cells


def _graded(cells: list[NotebookNode]) -> bool:
    """Say whether there is any check to run."""
    return any(ours(cell).get("role") == "check" for cell in cells)


def _fate(exercise: Exercise, answers: dict[str, Answer]) -> str:
    """Return a status for an exercise that is not run, or an empty text."""
    given = [answers[cell.id] for cell in exercise.answers]
    if any(answer.fault for answer in given):
        return "not found"
    return "" if any(answer.attempted for answer in given) else "not attempted"


def run(cells: list[NotebookNode], reference: Reference, timeout: float) -> Results:
    """Run assembled cells in a process and a kernel of their own.

    Parameters
    ----------
    cells : list of NotebookNode
        What `assemble` returned.
    reference : Reference
        The solution.
    timeout : float
        Seconds for an answer or a check.

    Returns
    -------
    dict
        For each cell that was run: its status, what it printed, and a message.

    Raises
    ------
    GradingError
        If the process ended without results, or did not end.
    """
    answers = [
        cell.source
        for exercise in reference.exercises
        for cell in exercise.answers
        if exercise.kind != "text"
    ]
    with tempfile.TemporaryDirectory(prefix="dlcore-work-", ignore_cleanup_errors=True) as folder:
        share_font_cache(Path(folder))
        plan = {
            "notebook": {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5},
            "folder": folder,
            "timeout": timeout,
            "memory": MEMORY,
            "own_names": sorted(own_names(answers)),
        }
        environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "dlcore.grade.session"],
                input=json.dumps(plan),
                capture_output=True,
                text=True,
                env=environment,
                check=False,
                start_new_session=True,
                timeout=_START + 2 * timeout * len(cells),
            )
        except subprocess.TimeoutExpired as late:
            raise GradingError(f"the run did not end within {late.timeout:g} seconds") from None
    try:
        found: Results = json.loads(ended.stdout)["results"]
    except (ValueError, KeyError):
        last = ended.stderr.strip().splitlines()[-1:] or ["no word why"]
        raise GradingError(f"the grading process failed: {last[0]}") from None
    if not found:
        raise GradingError("no kernel could be started to run the notebook")
    return found


def own_names(sources: list[str]) -> set[str]:
    """Return Python's own names that the solution defines anew, such as ``sum`` or ``max``.

    Parameters
    ----------
    sources : list of str
        The answers of the solution.

    Returns
    -------
    set of str
        Names that the learner may define too.
    """
    names: set[str] = set()
    for source in sources:
        for node in ast.walk(parsed(source)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return names & set(vars(builtins))


def _require_good_setup(reference: Reference, results: Results) -> None:
    """Raise if a cell of the solution failed before any answer could have disturbed it."""
    for cell in reference.notebook.cells:
        role = ours(cell).get("role")
        if role == "answer" and cell.id in results:
            return
        ended = results.get(cell.id, {})
        if role is None and ended.get("status", "passed") != "passed":
            raise GradingError(
                f"{reference.path}: cell {cell.id} of the exercise itself fails: {ended['message']}"
            )


def _result(exercise: Exercise, answers: dict[str, Answer], results: Results) -> ExerciseResult:
    """Turn what happened to the cells of an exercise into points and feedback."""
    result = ExerciseResult(exercise.number, exercise.title, exercise.stars, exercise.kind)
    result.fate = _fate(exercise, answers) or None
    broken = {cell.id: results[cell.id] for cell in exercise.answers if _broke(cell, results)}
    faults = [answers[cell.id].fault for cell in exercise.answers if answers[cell.id].fault]
    if faults:
        result.message = "; ".join(faults)
    elif broken:
        result.message = "your answer: " + "; ".join(end["message"] for end in broken.values())
    for check in exercise.checks:
        ended = _ended(check, bool(result.fate), broken, results)
        result.checks.append(_check_result(exercise, check, ended))
    if result.points == 0 and _still_stub(exercise, results):
        result.fate = "not attempted"
    return result


def _broke(cell: NotebookNode, results: Results) -> bool:
    """Say whether an answer cell was run and did not end well."""
    return results.get(cell.id, {}).get("status", "passed") != "passed"


def _ended(check: NotebookNode, closed: bool, broken: Results, results: Results) -> dict[str, Any]:
    """Return how a check ended, or why it was not run."""
    if check.id in results:
        return results[check.id]
    if broken and not closed:
        first = next(iter(broken.values()))
        return {"status": first["status"], "message": first["message"]}
    why = None if closed else "not run: an earlier cell of this exercise took the kernel with it"
    return {"status": "not run", "message": why}


def _still_stub(exercise: Exercise, results: Results) -> bool:
    """Say whether an exercise failed only because the line to be replaced is still there."""
    message = f"NotImplementedError: exercise {exercise.number}"
    cells = [cell.id for cell in (*exercise.answers, *exercise.checks)]
    return any(results.get(cell, {}).get("message") == message for cell in cells)


def _check_result(exercise: Exercise, check: NotebookNode, ended: dict[str, Any]) -> CheckResult:
    """Turn how a check ended into points and feedback."""
    entries = ours(check)
    result = CheckResult(
        check.id,
        ended["status"],
        int(str(entries["points"])),
        str(entries.get("visibility", "public")),
    )
    if result.status == "passed" or result.visibility == "hidden":
        return result
    result.hint = str(entries["hint"])
    result.message = ended.get("message")
    if ended.get("got"):
        result.got = ended["got"][:MAX_SHOWN]
    if exercise.kind == "code":
        result.expected = as_text(
            [output for output in check.outputs if output.get("name") != "stderr"]
        )[:MAX_SHOWN]
    elif ended["status"] == "failed":
        result.message = "not the expected answer"
    return result


__all__ = ["GradingError", "NotebookError", "grade"]
