"""A cell run in this process as a notebook runs it: its statements, then its last value.

Nothing here needs more than the standard library, so that it runs in a browser too.
"""

import ast
import pprint
from types import CodeType
from typing import Any, NamedTuple

from dlcore.notebooks.syntax import parse, python_of

WIDTH = 79  # characters; a longer collection is written over several lines


class Compiled(NamedTuple):
    """The code of a cell, and that of the last expression, whose value is shown."""

    body: CodeType
    last: CodeType | None


def compiled(source: str, filename: str = "<cell>", flags: int = 0) -> Compiled:
    """Compile a cell.

    Parameters
    ----------
    source : str
        The source of a cell.
    filename : str
        What a traceback calls it.
    flags : int
        For the compiler: ``ast.PyCF_ALLOW_TOP_LEVEL_AWAIT`` where a cell may wait.

    Returns
    -------
    Compiled
        There is no last expression where the cell ends with another statement or a semicolon.

    Raises
    ------
    SyntaxError
        If it is no Python.
    """
    plain = python_of(source)
    tree = parse(plain, filename)
    end = tree.body[-1] if tree.body else None
    if not isinstance(end, ast.Expr) or _silenced(end, plain):
        return Compiled(compile(tree, filename, "exec", flags), None)
    before = ast.Module(tree.body[:-1], type_ignores=[])
    last = compile(ast.Expression(end.value), filename, "eval", flags)
    return Compiled(compile(before, filename, "exec", flags), last)


def _silenced(end: ast.Expr, source: str) -> bool:
    """Say whether a semicolon follows the last expression."""
    line = source.split("\n")[(end.end_lineno or 0) - 1].encode()
    return line[end.end_col_offset :].lstrip().startswith(b";")


def run(source: str, names: dict[str, Any], filename: str = "<cell>") -> Any:
    """Run a cell and return its last value.

    Parameters
    ----------
    source : str
        The source of a cell.
    names : dict
        The variables that it reads and makes.
    filename : str
        What a traceback calls it.

    Returns
    -------
    object
        None where the cell shows no value.
    """
    code = compiled(source, filename)
    exec(code.body, names)
    return None if code.last is None else eval(code.last, names)


def written(value: object) -> str:
    """Return the text that a notebook shows for a value.

    Parameters
    ----------
    value : object
        The value of a cell's last expression.

    Returns
    -------
    str
        Its ``repr``; a long collection goes over several lines.
    """
    text = repr(value)
    if len(text) > WIDTH and isinstance(value, list | tuple | dict | set):
        return pprint.pformat(value, width=WIDTH, compact=True, sort_dicts=False)
    return text
