"""Names in the cells of an assignment, and checks that keep theirs to themselves."""

import ast
import builtins
from collections.abc import Sequence

from nbformat import NotebookNode

from dlcore.grade.run.inside.guard import CHECK
from dlcore.notebooks.files import ours
from dlcore.notebooks.names import top_names
from dlcore.notebooks.syntax import parse, parsed

_OURS = _PLAIN, _PRINTER, _CLASSES = "_plain", "_printer", "_classes"
_BUILTINS = set(vars(builtins)) - {"print"}
_NEEDED = {"globals", "locals", "__import__"}


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


def alone(check: str, given: set[str], answered: set[str], classes: Sequence[str] = ()) -> str:
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
    classes : sequence of str
        Those of them that are classes in the solution.

    Returns
    -------
    str
        Source that prints the same and leaves the same names behind. What is no Python is
        returned as it is.
    """
    tree = parsed(check)
    if not tree.body:
        return check
    assigned = top_names([check])
    shared = sorted(assigned & (given | answered))
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - assigned
    kept = sorted((read & (given | _BUILTINS)) | _NEEDED)
    last = tree.body[-1]
    if isinstance(last, ast.Expr):  # shown, as at the end of a cell
        shown = _call("__import__('sys').displayhook()")
        shown.args.append(last.value)
        last.value = shown
    tree = _Plain(answered - assigned).visit(tree)
    hidden = {*kept, "print", *_OURS} - assigned
    function = parse(
        f"def {CHECK}({', '.join(f'{name}={name}' for name in kept)}):\n"
        f"    from dlcore.grade.run.inside.plain import plain as {_PLAIN}, printer as {_PRINTER}\n"
        f"    {_CLASSES} = [globals().get(name) for name in {tuple(classes)!r}]\n"
        f"    {'pass' if 'print' in assigned else f'print = {_PRINTER}()'}\n"
        "    try:\n        pass\n    finally:\n"
        "        globals().update({name: value for name, value in locals().items()"
        f" if name not in {tuple(sorted(hidden))!r}}})\n"
        f"{CHECK}()"
    )
    made = function.body[0]
    assert isinstance(made, ast.FunctionDef)
    trying = made.body[-1]
    assert isinstance(trying, ast.Try)
    trying.body = tree.body
    if shared:
        made.body.insert(0, ast.Global(shared))
    return ast.unparse(ast.fix_missing_locations(function))


def loaded_first(answer: str) -> str:
    """Have an answer load at once what its functions would load when a check calls them.

    To load a module may take frames, and those are refused while a check runs.

    Parameters
    ----------
    answer : str
        The source of an answer.

    Returns
    -------
    str
        The same lines, and behind them one for each module; a module that is not there stays the
        matter of the function.
    """
    tree = parsed(answer)
    top = set(tree.body)
    found: dict[tuple[str, tuple[str, ...]], None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and node not in top:
            found |= {(alias.name, ()): None for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node not in top and node.module:
            found[node.module, tuple(alias.name for alias in node.names)] = None
    return answer + "".join(
        f"\ntry:\n    __import__({name!r}, None, None, {parts!r})\nexcept Exception:\n    pass"
        for name, parts in found
    )


class _Plain(ast.NodeTransformer):
    """Has what the functions of an answer return made plain where a check calls them."""

    def __init__(self, answered: set[str]) -> None:
        self.answered = answered

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Put `plain` around a call."""
        self.generic_visit(node)
        if not isinstance(node.func, ast.Name) or node.func.id not in self.answered:
            return node
        made = _call(f"{_PLAIN}(None, {_CLASSES})")
        made.args[0] = node
        return made


def _call(source: str) -> ast.Call:
    statement = parse(source).body[0]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    return statement.value


def _assigned(sources: Sequence[str]) -> set[str]:
    """Return the names that cells give to functions, classes and values, wherever they do."""
    names: set[str] = set()
    for node in (node for source in sources for node in ast.walk(parsed(source))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names
