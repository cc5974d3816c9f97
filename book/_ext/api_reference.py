"""API pages drawn from the library.

`{api} dlcore.nn` documents a module, `{primitives}` the registry, `{command}` the command line.

Links run both ways. Prose links to an object with {py:class}`dlcore.Tensor`; on the API page that
object then lists the chapters that do so, and "chapter 6" in a docstring becomes a link as soon as
that chapter exists.
"""

import argparse
import importlib
import inspect
import re
from collections import defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from public_names import public_names
from shared_parameters import completed
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from dlcore.notebooks.files import notebooks_in, read

LINK_TO_OBJECT = re.compile(r"\{py:\w+\}`(?:[^`<]*<)?[~!]?(dlcore[\w.]*?)(?:\(\))?>?`")
CHAPTER_IN_WORDS = re.compile(r"\b([Cc]hapter) (\d{1,2})\b")


class Chapters:
    """The chapters that exist, by number, and the library objects that their prose links to."""

    def __init__(self, folder: Path) -> None:
        self.pages: dict[int, str] = {}
        self.links: dict[str, set[int]] = defaultdict(set)
        for path in notebooks_in(folder):
            number = int(path.name[:2])
            self.pages[number] = f"/chapters/{path.stem}"
            for cell in read(path).cells:
                if cell.cell_type == "markdown":
                    for name in LINK_TO_OBJECT.findall(cell.source):
                        self.links[name].add(number)

    def link(self, number: int, text: str) -> str:
        """Write a reStructuredText link to a chapter, or its plain text while it does not exist."""
        return f":doc:`{text} <{self.pages[number]}>`" if number in self.pages else text


def find_chapters(app: Sphinx) -> None:
    """Read the chapters once, before the pages are read."""
    app.env.dlcore_chapters = Chapters(Path(app.srcdir) / "chapters")  # type: ignore[attr-defined]


