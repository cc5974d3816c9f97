"""Cells that run in the page: mark them, hand the page what its script needs, lay out the rest.

Every code cell gets the anchor `cell-<id>`. Without JavaScript a page is what it was, and says why.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import live_cells
import live_files
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from dlcore.notebooks.files import read

FIRST_CELL = re.compile(r'<div class="cell\b[^>]* id="cell-')


def notebook_of(app: Sphinx, page: str) -> Path | None:
    """Return the notebook that a page is made of, if it is."""
    path = Path(app.env.doc2path(page))
    return path if path.suffix == ".ipynb" else None


def mark_cells(app: Sphinx, tree: nodes.document) -> None:
    """Give each code cell an anchor, and remember what the page's script must know."""
    page = app.env.docname
    path = notebook_of(app, page)
    if path is None:
        return
    notebook = read(path)
    for node in tree.findall(nodes.container):
        if node.get("nb_element") == "cell_code":
            node["ids"].append(f"cell-{notebook.cells[node['cell_index']].id}")
    root = Path(app.srcdir).resolve()
    about = live_cells.describe(notebook, path.resolve(), root, live_files.owners())
    app.env.metadata[page]["live"] = json.dumps(about)


def add_script(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Put the note, the settings and the script before the first cell of a page."""
    put_first(app, page, context, "live", head)


def put_first(
    app: Sphinx, page: str, context: dict[str, Any], key: str, write: Callable[[Any, str], str]
) -> None:
    """Put before the first cell of a page what is written of its metadata under a key.

    `write` is given these metadata, and the address of `live/` as seen from the page.
    """
    about = app.env.metadata.get(page, {}).get(key)
    body = context.get("body", "")
    first = FIRST_CELL.search(body)
    if about is not None and first is not None:
        root = relative_uri(app.builder.get_target_uri(page), "live/")
        text = write(json.loads(about), root)
        context["body"] = body[: first.start()] + text + body[first.start() :]


def head(about: dict[str, Any], root: str) -> str:
    """Return what stands before the first cell."""
    megabytes = round(live_files.weight(about["packages"]) / 1e6)
    whence = (
        "from this site"
        if live_files.is_local()
        else f"from {live_files.PINS['public'].split('/')[2]}"
    )
    settings = json.dumps(about).replace("<", "\\u003c")
    return (
        '<noscript><p class="live-note">The cells of this page run in the browser where JavaScript '
        "is allowed. Here they show the outputs stored with the book.</p></noscript>\n"
        f'<p class="live-note" id="live-note" hidden>{which_run(about["cells"])} press '
        "<strong>Run</strong>, or change the code first. The first run fetches Python "
        f"{whence}, {megabytes} MB; nothing is sent away.</p>\n"
        f'<script type="application/json" id="live-page">{settings}</script>\n'
        f'<link rel="stylesheet" href="{root}live.css">\n<script src="{root}start.js"></script>\n'
    )


def which_run(cells: dict[str, Any]) -> str:
    """Say which cells of a page run in it."""
    cannot = sum("reason" in cell for cell in cells.values())
    if not cannot:
        return "The cells run here, in your browser:"
    able = len(cells) - cannot
    says = (
        "the other one says why it cannot"
        if cannot == 1
        else "each of the others says why it cannot"
    )
    here = f"{able} run{'s' * (able == 1)} here, in your browser; {says}"
    return f"Of the {len(cells)} code cells {here}. To run a cell,"


def lay_out(app: Sphinx, error: Exception | None) -> None:
    """Write the folder `live/` once the pages are written."""
    if error is None and app.builder.format == "html":
        about = [json.loads(m["live"]) for m in app.env.metadata.values() if "live" in m]
        files = sorted({name for page in about for name in page["files"]})
        live_files.lay_out(Path(app.outdir) / "live", files)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("doctree-read", mark_cells)
    app.connect("html-page-context", add_script)
    app.connect("build-finished", lay_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
