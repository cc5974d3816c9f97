"""What exercise pages are made of: data without hidden checks, and the grader's judgement."""

import contextlib
import copy
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from docutils import nodes
from docutils.utils import new_document

from dlcore.grade.judging import error_in
from dlcore.notebooks.exercises import Exercise
from dlcore.notebooks.files import source_of
from tests.site.exercises import LENGTHS, PATHS, chosen, exercises, mistakes, right_answers
from tests.site.pages import ROOT

sys.path.append(str(ROOT / "book" / "live" / "python"))
import exercise_checks
import exercise_pages
import exercise_sheets
import live_runner

IDS = [path.stem[:2] for path in PATHS]
Cells = list[dict[str, str]]


def sheet_of(path: Path) -> Any:
    """The data of a page, as they come out of the file."""
    return json.loads(json.dumps(exercise_sheets.sheet(ROOT / "exercises" / path.name, path)))


def cells_of(sheet: Any, answers: dict[str, str]) -> Cells:
    """The code cells as the page sends them, with answers in their places."""
    found = []
    for cell in sheet["notebook"]["cells"]:
        entries = cell["metadata"].get("dlcore", {})
        if cell["cell_type"] == "code":
            code = answers.get(cell["id"], source_of(cell))
            number = entries["exercise"] if "role" in entries else ""
            found.append({"id": cell["id"], "code": code, "exercise": number})
    return found


def result_of(sheet: Any, number: str, answers: dict[str, str]) -> Any:
    """Run what an exercise needs, and judge it, as the page does."""
    cells = cells_of(sheet, answers)
    wanted = exercise_checks.needed(cells, number)
    space = live_runner.namespace("test", fresh=True)
    outputs: dict[str, Any] = {}
    broken, shown = False, {}
    with contextlib.redirect_stdout(live_runner.Stream("stdout")):
        for cell in cells:
            if cell["id"] in wanted and not (broken and cell["exercise"] == number):
                key = (cell["exercise"], cell["code"])  # checks of one source are run once
                outputs[cell["id"]] = shown[key] if key in shown else run(cell, space)
                shown |= {key: outputs[cell["id"]]} if "-check" in cell["id"] else {}
                answered = cell["id"] in answers and cell["exercise"] == number
                broken |= answered and bool(error_in(outputs[cell["id"]]))
    about = next(found for found in sheet["exercises"] if found["number"] == number)
    return exercise_checks.judged(about, outputs)


def run(cell: dict[str, str], space: dict[str, Any]) -> Any:
    """Run a cell, and return its outputs."""
    with live_runner.collected() as outputs:
        try:
            # Nothing in it waits, and the browser tests of the same worker hold an event loop.
            with contextlib.suppress(StopIteration):
                live_runner.execute(cell["code"], f"<cell {cell['id']}>", space).send(None)
        except Exception as error:
            live_runner.flush()
            live_runner.emit(live_runner.failure(error))
    return outputs