def complete_docstring(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Put in the entries of parameters to which a docstring refers."""
    if what in ("class", "function", "method"):
        lines[:] = completed(obj, "\n".join(lines)).split("\n")


def link_docstring(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Turn the chapters named in a docstring into links and add those that link here."""
    chapters: Chapters = app.env.dlcore_chapters  # type: ignore[attr-defined]
    lines[:] = [
        CHAPTER_IN_WORDS.sub(lambda m: chapters.link(int(m[2]), m[0]), line) for line in lines
    ]
    if numbers := sorted(chapters.links.get(name, ())):
        links = ", ".join(chapters.link(n, f"chapter {n}") for n in numbers)
        lines += ["", ".. container:: read-more", "", f"   Read about it in {links}."]


def summary(obj: object) -> str:
    """Return the first sentence of a docstring."""
    return (inspect.getdoc(obj) or "").partition("\n\n")[0].replace("\n", " ")


def foreign_members(cls: type) -> list[str]:
    """List what a class has from another library, which documents it: scikit-learn's `score`."""
    names = [name for name in dir(cls) if not name.startswith("_")]
    found = {name: getattr(cls, name, None) for name in names}  # a Tensor answers to some with no
    home = {name: getattr(value, "__module__", None) or "dlcore" for name, value in found.items()}
    return [name for name in names if not str(home[name]).startswith("dlcore")]


class RstDirective(SphinxDirective):
    """A directive that writes reStructuredText, wherever it stands."""

    def parse(self, rst: list[str]) -> list[nodes.Node]:
        """Parse lines of reStructuredText, also when the page itself is MyST."""
        fence = ["````{eval-rst}", *rst, "````"]
        box = nodes.Element()
        self.state.nested_parse(StringList(fence, source="api"), self.content_offset, box)
        return box.children


class ApiDirective(RstDirective):
    """Document a module: an overview of its names, then each of them in full."""

    required_arguments = 1
    option_spec: ClassVar = {"only": str, "except": str}

    def run(self) -> list[nodes.Node]:
        """Write the table and the entries."""
        module = importlib.import_module(self.arguments[0])
        names = self.selected(public_names(module))
        kind = "currentmodule" if "only" in self.options else "module"
        rst = [f".. py:{kind}:: {module.__name__}", ""]
        rst += [".. list-table::", "   :widths: 30 70", "   :class: api-overview", ""]
        for name in names:
            obj = getattr(module, name)
            role = "class" if inspect.isclass(obj) else "func" if callable(obj) else "data"
            rst += [
                f"   * - :py:{role}:`{name}`",
                f"     - {summary(obj) if callable(obj) else ''}",
            ]
        for name in names:
            rst += ["", *self.entry(module, name)]
        return self.parse(rst)

    def selected(self, names: list[str]) -> list[str]:
        """Apply the options :only: and :except:, each a list of names."""
        only, without = (self.options.get(o, "").split() for o in ("only", "except"))
        return only or [n for n in names if n not in without]

    def entry(self, module: ModuleType, name: str) -> list[str]:
        """Write the autodoc directive for one name."""
        obj = getattr(module, name)
        full = f"{module.__name__}.{name}"
        if inspect.isclass(obj):
            shown = {id(getattr(module, n)) for n in public_names(module)}
            known = [c for c in obj.__mro__[1:] if id(c) in shown or c.__module__ == "builtins"]
            bases = ", ".join(dict.fromkeys(c.__name__ for c in known))
            members = [f"   :inherited-members: {bases}"]
            if foreign := foreign_members(obj):
                members.append(f"   :exclude-members: {', '.join(foreign)}")
            return [f".. autoclass:: {full}", "   :members:", *members]
        if callable(obj):
            return [f".. autofunction:: {full}"]
        return [f".. autodata:: {full}", "   :no-value:"]


class PrimitivesDirective(RstDirective):
    """Draw the table of primitives from the registry, one table for each room of dlcore.ops."""

    def run(self) -> list[nodes.Node]:
        """Write a heading and a table for each family."""
        rows = importlib.import_module("dlcore.ops").REGISTRY.values()
        rst: list[str] = []
        for module in dict.fromkeys(row.module for row in rows):
            rst += ["", f".. rubric:: dlcore.ops.{module}", "", ".. list-table::"]
            rst += ["   :widths: 20 80", "   :class: api-overview", ""]
            for row in (row for row in rows if row.module == module):
                name = f"{row.function.__module__}.{row.function.__name__}"
                once = "" if row.twice else " Differentiable once."
                rst += [f"   * - .. py:class:: {name}", "          :no-typesetting:", ""]
                rst += [f"       ``{row.name}``", f"     - {summary(row.function)}{once}"]
        return self.parse(rst)


class CommandDirective(RstDirective):
    """Document the command line from its own parser."""

    def run(self) -> list[nodes.Node]:
        """Write a list of the verbs, each with its usage and options."""
        parser = importlib.import_module("dlcore.cli")._parser()
        verbs = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
        rst: list[str] = []
        for name, verb in verbs.choices.items():
            rst += ["", f".. rubric:: dlcore {name}", "", f"{verb.description}", ""]
            rst += [".. code-block:: text", "", f"   {' '.join(verb.format_usage().split())}"]
            for action in verb._actions[1:]:  # the first is --help
                words = ", ".join(action.option_strings) or str(action.metavar or action.dest)
                rst += ["", f"``{words}``", f"   {action.help}"]
        return self.parse(rst)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives and connect the links."""
    app.add_directive("api", ApiDirective)
    app.add_directive("command", CommandDirective)
    app.add_directive("primitives", PrimitivesDirective)
    app.connect("builder-inited", find_chapters)
    app.connect("autodoc-process-docstring", complete_docstring, priority=100)  # before numpydoc
    app.connect("autodoc-process-docstring", link_docstring, priority=900)  # after numpydoc
    return {"parallel_read_safe": True, "parallel_write_safe": True}
