"""A link to a term shows its definition, and stays a link."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.site.live import LivePage, live_page
from tests.site.pages import PAGES, soup

pytestmark = pytest.mark.browser

CHAPTER = "chapters/06_automatic_differentiation"
READING = "book/using/reading"  # no formula stands on this page


@contextmanager
def opened(browser: Browser, url: str, name: str, **options: object) -> Iterator[LivePage]:
    with live_page(browser, url, **options) as live:
        live.page.goto(f"{url}{name}.html")
        yield live


def term(page: Page, name: str) -> Locator:
    return page.locator(f'article a.reference.internal[href*="#term-{name}"]').first


def tip(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def test_every_link_to_a_term_has_a_definition_to_show(html: Path) -> None:
    """Also terms with two names: a definition follows, after whatever other names."""
    glossary = soup(html / "book/glossary.html")
    terms = {
        str(link["href"]).partition("#")[2]
        for name in PAGES
        for link in soup(html / f"{name}.html").select('a.reference.internal[href*="#term-"]')
    }
    assert len(terms) > 40
    for name in terms:
        entry = glossary.find(id=name)
        assert entry is not None, name
        definition = entry.find_next_sibling("dd")
        assert definition is not None, name
        assert len(definition.get_text()) > 10, name


def test_hover_shows_and_leaving_hides(browser: Browser, url: str) -> None:
    with opened(browser, url, READING) as live:
        term(live.page, "array").hover()
        expect(tip(live.page)).to_contain_text("block of memory")
        tip(live.page).hover()  # the pointer may go there and read
        expect(tip(live.page)).to_be_visible()
        live.page.locator("article h1").hover()
        expect(tip(live.page)).to_be_hidden()
        assert live.left == []
        assert live.complaints == []


def test_keyboard_focus_shows_escape_closes_and_enter_follows(browser: Browser, url: str) -> None:
    with opened(browser, url, READING) as live:
        link = term(live.page, "gradient")
        link.focus()
        expect(tip(live.page)).to_be_visible()
        expect(link).to_have_accessible_description(tip(live.page).inner_text().replace("\n", " "))
        live.page.keyboard.press("Escape")
        expect(tip(live.page)).to_be_hidden()
        expect(link).to_be_focused()
        link.blur()
        link.focus()
        expect(tip(live.page)).to_be_visible()
        live.page.keyboard.press("Tab")
        expect(tip(live.page)).to_be_hidden()
        link.focus()
        live.page.keyboard.press("Enter")
        live.page.wait_for_url("**/book/glossary.html#term-gradient")


def test_first_touch_shows_and_the_second_follows(browser: Browser, url: str) -> None:
    size = {"width": 390, "height": 844}
    with opened(browser, url, READING, viewport=size, has_touch=True) as live:
        link = term(live.page, "array")
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


def test_formulas_of_a_definition_are_set(browser: Browser, url: str) -> None:
    with opened(browser, url, CHAPTER) as live:
        term(live.page, "adjoint").focus()
        expect(tip(live.page).locator(".katex").first).to_be_visible()
        assert "\\(" not in tip(live.page).inner_text()
        assert live.complaints == []


def test_formulas_are_set_also_where_the_page_has_none(browser: Browser, url: str) -> None:
    """KaTeX is then taken from where the glossary takes it."""
    with opened(browser, url, READING) as live:
        assert live.page.evaluate("window.katex === undefined")
        live.page.evaluate("""() => {
          const link = document.querySelector('article a[href*="#term-array"]');
          link.href = link.href.replace("#term-array", "#term-ReLU");
        }""")
        term(live.page, "ReLU").focus()
        expect(tip(live.page).locator(".katex").first).to_be_visible(timeout=20_000)
        assert live.left == []
        assert live.complaints == []


def test_without_javascript_a_term_is_a_link(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}{READING}.html")
    term(page, "array").click()
    page.wait_for_url("**/book/glossary.html#term-array")
    context.close()
