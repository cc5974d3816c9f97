"""The tables about a class."""

import csv
import io

import pytest

from dlcore.grade.report import CheckResult, ExerciseResult, Report
from dlcore.grade.report.tables import (
    TWICE,
    Row,
    assignments,
    checks_csv,
    gradebook_csv,
    summary_csv,
)


def report(name: str, first: str, second: str) -> Report:
    """Two exercises with a check each, which ended so."""
    exercises = [
        ExerciseResult(number, "Title", 1, "code", checks=[CheckResult(f"c{number}", status, 2)])
        for number, status in (("1.2", first), ("1.10", second))
    ]
    for exercise, status in zip(exercises, (first, second), strict=True):
        exercise.fate = "not attempted" if status == "not run" else None
    exercises.append(ExerciseResult("1.11", "Why", 1, "text"))
    return Report("x", name, exercises)


ROWS = [
    Row("ada", "ada/a.ipynb", report("a", "passed", "passed")),
    Row("ada", "ada/b.ipynb", report("b", "failed", "passed")),
    Row("bela", "bela/a.ipynb", report("a", "passed", "failed")),
    Row("=cmd|' /C calc'!A0", "x/a.ipynb", report("a", "not run", "not run")),
    Row("dora", "dora/1.ipynb", report("a", "passed", "passed")),
    Row("dora", "dora/2.ipynb", report("a", "failed", "failed")),
    Row("emil", "emil/a.ipynb", None, 'not a notebook, "really"'),
]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_gradebook_has_a_line_a_learner_and_a_column_an_assignment() -> None:
    assert rows_of(gradebook_csv(ROWS)) == [
        {"learner": "ada", "a": "4", "b": "2"},
        {"learner": "bela", "a": "2", "b": ""},
        {"learner": "'=cmd|' /C calc'!A0", "a": "0", "b": ""},
        {"learner": "dora", "a": "", "b": ""},
        {"learner": "emil", "a": "", "b": ""},
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("=1+1", " =1+1", "\N{NO-BREAK SPACE}=1+1", "\t=1+1", "\N{ZERO WIDTH SPACE}=1+1", "-1"),
        *(f"\N{FULLWIDTH EQUALS SIGN}1{sign}1" for sign in "+-"),
        *(
            "\N{FULLWIDTH PLUS SIGN}1",
            "\N{FULLWIDTH HYPHEN-MINUS}1",
            "\N{FULLWIDTH COMMERCIAL AT}a",
        ),
    ],
)
def test_no_spreadsheet_takes_a_name_for_a_formula(name: str) -> None:
    (row,) = rows_of(gradebook_csv([Row(name, "a.ipynb", report("a", "passed", "passed"))]))
    assert row["learner"].startswith("'")


@pytest.mark.parametrize("name", ["ada", " ada", "1=1", "\N{FULLWIDTH DIGIT ONE}"])
def test_other_names_stay_as_they_are(name: str) -> None:
    (row,) = rows_of(gradebook_csv([Row(name, "a.ipynb", report("a", "passed", "passed"))]))
    assert row["learner"] == name


def test_the_summary_has_points_by_exercise_and_says_what_is_wrong() -> None:
    table = rows_of(summary_csv(ROWS))
    assert list(table[0])[5:] == ["1.2", "1.10", "remark"]
    assert (table[0]["points"], table[0]["max_points"], table[0]["1.10"]) == ("4", "4", "2")
    assert [line["remark"] for line in table] == ["", "", "", "", TWICE, TWICE, ROWS[-1].fault]
    assert (table[-1]["assignment"], table[-1]["points"]) == ("", "")


def test_checks_that_fail_most_come_first_and_count_attempts_alone() -> None:
    first, second = assignments(ROWS)[0].checks
    assert (first.exercise, first.attempts, first.failed) == ("1.10", 4, 2)
    assert (second.exercise, second.attempts, second.failed) == ("1.2", 4, 1)
    assert rows_of(checks_csv(ROWS))[0]["failed"] == "2"


def test_a_class_of_which_nothing_could_be_graded_has_tables_too() -> None:
    assert gradebook_csv(ROWS[-1:]) == "learner\nemil\n"
    assert len(rows_of(summary_csv(ROWS[-1:]))) == 1
    assert assignments(ROWS[-1:]) == []


def test_what_is_noted_of_a_notebook_is_a_remark() -> None:
    noted = report("a", "passed", "failed")
    noted.notes.append("none of the answer cells")
    row = Row("fritz", "fritz/a.ipynb", noted)
    (line,) = rows_of(summary_csv([row]))
    assert line["remark"] == "none of the answer cells"
    assert [line["remark"] for line in rows_of(summary_csv([row, row._replace(file="f/b")]))] == [
        f"{TWICE}; none of the answer cells"
    ] * 2
