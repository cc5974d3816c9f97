"""Broken submissions: graded where they can be, otherwise told what to repair."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from threading import current_thread
from typing import Any

import pytest
from nbformat import NotebookNode

from dlcore.grade import limits
from dlcore.grade.command import grade_files
from dlcore.grade.grading import grade
from dlcore.grade.report import Report
from dlcore.grade.run.process import Run
from dlcore.grade.submission import Answer, Submission
from dlcore.notebooks.exercises import Exercise, read_exercises
from dlcore.notebooks.files import read
from tests.grade.building import RIGHT, assignment, submit

Form = dict[str, Any]
ANSWERS = {"1.1": RIGHT, "1.3": 'answer_1_3 = "B"', "1.5": "Therefore."}


@pytest.fixture(scope="module")
def exercise_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return assignment(tmp_path_factory.mktemp("book"))


def exercises(exercise_file: Path) -> dict[str, Exercise]:
    solution = read(exercise_file.parent.parent / "solutions" / "01_first.ipynb")
    return {found.number: found for found in read_exercises(solution)}


def damaged(exercise_file: Path, folder: Path, damage: Callable[[Form], object]) -> Path:
    """Write a submission with right answers, after something has happened to it."""
    made = json.loads(submit(exercise_file, "whole", ANSWERS).read_text())
    damage(made)
    path = folder / "01_first.ipynb"
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def answer(exercise_file: Path, path: Path, number: str = "1.1") -> Answer:
    exercise = exercises(exercise_file)[number]
    return Submission(path).answer(exercise.answers[0], exercise)


def cell_of(made: Form, name: str = "ex-1-1-answer") -> Form:
    found: Form = next(cell for cell in made["cells"] if cell.get("id") == name)
    return found


def rename(made: Form) -> None:
    cell_of(made)["id"] = "mine"


def no_ids(made: Form) -> None:
    for cell in made["cells"]:
        del cell["id"]
    made["nbformat_minor"] = 4


def old_minor(made: Form) -> None:
    no_ids(made)
    made["nbformat_minor"] = 0


def reorder(made: Form) -> None:
    made["cells"].reverse()


def retype(made: Form) -> None:
    cell_of(made)["cell_type"] = "markdown"


def make_raw(made: Form) -> None:
    cell_of(made)["cell_type"] = "raw"


def double(made: Form) -> None:
    made["cells"].append(copy.deepcopy(cell_of(made)))


def double_stub(made: Form) -> None:
    stub = {**copy.deepcopy(cell_of(made)), "source": "def f(x):\n    "}
    stub["source"] += 'raise NotImplementedError("exercise 1.1")'
    made["cells"].insert(0, stub)


def split(made: Form) -> None:
    """What JupyterLab does: both halves keep the metadata, one of them the identifier."""
    cell = cell_of(made)
    first, second = "".join(cell["source"]).split("\n")
    half = {**copy.deepcopy(cell), "id": "new", "source": second}
    cell["source"] = first
    made["cells"].insert(made["cells"].index(cell) + 1, half)


def try_out_elsewhere(made: Form) -> None:
    trial = {**copy.deepcopy(cell_of(made)), "id": "trial", "source": "def f(x):\n    return 1"}
    made["cells"].append(trial)


def windows(made: Form) -> None:
    cell_of(made)["source"] = RIGHT.replace("\n", "\r\n")


def one_text(made: Form) -> None:
    cell_of(made)["source"] = RIGHT


def many_lines(made: Form) -> None:
    cell_of(made)["source"] = [*RIGHT.splitlines(keepends=True), None, 3]


def not_a_number(made: Form) -> None:
    cell_of(made)["outputs"] = [{"output_type": "execute_result", "data": float("nan")}]


def odd_outputs(made: Form) -> None:
    for cell in made["cells"]:
        cell["outputs"] = {"what": ["is", None]}


def huge_outputs(made: Form) -> None:
    cell_of(made)["outputs"] = [{"output_type": "stream", "text": "6" * 10**6}] * 3


def odd_metadata(made: Form) -> None:
    for cell in made["cells"]:
        cell["metadata"] = ["none"]


def other_cells(made: Form) -> None:
    made["cells"] += [{}, {"cell_type": 5, "id": [], "metadata": None, "source": {"a": 1}}]


def not_text(made: Form) -> None:
    cell_of(made)["source"] = RIGHT + "  # \ud800\0"


def stub_below(made: Form) -> None:
    """What was handed out, pasted below the answer: JupyterLab gives it a new identifier."""
    cell = cell_of(made)
    made["cells"].insert(made["cells"].index(cell) + 1, {**stub(cell), "id": "pasted"})


def stub(cell: Form) -> Form:
    source = 'def f(x):\n    raise NotImplementedError("exercise 1.1")'
    return {**copy.deepcopy(cell), "source": source}


def work_in_a_copy(made: Form) -> None:
    made["cells"].append({**copy.deepcopy(cell_of(made)), "id": "copy"})
    cell_of(made).update(stub(cell_of(made)))


def work_in_a_cell_of_ones_own(made: Form) -> None:
    own = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": [], "source": RIGHT}
    cell_of(made).update(stub(cell_of(made)))
    made["cells"].append(own)


def split_by_a_scratch_cell(made: Form) -> None:
    split(made)
    place = made["cells"].index(cell_of(made)) + 1
    scratch = {"cell_type": "code", "id": "s", "metadata": {}, "outputs": [], "source": "2 + 2"}
    made["cells"].insert(place, scratch)


GRADED = {
    rename: "known by its metadata",
    no_ids: "known by its metadata",
    old_minor: "known by its metadata",
    reorder: "",
    retype: "should be a code cell, not markdown",
    make_raw: "should be a code cell, not raw",
    double: "the one that was worked on was taken",
    double_stub: "the one that was worked on was taken",
    split: "stand together: joined",
    stub_below: "",
    work_in_a_copy: "is as it was handed out: a copy was taken",
    work_in_a_cell_of_ones_own: "is as it was handed out: a copy was taken",
    split_by_a_scratch_cell: "2 cells marked as the answer: joined",
    try_out_elsewhere: "other cells marked as an answer",
    windows: "",
    one_text: "",
    many_lines: "",
    not_a_number: "",
    odd_outputs: "",
    huge_outputs: "",
    odd_metadata: "",
    other_cells: "",
    not_text: "",
}


@pytest.mark.parametrize("damage", GRADED, ids=lambda damage: damage.__name__)
def test_what_can_be_graded_is(exercise_file: Path, tmp_path: Path, damage: Any) -> None:
    found = answer(exercise_file, damaged(exercise_file, tmp_path, damage))
    assert (found.fault, found.attempted) == ("", True)
    assert found.source.split("  #")[0] == RIGHT
    assert GRADED[damage] in "; ".join(found.repairs)
    assert bool(found.repairs) == bool(GRADED[damage])


def remove(made: Form) -> None:
    made["cells"].remove(cell_of(made))


def rename_all(made: Form) -> None:
    cell_of(made).update(id="mine", metadata={})


def two_answers(made: Form) -> None:
    other = copy.deepcopy(cell_of(made))
    other["source"] = "def f(x):\n    return x + x"
    made["cells"].append(other)


def two_groups(made: Form) -> None:
    rename(made)
    made["cells"].append({**copy.deepcopy(cell_of(made, "mine")), "id": "other", "source": "f = 1"})


def too_long(made: Form) -> None:
    cell_of(made)["source"] = "#" * 10**6


REFUSED = {
    remove: "is not in the notebook: copy it from the exercise",
    rename_all: "is not in the notebook: copy it from the exercise",
    two_answers: "2 cells have the id ex-1-1-answer: keep the one that counts",
    two_groups: "2 cells have the id ex-1-1-answer: keep the one that counts",
    too_long: "is longer than",
}


@pytest.mark.parametrize("damage", REFUSED, ids=lambda damage: damage.__name__)
def test_what_cannot_be_graded_says_what_to_repair(
    exercise_file: Path, tmp_path: Path, damage: Any
) -> None:
    found = answer(exercise_file, damaged(exercise_file, tmp_path, damage))
    assert REFUSED[damage] in found.fault


def test_a_function_written_in_another_cell_is_pointed_out(
    exercise_file: Path, tmp_path: Path
) -> None:
    def move(made: Form) -> None:
        cell_of(made)["source"] = "pass"
        mine = {"cell_type": "code", "id": "mine", "metadata": {}, "outputs": [], "source": RIGHT}
        made["cells"].insert(2, mine)

    found = answer(exercise_file, damaged(exercise_file, tmp_path, move))
    assert found.repairs == ("f: defined in another cell, move it to ex-1-1-answer",)


def test_of_several_copies_the_learner_is_told_to_choose(
    exercise_file: Path, tmp_path: Path
) -> None:
    def copies(made: Form) -> None:
        work_in_a_copy(made)
        other = {"id": "other", "source": "def f(x):\n    return 3 * x"}
        made["cells"].append({**copy.deepcopy(cell_of(made)), **other})

    found = answer(exercise_file, damaged(exercise_file, tmp_path, copies))
    assert not found.attempted
    assert found.repairs == (
        "2 cells hold an answer to it: move the one that counts to ex-1-1-answer",
    )


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would be run, in place of a run."""
    runs: list[list[str]] = []

    def note(cells: list[NotebookNode], *_: object, **__: object) -> Run:
        runs.append([cell.source for cell in cells])
        return Run()

    monkeypatch.setattr("dlcore.grade.grading.run_cells", note)
    return runs


