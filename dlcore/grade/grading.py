"""One notebook graded: its answers run in the reference notebook, and given their points."""

import re
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from dlcore.grade import limits
from dlcore.grade.hidden import read_hidden
from dlcore.grade.judging import explain, shown, stub_error
from dlcore.grade.own_cells import borrowed
from dlcore.grade.reference import Reference, find_reference
from dlcore.grade.report import CheckResult, ExerciseResult, Report
from dlcore.grade.run.inside.plain import WrongKindError
from dlcore.grade.run.process import (
    Endings,
    GradingError as GradingError,
    Run,
    run_cells,
)
from dlcore.grade.submission import Answer, Submission
from dlcore.notebooks.compare import as_text
from dlcore.notebooks.exercises import Exercise
from dlcore.notebooks.files import (
    NotebookError as NotebookError,
    ours,
)
from dlcore.notebooks.names import changed_names, defined_names
from dlcore.notebooks.syntax import parse

_LOST = (
    "none of the answer cells of {name} is in this notebook: hand in the notebook that was handed "
    "out, with your answers in its cells"
)
_GIVEN = "{names}: given by the exercise, whose own was used: choose another name"
_DATA = (
    "{names}: of the exercise's own data, which are put back as they were after your answer: "
    "choose another name"
)
_BORROWED = (
    "{names}: taken from a cell of your own; only answer cells are graded, so move it to {cell}"
)
_PRINTED = (
    "what your answer prints when it is called is left aside: take it out of what you hand in"
)
_WRONG_KIND = f"{WrongKindError.__name__}: "
_LETTER = r"NameError: name '([A-Za-z])' is not defined"
_TAKEN_ALONG = "not run: an earlier cell of this exercise took the kernel with it"


