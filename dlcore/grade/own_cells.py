"""What an answer needs from cells of the learner's own: imports, helpers, constants.

The grader takes the answer cells alone. A learner who has written an import or a helper into
another cell has still solved the exercise, so what an answer reads and nobody else defines is taken
along, statement by statement, and the learner is told.
"""

import ast
import builtins
from collections.abc import Collection, Iterator, Sequence

from dlcore.notebooks.names import read_names
from dlcore.notebooks.syntax import parsed

_DEFINE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def borrowed(answer: str, own: Sequence[str], known: Collection[str]) -> tuple[str, list[str]]:
    r"""Return what is to be put before an answer.

    Parameters
    ----------
    answer : str
        The source of an answer.
    own : sequence of str
        The learner's other cells, in their order.
    known : collection of str
        Names that the exercise or its answers define; they are never taken from elsewhere.

    Returns
    -------
    source : str
        Statements, in the order of the cells; empty if there are none.
    names : list of str
        What they define.

    Examples
    --------
    >>> borrowed("def f(x):\n    return twice(x)", ["twice = lambda x: 2 * x", "y = 1"], ())
    ('twice = lambda x: 2 * x\n', ['twice'])
    """
    statements = [node for source in own for node in parsed(source).body]
    last = {name: place for place, node in enumerate(statements) for name in _defined(node)}
    there = {*known, *vars(builtins)}
    taken: dict[str, int] = {}
    left = read_names(answer) - there
    while left:
        name = left.pop()
        if name in last and name not in taken:
            taken[name] = last[name]
            left |= read_names(ast.unparse(statements[last[name]])) - there
    lines = [ast.unparse(statements[place]) for place in sorted({*taken.values()})]
    return "".join(f"{line}\n" for line in lines), sorted(taken)


def _defined(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement gives a meaning to."""
    if isinstance(node, _DEFINE):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        inside = (part for target in targets for part in ast.walk(target))
        yield from (part.id for part in inside if isinstance(part, ast.Name))
