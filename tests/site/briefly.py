"""A chapter run in the page in brief: its long cells shortened, as their metadata say.

Every cell is run, shown and compared. Only the numbers of what hangs on a shortened cell cannot be
those of the book; the weekly run takes every cell as it is, and compares them too.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from nbformat import NotebookNode

from dlcore.notebooks.files import ours
from dlcore.notebooks.names import changed_names, read_names

NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?|\bnan\b")
LINE = re.compile(r"[^\n]+")
GENERATOR = re.compile(r"^(\w+) = np\.random\.default_rng\(", re.MULTILINE)


def shortened(cells: Sequence[NotebookNode]) -> dict[str, str]:
    """The code of the cells that have a short form, by their ids."""
    found = {}
    for cell in cells:
        if pieces := ours(cell).get("brief"):
            code = cell.source
            for old, new in pieces.items():
                code = code.replace(old, new)
            found[cell.id] = code
    return found


def altered(cells: Sequence[NotebookNode]) -> set[str]:
    """The shortened cells, and those that use what these have made, or draw after them."""
    generators = set(GENERATOR.findall("\n".join(cell.source for cell in cells)))
    names: set[str] = set()
    found: set[str] = set()
    for cell in cells:
        read = read_names(cell.source)
        if ours(cell).get("brief") or names & read:
            found.add(cell.id)
            names |= changed_names(cell.source) | (generators & read)
    return found


def without_numbers(outputs: list[Any]) -> list[Any]:
    """Outputs in which each number is a sign, and columns have no width."""
    return [
        {
            **output,
            **({"text": masked(output["text"])} if "text" in output else {}),
            **(
                {"data": {kind: masked(data) for kind, data in output["data"].items()}}
                if "data" in output
                else {}
            ),
        }
        for output in outputs
    ]


def masked(text: Any) -> str:
    """A text without its numbers."""
    plain = text if isinstance(text, str) else json.dumps(text, sort_keys=True)
    return " ".join(NUMBER.sub(" # ", plain).split())


def without_words(outputs: list[Any]) -> list[Any]:
    """Outputs in which each line that is printed is a sign."""
    return [
        {**output, **({"text": LINE.sub("…", output["text"])} if "text" in output else {})}
        for output in outputs
    ]
