"""The folder that learners get: everything they need, and nothing that gives answers away."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from dlcore import cli
from dlcore.grade.report import CheckResult, ExerciseResult, Report
from dlcore.grade.submission import Submission
from dlcore.notebooks.exercises import BEGIN, read_exercises
from dlcore.notebooks.files import NotebookError, notebooks_in, ours, read
from dlcore.notebooks.handout import hand_out
from tests.grade.building import assignment
from tests.notebooks.building import chapter, code, save

BOOK = Path(__file__).parents[2]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    top = tmp_path / "book"
    assignment(top)
    save(top / "chapters" / "01_first.ipynb", chapter(code("one", "1")))
    for name in ("LICENSE", "pyproject.toml", "requirements.lock", "Makefile"):
        (top / name).write_text(name)
    for name in ("dlcore/__init__.py", "dlcore/__pycache__/x.pyc", "solutions/mistakes/01.py"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).touch()
    return top


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_class_gets_what_it_needs_and_no_solution(book: Path, tmp_path: Path) -> None:
    assert hand_out(book, tmp_path / "out") == [tmp_path / "out" / "exercises" / "01_first.ipynb"]
    assert names(tmp_path / "out") == {
        *("README.md", "LICENSE", "pyproject.toml", "requirements.lock", "dlcore/__init__.py"),
        *("chapters/01_first.ipynb", "exercises/01_first.ipynb"),
    }
    assert "Hand in" in (tmp_path / "out" / "README.md").read_text()


def test_who_works_alone_gets_the_solutions_too(book: Path, tmp_path: Path) -> None:
    hand_out(book, tmp_path / "out", solutions=True)
    assert (tmp_path / "out" / "solutions" / "01_first.ipynb").is_file()
    assert not (tmp_path / "out" / "solutions" / "mistakes").exists()
    assert "dlcore grade exercises/01_first.ipynb" in (tmp_path / "out" / "README.md").read_text()


@pytest.mark.parametrize("solutions", [False, True])
def test_commands_of_its_page_are_understood(book: Path, tmp_path: Path, solutions: bool) -> None:
    hand_out(book, tmp_path / "out", solutions=solutions)
    text = (tmp_path / "out" / "README.md").read_text()
    commands = re.findall(r"^\$ \.venv/bin/dlcore (.+?)(?:  +#.*)?$", text, re.M)
    assert commands[:2] == ["data", "lab"]
    assert len(commands) == 2 + 2 * solutions
    for command in commands:
        assert cli._parser().parse_args(command.split()).verb == command.split()[0]
        assert all((tmp_path / "out" / word).exists() for word in command.split()[1:])
    extras = tomllib.loads((BOOK / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    assert set(re.findall(r'-e "\.\[(\w+)\]"', text)) <= set(extras)
    for name in re.findall(r"-r (\S+)", text):
        assert (tmp_path / "out" / name).is_file()


def test_no_answer_of_the_book_is_handed_out(tmp_path: Path) -> None:
    hand_out(BOOK, tmp_path / "out")
    for path in notebooks_in(BOOK / "solutions"):
        text = (tmp_path / "out" / "exercises" / path.name).read_text()
        assert BEGIN not in text
        for exercise in read_exercises(read(path)):
            given = read(tmp_path / "out" / "exercises" / path.name)
            cells = {cell.id: cell for cell in given.cells}
            for answer in exercise.answers:
                assert answer.source not in cells[answer.id].source
                assert "outputs" not in cells[answer.id] or cells[answer.id].outputs == []
        assert not any(ours(cell).get("role") == "explanation" for cell in given.cells)


def test_hidden_checks_stay_here_and_are_told_of(book: Path, tmp_path: Path) -> None:
    hand_out(book, tmp_path / "out", hidden=["1.3", "7.7"])
    path = tmp_path / "out" / "exercises" / "01_first.ipynb"
    assert "print(g(START))" not in path.read_text()
    assert json.loads(path.read_text())["metadata"]["dlcore"] == {
        "exercise_set": "01_first",
        "hidden_checks": ["1.2", "1.3"],
    }
    ran = CheckResult("c", "passed", 1, "hidden")
    exercises = [
        ExerciseResult("1.1", "t", 1, "code"),
        ExerciseResult("1.2", "t", 1, "code", checks=[ran]),
        ExerciseResult("1.3", "t", 1, "code"),
    ]
    report = Report("a", "b", exercises)
    report.note_pending(Submission(path).hidden_checks)
    assert report.hidden_pending == ["1.3"]


def test_metadata_of_any_kind_leave_no_check_pending(tmp_path: Path) -> None:
    for number, told in enumerate(
        ("null", "3", '{"dlcore": 1}', '{"dlcore": {"hidden_checks": 1}}')
    ):
        path = tmp_path / f"{number}.ipynb"
        path.write_text(f'{{"cells": [], "metadata": {told}}}')
        assert Submission(path).hidden_checks == []


def test_only_the_assignments_that_are_named(book: Path, tmp_path: Path) -> None:
    save(book / "solutions" / "02_second.ipynb", read(book / "solutions" / "01_first.ipynb"))
    hand_out(book, tmp_path / "out", names=["02_second"], solutions=True)
    assert {name for name in names(tmp_path / "out") if name.endswith("d.ipynb")} == {
        *("exercises/02_second.ipynb", "solutions/02_second.ipynb")
    }
    assert not (tmp_path / "out" / "exercises" / "01_first.ipynb").exists()
    with pytest.raises(NotebookError, match="no assignment '03': there are 01_first, 02_second"):
        hand_out(book, tmp_path / "other", names=["03"])


def test_a_folder_in_use_is_left_alone(book: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    hand_out(book, tmp_path / "out")
    before = names(tmp_path)
    with pytest.raises(NotebookError, match="not empty"):
        hand_out(book, tmp_path / "out")
    assert names(tmp_path) == before


def test_a_faulty_solution_leaves_nothing_behind(book: Path, tmp_path: Path) -> None:
    path = book / "solutions" / "01_first.ipynb"
    path.write_text(path.read_text().replace('"points": 2', '"points": 0', 1))
    with pytest.raises(NotebookError, match="ex-1-1-check: points"):
        hand_out(book, tmp_path / "out")
    assert [found.name for found in tmp_path.iterdir()] == ["book"]


def test_the_command_hands_out_and_says_what(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(book)
    (book / "hidden.py").write_text('# %% exercise="1.1"\nprint(f(SEED))')
    assert cli.main(["exercises", "--release", "class", "--hidden", "hidden.py"]) == 0
    assert "class/exercises/01_first.ipynb: written" in capsys.readouterr().out
    text = (book / "class" / "exercises" / "01_first.ipynb").read_text()
    assert json.loads(text)["metadata"]["dlcore"]["hidden_checks"] == ["1.1", "1.2"]
    assert cli.main(["exercises", "--release", "class"]) == 2
    assert "name a new folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["exercises", "--with-solutions"],
        ["exercises", "--check", "--release", "x"],
        ["grade"],
        ["grade", "a.ipynb", "--class", "x", "--out", "y"],
        ["grade", "--class", "x"],
        ["grade", "a.ipynb", "--out", "y"],
        ["grade", "--class", "x", "--out", "y", "--json", "-"],
        ["grade", "--class", "x", "--out", "y", "--jobs", "0"],
        ["grade", "--class", "x", "--out", "y", "--jobs", "2", "--cluster", "tcp://a:1"],
    ],
)
def test_options_that_do_not_go_together_end_with_two(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_a_class_is_graded_from_the_command_line(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(book)
    (book.parent / "class" / "ada").mkdir(parents=True)
    assert cli.main(["grade", "--class", "../class", "--out", "../report"]) == 2
    assert "ada/: no notebook was handed in" in capsys.readouterr().err
    assert (book.parent / "report" / "gradebook.csv").read_text() == "learner\nada\n"
