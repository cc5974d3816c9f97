"""What a reader is asked to predict, and the results that are folded until then.

A text cell asks by a paragraph that begins ``**Predict first.**``; what the code cells between it
and the next text cell show is folded. How, the notebook format says itself, so that JupyterLab
folds it too, and shows it when the cell is run.
"""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any, NamedTuple

import nbformat
from nbformat import NotebookNode

from dlcore.notebooks.compare import streams
from dlcore.notebooks.files import NotebookError, ours
from dlcore.notebooks.numbers import split

MOST = 10
FOLDED = {"outputs_hidden": True}
KEYS = {
    "text": {"kind"},
    "number": {"kind", "seen", "unit"},
    "choice": {"kind", "choices", "answer", "seen"},
}
_ASKS = re.compile(r"\*\*Predict first\.?\*\*")


class Prediction(NamedTuple):
    """A text cell that asks for a prediction, and the code cells whose results answer it."""

    cell: NotebookNode
    results: list[NotebookNode]

    @property
    def printed(self) -> str:
        """All that the cells have printed."""
        return "".join(streams(cell.outputs).get("stdout", "") for cell in self.results)


def asks(cell: NotebookNode) -> bool:
    """Say whether a cell asks the reader to predict; those of exercises do not fold anything.

    Parameters
    ----------
    cell : NotebookNode
        A cell of a notebook.

    Returns
    -------
    bool
        True if it is a text cell of a chapter with the words *Predict first* in bold.
    """
    return (
        cell.cell_type == "markdown"
        and "role" not in ours(cell)
        and bool(_ASKS.search(cell.source))
    )


def predictions(notebook: NotebookNode) -> Iterator[Prediction]:
    """Find what a notebook asks its reader to predict.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook.

    Yields
    ------
    Prediction
        In order, with the code cells up to the next text cell that show something.
    """
    for place, cell in enumerate(notebook.cells):
        if asks(cell):
            row = takewhile(lambda after: after.cell_type == "code", notebook.cells[place + 1 :])
            shown = [after for after in row if after.outputs and "role" not in ours(after)]
            yield Prediction(cell, shown)


def fold(notebook: NotebookNode) -> NotebookNode:
    """Fold the results that follow a prediction, and no others.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook; it is changed in place.

    Returns
    -------
    NotebookNode
        The same notebook.
    """
    folded = {cell.id for found in predictions(notebook) for cell in found.results}
    for cell in notebook.cells:
        cell.metadata.pop("jupyter", None)
        if cell.id in folded:
            cell.metadata["jupyter"] = nbformat.from_dict(FOLDED)  # type: ignore[no-untyped-call]
    return notebook


def described(prediction: Prediction) -> dict[str, Any]:
    """Say what the page must know to ask for a prediction and to judge the guess.

    Parameters
    ----------
    prediction : Prediction
        The prediction, with the outputs stored.

    Returns
    -------
    dict
        The ``kind`` (``text``, ``number`` or ``choice``), the ``cells`` that are folded, and for
        a number its ``answer`` as printed and its ``unit``, for a choice ``choices``, ``answer``.

    Raises
    ------
    NotebookError
        If the metadata ``dlcore.prediction`` do not fit, or do not agree with what is printed.
    """
    told = ours(prediction.cell).get("prediction", {"kind": "text"})
    kind = told.get("kind") if isinstance(told, dict) else None
    if kind not in KEYS:
        raise NotebookError(
            f"dlcore.prediction must have a kind, one of {', '.join(KEYS)}; got {told!r}"
        )
    if wrong := set(told) - KEYS[kind]:
        raise NotebookError(f"dlcore.prediction of a {kind} has no {', '.join(sorted(wrong))}")
    judged = {"text": lambda *_: {}, "number": _number, "choice": _choice}[kind](told, prediction)
    return {"kind": kind, "cells": [cell.id for cell in prediction.results], **judged}


def _number(told: dict[str, Any], prediction: Prediction) -> dict[str, Any]:
    """Return the number that the cells print, and its unit."""
    match = _seen(told, prediction)
    if match.re.groups != 1:
        raise NotebookError("dlcore.prediction: seen must have one group, the number")
    numbers = split(match[1])[1]
    if len(numbers) != 1:
        raise NotebookError(f"dlcore.prediction: its group must be one number, got {match[1]!r}")
    return {"answer": match[1], "value": numbers[0].value, "unit": str(told.get("unit", ""))}


def _choice(told: dict[str, Any], prediction: Prediction) -> dict[str, Any]:
    """Return the choices and the right one, which what the cells print must bear out."""
    choices, answer = told.get("choices"), told.get("answer")
    if not isinstance(choices, list) or not 2 <= len(set(map(str, choices))) == len(choices) <= 5:
        raise NotebookError("dlcore.prediction: a choice has two to five different choices")
    if answer not in choices:
        raise NotebookError(f"dlcore.prediction: the answer {answer!r} is none of its choices")
    if prediction.printed or "seen" in told:
        _seen(told, prediction)
    return {"choices": list(map(str, choices)), "answer": str(answer)}


def _seen(told: dict[str, Any], prediction: Prediction) -> re.Match[str]:
    """Return the one match of the pattern ``seen`` in what the cells have printed."""
    try:
        pattern = re.compile(told.get("seen") or "", re.M)
    except (re.error, TypeError) as error:
        raise NotebookError(f"dlcore.prediction: seen is no pattern: {error}") from None
    if not pattern.pattern:
        raise NotebookError("dlcore.prediction: seen must be a pattern for what the cells print")
    found = list(pattern.finditer(prediction.printed))
    if len(found) != 1:
        raise NotebookError(
            f"dlcore.prediction: expected {pattern.pattern!r} once in what the folded cells "
            f"print, found it {len(found)} times"
        )
    return found[0]


def complaints(notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    """Hold what a notebook asks its reader to predict, and what it folds, to the rules.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook.

    Yields
    ------
    tuple of str
        The id of a cell, empty for the notebook as a whole, and what is wrong there.
    """
    asked = list(predictions(notebook))
    if len(asked) > MOST:
        yield "", f"{len(asked)} predictions; the limit is {MOST}"
    for found in asked:
        yield from ((found.cell.id, what) for what in _one(found))
    wanted = {cell.id for found in asked for cell in found.results}
    asking = {found.cell.id for found in asked}
    for cell in notebook.cells:
        if cell.id not in wanted and "jupyter" in cell.metadata:
            what = "its result is folded, but no 'Predict first' precedes it: run 'dlcore fold'"
            yield cell.id, what
        if cell.id not in asking and "prediction" in ours(cell):
            yield cell.id, "dlcore.prediction belongs to a text cell with **Predict first.**"


def _one(found: Prediction) -> Iterator[str]:
    """Yield complaints about one prediction."""
    if not found.results:
        yield "'Predict first', but no result follows: the next cell must be code that shows one"
        return
    for cell in found.results:
        if cell.metadata.get("jupyter") != FOLDED:
            yield f"'Predict first', but the result of {cell.id} is not folded: run 'dlcore fold'"
    try:
        described(found)
    except NotebookError as error:
        yield str(error)
