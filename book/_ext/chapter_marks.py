"""Mark the pages of chapters and exercises with their number, above the title."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

NUMBERED = re.compile(r"(?P<folder>chapters|exercises)/(?P<number>\d\d)_\w+")
NAMES = {"chapters": "Chapter", "exercises": "Exercises to chapter"}


def mark_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Put 'Chapter 6' above the title of chapters/06_….ipynb."""
    match = NUMBERED.fullmatch(page)
    if match and "body" in context:
        mark = f"{NAMES[match['folder']]} {int(match['number'])}"
        context["body"] = f'<p class="chapter-mark">{mark}</p>\n{context["body"]}'


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("html-page-context", mark_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
