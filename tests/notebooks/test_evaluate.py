"""A cell run in this process: its last value, as a notebook shows it."""

import ast
from typing import Any

import pytest

from dlcore.notebooks.evaluate import compiled, run, written


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 1", 2),
        ("x = 3\nx", 3),
        ("x = 3", None),
        ("", None),
        ("# nothing", None),
        ("1 + 1;", None),
        ("(1 + 1);  # quiet", None),
        ("1 + 1  # shown;", 2),
        ("'é;'", "é;"),
        ("'é';", None),
        ("%matplotlib inline\n7", 7),
        ("7\n%who", None),
        ("'%d of %d' \\\n% (3, 4)", "3 of 4"),
        ("if True:\n    %time\n5", 5),
    ],
)
def test_the_last_value_is_that_of_an_expression_without_semicolon(
    source: str, value: object
) -> None:
    assert run(source, {}) == value


def test_names_are_read_and_made() -> None:
    names: dict[str, Any] = {"a": 2}
    assert run("b = a * 2\nb + 1", names) == 5
    assert names["b"] == 4


def test_errors_carry_the_name_and_the_line_of_the_cell() -> None:
    with pytest.raises(SyntaxError) as caught:
        run("%who\nx = = 1", {}, "<cell one>")
    assert (caught.value.filename, caught.value.lineno) == ("<cell one>", 2)
    with pytest.raises(ZeroDivisionError) as raised:
        run("x = 1\n1 / 0", {}, "<cell one>")
    place = raised.traceback[-1]
    assert (str(place.path), place.lineno + 1) == ("<cell one>", 2)


def test_a_cell_may_wait_where_it_is_allowed_to() -> None:
    code = compiled("await x", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert code.last is not None
    with pytest.raises(SyntaxError, match="await"):
        compiled("await x")


def test_a_long_collection_is_written_over_several_lines() -> None:
    assert written([1, 2]) == "[1, 2]"
    assert written("x" * 100) == repr("x" * 100)
    long = written(list(range(60)))
    assert max(map(len, long.splitlines())) <= 79
    assert len(long.splitlines()) < 10
