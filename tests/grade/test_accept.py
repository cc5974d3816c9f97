"""Checks that accept a range of numbers, graded: points, words, and what fails closed."""

import copy
from pathlib import Path

import pytest

from dlcore.grade.grading import grade
from dlcore.grade.report import CheckResult
from tests.grade.building import assignment, submit
from tests.notebooks.building import exercise, notebook, solved, words

ACCEPT = {"between": [0.93, 1]}
RIGHT = {
    "the solution's own": "return 0.975",
    "another": "return 0.94",
    "on the bound": "return 0.93",
    "a whole number": "return 1",
    "with something printed before": "print('share: 0.5', end=' ')\n    return 0.95",
    "of NumPy": "import numpy as np\n    return np.float32(0.95)",
}
WRONG = {
    "too little": "return 0.9299",
    "too much": "return 1.001",
    "not a number": "return float('nan')",
    "infinite": "return float('inf')",
    "a truth value": "return True",
    "nothing": "return None",
    "a text of it": "return 'share: 0.95'",
    "two of them": "return (0.95, 0.95)",
    "printed by the answer": "print('share: 0.95')\n    return 0.5",
    "a number of its own": (
        "class Fine(float):\n"
        "        __str__ = __repr__ = __format__ = lambda self, *a: '0.95'\n"
        "    return Fine(0.5)"
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CheckResult]:
    """The check of each answer; each has an exercise of its own."""
    folder = tmp_path_factory.mktemp("book")
    bodies = {**RIGHT, **WRONG}
    numbers = {name: f"1.{index}" for index, name in enumerate(bodies, start=1)}
    cells = [words("title", "# Exercises")]
    for number in numbers.values():
        checks = {"print('share:', f(1))": "share: 0.975\n"}
        cells += exercise(number, solved("return 0.975"), checks, accept=ACCEPT)
    given = {numbers[name]: f"def f(x):\n    {body}" for name, body in bodies.items()}
    report = grade(submit(assignment(folder, notebook(*cells)), "a", given))
    names = {number: name for name, number in numbers.items()}
    return {names[one.exercise]: one.checks[0] for one in report.exercises}


@pytest.mark.parametrize("name", RIGHT)
def test_a_number_that_is_accepted_earns_the_points(
    found: dict[str, CheckResult], name: str
) -> None:
    assert found[name].status == "passed"


@pytest.mark.parametrize("name", WRONG)
def test_anything_else_earns_none(found: dict[str, CheckResult], name: str) -> None:
    assert found[name].status in ("failed", "error")


def test_feedback_says_what_is_accepted_and_what_came(found: dict[str, CheckResult]) -> None:
    check = found["too little"]
    assert check.message == "between 0.93 and 1 was expected, 0.9299 came"
    assert (check.expected, check.got) == ("share: between 0.93 and 1", "share: 0.9299")


def test_a_solution_that_its_own_rule_refuses_gets_no_points(tmp_path: Path) -> None:
    """What is stored is not taken for right because it is the same."""
    cells = exercise("1.1", solved("return 0.5"), {"print(f(1))": "0.5\n"}, accept=ACCEPT)
    assignment(tmp_path, notebook(words("title", "# Exercises"), *cells))
    assert grade(tmp_path / "solutions" / "01_first.ipynb").points == 0


LEVELS = {
    "above both": ("return 0.99", ["passed", "passed"]),
    "between them": ("return 0.92", ["passed", "failed"]),
    "below both": ("return 0.5", ["failed", "failed"]),
    "an error": ("return 1 / 0", ["error", "error"]),
    "better when asked again": (
        "f.calls = getattr(f, 'calls', 0) + 1\n    return 0.92 if f.calls < 2 else 0.99",
        ["passed", "failed"],
    ),
}


def test_two_levels_of_one_check_are_judged_by_one_run_of_it(tmp_path: Path) -> None:
    cells = [words("title", "# Exercises")]
    numbers = {name: f"1.{index}" for index, name in enumerate(LEVELS, start=1)}
    for number in numbers.values():
        checks = {"print('share:', f(1))": "share: 0.99\n"}
        made = exercise(number, solved("return 0.99"), checks, accept={"at_least": 0.9})
        higher = copy.deepcopy(made[2])
        higher.id += "-97"
        higher.metadata["dlcore"]["accept"] = {"at_least": 0.97}
        cells += [*made[:3], higher, *made[3:]]
    given = {numbers[name]: f"def f(x):\n    {body}" for name, (body, _) in LEVELS.items()}
    report = grade(submit(assignment(tmp_path, notebook(*cells)), "a", given))
    found = {one.exercise: [check.status for check in one.checks] for one in report.exercises}
    assert found == {numbers[name]: ends for name, (_, ends) in LEVELS.items()}
    (lower, upper) = report.exercises[1].checks
    assert (lower.message, upper.message) == (None, "at least 0.97 was expected, 0.92 came")
