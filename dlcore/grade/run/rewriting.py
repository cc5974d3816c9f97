"""Names in the cells of an assignment, and checks that keep theirs to themselves."""

import ast
import builtins
from collections.abc import Collection, Mapping, Sequence

from nbformat import NotebookNode

from dlcore.grade.run.inside.guard import CHECK
from dlcore.notebooks.exercises import Exercise
from dlcore.notebooks.files import ours
from dlcore.notebooks.names import changed_names, defined_names, read_names, top_names
from dlcore.notebooks.syntax import parse, parsed

_RETURNED, _ANSWERED, _CLASSES, _SEEN = "_returned", "_answered", "_classes", "_seen"
_OURS = (
    _RETURNED,
    _ANSWERED,
    _CLASSES,
    _SEEN,
    "_printer",
    "_aside",
    "_in_words",
    "_said",
    "_wrong",
)
_OWN = "__import__('dlcore.grade.run.inside.plain', fromlist=['own']).own({})"
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


def given_data(given: Sequence[str], rest: Sequence[str]) -> set[str]:
    """Return the names of values that an exercise gives, and that no answer is to change.

    Parameters
    ----------
    given : sequence of str
        The exercise's own cells.
    rest : sequence of str
        The answers and checks of the solution: what they write to is left to all code.

    Returns
    -------
    set of str
        Without functions, classes and modules.
    """
    nodes = [node for source in given for node in parsed(source).body]
    loaded = {
        alias.asname or alias.name.split(".")[0]
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    written = {name for source in rest for name in changed_names(source) | _written_to(source)}
    return top_names(given) - defined_names(given) - loaded - written


def _written_to(source: str) -> set[str]:
    """Return the names of others into whose values a cell may write, in functions too."""
    found: set[str] = set()
    for node in ast.walk(parsed(source)):
        part: ast.AST = node
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            part = node.value.func  # as in ``rows.append(1)``
        elif not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            continue
        while isinstance(part, ast.Subscript | ast.Attribute):
            part = part.value
        if isinstance(part, ast.Name):
            found.add(part.id)
    return found & read_names(source)


def alone(
    check: str,
    given: set[str],
    answered: set[str],
    classes: Sequence[str] = (),
    *,
    data: Collection[str] = (),
    kinds: Mapping[str, str] | None = None,
    prints: bool = False,
) -> str:
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
    data : collection of str
        What `given_data` returned: the check works with copies of its own.
    kinds : mapping, optional
        Of which kind the values are to be that answers give to names; see `value_kinds`.
    prints : bool
        Whether what answers print belongs to what the check shows.

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
    values = {name: kind for name, kind in (kinds or {}).items() if name in read}
    hidden = {*kept, "print", *values, *_OURS} - assigned
    parameters = (f"{name}={_OWN.format(name) if name in data else name}" for name in kept)
    plain_values = (
        f"        {name} = {_ANSWERED}(globals(), {name!r}, {kind!r}, {_SEEN})\n"
        for name, kind in values.items()
    )
    function = parse(
        f"def {CHECK}({', '.join(parameters)}):\n"
        "    from dlcore.grade.run.inside.aside import aside as _aside\n"
        "    from dlcore.grade.run.inside.kinds import answered as _answered,"
        " in_words as _in_words, returned as _returned\n"
        "    from dlcore.grade.run.inside.plain import printer as _printer\n"
        f"    {_CLASSES} = [globals().get(name) for name in {tuple(classes)!r}]\n"
        f"    {_SEEN} = []\n"
        f"    {'pass' if 'print' in assigned else 'print = _printer()'}\n"
        f"    try:\n{''.join(plain_values)}"
        f"        {'pass' if prints else 'with _aside(): pass'}\n"
        "    except Exception as _said:\n"
        f"        _wrong = _in_words(_said, {_SEEN}, {tuple(sorted(answered))!r})\n"
        "        if _wrong is None:\n            raise\n"
        "        raise _wrong from None\n"
        "    finally:\n"
        "        globals().update({name: value for name, value in locals().items()"
        f" if name not in {tuple(sorted(hidden))!r}}})\n"
        f"{CHECK}()"
    )
    made = function.body[0]
    assert isinstance(made, ast.FunctionDef)
    trying = made.body[-1]
    assert isinstance(trying, ast.Try)
    if prints:
        trying.body[-1:] = tree.body
    else:
        block = trying.body[-1]
        assert isinstance(block, ast.With)
        block.body = tree.body
    if shared:
        made.body.insert(0, ast.Global(shared))
    return ast.unparse(ast.fix_missing_locations(function))


def value_kinds(exercise: Exercise, check: str) -> dict[str, str]:
    """Return of which kind the values are that an answer is to give to names.

    Parameters
    ----------
    exercise : Exercise
        An exercise of the solution.
    check : str
        The check that reads them.

    Returns
    -------
    dict
        By name, for choices and numbers; as `dlcore.grade.run.inside.kinds.answered` takes it.
    """
    if exercise.kind not in ("number", "choice"):
        return {}
    number = "quantity" if "in_unit(" in check else "number"
    found = {}
    for node in (node for cell in exercise.answers for node in parsed(cell.source).body):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            found[name] = number if exercise.kind == "number" else _literal_kind(node.value)
    return {name: kind for name, kind in found.items() if kind}


def _literal_kind(node: ast.expr) -> str:
    """Return the name of the type of a literal; empty if it is none."""
    try:
        kind = type(ast.literal_eval(node)).__name__
    except ValueError:
        return ""
    return kind if kind in ("str", "dict", "list", "tuple") else ""


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
        self.several: dict[ast.Call, int] = {}

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Note how many values a call is to return."""
        if isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Call):
            self.several[node.value] = len(node.targets[0].elts)
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Put `plain` around a call."""
        self.generic_visit(node)
        if not isinstance(node.func, ast.Name) or node.func.id not in self.answered:
            return node
        several = self.several.get(node, 0)
        made = _call(f"{_RETURNED}(None, {node.func.id!r}, {_CLASSES}, {_SEEN}, {several})")
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
