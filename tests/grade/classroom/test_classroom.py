"""A class graded: what is kept, what is done again, and what stops nothing.

The grading of one notebook is replaced here; `test_class_run` has the real one.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode

from dlcore.grade.classroom import classroom, pools, task
from dlcore.grade.classroom.classroom import CANNOT, DONE, STOPPED, Classroom
from dlcore.grade.classroom.task import Task
from dlcore.grade.grading import GradingError
from dlcore.grade.report import CheckResult, ExerciseResult, Report
from dlcore.notebooks.files import read
from tests.grade.building import RIGHT, assignment
from tests.notebooks.building import exercise, notebook, save, solved, words

HIDDEN = '# %% exercise="1.1"\nprint(f(SEED))'


class Grader:
    """Grades without a kernel: an answer is right if it holds a doubling."""

    def __init__(self) -> None:
        self.graded: list[str] = []
        self.before: Callable[[Path], None] = lambda _: None

    def __call__(self, path: Path, solutions: Path, timeout: float, hidden: Path | None) -> Report:
        self.before(path)
        text = path.read_text()
        self.graded.append(text)
        status = "passed" if "return 2 * x" in text else "failed"
        check = CheckResult("ex-1-1-check", status, 2, got=str(hidden and hidden.read_text()))
        exercise = ExerciseResult("1.1", "Do it", 1, "code", checks=[check])
        return Report(str(path), (solutions / "01_first.ipynb").stem, [exercise])


@pytest.fixture
def grader(monkeypatch: pytest.MonkeyPatch) -> Grader:
    made = Grader()
    monkeypatch.setattr(task, "grade", made)
    return made


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A book, and a class of three: right, wrong, and no notebook at all."""
    exercise_file = assignment(tmp_path / "book")
    for name, answer in (("ada", RIGHT), ("bela", "def f(x):\n    return x")):
        hand_in(tmp_path, exercise_file, name, answer)
    (tmp_path / "class" / "cleo").mkdir()
    (tmp_path / "class" / "cleo" / "01_first.ipynb").write_text("{")
    return tmp_path


def hand_in(top: Path, exercise_file: Path, name: str, answer: str) -> None:
    made = read(exercise_file)
    made.cells[3].source = answer
    save(top / "class" / name / "01_first.ipynb", made)


def room(top: Path, **more: Any) -> Classroom:
    usual = {"folder": top / "class", "out": top / "report", "jobs": 2}
    return Classroom(**{**usual, "solutions": top / "book" / "solutions", **more})


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


NAMES = (
    *("eve/01_first.ipynb", "eve/01_first.html/a.ipynb", "eve/01_first.json/a.ipynb"),
    *(f"{'l' * 249}.IPYNB", f"{'l' * 249}.ipynb", "fay/a.IPYNB", "fay/a.ipynb"),
    *(
        "\u00e4" * 120 + ".ipynb",
        "a\nb.ipynb",
        "gil\\/a.ipynb",
        os.fsdecode(b"\xff" * 100) + ".ipynb",
    ),
)


@pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes on Linux alone")
def test_no_name_of_a_file_stops_a_class_and_each_has_a_report(top: Path, grader: Grader) -> None:
    whole = (top / "class" / "ada" / "01_first.ipynb").read_bytes()
    for name in NAMES:
        path = top / "class" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(whole)
    assert room(top).grade() == CANNOT  # as there is no notebook of cleo's
    reports = [*(top / "report" / "reports").rglob("*.json")]
    assert len(reports) == len(NAMES) + 2
    assert {path.with_suffix(".html").is_file() for path in reports} == {True}
    grader.graded.clear()
    assert room(top).grade() == CANNOT
    assert grader.graded == []


def test_a_notebook_with_large_outputs_is_graded_without_them(
    top: Path, grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = top / "class" / "ada" / "01_first.ipynb"
    made = json.loads(path.read_text())
    made["cells"][3]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "y" * 10**7}]
    path.write_text(json.dumps(made))
    room(top).grade()
    assert max(map(len, grader.graded)) < 10**5
    assert json.loads((top / "report/reports/ada/01_first.json").read_text())["points"] == 2


