"""The run of the assembled cells, judged from outside: what is missing or cut off earns nothing."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dlcore.grade import limits
from dlcore.grade.grading import grade
from dlcore.grade.reference import Reference
from dlcore.grade.report import Report
from dlcore.grade.run import process
from dlcore.grade.run.process import GradingError
from dlcore.notebooks.exercises import read_exercises
from dlcore.notebooks.files import NotebookError, read, write
from tests.grade.building import CHOICE, RIGHT, assignment, submit
from tests.notebooks.building import code, exercise, notebook, solved, words

GOOD = {"status": "passed", "message": "", "got": ""}


@pytest.fixture
def exercise_file(tmp_path: Path) -> Path:
    return assignment(tmp_path)


def came(monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
    """Put an answer in the place of the process that runs the cells."""

    def answer(_: object, input: str, **__: object) -> subprocess.CompletedProcess[str]:
        cells = json.loads(input)["cells"]
        found = {"results": {}, "executed": len(cells), "held": {}, "fault": {}, **more}
        return subprocess.CompletedProcess([], 0, json.dumps(found), "one word")

    monkeypatch.setattr(process.subprocess, "run", answer)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"executed": 1, "results": {"setup": GOOD}}, "cells should have been run, 1 were"),
        ({"fault": "cell a: RuntimeError: no guard"}, "the run broke off: cell a"),
        ({}, "no kernel could be started"),
        ({"results": None, "executed": None}, "cells should have been run, None were"),
    ],
)
def test_a_run_that_is_not_whole_is_no_run(
    exercise_file: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any], word: str
) -> None:
    came(monkeypatch, **more)
    with pytest.raises(GradingError, match=word):
        grade(submit(exercise_file, "a", {"1.1": RIGHT}))


def test_modules_that_lie_beside_a_notebook_are_not_loaded(
    exercise_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who grades in the folder of a learner would run them outside the enclosure."""
    notebook = submit(exercise_file, "a", {"1.1": RIGHT})
    (tmp_path / "theirs" / "dlcore").mkdir(parents=True)
    for name in ("nbformat.py", "pytest.py", "json.py", "dlcore/__init__.py"):
        (tmp_path / "theirs" / name).write_text("raise SystemExit('a module of the learner')")
    monkeypatch.chdir(tmp_path / "theirs")
    assert grade(notebook).exercises[0].points > 0


def test_a_check_without_a_result_earns_nothing(
    exercise_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    came(monkeypatch, results={"setup": GOOD, "ex-1-1-answer": GOOD})
    report = grade(submit(exercise_file, "a", {"1.1": RIGHT}))
    assert report.points == 0
    assert report.exercises[0].checks[0].status == "not run"


@pytest.mark.parametrize("status", ["skipped", "xfailed", "xpassed", "failed", "timeout", "ok", ""])
def test_any_status_but_passed_earns_nothing(
    exercise_file: Path, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    ended = {**GOOD, "status": status}
    came(monkeypatch, results={"setup": GOOD, "ex-1-1-answer": GOOD, "ex-1-1-check": ended})
    report = grade(submit(exercise_file, "a", {"1.1": RIGHT}))
    assert report.points == 0


def test_a_run_that_never_ends_is_given_up(
    exercise_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("python", 7.0)

    monkeypatch.setattr(process.subprocess, "run", late)
    with pytest.raises(GradingError, match="did not end within 7 seconds"):
        grade(submit(exercise_file, "a", {"1.1": RIGHT}))


def test_the_time_for_the_whole_notebook_is_limited(
    exercise_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TOTAL", 0.5)
    answers = {"1.1": "while True: pass", "1.3": 'answer_1_3 = "B"'}
    first, _, choice, *_ = grade(submit(exercise_file, "slow", answers), timeout=60).exercises
    assert first.checks[0].status == choice.checks[0].status == "timeout"
    assert "were used up before" in str(choice.checks[0].message)


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """An exercise whose points are split, answered with the right shape and wrong values."""
    checks = {
        "print(f(np.ones((2, 3))).shape)": "(2, 3)\n",
        "print(f(np.ones((2, 3))).sum())": "12.0\n",
    }
    cells = exercise("1.1", solved("return 2 * x"), checks)
    for cell, part in zip(cells[2:4], ("shape", "value"), strict=True):
        cell.metadata["dlcore"]["part"] = part
    text = [
        words("ex-1-2-prompt", "Why?", exercise="1.2", role="prompt", title="Why", stars=1),
        words("ex-1-2-answer", "So.", exercise="1.2", role="answer", kind="text"),
        words("ex-1-2-more", "So.", exercise="1.2", role="explanation", rubric=["Says why."]),
    ]
    folder = tmp_path_factory.mktemp("split")
    made = notebook(words("t", "# T"), code("setup", "import numpy as np"), *cells, *text)
    answers = {"1.1": "def f(x):\n    return 3 * x", "1.2": "Because."}
    return grade(submit(assignment(folder, made), "a", answers))


def test_points_are_split_by_shape_and_value(split: Report) -> None:
    found = split.exercises[0]
    assert [(check.part, check.status) for check in found.checks] == [
        ("shape", "passed"),
        ("value", "failed"),
    ]
    assert (found.points, found.max_points, found.status) == (2, 4, "partly right")


def test_words_are_judged_by_a_person_with_a_rubric(split: Report) -> None:
    found = split.exercises[1]
    assert (found.status, found.max_points, found.rubric) == ("self-assessment", 0, ["Says why."])


def test_the_rubric_is_not_handed_out(tmp_path: Path) -> None:
    cells = [
        *exercise("1.1", CHOICE.replace("1_3", "1_1"), {"print(1)": "1\n"}, kind="choice"),
    ]
    cells[-1].metadata["dlcore"]["rubric"] = ["A secret word."]
    made = assignment(tmp_path, notebook(words("t", "# T"), *cells))
    assert "A secret word." not in made.read_text()


@pytest.mark.parametrize(
    ("entry", "word"), [({"part": "colour"}, "part must be"), ({"rubric": "x"}, "rubric must be")]
)
def test_a_faulty_part_or_rubric_is_refused(
    exercise_file: Path, entry: dict[str, str], word: str
) -> None:
    path = exercise_file.parent.parent / "solutions" / "01_first.ipynb"
    made = read(path)
    name = "ex-1-1-check" if "part" in entry else "ex-1-1-explanation"
    next(cell for cell in made.cells if cell.id == name).metadata["dlcore"].update(entry)
    with pytest.raises(NotebookError, match=word):
        read_exercises(made)
    write(path, made)
    with pytest.raises(NotebookError, match="the solution is faulty"):
        Reference(path)


def test_the_report_says_what_held_the_code(split: Report) -> None:
    said = [*split.containment.enforced, *split.containment.not_enforced]
    starts = {line.split(":")[0] for line in said}
    assert {"memory", "files", "network", "time", "output", "environment", "programs"} <= starts
    assert split.to_json()["containment"]["enforced"] == split.containment.enforced
