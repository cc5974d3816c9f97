"""How a check is judged: what it shows for an answer is held against what the solution shows.

This is the one place for it. The graded run, a teacher's hidden checks, the quick check and the
pages of the book all ask here, so nothing but the standard library is needed.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dlcore.grade import limits
from dlcore.grade.report import CheckResult
from dlcore.notebooks.accept import accept_of
from dlcore.notebooks.compare import Difference, first_difference, tolerance_of
from dlcore.notebooks.numbers import in_words, lines_alike

Output = Mapping[str, Any]

# As a list shows the numbers of NumPy that it holds.
_SCALAR = re.compile(r"\bnp\.(?:(?:u?int|float|complex|str|bool)\w*)\(([^()]*)\)")
_TRUTH = re.compile(r"\bnp\.(True|False)_")


def difference(
    entries: Mapping[str, Any], expected: Sequence[Output], got: Sequence[Output]
) -> Difference | None:
    """Compare what a check shows with what it shows for the solution.

    A picture or a bar that an answer shows on its way is left aside, where the check shows none.

    Parameters
    ----------
    entries : mapping
        What the metadata of the check say: its ``tolerance``, if it has one of its own, and which
        numbers it will ``accept``.
    expected, got : sequence of mapping
        Outputs in the notebook format.

    Returns
    -------
    Difference or None
        The first difference, or None if the check has passed.
    """
    tolerance, accept = tolerance_of(dict(entries)), accept_of(dict(entries))
    if not any(output["output_type"] == "display_data" for output in expected):
        got = [output for output in got if output["output_type"] != "display_data"]
    old, new = ([_unwrapped(one) for one in shown(outputs)] for outputs in (expected, got))
    return first_difference(old, new, tolerance, accept)


def shown(outputs: Sequence[Output]) -> list[dict[str, Any]]:
    """Return the outputs that count: what goes to standard error is left aside.

    Parameters
    ----------
    outputs : sequence of mapping
        Outputs in the notebook format.

    Returns
    -------
    list of dict
        Those that are compared.
    """
    return [dict(output) for output in outputs if output.get("name") != "stderr"]


def _unwrapped(output: dict[str, Any]) -> dict[str, Any]:
    """Return an output in which numbers of NumPy are written as those of Python are."""
    if isinstance(text := output.get("text"), str):
        return {**output, "text": _bare(text)}
    data = output.get("data", {})
    bare = {kind: _bare(data[kind]) for kind in ("text/plain",) if isinstance(data.get(kind), str)}
    return {**output, "data": {**data, **bare}} if bare else output


def _bare(text: str) -> str:
    return _TRUTH.sub(r"\1", _SCALAR.sub(r"\1", text)) if "np." in text else text


def error_in(outputs: Sequence[Output]) -> str:
    """Return the error that a cell has raised.

    Parameters
    ----------
    outputs : sequence of mapping
        Outputs in the notebook format.

    Returns
    -------
    str
        Its name and what it says; empty if there is none.
    """
    errors = [output for output in outputs if output["output_type"] == "error"]
    return f"{errors[0]['ename']}: {errors[0]['evalue']}" if errors else ""


def stub_error(exercise: str) -> str:
    """Return the error of an exercise in which the line to be replaced is still there.

    Parameters
    ----------
    exercise : str
        Its number.

    Returns
    -------
    str
        What `error_in` returns then.
    """
    return f"NotImplementedError: exercise {exercise}"


def explain(
    found: CheckResult, entries: Mapping[str, Any], *, kind: str, expected: str | None, got: str
) -> None:
    """Say what the learner is told of a check that has not passed.

    Parameters
    ----------
    found : CheckResult
        The check, with its status and message; the other words are set here.
    entries : mapping
        What the metadata of the check say: its ``hint``, and which numbers it will ``accept``.
    kind : str
        That of the exercise: what was expected is shown for code and builds only, as anything
        else would give the answer away.
    expected : str or None
        What it shows for the solution; None if that is not known.
    got : str
        What it has shown.
    """
    found.hint = str(entries.get("hint", ""))
    found.got = got[: limits.SHOWN] or None
    if kind in ("code", "build") and expected is not None:
        first, second = _from_first_difference(dict(entries), expected, got)
        found.expected, found.got = first[: limits.SHOWN], second[: limits.SHOWN] or None
    elif kind not in ("code", "build") and found.status == "failed":
        found.message = "not the expected answer"


def _from_first_difference(entries: dict[str, Any], expected: str, got: str) -> tuple[str, str]:
    """Return both texts; where they are long, without the lines before the first that differs."""
    accept = accept_of(entries)
    texts = in_words(expected, accept), got
    alike = lines_alike(expected, got, tolerance_of(entries), accept)
    if alike < 2 or max(len(text.splitlines()) for text in texts) <= limits.SHOWN_LINES:
        return texts
    said = f"… the first {alike} lines agree\n"
    first, second = (said + "\n".join(text.splitlines()[alike:]) for text in texts)
    return first, second
