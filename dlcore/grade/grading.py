"""One notebook graded: assembled, run in a process of its own, and given its points."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nbformat import NotebookNode

from dlcore.data import FILES, DataFileError, locate
from dlcore.grade.hidden import read_hidden
from dlcore.grade.judging import fate, judged
from dlcore.grade.limits import TIMEOUT
from dlcore.grade.reference import Reference, find_reference
from dlcore.grade.report import Containment, Report
from dlcore.grade.run.process import GradingError, Results, run
from dlcore.grade.submission import Answer, Submission
from dlcore.notebooks.files import NotebookError, ours
from dlcore.notebooks.names import defined_names, top_names

_LOST = (
    "none of the answer cells of {name} is in this notebook: hand in the notebook that was handed "
    "out, with your answers in its cells"
)


def grade(
    path: Path, solutions: Path | None = None, timeout: float = TIMEOUT, hidden: Path | None = None
) -> Report:
    """Grade one notebook.

    Parameters
    ----------
    path : Path
        The learner's notebook.
    solutions : Path, optional
        The folder of the solutions; looked for when not given.
    timeout : float
        Seconds that an answer or a check may take.
    hidden : Path, optional
        A file of checks that learners do not see; see `dlcore.grade.hidden`.

    Returns
    -------
    Report
        Points and feedback for every exercise.

    Raises
    ------
    NotebookError
        If the file is not a notebook, or if there is no solution fit to grade it.
    GradingError
        If a data set of the exercise is not on this machine, or the run itself failed.
    """
    submission = Submission(path)
    reference = find_reference(submission, solutions)
    _require_data(reference)
    if hidden is not None:
        reference.add_hidden(read_hidden(hidden), hidden, timeout)
    answers = {
        cell.id: submission.answer(cell, exercise)
        for exercise in reference.exercises
        for cell in exercise.answers
    }
    given = given_functions(reference)
    answers = {name: _warned(answer, given) for name, answer in answers.items()}
    secret = [found.resolve().parent for found in (path, hidden) if found is not None]
    held = Containment()

    def results_of(visibility: str) -> Results:
        cells = assemble(reference, answers, visibility)
        found = run(cells, reference, timeout, secret, held) if _graded(cells) else {}
        _require_good_setup(reference, found)
        return found

    public, unseen = _both(results_of)
    exercises = [judged(exercise, answers, public, unseen) for exercise in reference.exercises]
    report = Report(str(path), reference.path.stem, exercises, containment=held)
    if answers and all(answer.fault for answer in answers.values()):
        report.notes.append(_LOST.format(name=reference.path.stem))
    return report


def given_functions(reference: Reference) -> set[str]:
    """Return the functions and classes that an exercise defines, and no answer is to define.

    Parameters
    ----------
    reference : Reference
        The solution.

    Returns
    -------
    set of str
        Their names.
    """
    cells = [cell for cell in reference.notebook.cells if cell.cell_type == "code"]
    given = defined_names([cell.source for cell in cells if not ours(cell).get("role")])
    return given - top_names([c.source for c in cells if ours(c).get("role") == "answer"])


def _warned(answer: Answer, given: set[str]) -> Answer:
    """Say of an answer which names of the exercise it defines anew, since that has no effect."""
    again = ", ".join(sorted(given & defined_names([answer.source])))
    if not again:
        return answer
    word = f"{again}: given by the exercise, whose own was used: choose another name"
    return answer._replace(repairs=(*answer.repairs, word))


def _both(results_of: Callable[[str], Results]) -> tuple[Results, Results]:
    """Run public and hidden checks side by side: code that knows the second is never shown."""
    with ThreadPoolExecutor(2) as pool:
        public, unseen = pool.map(results_of, ("public", "hidden"))
    return public, unseen


def assemble(
    reference: Reference, answers: dict[str, Answer], visibility: str = "public"
) -> list[NotebookNode]:
    """Put the learner's answers into the cells of the solution that are to be run.

    Parameters
    ----------
    reference : Reference
        The solution.
    answers : dict
        The learner's answer for each answer cell.
    visibility : str
        Which checks are wanted: ``public`` or ``hidden``.

    Returns
    -------
    list of NotebookNode
        Code cells in the order of the solution. Exercises with nothing to run are left out; of
        the learner's notebook nothing but source is taken.
    """
    left_out = {
        exercise.number
        for exercise in reference.exercises
        if exercise.kind == "text" or fate(exercise, answers)
    }
    cells = []
    for cell in reference.notebook.cells:
        entries = ours(cell)
        if cell.cell_type != "code" or entries.get("exercise") in left_out:
            continue
        if entries.get("role") == "check" and entries.get("visibility", "public") != visibility:
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


def _require_data(reference: Reference) -> None:
    """Raise if a data set of the solution is not here: no answer is to lose points by that."""
    code = "\n".join(c.source for c in reference.notebook.cells if c.cell_type == "code")
    for name, file in FILES.items():
        if re.search(rf"\b{file.loader}\b", code):
            try:
                locate(name)
            except DataFileError:
                raise GradingError(
                    f"{reference.path.stem} needs the data set {name}, which is missing or damaged "
                    f"on this machine: run 'dlcore data {name}'"
                ) from None


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


__all__ = ["GradingError", "NotebookError", "Results", "assemble", "grade", "run"]