@pytest.mark.parametrize("name", ["06.ipynb", "Copy of 01_first.ipynb", "01_first (1).ipynb"])
@pytest.mark.parametrize("keeps", ["ids", "metadata", "neither"])
def test_notebooks_without_metadata_of_their_own_are_known(
    top: Path, grader: Grader, name: str, keeps: str
) -> None:
    made = json.loads((top / "class" / "ada" / "01_first.ipynb").read_text())
    made["metadata"] = {}
    for cell in made["cells"]:
        if keeps != "ids":
            del cell["id"]
        if keeps != "metadata":
            cell["metadata"] = {}
    save(top / "book" / "solutions" / "02_second.ipynb", second())
    (top / "class" / "dora").mkdir()
    (top / "class" / "dora" / name).write_text(json.dumps(made))
    room(top).grade()
    report = top / "report" / "reports" / "dora" / f"{name.removesuffix('.ipynb')}.json"
    assert report.is_file() == (keeps != "neither" or name != "06.ipynb")


def second() -> NotebookNode:
    """Another assignment."""
    return notebook(words("title", "# T"), *exercise("2.1", solved("return x"), {"f(1)": "1\n"}))


def test_a_bad_file_does_not_stop_the_rest(
    top: Path, grader: Grader, capsys: pytest.CaptureFixture[str]
) -> None:
    assert room(top).grade() == CANNOT
    said = capsys.readouterr()
    assert f"2 of 3 notebooks graded: {top / 'report' / 'index.html'}" in said.out
    assert "cleo/01_first.ipynb: not a notebook" in said.err
    assert (top / "report" / "gradebook.csv").read_text() == (
        "learner,01_first\nada,2\nbela,0\ncleo,\n"
    )
    assert set(files(top / "report" / "reports")) == {
        *("ada/01_first.html", "ada/01_first.json", "bela/01_first.html", "bela/01_first.json")
    }


def test_a_class_that_is_graded_whole_ends_with_zero(top: Path, grader: Grader) -> None:
    (top / "class" / "cleo" / "01_first.ipynb").unlink()
    (top / "class" / "cleo").rmdir()
    assert room(top).grade() == DONE


def test_the_same_input_gives_the_same_report_and_is_graded_once(top: Path, grader: Grader) -> None:
    room(top).grade()
    first = files(top / "report")
    room(top).grade()
    assert len(grader.graded) == 2
    assert files(top / "report") == first
    room(top, restart=True).grade()
    assert len(grader.graded) == 4
    assert files(top / "report") == first


def test_paths_and_times_do_not_get_into_a_report(top: Path, grader: Grader) -> None:
    room(top).grade()
    for name, content in files(top / "report").items():
        assert str(top).encode() not in content, name


@pytest.mark.parametrize("what", ["notebook", "solution", "hidden", "timeout", "grader"])
def test_what_the_result_depends_on_is_graded_again(
    top: Path, grader: Grader, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top / "hidden.py").write_text(HIDDEN)
    options: dict[str, Any] = {"hidden": top / "hidden.py"}
    room(top, **options).grade()
    again = 2
    if what == "notebook":
        hand_in(top, top / "book" / "exercises" / "01_first.ipynb", "bela", f"# new\n{RIGHT}")
        again = 1
    elif what == "solution":
        path = top / "book" / "solutions" / "01_first.ipynb"
        path.write_text(path.read_text().replace("4.000", "4.001"))
    elif what == "hidden":
        (top / "hidden.py").write_text(f"{HIDDEN} # + 1")
    elif what == "timeout":
        options["timeout"] = 31.0
    else:
        monkeypatch.setattr(task, "version", lambda: "another")
    room(top, **options).grade()
    assert len(grader.graded) == 2 + again


def test_hidden_checks_reach_the_grader(top: Path, grader: Grader) -> None:
    (top / "hidden.py").write_text(HIDDEN)
    room(top, hidden=top / "hidden.py").grade()
    assert b"# %%" in (top / "report" / "reports" / "ada" / "01_first.json").read_bytes()


def test_a_result_that_was_written_in_part_is_made_again(top: Path, grader: Grader) -> None:
    room(top).grade()
    first = files(top / "report")
    kept = next((top / "report" / ".results").iterdir())
    kept.write_bytes(kept.read_bytes()[:50])
    room(top).grade()
    assert len(grader.graded) == 3
    assert files(top / "report") == first


def test_trouble_of_the_machine_is_not_kept(top: Path, grader: Grader) -> None:
    def fail(path: Path) -> None:
        raise GradingError("no kernel could be started")

    grader.before = fail
    assert room(top).grade() == CANNOT
    assert "no kernel could be started" in (top / "report" / "summary.csv").read_text()
    grader.before = lambda _: None
    room(top).grade()
    assert "no kernel" not in (top / "report" / "summary.csv").read_text()


