"""Set the formulas while the site is built: a page needs a style sheet for them, and no script.

KaTeX, which lies in book/katex, writes each formula twice: for the eye, and as MathML for
screen readers.
"""

import functools
import html
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from dukpy import JSInterpreter, JSRuntimeError
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.ext import mathjax
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

KATEX = Path(__file__).parents[1] / "katex" / "katex.min.js"
WRITTEN = re.compile(r"\\(?P<open>[([])(?P<formula>.*)\\[)\]]", re.DOTALL)
BEFORE = re.compile(r"[(\[“‘]+$")  # what touches a formula stays on its line
AFTER = re.compile(r"^(?:[^\w\s(\[]+|\w{1,2}\b)")
LONG = 30  # signs: a formula in a line of text that has more is about as wide as a phone
LAST = re.compile(r'( style="[^"]+);"')
TAG = re.compile(r"<[^>]+>")

logger = logging.getLogger(__name__)


@functools.cache
def engine() -> JSInterpreter:
    """Return a JavaScript engine that has read KaTeX."""
    found = JSInterpreter()
    found.evaljs(f"{KATEX.read_text(encoding='utf-8')};0")
    return found


@functools.lru_cache(4096)
def typeset(formula: str, display: bool) -> str:
    """Return the HTML of a formula in TeX; one that cannot be set is named, and fails the build."""
    call = "katex.renderToString(dukpy.tex, {displayMode: dukpy.display, strict: 'ignore'})"
    try:
        return LAST.sub(r'\1"', str(engine().evaljs(call, tex=formula, display=display)))
    except JSRuntimeError as error:
        logger.warning("mathematics: %r: %s", formula, str(error).splitlines()[0])
        return f"<code>{html.escape(formula)}</code>"


def set_written(text: str) -> str:
    r"""Set the formula that Sphinx wrote as `\(…\)` or `\[…\]`."""

    def one(found: re.Match[str]) -> str:
        display = found["open"] == "["
        formula = typeset(html.unescape(found["formula"]), display)
        if display:
            return f"<div>{formula}</div>"
        seen = TAG.sub("", formula.partition('aria-hidden="true">')[2])
        return formula.replace('"katex"', '"katex long"', 1) if len(seen) > LONG else formula

    return WRITTEN.sub(one, text)


def visit_math(self: Any, node: nodes.Element) -> None:
    """Write a formula of a line, or one that stands alone; its frame and number are Sphinx's."""
    block = isinstance(node, nodes.math_block)
    visit = mathjax.html_visit_displaymath if block else mathjax.html_visit_math
    start = len(self.body)
    try:
        visit(self, node)
    finally:
        self.body[start:] = [set_written("".join(self.body[start:]))]


class KeepTogether(SphinxPostTransform):
    """Put a formula of a line and the signs that touch it where no line breaks."""

    default_priority = 700
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Wrap each formula that a sign touches."""
        for formula in list(self.document.findall(nodes.math)):
            parent, place = formula.parent, formula.parent.index(formula)
            whole = nodes.inline("", "", classes=["formula"])
            before = parent[place - 1] if place else None
            after = parent[place + 1] if place + 1 < len(parent) else None
            head = BEFORE.search(before) if isinstance(before, nodes.Text) else None
            tail = AFTER.search(after) if isinstance(after, nodes.Text) else None
            if head is None and tail is None:
                continue
            if head:
                parent[place - 1] = nodes.Text(before[: head.start()])
                whole += nodes.Text(head[0])
            parent[place] = whole
            whole += formula
            if tail:
                parent[place + 1] = nodes.Text(after[tail.end() :])
                whole += nodes.Text(tail[0])


def add_style(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Give a page with formulas the style that they need."""
    math: Any = app.env.get_domain("math")
    if isinstance(app.builder, StandaloneHTMLBuilder) and math.has_equations(page):
        app.add_css_file("katex/katex.min.css")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx: the markup is that of Sphinx's own MathJax pages."""
    app.add_html_math_renderer("katex", (visit_math, None), (visit_math, None))
    app.add_post_transform(KeepTogether)
    app.connect("html-page-context", add_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
