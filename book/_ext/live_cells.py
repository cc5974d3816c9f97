"""What the page must know of its cells: which can run in a browser, and what they need there."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from dlcore.notebooks.files import ours
from dlcore.notebooks.names import draws
from dlcore.notebooks.syntax import parsed

ALWAYS = ("dlcore", "numpy")  # the packages of every page
PROCESSES = "it starts other processes, which a browser does not allow"
THREADS = "it starts threads, which a browser's Python does not have"
NETWORK = "it opens network connections, which a page may not"
INSTALLED = "it needs tools that come with an installed book only"
NEVER = {
    "multiprocessing": PROCESSES,
    "subprocess": PROCESSES,
    "joblib": PROCESSES,
    "dask": PROCESSES,
    "concurrent": THREADS,
    "threading": THREADS,
    "queue": THREADS,
    "socket": NETWORK,
    "http": NETWORK,
    "urllib": NETWORK,
    "dlcore.interop": INSTALLED,
    "dlcore.notebooks": INSTALLED,
}
TITLES = {"torch": "PyTorch", "sklearn": "scikit-learn", "pandas": "pandas", "scipy": "SciPy"}


def imports(source: str) -> Iterator[str]:
    """Yield the dotted names that a cell imports."""
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def reason(cell: NotebookNode, shipped: Iterable[str]) -> str:
    """Say why a cell cannot run in the page; an empty text if it can.

    Its metadata may say so (``dlcore.live``); otherwise its imports decide.
    """
    own = ours(cell).get("live", "")
    if own:
        return str(own)
    for name in imports(cell.source):
        top = name.partition(".")[0]
        for known in (name, ".".join(name.split(".")[:2]), top):
            if known in NEVER:
                return NEVER[known]
        if top not in sys.stdlib_module_names and top not in shipped:
            return f"it needs {TITLES.get(top, top)}, which the page does not have"
    return ""


def packages(sources: Iterable[str], owners: dict[str, str]) -> list[str]:
    """List the packages that cells need from the start; `owners` maps modules to packages."""
    wanted = set(ALWAYS)
    for source in sources:
        wanted |= {owners[n] for n in map(top_module, imports(source)) if n in owners}
        if draws(source):
            wanted.add("matplotlib")
    return sorted(wanted)


def top_module(name: str) -> str:
    """Return the first part of a dotted name."""
    return name.partition(".")[0]


def files(sources: Iterable[str], notebook: Path, root: Path) -> list[str]:
    """List the files of the book that cells open, as paths from its root."""
    found = set()
    for source in sources:
        for node in ast.walk(parsed(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= book_file(node.value, notebook, root)
    return sorted(found)


def book_file(text: str, notebook: Path, root: Path) -> set[str]:
    """Return the file that a text names, relative to its notebook, if it is one of the book's."""
    if not re.fullmatch(r"[\w./-]+\.\w+", text):
        return set()
    path = (notebook.parent / text).resolve()
    inside = path.is_file() and path.is_relative_to(root)
    return {path.relative_to(root).as_posix()} if inside else set()


def describe(notebook: NotebookNode, path: Path, root: Path, owners: dict[str, str]) -> Any:
    """Return what the page's script reads: its cells, packages, folder and files."""
    cells, running = {}, []
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        why = reason(cell, {*owners, "dlcore", "ipywidgets", "IPython", "tqdm"})
        cells[cell.id] = {"reason": why} if why else {}
        if not why:
            running.append(cell.source)
            if re.search(r"\binteract\w*\(", cell.source):
                cells[cell.id]["controls"] = True
            if differs := ours(cell).get("differs") or ours(cell).get("reworded"):
                cells[cell.id]["differs"] = differs
    page = path.relative_to(root).with_suffix("").as_posix()
    return settings(page, packages(running, owners), files(running, path, root), cells)


def settings(
    page: str, packages: Iterable[str], files: Iterable[str], cells: dict[str, Any]
) -> dict[str, Any]:
    """Return what the script of a page with cells reads; its cells believe to be in its folder."""
    return {
        "page": page,
        "folder": page.rpartition("/")[0],
        "packages": list(packages),
        "files": list(files),
        "cells": cells,
    }
