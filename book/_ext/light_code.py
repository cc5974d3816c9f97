"""Leave out of code the marks that no style sheet colours: names, brackets, commas."""

import re
from functools import cache
from typing import Any

from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Text
from sphinx.application import Sphinx

CODE = re.compile(r'<div class="highlight"><pre>.*?</pre>', re.DOTALL)


@cache
def plain_classes(*styles: str) -> tuple[str, ...]:
    """Return the classes of tokens that look like plain text in each of some styles of Pygments."""
    found = set(STANDARD_TYPES.values()) - {""}
    for name in styles:
        style: Any = get_style_by_name(name)
        text = style.style_for_token(Text)
        found &= {kind for token, kind in STANDARD_TYPES.items() if _same(style, token, text)}
    return tuple(sorted(found))


def _same(style: Any, token: Any, text: dict[str, Any]) -> bool:
    return bool(style.style_for_token(token) == text)


def without(classes: tuple[str, ...], page: str) -> str:
    """Return a page whose code has no marks of these classes, but all of its text."""
    mark = re.compile(rf'<span class="(?:{"|".join(classes)})">([^<]*)</span>')
    return CODE.sub(lambda code: mark.sub(r"\1", code[0]), page)


def lighten(app: Sphinx, _name: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    """Rewrite the body of a page before it is written."""
    if "body" in context:
        options = app.config.html_theme_options
        styles = (options[f"pygments_{theme}_style"] for theme in ("light", "dark"))
        context["body"] = without(plain_classes(*styles), context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("html-page-context", lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
