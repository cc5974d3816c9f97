"""Which cells must run before a cell, so that it finds what it reads, and finds it as it is now."""

import builtins
import json
from typing import Any

from live_runner import namespace

from dlcore.notebooks.names import read_names, top_names

Cell = dict[str, Any]


def missing(code: str, above: str, space: str) -> str:
    """Say what a cell lacks; all as JSON.

    Parameters
    ----------
    code : str
        The cell.
    above : str
        The cells above it in order, each with `id` and `code`, and where it has run, with `ran`,
        the code that did, `ranAt`, the number of that run, and `changedAt`, the number of the last
        run with other code than the one before.
    space : str
        The variables.

    Returns
    -------
    str
        `names` that the cell lacks, the `cells` that have not run and make them, and the cells
        that must run `again`, because what the cell reads was made by other code than now stands.
    """
    cells = json.loads(above)
    reads = read_names(code)
    lacking = reads - namespace(space).keys() - vars(builtins).keys()
    never = [cell for cell in cells if cell.get("ran") is None]
    old = outdated([cell for cell in cells if cell not in never])
    needs_old = any(reads & made(cell) for cell in old)
    makers = [cell for cell in never if lacking & top_names([cell["code"]])]
    found = {"cells": ids(makers), "again": ids(old if needs_old else [])}
    return json.dumps({"names": sorted(lacking)} | found)


def outdated(cells: list[Cell]) -> list[Cell]:
    """Return those of the cells that have run whose results are not those of the code above."""
    old: list[Cell] = []
    changed: dict[str, float] = {}  # name -> the run that last made it otherwise
    for cell in cells:
        reads = read_names(cell["code"])
        if cell["ran"] != cell["code"] or any(
            changed.get(name, 0) > cell["ranAt"] for name in reads
        ):
            old.append(cell)
            changed |= dict.fromkeys(made(cell), float("inf"))
        else:
            changed |= dict.fromkeys(made(cell), cell["changedAt"])
    return old


def made(cell: Cell) -> set[str]:
    """Return what a cell makes, by the code that ran and by the code that now stands."""
    return top_names([cell["code"], cell["ran"]])


def ids(cells: list[Cell]) -> list[str]:
    """Return the ids of cells."""
    return [cell["id"] for cell in cells]
