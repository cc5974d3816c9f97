"""A link to a term shows its definition, and stays a link."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Locator, Page, expect

from tests.site.live import LivePage, live_page
from tests.site.pages import PAGES, soup

pytestmark = pytest.mark.browser

CHAPTER = "chapters/06_automatic_differentiation"
READING = "book/using/reading"  # no formula stands on this page


@pytest.fixture(scope="module")
def desk(browser: Browser, url: str) -> Iterator[LivePage]:
    with live_page(browser, url) as live:
        yield live


def visit(live: LivePage, name: str) -> Page:
    """Open a page anew, and watch it from there."""
    live.complaints.clear()
    live.requests.clear()
    live.page.mouse.move(0, 0)  # else it may rest on a term
    live.page.goto(f"{live.url}{name}.html")
    return live.page


def term(page: Page, name: str) -> Locator:
    return page.locator(f'article a.reference.internal[href*="#term-{name}"]').first


def tip(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def linked_terms(path: Path) -> set[str]:
    """The terms that a page links to; only the tags that may be such links are parsed."""
    tags = re.findall(r"<a\b[^>]*>", path.read_text(encoding="utf-8"))
    links = BeautifulSoup("".join(tag for tag in tags if "#term-" in tag), "html.parser")
    found = links.select('a.reference.internal[href*="#term-"]')
    return {str(link["href"]).partition("#")[2] for link in found}


def test_every_link_to_a_term_has_a_definition_to_show(html: Path) -> None:
    """Also terms with two names: a definition follows, after whatever other names."""
    glossary = soup(html / "book/glossary.html")
    terms = set().union(*(linked_terms(html / f"{name}.html") for name in PAGES))
    assert len(terms) > 40
    for name in terms:
        entry = glossary.find(id=name)
        assert entry is not None, name
        definition = entry.find_next_sibling("dd")
        assert definition is not None, name
        assert len(definition.get_text()) > 10, name


def test_hover_shows_and_leaving_hides(desk: LivePage) -> None:
    page = visit(desk, READING)
    term(page, "array").hover()
    expect(tip(page)).to_contain_text("block of memory")
    tip(page).hover()  # the pointer may go there and read
    expect(tip(page)).to_be_visible()
    page.locator("article h1").hover()
    expect(tip(page)).to_be_hidden()
    assert desk.left == []
    assert desk.complaints == []


def test_keyboard_focus_shows_escape_closes_and_enter_follows(desk: LivePage) -> None:
    page = visit(desk, READING)
    link = term(page, "gradient")
    link.focus()
    expect(tip(page)).to_be_visible()
    expect(link).to_have_accessible_description(tip(page).inner_text().replace("\n", " "))
    page.keyboard.press("Escape")
    expect(tip(page)).to_be_hidden()
    expect(link).to_be_focused()
    link.blur()
    link.focus()
    expect(tip(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(tip(page)).to_be_hidden()
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/glossary.html#term-gradient")


def test_first_touch_shows_and_the_second_follows(browser: Browser, url: str) -> None:
    size = {"width": 390, "height": 844}
    with live_page(browser, url, viewport=size, has_touch=True) as live:
        link = term(visit(live, READING), "array")
        link.tap()
        expect(tip(live.page)).to_be_visible()
        box = tip(live.page).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"]
        live.page.locator("article h1").tap()
        expect(tip(live.page)).to_be_hidden()
        link.tap()
        expect(tip(live.page)).to_be_visible()
        link.tap()
        live.page.wait_for_url("**/book/glossary.html#term-array")


def test_formulas_of_a_definition_are_set(desk: LivePage) -> None:
    page = visit(desk, CHAPTER)
    term(page, "adjoint").focus()
    expect(tip(page).locator(".katex").first).to_be_visible()
    assert "\\(" not in tip(page).inner_text()
    assert desk.complaints == []


def test_formulas_are_set_also_where_the_page_has_none(desk: LivePage) -> None:
    """Their style is then taken from where the glossary takes it."""
    page = visit(desk, READING)
    assert page.locator('link[href*="katex"]').count() == 0
    page.evaluate("""() => {
      const link = document.querySelector('article a[href*="#term-array"]');
      link.href = link.href.replace("#term-array", "#term-ReLU");
    }""")
    term(page, "ReLU").focus()
    expect(tip(page).locator(".katex").first).to_be_visible(timeout=20_000)
    page.wait_for_function(
        "getComputedStyle(document.querySelector('.katex-mathml')).clipPath !== 'none'"
    )
    assert desk.left == []
    assert desk.complaints == []


def test_without_javascript_a_term_is_a_link(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}{READING}.html")
    term(page, "array").click()
    page.wait_for_url("**/book/glossary.html#term-array")
    context.close()
