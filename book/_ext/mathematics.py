"""Let KaTeX, which lies in _static/katex, set the formulas of the pages that have any."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.ext.mathjax import html_visit_displaymath, html_visit_math


def add_scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Give a page with formulas the scripts and the style that set them."""
    math: Any = app.env.get_domain("math")
    if isinstance(app.builder, StandaloneHTMLBuilder) and math.has_equations(page):
        app.add_css_file("katex/katex.min.css")
        app.add_js_file("katex/katex.min.js", defer="defer")
        app.add_js_file("mathematics.js", defer="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx: the markup is that of Sphinx's own MathJax pages."""
    app.add_html_math_renderer("katex", (html_visit_math, None), (html_visit_displaymath, None))
    app.connect("html-page-context", add_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
