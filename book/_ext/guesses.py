"""Results folded until the reader has guessed: mark them, and hand the page what it asks.

Without scripts nothing of this is seen: results stand open, as they do in print and for the search.
"""

import json
from typing import Any

import live
from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx

from dlcore.notebooks.files import read
from dlcore.notebooks.predictions import described, predictions


def mark_results(app: Sphinx, tree: nodes.document) -> None:
    """Give each folded result an anchor and a place for the guess, and remember what is asked."""
    page = app.env.docname
    path = live.notebook_of(app, page)
    if path is None or path.parent.name != "chapters":
        return
    notebook = read(path)
    asked = [described(found) for found in predictions(notebook) if found.results]
    folded = {cell for found in asked for cell in found["cells"]}
    for node in tree.findall(nodes.container):
        if node.get("nb_element") == "cell_code":
            mark(node, notebook.cells[node["cell_index"]], folded)
    if asked:
        app.env.metadata[page]["guesses"] = json.dumps({"page": page, "predictions": asked})


def mark(node: nodes.container, cell: NotebookNode, folded: set[str]) -> None:
    """Mark a cell whose result is folded; the place for the guess stands before that result."""
    if cell.id not in folded:
        return
    for place, child in enumerate(node.children):
        if isinstance(child, nodes.Element) and "cell_output" in child["classes"]:
            node["classes"].append("folds")
            child["ids"].append(f"result-{cell.id}")
            node.insert(place, nodes.raw("", '<div class="guess"></div>\n', format="html"))
            return


def add_script(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Put what is asked, and the script that folds, before the first cell of a page."""
    live.put_first(app, page, context, "guesses", head)


def head(about: dict[str, Any], root: str) -> str:
    """Return what stands before the first cell."""
    asked = json.dumps(about).replace("<", "\\u003c")
    return (
        '<div class="guess-switch"></div>\n'
        f'<script type="application/json" id="guesses-page">{asked}</script>\n'
        f'<link rel="stylesheet" href="{root}guesses.css">\n<script src="{root}fold.js"></script>\n'
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx; `live` marks the cells first."""
    app.connect("doctree-read", mark_results, priority=600)
    app.connect("html-page-context", add_script, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
