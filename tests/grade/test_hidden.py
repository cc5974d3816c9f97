"""A teacher's own checks: read, seeded, run on the solution, and never shown."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from dlcore.grade.command import grade_files
from dlcore.grade.grading import grade
from dlcore.grade.hidden import read_hidden
from dlcore.grade.report import ExerciseResult, Report
from dlcore.grade.report.text import render
from dlcore.notebooks.files import NotebookError, write
from tests.grade.building import CHOICE, RIGHT, assignment, solution, submit
from tests.notebooks.building import code, exercise, notebook, solved

CHECKS = """
# Secret: not for learners.
# %% helpers
import numpy as np
def draw():
    return np.random.default_rng(SEED).normal(size=3)

# %% exercise="1.1" points=3 tolerance=1e-9
print("a drawn number", *[f"{f(x):.6f}" for x in draw()])

# %% exercise='1.3'
print(answer_1_3)

# %% exercise="1.6" points=3 tolerance=1e-9
print("a drawn number", *[f"{f(x):.6f}" for x in draw()])

# %% exercise="1.7" points=3 tolerance=1e-9
print("a drawn number", *[f"{f(x):.6f}" for x in draw()])

# %% exercise="1.8"
print(answer_1_8)

# %% exercise="7.1"
print("of another chapter")
"""
ONLY_PUBLIC = "def f(x):\n    return {2.0: 4.0}.get(x, 0.0)"
SPY = """
seen = []
def f(x):
    import sys
    frame = sys._getframe(1)
    seen.append(str(frame.f_globals.get('In')) + str(frame.f_globals.get('SEED')))
    open('seen.txt', 'a').write(str(seen))
    print('seen', seen)
    return 2 * x
"""
AFTERWARDS = """
import os
answer_1_8 = 'B'
print(globals().get('seen'), os.listdir('.'), globals().get('draw'), globals().get('SEED'))
class Told(str):
    def __str__(self):
        return 'B'
    __repr__ = __format__ = lambda self, *a: str(globals().get('SEED'))
