"""Keep the rules of style sheets that some page can need: the largest sheet shrinks to half."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tinycss2
from sphinx.application import Sphinx

HEAVY = 10_000  # bytes; what is smaller is left as it is
OWN = ("book.css", "katex.min.css")  # KaTeX makes up names of classes as it goes
CLASSES = re.compile(r'\bclass="([^"]*)"')
NAME = re.compile(r"[A-Za-z_][\w-]*")
STEM = re.compile(r"([A-Za-z_][\w-]*-)[\"'`$]")  # a script may add an ending to it
CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")
FUNCTION = re.compile(r":[a-z-]+\([^()]*\)")  # such as :not(.x), which is true without the class


class Names:
    """The classes that pages have and scripts can set."""

    def __init__(self, pages: Iterable[str], scripts: Iterable[str]) -> None:
        self.known = {name for page in pages for c in CLASSES.findall(page) for name in c.split()}
        self.stems: tuple[str, ...] = ()
        for script in scripts:
            self.known.update(NAME.findall(script))
            self.stems += tuple(set(STEM.findall(script)))

    def can_match(self, selector: str) -> bool:
        """Say whether something may be there that a selector means."""
        if "\\" in selector:
            return True
        bare = FUNCTION.sub("", selector)
        return all(n in self.known or n.startswith(self.stems) for n in CLASS.findall(bare))


def without_others(style: str, names: Names) -> str:
    """Return a style sheet with those rules alone that can match something."""
    return "".join(_rules(tinycss2.parse_stylesheet(style), names))


def _rules(rules: Iterable[Any], names: Names) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in _selectors(rule.prelude) if names.can_match(s)]
            if selectors:
                yield f"{','.join(selectors)}{{{tinycss2.serialize(rule.content)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inner = "".join(_rules(tinycss2.parse_rule_list(rule.content), names))
            if inner:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
        elif rule.type != "comment" or rule.value.startswith("!"):  # a licence stays
            yield rule.serialize()


def _selectors(prelude: Iterable[Any]) -> list[str]:
    """Return the selectors of a rule; a comma in brackets parts none."""
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def prune(app: Sphinx, error: Exception | None) -> None:
    """Cut the sheets down once pages and scripts are written."""
    if error is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    scripts = [f for kind in ("js", "mjs", "py") for f in site.rglob(f"*.{kind}")]
    texts = (f.read_text(encoding="utf-8") for f in scripts if "pyodide" not in f.parts)
    names = Names((f.read_text(encoding="utf-8") for f in site.rglob("*.html")), texts)
    for sheet in site.joinpath("_static").rglob("*.css"):
        if sheet.name not in OWN and sheet.stat().st_size > HEAVY:
            light = without_others(sheet.read_text(encoding="utf-8"), names)
            sheet.write_text(light, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx, after what lays out scripts."""
    app.connect("build-finished", prune, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
