"""Points and feedback for honest work, right, wrong and unfinished."""

import json
from pathlib import Path

import pytest

from dlcore.data import FILES
from dlcore.grade.command import grade_files
from dlcore.grade.grading import grade
from dlcore.grade.report import Report
from dlcore.notebooks.files import read, write
from tests.grade.building import RIGHT, assignment, solution, submit
from tests.notebooks.building import code

MIXED = {
    "1.1": RIGHT,
    "1.2": "def g(x):\n    return f(x) + 0.5",
    "1.3": 'answer_1_3 = "A"',
    "1.5": "Because it is so.",
}


@pytest.fixture(scope="module")
def exercise_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return assignment(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def mixed(exercise_file: Path) -> Report:
    """One answer right, one wrong, one wrong choice, one not attempted, one in words."""
    return grade(submit(exercise_file, "mixed", MIXED))


def statuses(report: Report) -> dict[str, str]:
    return {exercise.exercise: exercise.status for exercise in report.exercises}


def test_one_right_answer_gives_exactly_its_points(mixed: Report) -> None:
    assert [exercise.points for exercise in mixed.exercises] == [2, 0, 0, 0, 0]
    assert (mixed.points, mixed.max_points, mixed.full_marks) == (2, 10, False)


def test_each_exercise_says_how_it_went(mixed: Report) -> None:
    assert statuses(mixed) == {
        "1.1": "right",
        "1.2": "wrong",
        "1.3": "wrong",
        "1.4": "not attempted",
        "1.5": "self-assessment",
    }


def test_a_wrong_value_is_answered_with_expected_got_and_hint(mixed: Report) -> None:
    check = mixed.exercises[1].checks[0]
    assert (check.status, check.expected, check.got) == ("failed", "1.50", "1.00")
    assert check.hint == "Look again."
    assert check.message == "the numbers differ: 1.50 was expected, 1.00 came"


def test_a_hidden_check_says_only_that_it_failed(mixed: Report) -> None:
    check = mixed.exercises[1].checks[1]
    assert check.status == "failed"
    assert (check.expected, check.got, check.hint, check.message) == (None, None, None, None)


def test_a_wrong_choice_does_not_give_the_right_one_away(mixed: Report) -> None:
    check = mixed.exercises[2].checks[0]
    assert (check.status, check.expected, check.got) == ("failed", None, "chosen A")
    assert "B" not in json.dumps(mixed.to_json()["exercises"][2])


def test_a_solution_graded_against_itself_has_full_marks(
    exercise_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert grade_files([exercise_file.parent.parent / "solutions" / "01_first.ipynb"]) == 0
    assert "10 of 10 points: full marks" in capsys.readouterr().out


def test_an_untouched_exercise_has_no_points_and_needs_no_kernel(
    exercise_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dlcore.grade.grading.run_cells", None)
    assert grade_files([exercise_file]) == 1
    said = capsys.readouterr().out
    assert "0 of 10 points" in said
    assert said.count("not attempted") == 5


def test_reformatting_a_stub_is_no_attempt(
    exercise_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dlcore.grade.grading.run_cells", None)
    stub = 'def f(x):\r\n\r\n    raise NotImplementedError("exercise 1.1")   \r\n'
    report = grade(submit(exercise_file, "reformatted", {"1.1": stub, "1.3": "", "1.5": "  "}))
    assert set(statuses(report).values()) == {"not attempted"}


def test_partial_work_earns_part_of_the_points(tmp_path: Path) -> None:
    """Errors stay in their exercise; a stub that was only moved is no attempt."""
    exercise_file = assignment(tmp_path)
    answers = {
        "1.1": "x = 1\n" + read(exercise_file).cells[3].source,
        "1.2": "def g(x):\n    return 1.5 if x == 0.25 else None",
        "1.3": "1 / 0",
        "1.4": "import warnings\nwarnings.warn('careful')\nanswer_1_4 = 3.5",
    }
    report = grade(submit(exercise_file, "partial", answers))
    assert statuses(report) == {
        "1.1": "not attempted",
        "1.2": "partly right",
        "1.3": "wrong",
        "1.4": "right",
        "1.5": "not attempted",
    }
    assert [exercise.points for exercise in report.exercises] == [0, 2, 0, 2, 0]
    assert report.exercises[2].message == "your answer: ZeroDivisionError: division by zero"
    assert report.exercises[2].checks[0].status == "error"


def test_a_renamed_file_is_known_by_its_metadata(exercise_file: Path) -> None:
    path = submit(exercise_file, "my homework", {})
    assert grade(path).exercise_set == "01_first"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("not json", "not a notebook"),
        ('{"cells": [{"cell_type": "co', "saved only in part"),
        (
            '{"cells": [], "metadata": {"dlcore": {"exercise_set": "99_none"}}}',
            "unknown assignment",
        ),
        (
            '{"cells": [], "metadata": {"dlcore": {"exercise_set": "../../x"}}}',
            "unknown assignment",
        ),
    ],
)
def test_what_cannot_be_graded_ends_with_two_and_says_why(
    exercise_file: Path, capsys: pytest.CaptureFixture[str], text: str, word: str
) -> None:
    path = exercise_file.parent / "odd.ipynb"
    path.write_text(text)
    assert grade_files([path], solutions=exercise_file.parent.parent / "solutions") == 2
    path.unlink()
    said = capsys.readouterr()
    assert word in said.err
    assert said.out == ""


def test_a_solution_without_outputs_cannot_grade(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exercise_file = assignment(tmp_path)
    made = read(tmp_path / "solutions" / "01_first.ipynb")
    next(cell for cell in made.cells if cell.id == "ex-1-1-check").outputs = []
    write(tmp_path / "solutions" / "01_first.ipynb", made)
    assert grade_files([exercise_file]) == 2
    assert "ex-1-1-check has no stored output" in capsys.readouterr().err


def test_an_exercise_whose_own_cells_fail_cannot_be_graded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exercise_file = assignment(tmp_path)
    made = read(tmp_path / "solutions" / "01_first.ipynb")
    made.cells[1].source = "import no_such_package"
    write(tmp_path / "solutions" / "01_first.ipynb", made)
    assert grade_files([submit(exercise_file, "a", {"1.1": RIGHT})]) == 2
    assert "cell setup of the exercise itself fails: ModuleNotFoundError" in capsys.readouterr().err


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_without_its_data_set_an_exercise_is_not_graded(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    harm: str,
) -> None:
    """A right answer would lose its points for what the machine lacks."""
    made = solution()
    loads = "from dlcore import data\ndef price():\n    return data.load_share_price().price[0]"
    made.cells.insert(2, code("later", loads))
    answered = submit(assignment(tmp_path, made), "a", {"1.1": RIGHT})
    monkeypatch.setenv("DLCORE_DATA", str(tmp_path))
    if harm == "damaged":
        (tmp_path / FILES["stocks"].name).write_bytes(b"no prices")
    assert grade_files([answered]) == 2
    said = capsys.readouterr()
    assert "01_first needs the data set stocks, which is missing or damaged" in said.err
    assert said.out == ""


def test_without_a_kernel_nothing_is_graded(
    exercise_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    assert grade_files([submit(exercise_file, "b", {"1.1": RIGHT})]) == 2
    assert "grading process failed" in capsys.readouterr().err


def test_a_changed_reference_output_takes_the_points_away(tmp_path: Path) -> None:
    assignment(tmp_path)
    path = tmp_path / "solutions" / "01_first.ipynb"
    path.write_text(path.read_text().replace("4.000\\n", "4.100\\n"))
    report = grade(path)
    assert report.exercises[0].points == 0
    assert report.points == report.max_points - 2
