"""The live cell of the front page: `{first-cell} first_network.py` runs the file and shows both.

What stands below the code was drawn by it while the site was built; pressing Run draws it again.
"""

import contextlib
import io
import json
import os
from pathlib import Path
from typing import Any, ClassVar

import live_cells
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from dlcore.notebooks import evaluate


def run(source: str, name: str) -> tuple[str, Any, dict[str, Any]]:
    """Run code as a notebook cell: return what it prints, its last value and its names."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        value = evaluate.run(source, names, name)
    if value is None:
        raise ValueError(f"{name}: expected a last line that is an expression, the picture to show")
    return printed.getvalue(), value, names


class FirstCell(SphinxDirective):
    """The directive; its argument is a Python file whose last line is a sketch."""

    required_arguments = 1
    option_spec: ClassVar = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the cell: its code, what it prints and what it draws."""
        relative, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(relative)
        source, stem = Path(path).read_text(encoding="utf-8").rstrip("\n"), Path(path).stem
        printed, drawn, names = run(source, relative)
        self.tell_the_page(stem.replace("_", "-"))
        code = nodes.container("", literal(source, "ipython3"), classes=["cell_input"])
        image = nodes.image(uri=self.picture(drawn, names, stem), alt=self.options["alt"])
        out = nodes.container("", literal(printed, "myst-ansi"), image, classes=["cell_output"])
        out["classes"].append("output")
        name = f"cell-{stem.replace('_', '-')}"
        return [nodes.container("", code, out, classes=["cell"], ids=[name])]

    def tell_the_page(self, cell: str) -> None:
        """Say to the script of live cells what this page needs: neither matplotlib nor files."""
        about = live_cells.settings(self.env.docname, live_cells.ALWAYS, [], {cell: {}})
        self.env.metadata[self.env.docname]["live"] = json.dumps(about)

    def picture(self, drawn: Any, names: dict[str, Any], stem: str) -> str:
        """Write the drawing for the site, and for TeX, which reads no SVG, the figure like it."""
        folder = Path(self.env.doctreedir).parent / "first_cell"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{stem}.svg").write_text(drawn.svg, encoding="utf-8")
        if self.env.app.builder.format == "latex":
            figure = names["plot"].decision_regions(names["model"], names["x"], names["y"])
            figure.savefig(folder / f"{stem}.png", dpi=200, bbox_inches="tight", facecolor="none")
        return "/" + os.path.relpath(folder / f"{stem}.*", self.env.srcdir)


def literal(text: str, language: str) -> nodes.literal_block:
    """Return a block of code or of what was printed."""
    return nodes.literal_block(text, text, language=language)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_directive("first-cell", FirstCell)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
