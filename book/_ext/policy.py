"""Let the browser itself see to it that a page talks to its own site alone.

The policy stands in each page, so it holds with any host. Files are for pages opened from a disk,
which have no site; inline scripts and compiled code are the theme's, Pyodide's and the readers'.
"""

from typing import Any

import live_files
from docutils import nodes
from sphinx.application import Sphinx

ALLOWED = "'self' data: blob: file: 'unsafe-inline' 'unsafe-eval'"


def policy(local: bool) -> str:
    """Return the policy of a site that has Python beside it, or takes it from the public host."""
    host = "" if local else f" https://{live_files.PINS['public'].split('/')[2]}"
    return f"default-src {ALLOWED}{host}; form-action 'self'"


def add_policy(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Put the policy before all else that a page loads."""
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy(live_files.is_local())}">'
    context["metatags"] = tag + context.get("metatags", "")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("html-page-context", add_policy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
