"""Right answers in an unusual form keep their points, and wrong kinds are told in a sentence."""

from typing import NamedTuple

import pytest

from dlcore.grade.grading import grade
from dlcore.grade.report import ExerciseResult
from tests.grade.building import assignment, submit
from tests.notebooks.building import code, exercise, notebook, solved, words

pytestmark = pytest.mark.slow

DATA = """\
import numpy as np

labels = np.arange(6) % 3
table = {"price": [1.0, 2.0, 3.0]}

def shown(x):
    print("given", f(x))"""
ARRAY = {"out = f(3.0)\nprint(out.shape, f'{out[0] * 2:.1f}')": "(2,) 12.0\n"}
LIST = {"print('values:', [f(x) for x in (1, 2)])": "values: [2, 4]\n"}
PAIR = {"a, b = f(1.0)\nprint(f'{a:.1f} {b:.1f}')": "1.0 2.0\n"}
NUMBER = {"print(f'{f(2.0):.2f}')": "4.00\n"}


class Case(NamedTuple):
    """An exercise by its solution and its checks, and an answer to it."""

    solution: str
    checks: dict[str, str]
    answer: str
    kind: str = "code"


def number(check: str, printed: str, answer: str) -> Case:
    """An exercise whose answer is the number 15."""
    solution = "### BEGIN SOLUTION\nanswer = 15\n### END SOLUTION"
    return Case(solution, {check: printed}, f"answer = {answer}", "number")


def choice(value: str, check: str, printed: str, answer: str) -> Case:
    solution = f"### BEGIN SOLUTION\nanswer = {value}\n### END SOLUTION"
    return Case(solution, {check: printed}, answer, "choice")


def returns(checks: dict[str, str], solution: str, answer: str, before: str = "") -> Case:
    return Case(solved(f"return {solution}"), checks, f"{before}def f(x):\n    return {answer}")


def answers(checks: dict[str, str], answer: str) -> Case:
    return Case(solved("return 2 * x"), checks, answer)


