"""Serve MathJax from the site itself, out of the installed package sphinx-mathjax-offline."""

import importlib.util
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

PACKAGE = "sphinx-mathjax-offline"  # a module name with hyphens: found, never imported
SCRIPT = "mathjax/tex-chtml.js"
WANTED = (
    "tex-chtml.js",
    "input/tex/extensions/*.js",  # loaded when an equation first uses one
    "output/chtml/fonts/woff-v2/*.woff",
    "a11y/*.js",  # the assistive tools of MathJax's menu, with their English rules
    "sre/mathmaps/base.json",
    "sre/mathmaps/en.json",
    "sre/mathmaps/nemeth.json",
)


def mathjax_folder() -> Path:
    """Find the folder of MathJax files inside the installed package."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ExtensionError(f"{PACKAGE} is not installed: run 'make book', which installs it")
    return Path(spec.submodule_search_locations[0]) / "static" / "mathjax"


def use_local_copy(app: Sphinx, config: object) -> None:
    """Point every page at the copy below _static."""
    app.config.mathjax_path = SCRIPT


def copy_files(app: Sphinx, error: Exception | None) -> None:
    """Copy the files that a page can ask for, once the pages are written."""
    if error is not None or app.builder.format != "html":
        return
    source, target = mathjax_folder(), Path(app.outdir) / "_static" / "mathjax"
    for pattern in WANTED:
        for file in source.glob(pattern):
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the two steps to Sphinx."""
    app.connect("config-inited", use_local_copy)
    app.connect("build-finished", copy_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
