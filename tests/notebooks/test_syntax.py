"""What of a cell is Python: magics count only where a statement begins."""

import ast

import pytest

from dlcore.notebooks.names import read_names, top_names
from dlcore.notebooks.syntax import magic_lines, parsed, python_of


@pytest.mark.parametrize(
    ("source", "numbers"),
    [
        ("", []),
        ("x = 1", []),
        ("%matplotlib inline\nx = 1", [0]),
        ("# a comment\n\n%timeit x\n!ls", [2, 3]),
        ("%%time\nx = 1", [0]),
        ("if x:\n    %time x\n    !ls\ny = 1", [1, 2]),
        ("!pip install a \\\n    b\nx = 1", [0, 1]),
        ("%run it's \"\nx = 1\n%who", [0, 2]),
        ("print('%d of %d'\n% (3, 4))", []),
        ("x = [\n7\n% 3\n]\n%who", [4]),
        ('"""\n%matplotlib inline\n!ls\n"""\n%who', [4]),
        ("x = 7 \\\n% 3\n%who", [2]),
        ("'''never closed\n%who", []),
        ("x = 'not closed\n%who", []),
        ("x = (1,\n%who", []),
        ("def f():\n    return 1\n  # less\n%who", [3]),
    ],
)
def test_a_magic_counts_where_a_statement_begins(source: str, numbers: list[int]) -> None:
    assert magic_lines(source) == numbers


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("if x:\n    %time x \\\n    + 1\ny = 2", "if x:\n    pass\n\ny = 2"),
        ("!a \\\n b\n%c", "pass\n\npass"),
        ("print('50 %')", "print('50 %')"),
    ],
)
def test_without_magics_lines_and_blocks_stay(source: str, plain: str) -> None:
    assert python_of(source) == plain
    ast.parse(plain)


def test_a_formatted_text_over_two_lines_is_read_whole() -> None:
    (call,) = parsed("print('%d of %d'\n% (3, 4))").body
    assert ast.unparse(call) == "print('%d of %d' % (3, 4))"


def test_what_is_no_python_has_no_tree_and_no_names() -> None:
    assert parsed("if x").body == []
    assert top_names(["x = 1; if", "y = 2", "x = 1\nglobal x"]) == {"y"}
    assert read_names("for") == set()


def test_names_beside_a_magic_count() -> None:
    assert top_names(["%time\nx = 1"]) == {"x"}
    assert read_names("y = 1\n%time\nprint(x)") == {"x", "print"}
