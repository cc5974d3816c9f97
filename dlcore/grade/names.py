"""Names in the cells of an assignment, and checks that keep theirs to themselves."""

import ast
import builtins
import symtable
from collections.abc import Sequence

from nbformat import NotebookNode

from dlcore.notebooks.exercises import parsed
from dlcore.notebooks.files import ours

CHECK = "_check_of_the_exercise"  # as in `dlcore.grade.guard`


def own_names(answers: Sequence[str], checks: Sequence[str]) -> set[str]:
    """Return the names that may hold something else after an answer or a check than before it.

    Parameters
    ----------
    answers : sequence of str
        The answers of the solution.
    checks : sequence of str
        The checks of the solution.

    Returns
    -------
    set of str
        Python's own names that an answer defines anew, such as ``sum``, and all names of checks.
    """
    return (_assigned(answers) & set(vars(builtins))) | _assigned(checks)


def given_names(cells: Sequence[NotebookNode]) -> set[str]:
    """Return the names that an exercise notebook itself defines, outside answers and checks.

    Parameters
    ----------
    cells : sequence of NotebookNode
        Code cells.

    Returns
    -------
    set of str
        Names of modules, functions, classes and values.
    """
    return top_names([cell.source for cell in cells if not ours(cell).get("role")])


def alone(check: str, given: set[str], answered: set[str]) -> str:
    """Write a check as a function, so that nothing it calls can reach the names it works with.

    Parameters
    ----------
    check : str
        The source of a check.
    given : set of str
        What `given_names` returned: the check reads the values that they have when it begins.
    answered : set of str
        Names that the answers define. A check that puts something else in the place of these, or
        of what is given, does so for all code, as it would in a cell.

    Returns
    -------
    str
        Source that prints the same and leaves the same names behind. What is no plain Python is
        returned as it is.
    """
    tree = parsed(check)
    if not tree.body:
        return check
    assigned = top_names([check])
    shared = sorted(assigned & (given | answered))
    read = sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - assigned)
    held = ", ".join(f"{name}={name}" for name in read if name in given)
    last = tree.body[-1]
    if isinstance(last, ast.Expr):  # shown, as at the end of a cell
        shown = ast.parse("__import__('sys').displayhook()", mode="eval").body
        assert isinstance(shown, ast.Call)
        shown.args.append(last.value)
        last.value = shown
    function = ast.parse(
        f"def {CHECK}({held}):\n    try:\n        pass\n    finally:\n"
        f"        globals().update(locals())\n{CHECK}()"
    )
    made = function.body[0]
    assert isinstance(made, ast.FunctionDef)
    trying = made.body[0]
    assert isinstance(trying, ast.Try)
    trying.body = tree.body
    if shared:
        made.body.insert(0, ast.Global(shared))
    return ast.unparse(ast.fix_missing_locations(function))


def top_names(sources: Sequence[str]) -> set[str]:
    """Return the names that cells define, outside all functions and classes.

    Parameters
    ----------
    sources : sequence of str
        Cells; what is no plain Python defines nothing.

    Returns
    -------
    set of str
        Names of modules, functions, classes and values.
    """
    found: set[str] = set()
    for source in sources:
        table = symtable.symtable(ast.unparse(parsed(source)), "cell", "exec")
        symbols = table.get_symbols()
        found |= {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    return found


def _assigned(sources: Sequence[str]) -> set[str]:
    """Return the names that cells give to functions, classes and values, wherever they do."""
    names: set[str] = set()
    for node in (node for source in sources for node in ast.walk(parsed(source))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names