@pytest.fixture(autouse=True)
def in_exercises(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells believe to be in the folder of their notebook."""
    monkeypatch.chdir(ROOT / "exercises")


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS, ids=IDS)
@pytest.mark.parametrize("whole", LENGTHS)
def test_right_answers_earn_all_points_each_by_itself(path: Path, whole: bool) -> None:
    sheet, right = sheet_of(path), right_answers(path)
    for exercise in chosen(path, whole).values():
        if exercise.kind != "text":
            found = result_of(sheet, exercise.number, right)
            assert (found["status"], found["points"]) == ("right", exercise.points), found


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS, ids=IDS)
@pytest.mark.parametrize("whole", LENGTHS)
def test_a_typical_mistake_loses_points_and_is_told_why(path: Path, whole: bool) -> None:
    """One for each exercise: `solutions/mistakes` tries all of them, under the same rules."""
    sheet, right = sheet_of(path), right_answers(path)
    wrong = {n: found for n, found in mistakes(path).items() if n in chosen(path, whole)}
    for number, ((what, source), *_) in wrong.items():
        first = exercises(path)[number].answers[0].id
        found = result_of(sheet, number, {**right, first: source})
        assert found["points"] < found["max_points"], f"{number}: {what}"
        lost = [check for check in found["checks"] if check["status"] != "passed"]
        assert all(check["hint"] and check["message"] for check in lost)


def test_what_a_check_accepts_is_told_in_its_place() -> None:
    sheet, right = sheet_of(PATHS[0]), right_answers(PATHS[0])
    farthest = (
        "def classify(x_few, y_few, x_new):\n    return y_few[:len(x_new)][0] + 0 * x_new[:, 0]"
    )
    check = result_of(sheet, "1.10", {**right, "ex-1-10-answer": farthest})["checks"][0]
    assert check["message"].startswith("at least 0.9 was expected, 0.")
    assert check["expected"] == "share read: at least 0.9"


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_untouched_exercise_is_not_attempted(path: Path) -> None:
    sheet = sheet_of(path)
    number = next(n for n, found in exercises(path).items() if found.kind == "code")
    stubs = {i: c["code"] for c in cells_of(sheet, {}) if (i := c["id"]).endswith("answer")}
    assert result_of(sheet, number, stubs)["status"] == "not attempted"


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_choice_needs_no_other_cell(path: Path) -> None:
    sheet = sheet_of(path)
    cells = cells_of(sheet, right_answers(path))
    for exercise in exercises(path).values():
        if exercise.kind == "choice":
            own = [cell["id"] for cell in cells if cell["exercise"] == exercise.number]
            assert exercise_checks.needed(cells, exercise.number) == own


def test_cell_that_changes_what_is_used_is_needed() -> None:
    cells = [
        {"id": "table", "code": "TABLE = {}\ndef look(x):\n    return TABLE[x]", "exercise": ""},
        {"id": "other", "code": "unused = 1", "exercise": ""},
        {"id": "a", "code": "TABLE['x'] = 1", "exercise": "1.1"},
        {"id": "a-check", "code": "print(TABLE)", "exercise": "1.1"},
        {"id": "b", "code": "def f(:", "exercise": "1.2"},
        {"id": "c", "code": "TABLE.update(y=2)", "exercise": "1.3"},
        {"id": "d", "code": "print(look('x'))", "exercise": "1.4"},
    ]
    assert exercise_checks.needed(cells, "1.4") == ["table", "a", "a-check", "c", "d"]


def test_hidden_checks_are_not_in_the_data(tmp_path: Path) -> None:
    solution = nbformat.read(PATHS[0], as_version=4)
    checks = [c for c in solution.cells if c.metadata.get("dlcore", {}).get("role") == "check"]
    secret = copy.deepcopy(checks[0])
    secret.id, secret.source = "secret-check", "print('a secret seed')"
    secret.outputs[0].text = "a secret output\n"
    secret.metadata.dlcore |= {"visibility": "hidden", "hint": "a secret hint", "points": 50}
    solution.cells.insert(solution.cells.index(checks[0]), secret)
    path = tmp_path / PATHS[0].name
    nbformat.write(solution, path)
    sheet = exercise_sheets.sheet(ROOT / "exercises" / path.name, path)
    assert "secret" not in json.dumps(sheet)
    assert sheet["exercises"] == sheet_of(PATHS[0])["exercises"]


@pytest.mark.parametrize(("kind", "left"), [("html", 1), ("latex", 0)])
def test_solutions_are_left_out_where_they_cannot_be_folded(kind: str, left: int) -> None:
    tree = new_document("page")
    tree += nodes.section("", nodes.container(classes=["exercise-explained"]), nodes.paragraph())
    app: Any = SimpleNamespace(builder=SimpleNamespace(format=kind))
    exercise_pages.drop_solutions(app, tree, "page")
    assert len([*tree.findall(nodes.container)]) == left
    assert len([*tree.findall(nodes.paragraph)]) == 1


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_data_hold_the_notebook_as_handed_out_and_every_public_point(path: Path) -> None:
    sheet = sheet_of(path)
    text = (ROOT / "exercises" / path.name).read_text(encoding="utf-8")
    assert sheet["notebook"] == json.loads(text)
    for about in sheet["exercises"]:
        exercise: Exercise = exercises(path)[about["number"]]
        assert about["points"] == exercise.points
        assert all(check["expected"] for check in about["checks"])


def test_site_carries_the_data_of_every_page(html: Path) -> None:
    laid = html / "live" / "exercises"
    for path in PATHS:
        found = json.loads((laid / f"{path.stem}.json").read_text(encoding="utf-8"))
        assert found == sheet_of(path)
