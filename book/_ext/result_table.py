r"""How each number was made: `{numbers}` lists the results that the chapters claim.

A code cell names its results in its metadata, ``dlcore.result``: what is claimed, and a pattern
whose one group is the value, to be found once in what the cell prints:

    {"dlcore": {"result": {"Digits, nearest mean: test accuracy": "nearest mean +(\\S+)"}}}

The value is taken from the output stored with the cell, which the tests compare with a new run.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from docutils.statemachine import StringList
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from dlcore.notebooks.compare import streams, tolerance_of
from dlcore.notebooks.files import notebooks_in, ours, read
from dlcore.notebooks.numbers import split


class Result(NamedTuple):
    """What a cell claims, the value it printed, and within what it is held to it."""

    what: str
    value: str
    tolerance: float
    cell: str


def results(notebook: NotebookNode, name: str) -> Iterator[Result]:
    """Yield the results that the cells of a notebook name, in order."""
    for cell in notebook.cells:
        claims = ours(cell).get("result", {})
        if not isinstance(claims, dict):
            raise ValueError(f"{name}, cell {cell.id}: dlcore.result must map claims to patterns")
        if claims and ours(cell).get("skip_compare"):
            raise ValueError(f"{name}, cell {cell.id}: a result must come from a compared cell")
        tolerance = tolerance_of(ours(cell))
        found = []
        for what, pattern in claims.items():
            match = printed_once(pattern, cell, f"{name}, cell {cell.id}, result {what!r}")
            found.append((match.start(1), Result(what, match[1], tolerance, cell.id)))
        yield from (result for _, result in sorted(found))


def printed_once(pattern: str, cell: NotebookNode, where: str) -> re.Match[str]:
    """Return the one match of a pattern with one group in the stored text of a cell."""
    if re.compile(pattern).groups != 1:
        raise ValueError(f"{where}: expected a pattern with one group, got {pattern!r}")
    text = streams(cell.get("outputs", [])).get("stdout", "")
    found = list(re.finditer(pattern, text, re.MULTILINE))
    if len(found) != 1:
        raise ValueError(f"{where}: expected {pattern!r} once in the output, found {len(found)}")
    return found[0]


def held_to(result: Result) -> str:
    """Say how far a new run may be off: a number without a decimal point not at all."""
    whole = all(number.integer for number in split(result.value)[1])
    return "exact" if whole else f"{result.tolerance:g}"


def section(path: Path) -> list[str]:
    """Write the results of a chapter as Markdown; nothing where it names none."""
    found = list(results(read(path), path.name))
    if not found:
        return []
    head = ["| result | value | tolerance | cell |", "|---|---:|---:|---|"]
    rows = [f"| {one.what} | {one.value} | {held_to(one)} | `{one.cell}` |" for one in found]
    command = ["```console", f"$ dlcore outputs chapters/{path.name}", "```"]
    return [f"{{doc}}`/chapters/{path.stem}`", "", *head, *rows, "", *command, ""]


class Numbers(SphinxDirective):
    """The directive; it reads every notebook of the folder chapters."""

    def run(self) -> list[nodes.Node]:
        """Return a table for each chapter that names results."""
        container = nodes.container(classes=["numbers"])
        for path in notebooks_in(Path(self.env.srcdir, "chapters")):
            self.env.note_dependency(str(path))
            part = nodes.container()
            lines = StringList(section(path), source=str(path))
            self.state.nested_parse(lines, self.content_offset, part)
            if self.env.app.builder.format == "html":
                self.link_cells(part, f"chapters/{path.stem}")
            container += part
        return [container]

    def link_cells(self, part: nodes.container, page: str) -> None:
        """Make the cell that stands last in each row a link to that cell."""
        address = self.env.app.builder.get_relative_uri(self.env.docname, page)
        for row in part.findall(nodes.row):
            for cell in list(row[-1].findall(nodes.literal)):
                link = nodes.reference(refuri=f"{address}#cell-{cell.astext()}", internal=True)
                cell.replace_self(link)
                link += cell


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_directive("numbers", Numbers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
