"""Names that cells define, and names that they read from elsewhere."""

import ast
import symtable
from collections.abc import Iterator, Sequence

from dlcore.notebooks.syntax import parsed, python_of


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
        symbols = _table(source).get_symbols()
        found |= {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    return found


def defined_names(
    sources: Sequence[str], kinds: tuple[type[ast.stmt], ...] = (ast.FunctionDef, ast.ClassDef)
) -> set[str]:
    """Return the names of the functions and classes that stand at the left edge of cells.

    Parameters
    ----------
    sources : sequence of str
        Cells; what is no plain Python defines nothing.
    kinds : tuple of type
        Which statements count.

    Returns
    -------
    set of str
        Their names.
    """
    nodes = (node for source in sources for node in parsed(source).body)
    return {str(node.name) for node in nodes if isinstance(node, kinds)}  # type: ignore[attr-defined]


def changed_names(source: str) -> set[str]:
    r"""Return the names to which a cell gives a value, or into whose values it writes.

    Parameters
    ----------
    source : str
        The cell; what is no plain Python changes nothing.

    Returns
    -------
    set of str
        Names assigned outside all functions, and those of which a part is assigned there.

    Examples
    --------
    >>> sorted(changed_names("x = 1\ny[:] = 0\nz.n += 1\ndef f(a):\n    a[0] = b = 1"))
    ['f', 'x', 'y', 'z']
    """
    found = top_names([source])
    nodes: list[ast.AST] = [*parsed(source).body]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        nodes += ast.iter_child_nodes(node)
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            found |= {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
    return found


def read_names(source: str) -> set[str]:
    """Return the names that a cell reads and does not define.

    Parameters
    ----------
    source : str
        The cell; what is no plain Python reads nothing.

    Returns
    -------
    set of str
        Names that another cell must have defined, and those of Python itself.
    """
    tables = list(_with_inner(_table(source)))
    read = {
        symbol.get_name()
        for table in tables
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (table is tables[0] or symbol.is_global())
    }
    return read - top_names([source])


def draws(source: str) -> bool:
    """Say whether a cell draws, so that it needs matplotlib.

    Parameters
    ----------
    source : str
        The cell.

    Returns
    -------
    bool
        True where it imports matplotlib, calls a method ``plot``, or uses anything of
        :mod:`dlcore.plot` but ``sketch``, which makes a picture without it.

    Examples
    --------
    >>> draws("plot.curve(x)"), draws("history.plot()"), draws("plot.sketch(net)")
    (True, True, False)
    """
    return any(map(_draws, ast.walk(parsed(source))))


def _draws(node: ast.AST) -> bool:
    """Say whether a piece of a cell draws."""
    if isinstance(node, ast.Import):
        return any(alias.name.startswith(("matplotlib", "dlcore.plot")) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        of_plot = module == "dlcore.plot" and [alias.name for alias in node.names] != ["sketch"]
        return of_plot or module.startswith("matplotlib")
    if isinstance(node, ast.Attribute):
        return _is_plot(node.value) and node.attr != "sketch"
    return isinstance(node, ast.Call) and _is_plot(node.func)


def _is_plot(node: ast.AST) -> bool:
    """Say whether a piece of a cell is a name or an attribute called plot."""
    return "plot" in (getattr(node, "id", ""), getattr(node, "attr", ""))


def _table(source: str) -> symtable.SymbolTable:
    """Return what Python's compiler knows of the names of a cell."""
    try:
        return symtable.symtable(python_of(source), "cell", "exec")
    except SyntaxError:
        return symtable.symtable("", "cell", "exec")


def _with_inner(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    """Yield a table and those of the functions and classes in it."""
    yield table
    for inner in table.get_children():
        yield from _with_inner(inner)
