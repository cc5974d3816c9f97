"""Name the buttons that unfold parts of the contents: the theme leaves them to a picture alone."""

import re
from pathlib import Path

from sphinx.application import Sphinx

TOGGLE = re.compile(
    r'(?P<link><a class="[^"]*reference internal" href="[^"]*">(?P<title>[^<]*)</a>'
    r"\s*<details[^>]*>\s*)<summary>"
)


def named(html: str) -> str:
    """Return a page with a name for each button that unfolds pages below another."""
    return TOGGLE.sub(r'\g<link><summary aria-label="Pages below: \g<title>">', html)


def name_toggles(app: Sphinx, error: Exception | None) -> None:
    """Name the buttons of every page, once the pages are written."""
    if error is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        if (new := named(text)) != text:
            path.write_text(new, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("build-finished", name_toggles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