def test_a_fault_of_the_grader_takes_one_notebook_alone(
    top: Path, grader: Grader, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(path: Path) -> None:
        if "return 2 * x" in path.read_text():
            raise ZeroDivisionError("oh")

    grader.before = fail
    assert room(top).grade() == CANNOT
    assert "ada/01_first.ipynb: the grader itself failed: ZeroDivisionError: oh" in (
        capsys.readouterr().err
    )


def test_reports_on_what_is_gone_are_removed_and_nothing_else(top: Path, grader: Grader) -> None:
    room(top).grade()
    (top / "class" / "bela" / "01_first.ipynb").unlink()
    (top / "report" / "notes.html").write_text("mine")
    room(top).grade()
    assert not (top / "report" / "reports" / "bela" / "01_first.html").exists()
    assert (top / "report" / "notes.html").exists()


def test_solutions_that_were_handed_in_are_not_used(
    top: Path, grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither beside a notebook nor in the folder of the class: only those of the book."""
    for place in ("class/ada/solutions", "class/solutions", "solutions"):
        save(top / place / "01_first.ipynb", read(top / "book" / "exercises" / "01_first.ipynb"))
    monkeypatch.chdir(top / "book" / "exercises")
    asked: list[bytes] = []
    monkeypatch.setattr(
        pools, "grade_task", lambda one: asked.append(one.solution[1]) or {"fault": "-"}
    )
    room(top, solutions=None).grade()
    assert set(asked) == {(top / "book" / "solutions" / "01_first.ipynb").read_bytes()}


def test_control_c_keeps_what_is_done_and_says_how_to_go_on(
    top: Path, grader: Grader, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    exercise_file = top / "book" / "exercises" / "01_first.ipynb"
    for number in range(6):
        hand_in(top, exercise_file, f"more-{number}", f"def f(x):\n    return {number}")
    undisturbed = room(top, out=top / "other", jobs=1)
    undisturbed.grade()
    grader.graded.clear()
    keep = classroom.Kept.keep

    def interrupted(*args: Any) -> Any:
        kept = keep(*args)
        if len(grader.graded) >= 3:
            raise KeyboardInterrupt
        return kept

    with monkeypatch.context() as patch:
        patch.setattr(classroom.Kept, "keep", interrupted)
        assert room(top, jobs=1).grade() == STOPPED
    assert "run the same command again" in capsys.readouterr().err
    assert not (top / "report" / "gradebook.csv").exists()
    done = len(grader.graded)
    assert done < 8
    room(top).grade()
    assert len(grader.graded) < done + 8
    assert files(top / "report") == files(top / "other")


def test_stopping_ends_what_runs_and_does_not_begin_the_rest(
    grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, killed = threading.Event(), threading.Event()

    def block(path: Path) -> None:
        begun.set()
        assert killed.wait(60)

    grader.before = block
    monkeypatch.setattr(pools, "_end_sessions", killed.set)
    futures = []

    def interrupted() -> None:
        with pools.on_this_machine(1) as pool:
            one = Task("a.ipynb", b'{"cells": []}', ("01_first.ipynb", b""), None, 1.0)
            futures.extend(pool.submit(one) for _ in range(3))
            assert begun.wait(60)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [future.cancelled() for future in futures] == [False, True, True]
    assert len(grader.graded) == 1


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"folder": "none"}, "there is no such folder"),
        ({"folder": "empty"}, "no notebook in"),
        ({"out": "class/report"}, "must lie apart"),
        ({"out": "."}, "must lie apart"),
        ({"solutions": "none"}, "--solutions"),
        ({"hidden": "none"}, "none: there is no such file"),
        ({"hidden": "faulty.py"}, "points must be a whole number"),
    ],
)
def test_what_cannot_be_done_is_said_at_once(
    top: Path,
    grader: Grader,
    change: dict[str, str],
    word: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (top / "empty").mkdir()
    (top / "faulty.py").write_text(HIDDEN.replace('"1.1"', '"1.1" points=0'))
    made = room(top)
    for name, value in change.items():
        setattr(made, name, top / value)
    assert made.grade() == CANNOT
    assert word in capsys.readouterr().err
    assert not grader.graded


def test_an_assignment_without_a_solution_is_a_fault_of_that_notebook(
    top: Path, grader: Grader
) -> None:
    path = top / "class" / "ada" / "01_first.ipynb"
    path.write_text(path.read_text().replace("01_first", "99_none"))
    path.rename(path.with_name("99_none.ipynb"))
    assert room(top).grade() == CANNOT
    summary = (top / "report" / "summary.csv").read_text()
    assert "unknown assignment" in summary
    assert str(top) not in summary
