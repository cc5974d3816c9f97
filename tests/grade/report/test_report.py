import json
from pathlib import Path

import pytest

from dlcore.grade import command
from dlcore.grade.report import CheckResult, ExerciseResult, Report, report
from dlcore.grade.report.text import render


def made() -> Report:
    failed = CheckResult(
        "ex-1-1-check",
        "failed",
        2,
        hint="Divide by the length. " * 6,
        expected="0.5\n" * 30,
        got="0.7",
    )
    hidden = CheckResult("ex-1-1-check-2", "failed", 1, visibility="hidden")
    passed = CheckResult("ex-1-1-check-3", "passed", 3)
    title = "A title that is longer than a line of the report may be"
    unrun = CheckResult("ex-1-2-check", "not run", 1)
    exercises = [
        ExerciseResult("1.1", title, 2, "code", checks=[failed, hidden, passed]),
        ExerciseResult("1.2", "Choose", 1, "choice", fate="not attempted", checks=[unrun]),
        ExerciseResult("1.3", "Why", 3, "text"),
    ]
    return Report("a.ipynb", "01_first", exercises, notes=["One word more. " * 10])


def test_points_are_summed_over_what_passed() -> None:
    assert (made().points, made().max_points) == (3, 7)
    assert [exercise.status for exercise in made().exercises] == [
        "partly right",
        "not attempted",
        "self-assessment",
    ]


def test_nothing_to_score_is_not_full_marks() -> None:
    assert not Report("a", "b", []).full_marks


def test_the_text_fits_80_columns_and_shows_what_matters() -> None:
    text = render(made())
    assert max(map(len, text.splitlines())) <= 80
    for word in ("expected", "got", "hint", "a hidden check", "lines more", "3 of 7 points"):
        assert word in text
    assert "ex-1-1-check-2" not in text
    assert "\x1b" not in text


def test_a_build_that_passed_is_said_to_be_the_learners_own() -> None:
    checks = [CheckResult("ex-1-1-check", "passed", 2)]
    built = ExerciseResult("1.1", "Build a layer", 2, "build", checks=checks)
    assert "'dlcore mine' takes it" in render(Report("a", "b", [built]))
    checks[0].status = "failed"
    assert "dlcore mine" not in render(Report("a", "b", [built]))


def test_a_wrapped_hint_stays_in_its_column() -> None:
    lines = render(made()).splitlines()
    start = next(number for number, line in enumerate(lines) if "Divide" in line)
    column = lines[start].index("Divide")
    assert lines[start + 1].startswith(" " * column)
    assert lines[start + 1][column] != " "


def test_a_row_of_numbers_as_wide_as_numpys_is_not_broken() -> None:
    row = f"[{' '.join(['0.12345'] * 9)}]"
    wrong = CheckResult("ex-1-1-check", "failed", 2, expected=row, got="[0.1]")
    text = render(Report("a", "b", [ExerciseResult("1.1", "Add", 1, "code", checks=[wrong])]))
    assert row in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_notebook_without_one_answer_gets_one_word_and_no_list() -> None:
    lost = [ExerciseResult(f"1.{n}", "Add", 1, "code", fate="not found") for n in range(9)]
    text = render(Report("a", "01_first", lost, notes=["no answer in it"]))
    assert text.split() == ["01_first", "no", "answer", "in", "it", "0", "of", "0", "points"]


def test_colours_are_for_terminals(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b[33m" in render(made(), colour=True)
    assert not command._colours()


def test_colours_can_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "")
    assert command._colours()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not command._colours()


def test_json_has_the_documented_entries() -> None:
    found = json.loads(json.dumps(made().to_json()))
    assert found["schema"] == report.SCHEMA == 1
    text = str(report.__doc__)
    names = set(found) | set(found["exercises"][0]) | set(found["exercises"][0]["checks"][0])
    assert all(f"``{name}``" in text for name in names)
    assert names == {
        *("schema", "notebook", "exercise_set", "notes", "containment", "hidden_pending"),
        *("points", "max_points", "exercises", "exercise", "title", "stars", "kind", "status"),
        *("message", "repairs", "rubric", "checks", "id", "visibility", "hint", "expected", "got"),
        "part",
    }
    for exercise in found["exercises"]:
        assert f"``{exercise['status']}``" in text.replace("\n  ", " ")
        assert exercise["points"] == sum(check["points"] for check in exercise["checks"])


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "grade", lambda *_, **__: made())


@pytest.mark.usefixtures("graded")
def test_json_goes_to_a_file_beside_the_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.grade_files([Path("a.ipynb")], json_to=str(tmp_path / "report.json")) == 1
    assert json.loads((tmp_path / "report.json").read_text())["points"] == 3
    assert "3 of 7 points" in capsys.readouterr().out


@pytest.mark.usefixtures("graded")
def test_json_alone_is_printed_for_a_hyphen(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.grade_files([Path("a.ipynb")], json_to="-") == 1
    assert json.loads(capsys.readouterr().out)["max_points"] == 7


@pytest.mark.usefixtures("graded")
def test_junit_and_pages_are_written_beside_it(tmp_path: Path) -> None:
    junit_to, pages = tmp_path / "junit.xml", tmp_path / "pages"
    files = [Path("a.ipynb"), Path("b.ipynb")]
    assert command.grade_files(files, junit_to=junit_to, html_to=pages, book="https://a.org") == 1
    assert junit_to.read_text().count("<testsuite ") == 2
    assert sorted(path.name for path in pages.iterdir()) == ["a-2.html", "a.html"]
    assert "https://a.org/chapters/01_first.html" in (pages / "a.html").read_text()


@pytest.mark.usefixtures("graded")
def test_a_report_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert (
        command.grade_files([Path("a.ipynb")], json_to=str(tmp_path / "file" / "report.json")) == 2
    )
    assert "could not be written" in capsys.readouterr().err


@pytest.mark.usefixtures("graded")
def test_several_notebooks_make_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.grade_files([Path("a.ipynb"), Path("b.ipynb")], json_to="-") == 1
    assert len(json.loads(capsys.readouterr().out)) == 2


def test_a_folder_without_notebooks_cannot_be_graded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.grade_files([tmp_path]) == 2
    assert "no notebook" in capsys.readouterr().err
