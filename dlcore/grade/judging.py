"""What happened to the cells of an exercise, turned into points and feedback."""

from typing import Any

from nbformat import NotebookNode

from dlcore.grade.report import CheckResult, ExerciseResult
from dlcore.grade.run.process import Results
from dlcore.grade.submission import Answer
from dlcore.notebooks.compare import as_text
from dlcore.notebooks.exercises import Exercise
from dlcore.notebooks.files import ours
from dlcore.notebooks.syntax import parse

MAX_SHOWN = 2000  # characters of an output in a report


def fate(exercise: Exercise, answers: dict[str, Answer]) -> str:
    """Return a status for an exercise that is not run, or an empty text.

    Parameters
    ----------
    exercise : Exercise
        The exercise.
    answers : dict
        The learner's answer for each answer cell.

    Returns
    -------
    str
        ``not found``, ``not attempted`` or nothing.
    """
    given = [answers[cell.id] for cell in exercise.answers]
    if any(answer.fault for answer in given):
        return "not found"
    return "" if any(answer.attempted for answer in given) else "not attempted"


def judged(
    exercise: Exercise, answers: dict[str, Answer], public: Results, unseen: Results
) -> ExerciseResult:
    """Turn what happened to the cells of an exercise into points and feedback.

    Parameters
    ----------
    exercise : Exercise
        The exercise.
    answers : dict
        The learner's answer for each answer cell.
    public, unseen : dict
        How each cell ended where the public checks ran, and where the hidden ones did.

    Returns
    -------
    ExerciseResult
        Its points, and what the learner is told.
    """
    result = ExerciseResult(exercise.number, exercise.title, exercise.stars, exercise.kind)
    result.rubric = exercise.rubric
    result.fate = fate(exercise, answers) or None
    given = [answers[cell.id] for cell in exercise.answers]
    result.repairs = [word for answer in given for word in answer.repairs]
    broken = {cell.id: public[cell.id] for cell in exercise.answers if _broke(cell, public)}
    if faults := [answer.fault for answer in given if answer.fault]:
        result.message = "; ".join(faults)
    elif broken:
        words = (_said(answers[name].source, end["message"]) for name, end in broken.items())
        result.message = "your answer: " + "; ".join(words)
    for check in exercise.checks:
        if ours(check).get("visibility") == "hidden":
            result.checks.append(_unseen_result(check, unseen))
        else:
            ended = _ended(check, bool(result.fate), broken, public)
            result.checks.append(_check_result(exercise, check, ended))
    if result.points == 0 and _still_stub(exercise, public):
        result.fate = "not attempted"
    return result


def _said(source: str, message: str) -> str:
    """Return the message of an answer that failed; if it is no Python, with the line at fault."""
    try:
        parse(source)
    except SyntaxError as error:
        line = f"line {error.lineno} of the cell"
        if error.msg in message:
            return f"{type(error).__name__}: {error.msg}: {line}: {(error.text or '').strip()}"
    return message


def _unseen_result(check: NotebookNode, results: Results) -> CheckResult:
    """Say of a hidden check whether it passed, and nothing else."""
    status = results.get(check.id, {"status": "not run"})["status"]
    if status not in ("passed", "not run"):
        status = "failed"
    return CheckResult(check.id, status, int(str(ours(check)["points"])), "hidden")


def _broke(cell: NotebookNode, results: Results) -> bool:
    """Say whether an answer cell was run and did not end well."""
    return bool(results.get(cell.id, {}).get("status", "passed") != "passed")


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
    )
    result.part = str(entries.get("part", ""))
    if result.status == "passed":
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