"""


def more_exercises() -> NotebookNode:
    """The small assignment, in which 1.6 and 1.7 ask for the same as 1.1, and 1.8 as 1.3."""
    cells = solution().cells
    for number in ("1.6", "1.7"):
        cells += exercise(number, solved("return 2 * x"), {"print(f'{f(START):.3f}')": "4.000\n"})
    chosen, shown = CHOICE.replace("1_3", "1_8"), {"print('chosen', answer_1_8)": "chosen B\n"}
    return notebook(*cells, *exercise("1.8", chosen, shown, kind="choice"))


@pytest.fixture(scope="module")
def exercise_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return assignment(tmp_path_factory.mktemp("book"), more_exercises())


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("teacher") / "hidden.py"
    path.write_text(CHECKS)
    return path


@pytest.fixture(scope="module")
def graded(exercise_file: Path, hidden: Path) -> dict[str, Report]:
    """Right answers, one that knows the public check alone, one that spies; and a late one."""
    answers = {
        "in time": {
            "1.1": RIGHT,
            "1.3": 'answer_1_3 = "B"',
            "1.6": ONLY_PUBLIC,
            "1.7": SPY,
            "1.8": AFTERWARDS,
        },
        "late": {"1.1": "import time\ndef f(x):\n    time.sleep(0 if x == 2.0 else 60)"},
    }
    limits = {"late": 3}
    return {
        name: grade(submit(exercise_file, name, given), timeout=limits.get(name, 60), hidden=hidden)
        for name, given in answers.items()
    }


def found(report: Report, number: str) -> ExerciseResult:
    return next(one for one in report.exercises if one.exercise == number)


def test_a_right_answer_gets_the_points_of_hidden_checks_too(graded: dict[str, Report]) -> None:
    first, choice = (found(graded["in time"], number) for number in ("1.1", "1.3"))
    assert (first.points, first.max_points) == (5, 5)
    assert (choice.points, choice.max_points) == (3, 3)


def test_an_answer_learnt_by_heart_is_found_out(graded: dict[str, Report]) -> None:
    by_heart = found(graded["in time"], "1.6")
    assert (by_heart.status, by_heart.points, by_heart.max_points) == ("partly right", 2, 5)


@pytest.mark.parametrize("name", ["in time", "late"])
def test_nothing_of_a_hidden_check_is_shown(graded: dict[str, Report], name: str) -> None:
    report = graded[name]
    for one in report.exercises:
        for check in one.checks:
            if check.visibility == "hidden":
                assert check.status in ("passed", "failed", "not run")
                assert not any((check.hint, check.expected, check.got, check.message))
    said = json.dumps(report.to_json()) + render(report)
    for secret in ("drawn", "SEED", "default_rng", "draw()"):
        assert secret not in said


def test_a_hidden_check_that_never_ends_has_failed(graded: dict[str, Report]) -> None:
    assert graded["late"].exercises[0].checks[1].status == "failed"


def test_the_same_file_gives_the_same_seeds_and_another_gives_others(
    hidden: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.py"
    other.write_text(CHECKS.replace("Secret", "Another secret"))
    first, again, changed = (read_hidden(path) for path in (hidden, hidden, other))
    assert first == again
    seeds = [check.source.splitlines()[0] for check in (*first, *changed)]
    assert len(set(seeds)) == len(seeds)
    assert all(seed.startswith("SEED = ") for seed in seeds)


def test_a_notebook_says_the_same_as_a_python_file(hidden: Path, tmp_path: Path) -> None:
    cells = [
        code("a", "# Secret: not for learners."),
        code("b", "import numpy"),
        code("c", "print(f(1))", exercise="1.1", points=3, tolerance=1e-9),
    ]
    path = tmp_path / "hidden.ipynb"
    write(path, notebook(*cells, nbformat.v4.new_markdown_cell("Words.", id="d")))
    (check,) = read_hidden(path)
    assert (check.exercise, check.points, check.tolerance) == ("1.1", 3, 1e-9)
    assert check.source.endswith("import numpy\nprint(f(1))")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("print(1)", "no cell of it is marked"),
        ("", "no cell of it is marked"),
        ("# %% exercise=1.1\nprint(1)", "exercise must be a text"),
        ('# %% exercise="1.1" points=0\nprint(1)', "points must be a whole number"),
        ('# %% exercise="1.1" points=two\nprint(1)', "points must be a whole number"),
        ('# %% exercise="1.1" tolerance=-1\nprint(1)', "tolerance must be a number"),
        ('# %% exercise="1.1" points = 2\nprint(1)', "unknown: points = 2"),
        ('# %% exercise="1.1" at_least=two\nprint(1)', "bound must be a finite number"),
        ('# %% exercise="1.1" at_least=1 at_most=2\nprint(1)', "accept must be a rule"),
        ('# %% exercise="1.1" between=[2, 1]\nprint(1)', "smaller number first"),
        ('# %% exercise="1.1" between=[0, 1\nprint(1)', r"unknown: between=\[0, 1"),
        ('# %% exercise="1.1" accept=[None] at_least=1\nprint(1)', "unknown: at_least"),
        ("# %% at_least=3\nprint(1)", "says nothing of the exercise"),
        ('# %% exercise="1.1" weight=3\nprint(1)', "unknown: weight"),
        ("# %% points=3\nprint(1)", "says nothing of the exercise"),
        ('# %% exercise="1.1"\nprint(', "is not Python"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "hidden.py"
    path.write_text(text)
    with pytest.raises(NotebookError, match=word):
        read_hidden(path)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('# %% exercise="1.9"\nprint(1)', "1.9: no exercise that cells can check"),
        ('# %% exercise="1.5"\nprint(1)', "1.5: no exercise that cells can check"),
        ('# %% exercise="1.1"\nprint(g2(1))', "on the solution itself: NameError"),
        ('# %% exercise="1.1"\nx = f(1)', "on the solution itself: prints nothing"),
        (
            '# %% exercise="1.1" at_least=3\nprint(f(1))',
            "on the solution itself: at least 3 was expected, 2 came",
        ),
    ],
)
def test_a_check_that_does_not_fit_the_solution_is_refused(
    exercise_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    word: str,
) -> None:
    path = tmp_path / "hidden.py"
    path.write_text(text)
    assert grade_files([submit(exercise_file, "a", {"1.1": RIGHT})], hidden=path) == 2
    assert word in capsys.readouterr().err


def test_a_hidden_check_may_say_which_numbers_it_accepts(
    exercise_file: Path, tmp_path: Path
) -> None:
    answers = {
        "1.1": "def f(x):\n    return 2.4 * x",
        "1.6": "def f(x):\n    return 2.6 * x",
        "1.7": RIGHT,
    }
    path = tmp_path / "hidden.py"
    path.write_text(
        "".join(
            f'# %% exercise="{number}" between=[1.9, 2.5]\nprint("slope", f(1))\n'
            f'# %% exercise="{number}" accept=[None, {{"between": [0, 1]}}]\n'
            f'print("two", 2, f(0.25))\n'
            for number in answers
        )
    )
    report = grade(submit(exercise_file, "a", answers), hidden=path)
    assert [found(report, number).points for number in answers] == [2, 1, 4]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="no such file"):
        read_hidden(tmp_path / "none.py")
