"""The results of a class, as tables: who has which points, and which checks fail most."""

import csv
import io
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from dlcore.grade.report import CheckResult, ExerciseResult, Report
from dlcore.grade.report.text import harmless

_FORMULA = tuple("=+-@\N{MINUS SIGN}")
_UNSEEN = ("Zs", "Zl", "Zp", "Cc", "Cf")  # blanks of all kinds, and marks without a width
TWICE = "more than one notebook for this assignment: keep the one that counts"


class Row(NamedTuple):
    """One notebook handed in: its report, or why there is none."""

    learner: str
    file: str
    report: Report | None = None
    fault: str = ""


class Check(NamedTuple):
    """How a class did on one check; learners who did not attempt the exercise are left out."""

    id: str
    exercise: str
    title: str
    attempts: int
    failed: int


class Assignment(NamedTuple):
    """What a class has done for one assignment."""

    name: str
    rows: list[Row]
    columns: list[ExerciseResult]
    checks: list[Check]
    max_points: int
    median: str


def assignments(rows: list[Row]) -> list[Assignment]:
    """Return the results assignment by assignment.

    Parameters
    ----------
    rows : list of Row
        All notebooks handed in.

    Returns
    -------
    list of Assignment
        By name; the checks that fail most come first.
    """
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        if row.report is not None:
            by_name.setdefault(row.report.exercise_set, []).append(row)
    return [_assignment(name, by_name[name]) for name in sorted(by_name)]


def _assignment(name: str, rows: list[Row]) -> Assignment:
    reports = [row.report for row in rows if row.report is not None]
    columns = [exercise for exercise in reports[0].exercises if exercise.max_points]
    median = f"{statistics.median(report.points for report in reports):g}"
    return Assignment(name, rows, columns, _checks(reports), reports[0].max_points, median)


def _checks(reports: list[Report]) -> list[Check]:
    attempts: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    known: dict[str, ExerciseResult] = {}
    for report in reports:
        for exercise, check in _pairs(report):
            known.setdefault(check.id, exercise)
            attempts[check.id] += exercise.status not in ("not attempted", "not found")
            passed[check.id] += check.status == "passed"
    found = [
        Check(name, of.exercise, of.title, attempts[name], attempts[name] - passed[name])
        for name, of in known.items()
    ]
    return sorted(found, key=lambda check: -check.failed / max(1, check.attempts))


def _pairs(report: Report) -> Iterable[tuple[ExerciseResult, CheckResult]]:
    return ((exercise, check) for exercise in report.exercises for check in exercise.checks)


def faults(rows: list[Row]) -> list[Row]:
    """Return what the gradebook has no points for, with the reason.

    Parameters
    ----------
    rows : list of Row
        All notebooks handed in.

    Returns
    -------
    list of Row
        Notebooks that could not be graded, and those of which a learner has handed in two.
    """
    count = Counter(_place(row) for row in rows)
    twice = {place for place, times in count.items() if place is not None and times > 1}
    return [
        row._replace(fault=row.fault or TWICE) for row in rows if row.fault or _place(row) in twice
    ]


def _place(row: Row) -> tuple[str, str] | None:
    """Return the cell of the gradebook in which a notebook counts."""
    return None if row.report is None else (row.learner, row.report.exercise_set)


def gradebook_csv(rows: list[Row]) -> str:
    """Return a table to be read into a gradebook: a line a learner, a column an assignment.

    Parameters
    ----------
    rows : list of Row
        All notebooks handed in.

    Returns
    -------
    str
        CSV. A cell is empty where there is nothing, or nothing that a machine can decide.
    """
    names = [found.name for found in assignments(rows)]
    left_out = {row.file for row in faults(rows)}
    points: dict[str, dict[str, int]] = {row.learner: {} for row in rows}
    for row in rows:
        if row.report is not None and row.file not in left_out:
            points[row.learner][row.report.exercise_set] = row.report.points
    table = [[learner, *(has.get(name, "") for name in names)] for learner, has in points.items()]
    return _csv(["learner", *names], table)


def summary_csv(rows: list[Row]) -> str:
    """Return a table of all notebooks: a line each, a column for each exercise.

    Parameters
    ----------
    rows : list of Row
        All notebooks handed in.

    Returns
    -------
    str
        CSV.
    """
    known = {column.exercise for found in assignments(rows) for column in found.columns}
    columns = sorted(known, key=lambda number: [int(part) for part in number.split(".")])
    why = {row.file: row.fault for row in faults(rows)}
    table: list[list[Any]] = []
    for row in rows:
        report = row.report
        scores = {e.exercise: e.points for e in report.exercises} if report else {}
        head = [report.exercise_set, report.points, report.max_points] if report else ["", "", ""]
        cells = [scores.get(number, "") for number in columns]
        table.append([row.learner, row.file, *head, *cells, _remark(row, why)])
    head = ["learner", "file", "assignment", "points", "max_points"]
    return _csv([*head, *columns, "remark"], table)


def _remark(row: Row, why: dict[str, str]) -> str:
    """Return what a teacher should know of a notebook besides its points."""
    notes = row.report.notes if row.report else []
    return "; ".join([*filter(None, [why.get(row.file, "")]), *notes])


def checks_csv(rows: list[Row]) -> str:
    """Return a table of all checks, those that fail most first.

    Parameters
    ----------
    rows : list of Row
        All notebooks handed in.

    Returns
    -------
    str
        CSV.
    """
    table = [
        [found.name, check.exercise, check.id, check.attempts, check.failed]
        for found in assignments(rows)
        for check in found.checks
    ]
    return _csv(["assignment", "exercise", "check", "attempts", "failed"], table)


def _csv(head: list[str], table: list[list[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([[_cell(value) for value in line] for line in (head, *table)])
    return text.getvalue()


def _cell(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula."""
    if not isinstance(value, str):
        return value
    shown = harmless(value)
    return f"'{shown}" if shown.startswith(("\t", "\n")) or _first(shown) in _FORMULA else shown


def _first(text: str) -> str:
    """Return the first character that is seen, as a spreadsheet reads it: full-width ones too."""
    seen = (one for one in text if unicodedata.category(one) not in _UNSEEN)
    return unicodedata.normalize("NFKC", next(seen, " "))
