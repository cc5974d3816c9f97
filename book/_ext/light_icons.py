"""Keep of the theme's 2,000 icons those that a page shows: 1.5 MB of script become 0.1."""

import re
from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

SCRIPT = "_static/scripts/fontawesome.js"
ICON = re.compile(
    r'"?(?P<name>[a-z0-9-]+)"?:\[\d+,\d+,\[(?P<aliases>[^\]]*)\],"[0-9a-f]+",'
    r'(?:"[^"]*"|\[[^\]]*\])\],?'
)
NAMED = re.compile(r"\bfa-([a-z0-9-]+)")

logger = logging.getLogger(__name__)


def shown(files: Iterable[Path]) -> set[str]:
    """Return the names of the icons that files mention."""
    return {name for file in files for name in NAMED.findall(file.read_text(encoding="utf-8"))}


def without_others(script: str, names: set[str]) -> str:
    """Return the script of the icons with those alone that have one of the names."""

    def keep(icon: re.Match[str]) -> str:
        own = {icon["name"], *re.findall(r'"([^"]+)"', icon["aliases"])}
        return icon[0] if own & names else ""

    return ICON.sub(keep, script)


def prune(app: Sphinx, error: Exception | None) -> None:
    """Cut the script down once the pages are written."""
    script = Path(app.outdir) / SCRIPT
    if error is not None or app.builder.format != "html" or not script.is_file():
        return
    text = script.read_text(encoding="utf-8")
    scripts = [file for file in Path(app.outdir, "_static").rglob("*.js") if file != script]
    names = shown([*Path(app.outdir).rglob("*.html"), *scripts])
    light = without_others(text, names)
    if len(light) < len(text):
        script.write_text(light, encoding="utf-8")
    elif len(text) > 500_000:
        logger.warning("%s has another form than expected: it stays as heavy as it is", SCRIPT)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("build-finished", prune)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
