"""Each chapter has a deck of slides that lies with the site, and all that is on one has room."""

from pathlib import Path

import decks
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from tests.site.pages import CHAPTERS

PAGE = """<article><section id="seven"><h1>Seven</h1><p>Why <b>seven</b>?</p>
<div class="cell" id="cell-imports"><div class="cell_input"><pre>import os</pre></div></div>
<section id="one"><h2>7.1 One</h2><p>It leads on.</p><p>Let</p><div class="math">x</div>
<p>said <a href="#fig">there</a> and <a href="06.html#a">before</a></p>
<p><strong>Predict first.</strong> How many?</p>
<div class="cell" id="cell-a"><div class="cell_input"><pre>1\n2\n</pre></div>
<div class="guess"></div>
<div class="cell_output"><pre>3\n</pre></div></div>
<div class="cell" id="cell-b"><div class="cell_input"><pre>LONG</pre></div></div>
<div class="cell" id="cell-c"><div class="cell_input"><pre>plot</pre></div><div class="cell_output">
<figure id="fig"><img loading="lazy" src="../_images/a.webp"></figure></div></div>
</section></section></article>""".replace("LONG", "line\n" * (decks.LINES + 1))
STEPS = """() => Reveal.getSlides().map(slide => {
  const place = Reveal.getIndices(slide);
  Reveal.slide(place.h, place.v);
  return [slide.scrollHeight - slide.clientHeight, slide.scrollWidth - slide.clientWidth];
})"""


@pytest.fixture(scope="module")
def slides() -> list[list[str]]:
    """The columns of a small deck, each slide as it is written."""
    found = BeautifulSoup(decks.deck(PAGE, "07_seven"), "html.parser").select(".slides > section")
    return [[str(s) for s in one.find_all("section", recursive=False)] for one in found]


def test_a_section_is_a_column(slides: list[list[str]]) -> None:
    assert [len(column) for column in slides] == [1, 5]
    assert "<h1>Seven</h1><p>Why <b>seven</b>?</p>" in slides[0][0]
    assert all('<p class="place">7.1 One</p>' in slide for slide in slides[1][1:])


def test_a_formula_stands_under_the_words_that_lead_to_it(slides: list[list[str]]) -> None:
    assert '<p>Let</p><div class="math">x</div>' in slides[1][1]


def test_what_is_said_between_stands_in_the_notes_and_links_lead_to_the_page(
    slides: list[list[str]],
) -> None:
    notes = slides[1][1].partition("<aside")[2]
    assert '<a href="../chapters/07_seven.html#fig">there</a>' in notes
    assert '<a href="../chapters/06.html#a">before</a>' in notes


def test_a_prediction_comes_before_what_answers_it(slides: list[list[str]]) -> None:
    assert '<p class="asked"><strong>Predict first.</strong> How many?</p>' in slides[1][2]
    assert "3\n</pre>" in slides[1][3]
    assert "guess" not in slides[1][3]


def test_a_figure_has_a_slide_of_its_own_and_long_code_none(slides: list[list[str]]) -> None:
    assert '<figure><img src="../_images/a.webp"/></figure>' in slides[1][4]
    assert not any("line" in slide or "plot" in slide for column in slides for slide in column)


def test_each_chapter_has_a_deck_with_its_figures_and_predictions(html: Path) -> None:
    for name in CHAPTERS:
        page, deck = (
            BeautifulSoup((html / path).read_text("utf-8"), "html.parser")
            for path in (f"{name}.html", f"slides/{Path(name).name}.html")
        )
        assert len(deck.select("figure")) == len(page.select("article .cell figure")) > 3
        asked = [p for p in page.select("article p") if p.text.startswith("Predict first")]
        assert len(deck.select(".asked")) == len(asked) > 2


@pytest.mark.browser
@pytest.mark.parametrize("name", CHAPTERS)
def test_nothing_is_cut_off_and_nothing_asked_of_another_host(
    browser: Browser, url: str, name: str
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    asked, faults = list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(f"{url}slides/{Path(name).name}.html")
    page.wait_for_load_state("networkidle")
    assert max(map(max, page.evaluate(STEPS))) <= 0
    assert faults == [one for one in asked if not one.startswith(url)] == []
    page.close()
