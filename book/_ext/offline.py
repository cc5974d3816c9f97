"""Let a reader keep the site: a list of its files with their sums, and a script that serves them.

The script has to lie at the top of the site, for a browser lets it answer for what lies below.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

SCRIPT = Path(__file__).parents[1] / "live" / "offline-worker.js"
LIST = "offline.json"
PLACE = '<div id="offline"></div>'
LEFT_OUT = ("_sources/", ".")  # notebooks to download, and what a host does not serve


def files_of(site: Path) -> dict[str, list[Any]]:
    """Return the size in bytes and the sum of each file that is kept."""
    found = {p.relative_to(site).as_posix(): p for p in sorted(site.rglob("*")) if p.is_file()}
    return {
        name: [path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()[:16]]
        for name, path in found.items()
        if not name.startswith(LEFT_OUT) and name not in (LIST, SCRIPT.name)
    }


def version_of(files: dict[str, list[Any]]) -> str:
    """Name the state of all files."""
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]


def write(app: Sphinx, error: Exception | None) -> None:
    """Write list and script once all else is there."""
    if error is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    files = files_of(site)
    site.joinpath(LIST).write_text(json.dumps(files, separators=(",", ":")), encoding="utf-8")
    script = SCRIPT.read_text(encoding="utf-8").replace("VERSION OF THE SITE", version_of(files))
    site.joinpath(SCRIPT.name).write_text(script, encoding="utf-8")


def add_button(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Put the script of the button where a page has a place for it."""
    if PLACE in context.get("body", ""):
        live = relative_uri(app.builder.get_target_uri(page), "live/")
        style = f'<link rel="stylesheet" href="{live}live.css">'
        script = f'<script type="module" src="{live}offline.mjs"></script>'
        context["body"] = context["body"].replace(PLACE, f"{PLACE}{style}{script}")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx, after all that writes files."""
    app.connect("html-page-context", add_button)
    app.connect("build-finished", write, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
