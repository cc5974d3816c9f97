"""Cite as running text does: Nougaret (2023), and in brackets (Nougaret, 2023).

The works stand in `book/references`, one file a chapter; all are found there.
"""

from dataclasses import dataclass, field
from pathlib import Path

import sphinxcontrib.bibtex.plugin
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle


def round_brackets() -> BracketStyle:
    """Return round brackets."""
    return BracketStyle(left="(", right=")")


@dataclass
class RoundReferenceStyle(AuthorYearReferenceStyle):
    """Author and year, with round brackets in place of square ones."""

    bracket_parenthetical: BracketStyle = field(default_factory=round_brackets)
    bracket_textual: BracketStyle = field(default_factory=round_brackets)
    bracket_author: BracketStyle = field(default_factory=round_brackets)
    bracket_label: BracketStyle = field(default_factory=round_brackets)
    bracket_year: BracketStyle = field(default_factory=round_brackets)


def find_references(app: Sphinx, config: Config) -> None:
    """Name the files of works, so that a new chapter's is found without a line elsewhere."""
    found = Path(app.confdir).glob("book/references/*.bib")
    config.bibtex_bibfiles = sorted(str(path.relative_to(app.confdir)) for path in found)


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the style to bibtex_reference_style."""
    sphinxcontrib.bibtex.plugin.register_plugin(
        "sphinxcontrib.bibtex.style.referencing", "author_year_round", RoundReferenceStyle
    )
    app.connect("config-inited", find_references)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