def test_hidden_checks_are_run_when_the_public_ones_are_done(
    exercise_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Side by side, the one run could read off the machine what the other holds."""
    threads = []

    def note(cells: list[NotebookNode], *_: object, **__: object) -> Run:
        threads.append(current_thread())
        return Run()

    monkeypatch.setattr("dlcore.grade.grading.run_cells", note)
    grade(submit(exercise_file, "a", {"1.1": RIGHT, "1.2": "def g(x):\n    return f(x) + 1"}))
    assert threads == [current_thread()] * 2


EVERYTHING = [*GRADED, *REFUSED]


@pytest.mark.parametrize("damage", EVERYTHING, ids=lambda damage: damage.__name__)
def test_the_other_answers_are_run_in_the_order_of_the_solution(
    exercise_file: Path, tmp_path: Path, sources: list[list[str]], damage: Any
) -> None:
    path = damaged(exercise_file, tmp_path, damage)
    report = grade(path, exercise_file.parent.parent / "solutions")
    assert report.exercises[0].status == ("not found" if damage in REFUSED else "wrong")
    assert (RIGHT in "".join(map("".join, sources))) == (damage not in REFUSED)
    assert 'answer_1_3 = "B"' in sources[0]
    assert not report.full_marks


def test_helpers_and_imports_in_cells_of_ones_own_are_taken_along(
    exercise_file: Path, tmp_path: Path, sources: list[list[str]]
) -> None:
    def move(made: Form) -> None:
        cell_of(made)["source"] = "def f(x):\n    return twice(x)"
        own = "import itertools as it\nprint('not this')\nFACTOR = 2\nSTART = 0\n"
        own += "def twice(x):\n    return FACTOR * x"
        cell = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": [], "source": own}
        made["cells"].append(cell)

    path = damaged(exercise_file, tmp_path, move)
    (found,) = grade(path, exercise_file.parent.parent / "solutions").exercises[:1]
    taken = "FACTOR = 2\ndef twice(x):\n    return FACTOR * x\ndef f(x):\n    return twice(x)"
    assert taken in [source.lstrip() for source in sources[0]]
    assert found.repairs == [
        "FACTOR, twice: taken from a cell of your own; only answer cells are graded, so move it "
        "to ex-1-1-answer"
    ]


def test_an_answer_of_another_cell_type_is_graded_and_the_learner_is_told(
    exercise_file: Path, tmp_path: Path
) -> None:
    report: Report = grade(
        damaged(exercise_file, tmp_path, retype), exercise_file.parent.parent / "solutions"
    )
    assert report.exercises[0].status == "right"
    assert "should be a code cell" in report.exercises[0].repairs[0]


def whole(exercise_file: Path) -> bytes:
    return submit(exercise_file, "whole", ANSWERS).read_bytes()


UNREADABLE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "saved half-way": (lambda text: text[: len(text) // 2], "saved only in part"),
    "saved to the last brace": (lambda text: text.rstrip()[:-1], "saved only in part"),
    "empty": (lambda _: b"", "empty"),
    "blank": (lambda _: b" \n", "empty"),
    "another encoding": (lambda text: text.decode().encode("utf-16"), "not a notebook"),
    "a picture": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a notebook"),
    "deeply nested": (lambda _: b"[" * 10**5, "not a notebook"),
    "a list": (lambda _: b"[]", "no list of cells"),
    "cells of no kind": (lambda _: b'{"cells": [1, 2]}', "no list of cells"),
    "an old format": (lambda _: b'{"nbformat": 3, "worksheets": []}', "format 3"),
    "another assignment": (
        lambda text: text.replace(b'"01_first"', b'"02_second"'),
        "unknown assignment",
    ),
}


@pytest.mark.parametrize("how", UNREADABLE)
def test_what_is_no_notebook_of_ours_ends_with_a_word(
    exercise_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    change, word = UNREADABLE[how]
    path = tmp_path / "handed-in.ipynb"
    path.write_bytes(change(whole(exercise_file)))
    assert grade_files([path], solutions=exercise_file.parent.parent / "solutions") == 2
    said = capsys.readouterr()
    assert word in said.err
    assert said.out == ""


READABLE: dict[str, Callable[[bytes], bytes]] = {
    "a mark of the byte order": lambda text: b"\xef\xbb\xbf" + text,
    "Windows line ends": lambda text: text.replace(b"\n", b"\r\n"),
    "no line ends": lambda text: json.dumps(json.loads(text)).encode(),
}


@pytest.mark.parametrize("how", READABLE)
def test_other_ways_to_write_the_same_file_are_read(
    exercise_file: Path, tmp_path: Path, how: str
) -> None:
    path = tmp_path / "01_first.ipynb"
    path.write_bytes(READABLE[how](whole(exercise_file)))
    assert answer(exercise_file, path) == Answer(RIGHT)


def test_a_file_too_large_is_not_read(
    exercise_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(limits, "NOTEBOOK", 2**20)
    path = tmp_path / "01_first.ipynb"
    path.write_bytes(whole(exercise_file) + b" " * 2**20)
    assert grade_files([path], solutions=exercise_file.parent.parent / "solutions") == 2
    assert "clear its outputs" in capsys.readouterr().err


def test_a_notebook_without_any_of_the_cells_is_told_so(
    exercise_file: Path, tmp_path: Path, sources: list[list[str]]
) -> None:
    path = damaged(exercise_file, tmp_path, lambda made: made["cells"].clear())
    report = grade(path, exercise_file.parent.parent / "solutions")
    assert report.points == 0
    assert not sources
    assert "none of the answer cells of 01_first is in this notebook" in report.notes[0]
