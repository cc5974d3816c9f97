"""A deck of slides for each chapter, cut from its page: headings, formulas, figures, predictions.

Each section is a column of slides. What its page says between them stands in the speaker's notes.
"""

import html
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx

SOURCE = Path(__file__).parents[1] / "slides"
FOLDER = "slides"
UNSEEN = "script, link, noscript, .guess, .guess-switch, .headerlink, .live-note, span:empty[id]"
LINES = 18  # of code and what it prints, that a slide has room for
WORDS = 70  # of a text above a formula
LISTED = 130  # words of a list or a table


@dataclass
class Slide:
    """What is shown, and what the speaker says to it."""

    shown: list[Tag]
    said: list[Tag] = field(default_factory=list)

    def written(self, place: str) -> str:
        """Return the slide, with the name of its section at the top."""
        notes = "".join(map(str, self.said))
        notes = f'<aside class="notes">{notes}</aside>' if notes else ""
        shown = "".join(map(str, self.shown))
        return f'<section><p class="place">{place}</p>{shown}{notes}</section>'


def words(part: Tag) -> int:
    """Count words; a formula, which a page holds twice, is one."""
    inside = len(part.select(".katex")) - sum(
        len(m.get_text().split()) for m in part.select(".katex")
    )
    return len(part.get_text().split()) + inside


def lines(parts: Iterable[Tag]) -> int:
    """Count the lines of code and of what it printed."""
    return sum(pre.get_text().count("\n") for part in parts for pre in part.select("pre"))


def of_cell(cell: Tag) -> list[Slide]:
    """Return a slide for each figure, or one for code and output if they fit."""
    if figures := cell.select("figure"):
        return [Slide([figure]) for figure in figures]
    shown = cell.select(".cell_input, .cell_output")
    return [] if cell["id"] == "cell-imports" or lines(shown) > LINES else [Slide(shown)]


def of_part(part: Tag, before: Tag | None) -> list[Slide]:
    """Return the slides that a prediction, a cell, a formula or a list makes.

    A formula stands under the paragraph `before` it, if nobody has seen that one.
    """
    classes = part.get_attribute_list("class")
    if part.name == "p" and part.get_text().startswith("Predict first"):
        part["class"] = "asked"
        return [Slide([part])]
    if "cell" in classes:
        return of_cell(part)
    if "math" in classes:
        return [Slide([before, part] if before and words(before) <= WORDS else [part])]
    listed = part.name in ("ul", "ol") or "at-a-glance" in classes or part.find("table")
    return [Slide([part])] if listed and words(part) <= LISTED else []


def columns(section: Tag) -> Iterator[list[Slide]]:
    """Cut a section, and those inside of it, into columns of slides."""
    slides: list[Slide] = []
    before: Tag | None = None
    for part in section.find_all(recursive=False):
        if part.name == "section":
            continue
        if part.name in ("h1", "h2", "h3"):
            slides.append(Slide([part]))
        elif begun := of_part(part, before):
            slides += begun
        elif part.name == "p" and len(slides) == len(slides[0].shown) == 1:
            slides[0].shown.append(part)
        elif part.name == "p":
            slides[-1].said.append(part)
        before = part if part in slides[-1].said else None
    yield slides
    for inner in section.find_all("section", recursive=False):
        yield from columns(inner)


def deck(page: str, name: str) -> str:
    """Return the deck of a chapter's page, which lies beside the folder of the decks."""
    article = BeautifulSoup(page, "html.parser").select_one("article")
    assert article is not None
    assert article.section is not None
    for unseen in article.select(UNSEEN):
        unseen.decompose()
    for link in article.find_all("a", href=True):
        to = str(link["href"])
        link["href"] = f"../chapters/{name}.html{to}" if to.startswith("#") else f"../chapters/{to}"
    for image in article.find_all("img"):
        del image["loading"]
    found, stacks = list(columns(article.section)), []
    for tag in article.find_all(id=True):
        del tag["id"]
    for slides in found:
        place = html.escape(slides[0].shown[0].get_text())
        inner = "".join(slide.written("" if slide is slides[0] else place) for slide in slides)
        stacks.append(f"<section>{inner}</section>")
    title = html.escape(article.section.h1.get_text()) if article.section.h1 else name
    frame = Template((SOURCE / "deck.html").read_text(encoding="utf-8"))
    return frame.substitute(title=title, slides="\n".join(stacks))


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the decks once the pages are as readers get them."""
    if error is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    shutil.copytree(SOURCE, site / FOLDER, ignore=lambda *_: ["deck.html"], dirs_exist_ok=True)
    for page in sorted(site.glob("chapters/*.html")):
        text = deck(page.read_text(encoding="utf-8"), page.stem)
        (site / FOLDER / page.name).write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx, after what makes pages light."""
    app.connect("build-finished", write, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
