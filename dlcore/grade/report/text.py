"""The report as text for a terminal of 80 columns, and text made harmless for all other forms."""

import re
import textwrap
from collections.abc import Iterator

from dlcore.grade import limits
from dlcore.grade.report import CheckResult, ExerciseResult, Report

_WIDTH = 80
_COLOURS = {"right": "32", "passed": "32", "partly right": "33", "wrong": "31"}
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# Control characters, marks that turn the direction of text, halves of characters, non-characters.
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def render(report: Report, colour: bool = False) -> str:
    """Return a report as text.

    Parameters
    ----------
    report : Report
        What the grader found.
    colour : bool
        Whether to colour the words that say how an exercise went.

    Returns
    -------
    str
        Lines of at most 80 columns, ending in the points.
    """
    lines = [report.exercise_set, ""]
    for exercise in report.exercises if not report.lost else ():
        lines += _exercise(exercise, colour)
    for note in _notes(report):
        lines += ["", *textwrap.wrap(note, _WIDTH)]
    if any(exercise.status != "not compared" for exercise in report.exercises):
        lines += ["", f"{report.points} of {report.max_points} points"]
    if report.full_marks:
        lines[-1] += ": full marks"
    return "\n".join(lines)


def _notes(report: Report) -> Iterator[str]:
    yield from map(harmless, report.notes)
    if report.hidden_pending:
        yield f"Hidden checks pending for {', '.join(report.hidden_pending)}: points may change."
    if report.containment.not_enforced:
        yield f"Not held back on this machine: {'; '.join(report.containment.not_enforced)}."


def _exercise(exercise: ExerciseResult, colour: bool) -> Iterator[str]:
    status = exercise.status
    score = f"{exercise.points}/{exercise.max_points}" if exercise.max_points else ""
    title = textwrap.shorten(
        harmless(f"{exercise.exercise}  {exercise.title}"), 46, placeholder=" …"
    )
    yield f"  {title:<46} {'*' * exercise.stars:<3} {score:>6}  {_painted(status, colour)}"
    if exercise.message:
        yield from _indented("", exercise.message)
    for repair in exercise.repairs:
        yield from _indented("repaired", repair)
    if exercise.kind == "build" and status == "right":
        yield from _indented("", "your own from now on: 'dlcore mine' takes it into mydl.py")
    if status == "self-assessment":
        yield from _self_assessment(exercise)
    if status in ("not attempted", "not found"):
        return
    for check in exercise.checks:
        if check.status != "passed":
            yield from _check(check, exercise.message)


def _self_assessment(exercise: ExerciseResult) -> Iterator[str]:
    if not exercise.rubric:
        yield from _indented("", "compare it with the explanation in the solution; not scored")
        return
    yield from _indented("", "not scored; a good answer says:")
    for line in exercise.rubric:
        yield from _indented("-", line)


def _painted(status: str, colour: bool) -> str:
    if colour and status in _COLOURS:
        return f"\x1b[{_COLOURS[status]}m{status}\x1b[0m"
    return status


def _check(check: CheckResult, said: str | None) -> Iterator[str]:
    points = "1 point" if check.max_points == 1 else f"{check.max_points} points"
    name = "a hidden check" if check.visibility == "hidden" else check.id
    part = f", {check.part}" if check.part else ""
    yield f"      {name} ({points}{part}): {check.status}"
    if check.message and not (said and check.message in said):
        yield from _indented("", check.message)
    if check.status == "failed" and check.expected is not None:
        yield from _output("expected", check.expected)
    if check.status == "failed" and check.got is not None:
        yield from _output("got", check.got)
    if check.hint:
        yield from _indented("hint", check.hint)


def _indented(label: str, text: str) -> Iterator[str]:
    """Yield a text beside a label, wrapped; long outputs are cut short."""
    yield from _beside(label, _wrapped(text, _WIDTH - 18))


def _output(label: str, text: str) -> Iterator[str]:
    """Yield an output beside a label, or below it where its lines are as wide as NumPy's."""
    if max(map(len, text.splitlines()), default=0) <= _WIDTH - 18:
        yield from _indented(label, text)
        return
    yield f"        {label}"
    yield from (f"    {line}".rstrip() for line in _wrapped(text, _WIDTH - 4))


def _wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text, none wider than this, and not too many."""
    lines = [
        piece
        for line in harmless(text).splitlines()
        for piece in textwrap.wrap(line, width, break_on_hyphens=False) or [""]
    ]
    if len(lines) > limits.SHOWN_LINES:
        kept = limits.SHOWN_LINES - 1
        lines = [*lines[:kept], f"… and {len(lines) - kept} lines more"]
    return lines


def _beside(label: str, lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"        {label if number == 0 else '':<9} {line}".rstrip()


def harmless(text: str) -> str:
    r"""Make a text that comes from a learner fit for a terminal, for XML and for a page.

    Parameters
    ----------
    text : str
        What was printed, written or used as a name.

    Returns
    -------
    str
        The text without escape sequences of terminals. Control characters, marks that reverse
        the direction of writing, and halves of characters are spelt out.

    Examples
    --------
    >>> harmless("\x1b[2Jfull\tmarks\x07")
    'full\tmarks\\x07'
    """
    text = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNFIT.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
