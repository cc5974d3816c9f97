"""What the tests of the site know of its pages."""

import functools
import re
from pathlib import Path
from typing import Any

import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]


def toc_entries() -> list[str]:
    """List every page named in the table of contents, in order, without suffix."""
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    found = [toc["root"]]

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "file" in node:
                found.append(node["file"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(toc)
    return found


PAGES = toc_entries()
NOTEBOOKS = [page for page in PAGES if page.startswith(("chapters/", "exercises/"))]
CHAPTERS = [page for page in NOTEBOOKS if page.startswith("chapters/")]


def named_targets(text: str) -> set[str]:
    """Return the targets of make that a text names; all must be in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:`|\$ )make ([a-z]+)", text))
    assert named - targets == set()
    return named


def settings() -> Any:
    """Read _config.yml."""
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


@functools.cache
def soup(path: Path) -> BeautifulSoup:
    """Parse a page, once."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
