"""Sections and figures of chapters bear numbers, in the page and in print; text is held to them."""

import json
import re
from pathlib import Path

import numbered_places
import numpy as np
import pytest
from bs4 import Tag
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from dlcore.notebooks.files import read
from dlcore.notebooks.places import figures, sections
from tests.notebooks.building import chapter, code, figure, notebook, save, words
from tests.site.pages import CHAPTERS, NOTEBOOKS, ROOT, soup

NUMBER = re.compile(r"(\d+(?:\.\d+)+) (.+)")
CONF = """extensions = ["myst_nb", "numbered_places"]
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["toc.not_included"]
"""
FIRST = """(sec-03-start)=
## Start

### Within

As [Figure 3.1](#fig-03-line) shows, and [Section 5.1](#sec-05-on) goes on."""


def drawn(name: str, caption: str = "", alt: str = "") -> NotebookNode:
    """A cell that shows a drawing, which says itself what it shows."""
    shown = figure(np.full((8, 8, 4), 255))
    shown.data["text/plain"] = "<Figure: A line over 0.5 and $n$. It falls.>"
    made = code(name, "draw()", [shown], **({"caption": caption} if caption else {}))
    if alt:
        made.metadata["mystnb"] = {"image": {"alt": alt}}
    return made


def small_book(folder: Path, text: str = FIRST) -> Path:
    """Chapters 3 and 5, which the contents do not number, and exercises."""
    for part in ("chapters", "exercises"):
        (folder / part).mkdir()
    three = chapter(
        words("start", text), drawn("line"), drawn("other", "Parabolas of $x^2$", "A curve")
    )
    three.cells[0].source = three.cells[0].source.replace("ch-01", "ch-03")
    five = chapter(words("on", "(sec-05-on)=\n## On, and *on*"), drawn("line"))
    five.cells[0].source = five.cells[0].source.replace("ch-01", "ch-05")
    save(folder / "chapters" / "03_three.ipynb", three)
    save(folder / "chapters" / "05_five.ipynb", five)
    save(
        folder / "exercises" / "03_three.ipynb",
        notebook(words("title", "# Exercises"), words("one", "## Exercise 3.1"), drawn("line")),
    )
    pages = "chapters/03_three\nchapters/05_five\nexercises/03_three\n"
    (folder / "index.md").write_text(f"# All\n\n```{{toctree}}\n{pages}```\n")
    (folder / "conf.py").write_text(CONF)
    return folder


