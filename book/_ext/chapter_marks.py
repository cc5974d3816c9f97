"""Number the pages of chapters and exercises: above the title, and in the contents.

The title itself is the notebook's. The contents list `6 · Automatic differentiation`, and below it
what stands before the colon of `Exercises: automatic differentiation`.
"""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

NUMBERED = re.compile(r"(?P<folder>chapters|exercises)/(?P<number>\d\d)_\w+")
NAMES = {"chapters": "Chapter", "exercises": "Exercises to chapter"}


def mark_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Put 'Chapter 6 · slides' above the title of chapters/06_….ipynb."""
    match = NUMBERED.fullmatch(page)
    if match and "body" in context:
        mark = f"{NAMES[match['folder']]} {int(match['number'])}"
        if match["folder"] == "chapters":  # the deck that decks.py makes
            mark += f' · <a href="../slides/{Path(page).name}.html">slides</a>'
        context["body"] = f'<p class="chapter-mark">{mark}</p>\n{context["body"]}'


def mark_contents(app: Sphinx, tree: nodes.document) -> None:
    """Shorten or number the title of a page where the contents list it."""
    match = NUMBERED.fullmatch(app.env.docname)
    if match is None:
        return
    link = next(app.env.tocs[app.env.docname].findall(nodes.reference))
    if match["folder"] == "exercises":
        link[:] = [nodes.Text(link.astext().partition(":")[0])]
    else:
        link.insert(0, nodes.Text(f"{int(match['number'])} · "))


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx, which has collected the titles when the contents are marked."""
    app.connect("html-page-context", mark_page)
    app.connect("doctree-read", mark_contents, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
