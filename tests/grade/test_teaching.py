"""The page for teachers: every command on it is run, in order, and says what the page says."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dlcore.grade.report import CheckResult, ExerciseResult, Report, schema
from dlcore.grade.report.html import report_name
from dlcore.grade.report.tables import Row, gradebook_csv

BOOK = Path(__file__).parents[2]
PAGE = (BOOK / "book" / "teaching.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)


def steps() -> list[tuple[str, str]]:
    """Commands, each with what the page says that it prints."""
    found = []
    for block in blocks("console"):
        for step in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, printed = step.partition("\n")
            found.append((command, printed))
    return found


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the page is written for a Unix shell")
def test_every_command_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    for name in ("LICENSE", "pyproject.toml", "requirements.lock", "chapters", "dlcore"):
        (book / name).symlink_to(BOOK / name)
    (book / "solutions").symlink_to(BOOK / "solutions")
    hidden, _ = blocks("python")
    (tmp_path / "hidden.py").write_text(hidden)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command, printed in steps():
        done = subprocess.run(
            ["bash", "-ec", command],
            cwd=book,
            env={**os.environ, "PATH": path, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        said = [line for line in done.stdout.splitlines() if not line.startswith("Not held back")]
        assert said == printed.splitlines(), command
    pending = (tmp_path / "course" / "report" / "index.html").read_text()
    assert "Hidden checks pending" in pending
    assert "Hidden checks pending" not in (tmp_path / "report" / "index.html").read_text()
    handed_out = [path for path in (tmp_path / "hand-out").rglob("*") if path.is_file()]
    assert not any(b"rng.uniform(1, 2, size=3)" in path.read_bytes() for path in handed_out)


NBGRADER = """
# What `enter.py` uses of nbgrader. As there, a submission gets the exercises known by then.
import json
from pathlib import Path


class Grade:
    auto_score = None
    needs_manual_grade = True


class Gradebook:
    def __init__(self, address):
        self.path = Path(address.removeprefix("sqlite:///"))
        self.db, self.most, self.grades, self.times, self.students = self, {}, {}, {}, set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def update_or_create_assignment(self, name):
        self.most.setdefault(name, {})

    def update_or_create_notebook(self, name, assignment):
        self.most[assignment].setdefault(name, {})

    def update_or_create_grade_cell(self, name, notebook, assignment, *, max_score, cell_type):
        assert cell_type == "code"
        self.most[assignment][notebook][name] = max_score

    def update_or_create_student(self, name):
        self.students.add(name)

    def update_or_create_submission(self, assignment, student, *, timestamp):
        assert student in self.students
        if (assignment, student) not in self.times:
            for notebook, cells in self.most[assignment].items():
                for cell in cells:
                    self.grades[cell, notebook, assignment, student] = Grade()
        self.times[assignment, student] = timestamp

    def find_grade(self, *place):
        return self.grades[place]

    def commit(self):
        found = self.grades.items()
        kept = [[*place, one.auto_score, one.needs_manual_grade] for place, one in found]
        self.path.write_text(json.dumps([kept, list(self.times.values()), self.most]))
"""


def handed_in(course: Path, file: str, name: str, points: int) -> Row:
    """Write the report on a notebook, and what nbgrader has collected with it."""
    checks = [CheckResult("c", "passed" if points else "failed", 3)]
    exercises = [ExerciseResult("6.1", "T", 1, "code", checks=checks)]
    report = Report(file, name, [*exercises, ExerciseResult("6.2", "T", 1, "text")])
    for place, text in (
        (course / "submitted" / file, name),
        ((course / "submitted" / file).parent / "timestamp.txt", f"time of {file}"),
        ((course / "submitted" / file).parent / "submission_secret.txt", "secret"),
        (course / "report" / report_name(file, ".json"), json.dumps(report.to_json())),
        (course / "report" / report_name(file, ".html"), f"page of {file}"),
    ):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return Row(file.split("/")[0], file, report)


def test_points_and_pages_go_back_to_nbgrader(tmp_path: Path) -> None:
    rows = [
        handed_in(tmp_path, "ada/week-1/06_first.ipynb", "06_first", 0),
        handed_in(tmp_path, "bela/week-1/06_first.ipynb", "06_first", 3),
        handed_in(tmp_path, "bela/week-1/07.ipynb", "07_second", 3),
        handed_in(tmp_path, "cleo/week-1/06_first.ipynb", "06_first", 3),
        handed_in(tmp_path, "cleo/week-1/06_first-Copy1.ipynb", "06_first", 3),
    ]
    (tmp_path / "report" / "gradebook.csv").write_text(gradebook_csv(rows))
    (tmp_path / "nbgrader").mkdir()
    (tmp_path / "nbgrader" / "api.py").write_text(NBGRADER)
    (tmp_path / "enter.py").write_text(blocks("python")[1])
    subprocess.run([sys.executable, "enter.py"], cwd=tmp_path, check=True)
    grades, times, most = json.loads((tmp_path / "gradebook.db").read_text())
    assert most == {"week-1": {"06_first": {"6.1": 3}, "07_second": {"6.1": 3}}}
    assert sorted(grade for grade in grades if grade[4] is not None) == [
        ["6.1", "06_first", "week-1", "ada", 0, False],
        ["6.1", "06_first", "week-1", "bela", 3, False],
        ["6.1", "07_second", "week-1", "bela", 3, False],
    ]
    assert times == ["time of ada/week-1/06_first.ipynb", "time of bela/week-1/07.ipynb"]
    made = [
        path for folder in ("feedback", "autograded") for path in (tmp_path / folder).rglob("*.*")
    ]
    assert sorted(path.relative_to(tmp_path).as_posix() for path in made) == [
        "autograded/ada/week-1/06_first.ipynb",
        "autograded/ada/week-1/timestamp.txt",
        "autograded/bela/week-1/06_first.ipynb",
        "autograded/bela/week-1/07.ipynb",
        "autograded/bela/week-1/timestamp.txt",
        "feedback/ada/week-1/06_first.html",
        "feedback/ada/week-1/submission_secret.txt",
        "feedback/ada/week-1/timestamp.txt",
        "feedback/bela/week-1/06_first.html",
        "feedback/bela/week-1/07.html",
        "feedback/bela/week-1/submission_secret.txt",
        "feedback/bela/week-1/timestamp.txt",
    ]
    page = tmp_path / "feedback" / "bela" / "week-1" / "07.html"
    assert page.read_text() == "page of bela/week-1/07.ipynb"


def test_the_page_names_every_entry_of_the_form() -> None:
    section = PAGE.split("## The report as JSON")[1]
    assert set(Report("a", "b", []).to_json()) == set(schema()["properties"])
    for name in schema()["properties"]:
        assert f"`{name}`" in section
    for kind in ("exercise", "check"):
        own = set(schema()["$defs"][kind]["required"]) - {"points", "max_points", "exercise"}
        assert all(name in section for name in own), kind