def build(folder: Path, builder: str) -> tuple[Path, str]:
    """Build the small book; return where it lies, and the warnings."""
    out, said = folder / builder, (folder / "warnings.txt").open("w+")
    with patch_docutils(), docutils_namespace(), said:
        Sphinx(folder, folder, out, folder / "trees", builder, status=None, warning=said).build()
        said.seek(0)
        return out, said.read()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site of the small book."""
    out, said = build(small_book(tmp_path_factory.mktemp("book")), "html")
    assert said == ""
    return out / "chapters" / "03_three.html"


def test_sections_of_a_page_bear_the_number_of_the_file(page: Path) -> None:
    shown = soup(page).select("section[id] > :is(h1, h2, h3)")
    headings = [heading.get_text().rstrip("#¶") for heading in shown]
    assert headings == ["First", "3.1 Start", "3.1.1 Within"]
    ids = {str(section["id"]) for section in soup(page).select("section[id]")}
    assert {"start", "within"} <= ids, "the address of a section has no number in it"


def test_a_figure_stands_above_its_number_and_caption(page: Path) -> None:
    line, other = soup(page).select("div.cell_output > figure.numbered")
    assert line["id"] == "fig-03-line"
    assert line.img is not None
    assert line.img["alt"] == "A line over 0.5 and $n$. It falls."
    assert other.img is not None
    assert other.img["alt"] == "A curve"
    texts = [one.figcaption.get_text().rstrip("#¶") for one in (line, other) if one.figcaption]
    assert [text.partition(" and")[0].partition(" of ")[0] for text in texts] == [
        "Figure 3.1 A line over 0.5",
        "Figure 3.2 Parabolas",
    ]
    assert len(soup(page).select("figcaption .math")) == 2, "formulas of captions are set"


def test_links_lead_to_the_place_they_name(page: Path) -> None:
    links = {a.get_text(): a["href"] for a in soup(page).select("section p a.reference")}
    assert links["Figure 3.1"] == "#fig-03-line"
    assert links["Section 5.1"] == "05_five.html#sec-05-on"


def test_a_page_of_exercises_is_described_but_not_numbered(page: Path) -> None:
    exercises = soup(page.parents[1] / "exercises" / "03_three.html")
    assert "Exercise 3.1" in exercises.select("h2")[0].get_text()
    assert not exercises.select(".section-number, figure")
    (image,) = exercises.select("div.cell_output > img")
    assert str(image["alt"]).startswith("A line over 0.5")


def test_the_search_knows_sections_and_captions(page: Path) -> None:
    index = (page.parents[1] / "searchindex.js").read_text(encoding="utf-8")
    found = json.loads(index[index.index("(") + 1 : index.rindex(")")])
    assert "3.1 Start" in found["alltitles"]
    assert "parabola" in found["terms"]


def test_print_has_the_same_numbers(tmp_path: Path) -> None:
    out, said = build(small_book(tmp_path), "latex")
    assert said == ""
    (tex,) = out.glob("*.tex")
    text = tex.read_text(encoding="utf-8")
    plain = re.sub(r"\\DUrole\{[\w-]+\}\{([^}]*)\}", r"\1", text)
    for wanted in (
        r"section{3.1 Start}",
        r"section{3.1.1 Within}",
        r"{\small Figure 3.2 Parabolas of \(x^2\)\par}",
        r"\label{\detokenize{chapters/03_three:fig-03-line}}",
        r"\hyperref[\detokenize{chapters/03_three:fig-03-line}]",
        r"\hyperref[\detokenize{chapters/05_five:sec-05-on}]",
    ):
        assert wanted in plain, wanted
    assert plain.count(r"\begin{minipage}{\linewidth}") == 3
    assert plain.count(r"\end{minipage}") == 3


STALE = {
    "[Figure 3.2](#fig-03-line)": "a link says 'Figure 3.2', but its place is Figure 3.1",
    "[Section 3.1](#fig-03-line)": "a link says 'Section 3.1', but its place is Figure 3.1",
    "[section 5.2](#sec-05-on)": "a link says 'section 5.2', but its place is Section 5.1",
    "{ref}`chapter 4 <ch-05>`": "a link says 'chapter 4', but its place is Chapter 5",
    "See Figure 3.1 and Section 3.1.": "'Figure 3.1' is not a link",
    "[Figure 3.9](#fig-03-none)": "'myst' cross-reference target not found: 'fig-03-none'",
}


@pytest.mark.parametrize("text", STALE)
def test_a_reference_that_is_stale_is_a_warning(tmp_path: Path, text: str) -> None:
    """The site is built with warnings as errors."""
    _, said = build(small_book(tmp_path, f"(sec-03-start)=\n## Start\n\n{text}"), "dummy")
    assert STALE[text] in said


@pytest.mark.parametrize(
    "text",
    ["Figure 15.3", "figure 15.3", "15.3", "the 8 waves", "Figure 15.3: waves", "chapter 15"],
)
def test_what_a_link_may_say(text: str) -> None:
    assert numbered_places.stale(text, "Figure 15.3") == ""


# The book itself ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_page_of_a_chapter_has_the_numbers_of_its_notebook(html: Path, name: str) -> None:
    notebook, number = read(ROOT / f"{name}.ipynb"), int(name.partition("/")[2][:2])
    content = soup(html / f"{name}.html")
    shown = [NUMBER.match(h.get_text()) for h in content.select("article :is(h2, h3, h4)")]
    assert [found and found[1] for found in shown] == [
        section.number for section in sections(notebook, number)
    ]
    framed = [
        (figure["id"], figure.select_one(".figure-number").get_text(), figure.img["alt"])  # type: ignore[union-attr]
        for figure in content.select("figure.numbered")
    ]
    assert framed == [
        (one.name, f"Figure {one.number}", one.alt) for one in figures(notebook, number)
    ]
    assert not content.select("article div.cell_output > img")


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_contents_beside_a_chapter_have_its_numbers(html: Path, name: str) -> None:
    notebook, number = read(ROOT / f"{name}.ipynb"), int(name.partition("/")[2][:2])
    beside = soup(html / f"{name}.html").select_one(".bd-sidebar-secondary nav")
    assert isinstance(beside, Tag)
    listed = [NUMBER.match(a.get_text().strip()) for a in beside.select("a")]
    assert [found and found[1] for found in listed] == [
        section.number for section in sections(notebook, number) if section.number.count(".") < 3
    ]


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name not in CHAPTERS])
def test_exercises_have_no_numbers_of_sections_and_figures(html: Path, name: str) -> None:
    assert not soup(html / f"{name}.html").select(".section-number, figure.numbered")
