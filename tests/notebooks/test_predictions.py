"""Predictions fold what answers them, and what is right is read from what the cells print."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode

from dlcore import cli
from dlcore.notebooks.files import NotebookError, read
from dlcore.notebooks.lint import lint
from dlcore.notebooks.predictions import FOLDED, described, fold, predictions
from dlcore.notebooks.tidy import strip
from tests.notebooks.building import chapter, code, exercise, save, stdout, words

NUMBER = {"kind": "number", "seen": r"^found: +(\S+)%", "unit": "%"}
CHOICE = {"kind": "choice", "choices": ["few", "many"], "answer": "many", "seen": "^found: +9"}


def asking(**own: Any) -> NotebookNode:
    return words("asks", "Some ink.\n\n**Predict first.** How many are found?", **own)


def made(**own: Any) -> NotebookNode:
    return chapter(
        asking(**own),
        code("rule", "def rule(): ..."),
        code("found", "print(rule())", [stdout("found:    92%\n")]),
        code("more", "print(1)", [stdout("1\n")]),
        words("read", "Nearly all."),
        code("later", "print(2)", [stdout("2\n")]),
    )


def folded(notebook: NotebookNode) -> list[str]:
    return [cell.id for cell in notebook.cells if cell.metadata.get("jupyter") == FOLDED]


def test_all_results_up_to_the_next_text_are_folded() -> None:
    assert folded(fold(made())) == ["found", "more"]


def test_the_fold_goes_with_the_prediction() -> None:
    notebook = fold(made())
    notebook.cells[2].source = "No question."
    assert folded(strip(notebook)) == []
    assert all("jupyter" not in cell.metadata for cell in notebook.cells)


def test_tidying_folds_and_keeps_nothing_else_of_a_frontend() -> None:
    notebook = made()
    notebook.cells[4].metadata.update(collapsed=True, jupyter={"source_hidden": True})
    assert folded(strip(notebook)) == ["found", "more"]
    assert dict(notebook.cells[4].metadata) == {"jupyter": FOLDED}


def test_exercises_fold_nothing() -> None:
    prompt, answer, *rest = exercise("1.1", "x = 1", {"print(x)": "1\n"})
    prompt.source = "**Predict first.** What is x?"
    answer.outputs = [stdout("1\n")]
    notebook = chapter(prompt, answer, *rest)
    assert list(predictions(notebook)) == []
    assert folded(fold(notebook)) == []


def test_a_number_is_read_from_what_is_printed() -> None:
    (found,) = predictions(made(prediction=NUMBER))
    assert described(found) == {
        "kind": "number",
        "cells": ["found", "more"],
        "answer": "92",
        "value": 92,
        "unit": "%",
    }


def test_a_choice_must_be_borne_out_by_what_is_printed() -> None:
    notebook = made(prediction=CHOICE)
    (found,) = predictions(notebook)
    assert described(found)["answer"] == "many"
    notebook.cells[4].outputs = [stdout("found:    12%\n")]
    with pytest.raises(NotebookError, match="found it 0 times"):
        described(found)


def test_a_prediction_without_metadata_is_free_text() -> None:
    (found,) = predictions(made())
    assert described(found) == {"kind": "text", "cells": ["found", "more"]}


def unfold(notebook: NotebookNode) -> None:
    del notebook.cells[4].metadata["jupyter"]


def stray(notebook: NotebookNode) -> None:
    notebook.cells[7].metadata["jupyter"] = NotebookNode(FOLDED)


def text_between(notebook: NotebookNode) -> None:
    notebook.cells.insert(3, words("between", "More to read."))


def eleven(notebook: NotebookNode) -> None:
    for number in range(10):
        notebook.cells += [
            words(f"asks-{number}", "**Predict first.** And now?"),
            code(f"shows-{number}", "print(1)", [stdout("1\n")], count=5 + number),
        ]
    fold(notebook)


def told(**entries: Any) -> Callable[[NotebookNode], None]:
    return lambda made: made.cells[2].metadata.update(dlcore={"prediction": entries})


BROKEN: dict[str, Callable[[NotebookNode], Any]] = {
    "the result of found is not folded": unfold,
    "cell later: its result is folded, but no 'Predict first' precedes": stray,
    "cell asks: 'Predict first', but no result follows": text_between,
    "11 predictions; the limit is 10": eleven,
    "must have a kind": told(seen="x"),
    "of a text has no answer": told(kind="text", answer="92"),
    "must have one group": told(kind="number", seen="found"),
    "is no pattern": told(kind="number", seen="("),
    "must be one number, got 'found:'": told(kind="number", seen="^(found:)"),
    "once in what the folded cells print, found it 0": told(**{**NUMBER, "seen": r"lost: (\d+)"}),
    "print, found it 3 times": told(kind="number", seen=r"(\d)"),
    "two to five different choices": told(**{**CHOICE, "choices": ["many", "many"]}),
    "'all' is none of its choices": told(**{**CHOICE, "answer": "all"}),
    "must be a pattern for": told(**{**CHOICE, "seen": ""}),
    "belongs to a text cell with": lambda made: made.cells[6].metadata.update(
        dlcore={"prediction": NUMBER}
    ),
}


def complaints(path: Path, notebook: NotebookNode) -> list[str]:
    return [str(complaint) for complaint in lint(save(path, notebook))]


@pytest.mark.parametrize("prediction", [NUMBER, CHOICE, {"kind": "text"}])
def test_a_good_prediction_has_no_complaint(tmp_path: Path, prediction: dict[str, Any]) -> None:
    path = tmp_path / "chapters" / "01_first.ipynb"
    assert complaints(path, fold(made(prediction=prediction))) == []


@pytest.mark.parametrize("complaint", BROKEN)
def test_a_broken_rule_of_predictions_is_named(tmp_path: Path, complaint: str) -> None:
    notebook = fold(made())
    BROKEN[complaint](notebook)
    found = complaints(tmp_path / "chapters" / "01_first.ipynb", notebook)
    assert any(complaint in line for line in found), found


def test_the_command_folds_without_running(tmp_path: Path) -> None:
    path = save(tmp_path / "chapters" / "01_first.ipynb", made())
    outputs = [cell.get("outputs") for cell in read(path).cells]
    assert cli.main(["fold", str(path)]) == 0
    assert folded(read(path)) == ["found", "more"]
    assert [cell.get("outputs") for cell in read(path).cells] == outputs
