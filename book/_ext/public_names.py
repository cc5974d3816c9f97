"""The names that a module offers: what it defines, and what it hands on.

A package hands a name on by ``from … import name as name``; that is the one place where it is said.
"""

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType


def public_names(module: ModuleType) -> list[str]:
    """List what a module offers, in alphabetical order and without the modules in it."""
    return [
        name
        for name in sorted(_names(ast.parse(inspect.getsource(module)).body))
        if not name.startswith("_") and not isinstance(getattr(module, name), ModuleType)
    ]


def _names(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names if alias.name == alias.asname)
        elif isinstance(node, ast.If):  # for the types alone: the name comes when it is asked for
            yield from _names(node.body)
