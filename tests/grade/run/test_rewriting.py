"""A check keeps its names to itself, and still does what the cell would do."""

import pytest

from dlcore.grade.run.inside import guard
from dlcore.grade.run.rewriting import (
    CHECK,
    alone,
    given_data,
    given_names,
    loaded_first,
    own_names,
    value_kinds,
)
from dlcore.notebooks.exercises import read_exercises
from dlcore.notebooks.names import top_names
from tests.notebooks.building import code, exercise, notebook, solved

CHOICE = "### BEGIN SOLUTION\na = 'B'\n### END SOLUTION"


def left_by(check: str, given: str = "", answer: str = "") -> dict[str, object]:
    """Run cells as the grader does; returns the names afterwards."""
    names: dict[str, object] = {}
    exec(given, names)
    exec(answer, names)
    exec(alone(check, top_names([given]), top_names([answer])), names)
    return names


def test_names_of_a_check_are_out_of_reach_while_it_runs() -> None:
    answer = "def f(x):\n    return 'seen' in globals()"
    assert left_by("seen = []\nfor x in (1, 2):\n    seen.append(f(x))", "", answer)["seen"] == [
        False,
        False,
    ]


def test_a_check_that_fails_leaves_the_names_that_it_had() -> None:
    names: dict[str, object] = {}
    with pytest.raises(ZeroDivisionError):
        exec(alone("start = 2\n1 / 0", set(), set()), names)
    assert names["start"] == 2


def test_what_is_given_is_read_once() -> None:
    answer = "def f(x):\n    globals()['close'] = lambda *a: True"
    check = "f(1)\nfound = close(1, 2)"
    assert left_by(check, "def close(a, b):\n    return a == b", answer)["found"] is False


def test_a_check_may_put_a_watch_in_the_place_of_a_function_that_answers_call() -> None:
    given, answer = "def step(x):\n    return x + 1", "def f(x):\n    return step(x)"
    check = (
        "plain, calls = step, []\ndef step(x):\n    calls.append(x)\n    return plain(x)\n"
        "found = f(1)\nstep = plain"
    )
    names = left_by(check, given, answer)
    assert (names["found"], names["calls"]) == (2, [1])


def test_the_last_expression_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    left_by("x = 1\nx + 1")
    assert capsys.readouterr().out == "2\n"


def test_builtin_names_that_only_a_comprehension_uses_are_not_taken() -> None:
    given = "def total(rows):\n    return [sum for sum in rows]"
    assert top_names([given]) == {"total"}
    assert left_by("found = sum([1, 2])", given)["found"] == 3


def test_what_is_no_plain_python_stays_as_it_is() -> None:
    assert alone("if x\n    pass", set(), set()) == "if x\n    pass"


def test_given_names_are_those_of_cells_without_a_role() -> None:
    cells = [code("a", "import numpy as np\nSTART = 2"), *exercise("1.1", solved("pass"), {})]
    assert given_names([cell for cell in cells if cell.cell_type == "code"]) == {"np", "START"}


def test_data_are_what_no_answer_of_the_solution_writes_to() -> None:
    given = (
        "import numpy as np\nX, y = np.ones(3), 2\nRULES, seen, log = {}, [], []\n"
        "def f(x):\n    return x"
    )
    rest = (
        "def g(x):\n    RULES[x] = X[0]\n    log.append(x)\n    y = []\n    y.append(x)\n"
        "seen += [1]"
    )
    assert given_data([given], [rest]) == {"X", "y"}


def test_a_check_works_with_data_of_its_own() -> None:
    answer = "def f(x):\n    X[:] = [0]"
    source = alone("f(1)\nfound = [*X]", {"X"}, {"f"}, data={"X"})
    names: dict[str, object] = {}
    exec(f"X = [1, 2]\n{answer}\n{source}", names)
    assert (names["found"], names["X"]) == ([1, 2], [0])


def test_the_kind_of_a_value_is_that_which_the_solution_gives_it() -> None:
    made = notebook(
        *exercise("1.1", CHOICE, {"print(a)": "B"}, kind="choice"),
        *exercise("1.2", CHOICE.replace("'B'", "{'k': 'B'}"), {"print(a)": "B"}, kind="choice"),
        *exercise("1.3", CHOICE.replace("'B'", "2**0.5"), {"print(a)": "B"}, kind="number"),
    )
    one, two, three = read_exercises(made)
    assert value_kinds(one, "print(a)") == {"a": "str"}
    assert value_kinds(two, "print(a)") == {"a": "dict"}
    assert value_kinds(three, "print(a)") == {"a": "number"}
    assert value_kinds(three, "print(in_unit(a, 's'))") == {"a": "quantity"}


def test_pythons_own_names_may_be_defined_anew_where_the_solution_does() -> None:
    assert own_names(["def sum(x): pass\ny = 1"], ["z = 2"]) == {"sum", "z"}


def test_the_guard_knows_a_check_by_the_same_name() -> None:
    assert guard.CHECK == CHECK


def test_what_a_function_loads_is_loaded_with_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[tuple[str, tuple[str, ...]]] = []

    def note(name: str, *rest: object) -> None:
        loaded.append((name, tuple(rest[-1]) if rest and rest[-1] else ()))  # type: ignore[arg-type]
        raise ImportError

    answer = (
        "def f(x):\n    import json, no.such\n    from math import pi, e\n    from . import own"
    )
    exec(loaded_first(answer), {"__builtins__": {"__import__": note, "Exception": Exception}})
    assert loaded == [("json", ()), ("no.such", ()), ("math", ("pi", "e"))]


def test_an_answer_that_loads_nothing_in_functions_stays_as_it_is() -> None:
    for answer in ("import json\ndef f(x):\n    return x", "def f(x:\n    import json"):
        assert loaded_first(answer) == answer