def grade(
    path: Path,
    solutions: Path | None = None,
    *,
    timeout: float = limits.TIMEOUT,
    hidden: Path | None = None,
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
    if missing := reference.missing_data():
        raise GradingError(missing)
    if hidden is not None:
        reference.add_hidden(read_hidden(hidden), hidden, timeout)
    answers = answers_of(submission, reference)
    secret = [found.resolve().parent for found in (path, hidden) if found is not None]

    def checked(visibility: str) -> Run:
        cells = reference.with_answers(answers, visibility)
        if not any(ours(cell).get("role") == "check" for cell in cells):
            return Run()
        found = run_cells(cells, reference, timeout=timeout, secret=secret)
        _require_good_setup(reference, found.endings)
        return found

    # One after the other: side by side, what hidden checks hold could be read off the machine by
    # the run of which something is shown.
    public, unseen = checked("public"), checked("hidden")
    report = Report(str(path), reference.path.stem, [])
    report.exercises = [
        _judged(exercise, answers, public.endings, unseen.endings)
        for exercise in reference.exercises
    ]
    report.containment = (public if public.endings else unseen).containment
    report.note_pending(submission.hidden_checks)
    if answers and all(answer.fault for answer in answers.values()):
        report.notes.append(_LOST.format(name=reference.path.stem))
    return report


def answers_of(submission: Submission, reference: Reference) -> dict[str, Answer]:
    """Return the answer for each answer cell, with a word on names that it defines in vain.

    Parameters
    ----------
    submission : Submission
        The notebook handed in.
    reference : Reference
        The solution that it is held against.

    Returns
    -------
    dict
        By the id of the cell; what an answer needs from the learner's own cells is put before it.
    """
    given, data, known = reference.given_functions(), reference.data(), reference.names()
    own = submission.own_cells()
    found = {}
    for exercise in reference.exercises:
        for cell in exercise.answers:
            answer = submission.answer(cell, exercise)
            words = [*answer.repairs]
            if again := ", ".join(sorted(given & defined_names([answer.source]))):
                words.append(_GIVEN.format(names=again))
            if touched := ", ".join(sorted(data & changed_names(answer.source))):
                words.append(_DATA.format(names=touched))
            more, names = "", list[str]()
            if answer.attempted and exercise.kind != "text":
                more, names = borrowed(answer.source, own, known)
            if names:
                words.append(_BORROWED.format(names=", ".join(names), cell=cell.id))
            found[cell.id] = answer._replace(source=more + answer.source, repairs=tuple(words))
    return found


def _require_good_setup(reference: Reference, endings: Endings) -> None:
    """Raise if a cell of the solution failed before any answer could have disturbed it."""
    for cell in reference.notebook.cells:
        role = ours(cell).get("role")
        if role == "answer" and cell.id in endings:
            return
        ended = endings.get(cell.id, {})
        if role is None and ended.get("status", "passed") != "passed":
            raise GradingError(
                f"{reference.path}: cell {cell.id} of the exercise itself fails: {ended['message']}"
            )


def _judged(
    exercise: Exercise, answers: dict[str, Answer], public: Endings, unseen: Endings
) -> ExerciseResult:
    result = ExerciseResult(exercise.number, exercise.title, exercise.stars, exercise.kind)
    given = [answers[cell.id] for cell in exercise.answers]
    result.rubric = exercise.rubric
    result.fate = _fate(given)
    result.repairs = [word[: limits.SHOWN] for answer in given for word in answer.repairs]
    if any(public.get(check.id, {}).get("printed") for check in exercise.checks):
        result.repairs.append(_PRINTED)
    ran = {cell.id: public[cell.id] for cell in exercise.answers if cell.id in public}
    broken = {
        name: {**ended, "message": _said(exercise.kind, answers[name].source, ended["message"])}
        for name, ended in ran.items()
        if ended["status"] != "passed"
    }
    if faults := [answer.fault for answer in given if answer.fault]:
        result.message = "; ".join(faults)
    elif broken:
        words = (ended["message"].removeprefix(_WRONG_KIND) for ended in broken.values())
        result.message = "your answer: " + "; ".join(words)
    for check in exercise.checks:
        if ours(check).get("visibility") == "hidden":
            result.checks.append(_unseen_result(check, unseen))
        else:
            ended = public.get(check.id) or _not_run(result, broken)
            result.checks.append(_check_result(exercise, check, ended))
    if result.points == 0 and _still_stub(exercise, public):
        result.fate = "not attempted"
    return result


def _fate(given: list[Answer]) -> str | None:
    if any(answer.fault for answer in given):
        return "not found"
    return None if any(answer.attempted for answer in given) else "not attempted"


def _said(kind: str, source: str, message: str) -> str:
    """Return the message of an answer that failed; if it is no Python, with the line at fault."""
    if kind == "choice" and (letter := re.fullmatch(_LETTER, message)):
        said = f'a text was expected: write the letter with quotation marks, "{letter[1]}"'
        return f"{_WRONG_KIND}{said}"
    if "out of pty devices" in message:
        return f"{message}: no program is started while an exercise is graded"
    if message.startswith("NameError: "):
        return f"{message}: only the answer cells are run, one after the other"
    try:
        parse(source)
    except SyntaxError as error:
        line = f"line {error.lineno} of the cell"
        if error.msg in message:
            text = (error.text or "").strip()[: limits.SHOWN_LINE]
            return f"{type(error).__name__}: {error.msg}: {line}: {text}"
    return message


def _not_run(result: ExerciseResult, broken: Endings) -> dict[str, Any]:
    """Say why a check was not run: the answer has failed, or there is none."""
    if broken and not result.fate:
        first = next(iter(broken.values()))
        return {"status": first["status"], "message": first["message"]}
    return {"status": "not run", "message": None if result.fate else _TAKEN_ALONG}


def _unseen_result(check: NotebookNode, endings: Endings) -> CheckResult:
    """Say of a hidden check whether it passed, and nothing else."""
    status = endings.get(check.id, {"status": "not run"})["status"]
    if status not in ("passed", "not run"):
        status = "failed"
    return CheckResult(check.id, status, int(ours(check)["points"]), "hidden")


def _check_result(exercise: Exercise, check: NotebookNode, ended: dict[str, Any]) -> CheckResult:
    entries = ours(check)
    result = CheckResult(check.id, ended["status"], int(entries["points"]))
    result.part = str(entries.get("part", ""))
    if result.status != "passed":
        result.message = ended.get("message")
        expected = as_text(shown(check.outputs))
        explain(result, entries, kind=exercise.kind, expected=expected, got=ended.get("got") or "")
    if (result.message or "").startswith(_WRONG_KIND):
        result.message, result.hint = str(result.message).removeprefix(_WRONG_KIND), ""
    return result


def _still_stub(exercise: Exercise, endings: Endings) -> bool:
    """Say whether an exercise failed only because the line to be replaced is still there."""
    cells = [cell.id for cell in (*exercise.answers, *exercise.checks)]
    stub = stub_error(exercise.number)
    return any(endings.get(cell, {}).get("message") == stub for cell in cells)