COUNT = ("print(f'count: {answer:,}')", "count: 15\n")
LETTER = ("'C'", "print(answer.strip().upper())", "C\n")
RIGHT = {
    "a list for an array": returns(ARRAY, "np.array([2 * x, 1.0])", "[2 * x, 1.0]"),
    "a list in a formula": returns(
        {
            "out = np.float64(2) * f(1.0) - f(2.0) + np.ones(2)\n"
            "print(f'{out.sum() + sum(f(1.0)):.1f}')": "5.0\n"
        },
        "np.array([x, 1.0])",
        "[x, 1.0]",
    ),
    "numbers of NumPy in a list": returns(LIST, "2 * x", "np.int64(2 * x)"),
    "whole numbers as floats": returns(LIST, "2 * x", "2.0 * x"),
    "a whole answer as a float": number(*COUNT, "15.0"),
    "an answer of NumPy": number(*COUNT, "np.int64(15)"),
    "an array of one": number(*COUNT, "np.array([15])"),
    "calls the quick check": answers(
        NUMBER, "from dlcore.grade import check\ndef f(x):\n    return 2 * x\ncheck('1.1')"
    ),
    "installs a package": answers(
        NUMBER, "!pip install x\n%pip install y\ndef f(x):\n    return 2 * x"
    ),
    "times itself": answers(NUMBER, "%%time\ndef f(x):\n    return 2 * x"),
    "shows a bar": answers(
        NUMBER,
        "from tqdm.auto import tqdm\nlist(tqdm(range(3)))\n"
        "def f(x):\n    return sum(x for _ in tqdm(range(2)))",
    ),
    "prints to debug": answers(
        {**NUMBER, "shown(2)": "given 4\n"}, "def f(x):\n    print('x is', x)\n    return 2 * x"
    ),
    "makes NumPy strict": answers(
        NUMBER,
        "import os\nnp.seterr(all='raise')\nnp.set_printoptions(precision=1)\n"
        "os.environ['DLCORE_DATA'] = '/nowhere'\ndef f(x):\n    return 2 * x",
    ),
    "needs NumPy as it was": returns(
        {"print(f(np.array([1e-200])), np.pi * np.ones(1))": "[0.] [3.14159265]\n"},
        "x * x",
        "x ** 2",
    ),
    "takes names of data": answers(NUMBER, "labels[:] = 0\ntable = 3\ndef f(x):\n    return 2 * x"),
    "needs data as they were": returns(
        {"print(labels.sum() * f(1), *table['price'])": "12 1.0 2.0 3.0\n"}, "2 * x", "x + x"
    ),
    "changes its own copy": returns(
        {"print(f(labels).sum(), labels.sum())": "12 6\n"},
        "2 * x",
        "x",
        "def twice(x):\n    x *= 2\n",
    ),
}
RIGHT["changes its own copy"] = Case(
    solved("return 2 * x"),
    {"print(f(labels).sum())": "12\n"},
    "def f(x):\n    x *= 2\n    return x",
)
# Wrong, with what is to be read.
WRONG = {
    "a text for a number": (
        number(*COUNT, "'15'"),
        "a number was expected, got the text '15': write it without quotation marks",
    ),
    "an object with its own sum": (
        number(
            "print(f'{answer - 15:.3f}')",
            "0.000\n",
            "type('N', (), {'__sub__': lambda s, o: 0.0, '__float__': lambda s: 15.0})()",
        ),
        "is an object of the class N",
    ),
    "a letter without quotation marks": (
        choice(*LETTER, "answer = C"),
        'write the letter with quotation marks, "C"',
    ),
    "a number for a letter": (
        choice(*LETTER, "answer = 3"),
        "a text was expected, got the number 3",
    ),
    "a letter for several": (
        choice("{'a': 'B'}", "print(answer['a'].upper())", "B\n", "answer = 'B'"),
        "a dictionary was expected, got the text 'B'",
    ),
    "an entry left out": (
        choice("{'a': 'B'}", "print(answer['a'].upper())", "B\n", "answer = {'b': 'B'}"),
        "answer is a dict of 1: an entry 'a' was expected",
    ),
    "one value for two": (
        returns(PAIR, "x, 2 * x", "x"),
        "f returned the number 1.0: 2 values, with commas between them, were expected",
    ),
    "one array for two": (
        returns(
            {"a, b = f(1.0)\nprint(f'{a:.1f}', *[f'{x:.1f}' for x in b])": "1.0 2.0\n"},
            "x, [2 * x]",
            "np.ones(2)",
        ),
        "f returned an array of shape (2,): 2 values, with commas between them, were expected",
    ),
    "three values for two": (
        returns(PAIR, "x, 2 * x", "x, x, x"),
        "f returned a tuple of 3: 2 values were expected",
    ),
    "nothing": (
        returns(NUMBER, "2 * x", "None"),
        "f returned None (does the function end with return?): a number was expected",
    ),
    "an array for a number": (
        returns(NUMBER, "2 * x", "np.ones(3)"),
        "f returned an array of shape (3,): a number was expected",
    ),
    "a number for an array": (
        returns(ARRAY, "np.array([2 * x, 1.0])", "2 * x"),
        "f returned the number 6.0: an array was expected",
    ),
    "another name": (
        Case(
            solved("return 2 * x").replace("def f", "def double"),
            {"print(double(2.0))": "4.0\n"},
            "def twice(x):\n    return 2 * x",
        ),
        "double is not defined: keep the names of the exercise",
    ),
    "other arguments": (
        answers(NUMBER, "def f(x, y):\n    return 2 * x"),
        "keep the first line of f as the exercise has it",
    ),
    "data changed while it is checked": (
        answers(
            {"found = f(2.0)\nprint(f'{found:.2f}', labels.sum())": "4.00 6\n"},
            "def f(x):\n    labels[:] = 0\n    return 2 * x",
        ),
        "data of the exercise were changed while the check ran",
    ),
    "data folder changed while it is checked": (
        answers(
            NUMBER, "import os\ndef f(x):\n    os.environ['DLCORE_DATA'] = '.'\n    return 2 * x"
        ),
        "were changed while the check ran",
    ),
    "another sum for a data file": (
        answers(
            NUMBER,
            "from dlcore.data import FILES\ndef f(x):\n"
            "    object.__setattr__(FILES['digits'], 'sha256', 'x')\n    return 2 * x",
        ),
        "were changed while the check ran",
    ),
    "a long error": (
        answers(NUMBER, "def f(x):\n    raise ValueError('y' * 50_000)"),
        "ValueError: yyy",
    ),
    "an endless error": (
        answers(NUMBER, "def f(x):\n    raise ValueError('y' * 3_000_000)"),
        "more than 200,000 characters printed, shown or raised",
    ),
    "messages that nobody counts": (
        answers(
            NUMBER,
            "def f(x):\n    k = get_ipython().kernel\n    for _ in range(60):\n"
            "        k.session.send(k.iopub_socket, 'own', {'q': 'y' * 10**6})\n    return 2 * x",
        ),
        "more than 200,000 characters printed, shown or raised",
    ),
    "a number of its own": (
        answers(NUMBER, "def f(x):\n    return x / 0"),
        "ZeroDivisionError",
    ),
    "fills the disk by a database": (
        answers(
            NUMBER,
            "import sqlite3, glob\ndef f(x):\n"
            "    sqlite3.connect('../run/own.db').execute('create table t (x)')\n    return 2 * x",
        ),
        "OperationalError",
    ),
}
TOLD = {
    "installs a package": "'!pip install x', '%pip install y' was left out",
    "times itself": "'%%time' was left out",
    "prints to debug": "what your answer prints when it is called is left aside",
    "takes names of data": "labels, table: of the exercise's own data",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ExerciseResult]:
    """One notebook in which each answer has an exercise of its own."""
    cases = RIGHT | {name: case for name, (case, _) in WRONG.items()}
    numbers = {name: f"1.{place}" for place, name in enumerate(cases, start=1)}
    cells = [words("t", "# T"), code("setup", DATA)]
    for name, case in cases.items():
        cells += exercise(numbers[name], case.solution, case.checks, case.kind)
    folder = tmp_path_factory.mktemp("forgiving")
    handed_in = submit(
        assignment(folder, notebook(*cells)),
        "unusual",
        {numbers[name]: case.answer for name, case in cases.items()},
    )
    found = {one.exercise: one for one in grade(handed_in).exercises}
    return {name: found[number] for name, number in numbers.items()}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_keeps_its_points(graded: dict[str, ExerciseResult], name: str) -> None:
    said = [graded[name].message, *(check.message for check in graded[name].checks)]
    assert graded[name].points == graded[name].max_points, said


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_one_is_told_what_was_expected(
    graded: dict[str, ExerciseResult], name: str
) -> None:
    found = graded[name]
    said = "\n".join(str(word) for word in (found.message, *(c.message for c in found.checks)))
    assert found.points == 0
    assert WRONG[name][1] in said
    assert len(said) < 5000


@pytest.mark.parametrize("name", TOLD)
def test_what_was_put_right_is_told(graded: dict[str, ExerciseResult], name: str) -> None:
    assert TOLD[name] in "\n".join(graded[name].repairs)


def test_a_hint_on_the_mathematics_is_not_given_for_a_wrong_kind(
    graded: dict[str, ExerciseResult],
) -> None:
    for name in ("one value for two", "a letter without quotation marks"):
        assert not graded[name].checks[0].hint
    assert not graded["an object with its own sum"].checks[0].hint
    assert graded["a number of its own"].checks[0].hint
