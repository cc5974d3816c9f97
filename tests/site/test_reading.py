"""What a reader does: search, copy, switch to dark, follow links, use the keyboard."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.site.pages import ROOT

pytestmark = pytest.mark.browser

CHAPTER = "chapters/06_automatic_differentiation"


@pytest.fixture(scope="module")
def context(browser: Browser, url: str) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=url,
        viewport={"width": 1280, "height": 900},
        permissions=["clipboard-read", "clipboard-write"],
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A new page of one reader, who keeps nothing between two tests but what was fetched."""
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    page.evaluate("localStorage.clear(), sessionStorage.clear()")
    page.close()


def open_chapter(page: Page) -> None:
    page.goto(f"{CHAPTER}.html")


def test_front_door_leads_to_the_first_page(page: Page) -> None:
    page.goto("index.html")
    page.wait_for_url("**/book/index.html")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Deep Learning, Line by Line")


def test_search_finds_a_chapter_and_an_entry_of_the_reference(page: Page) -> None:
    page.goto("book/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("gradcheck")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=gradcheck*")
    results = page.locator("#search-results ul.search li a")
    expect(results.first).to_be_visible()
    expect(page.locator('#search-results a[href*="book/api/derivatives"]').first).to_be_visible()
    expect(page.locator(f'#search-results a[href*="{CHAPTER}"]').first).to_be_visible()


def test_there_is_one_search_field_on_a_desk(page: Page) -> None:
    page.goto("book/index.html")
    fields = page.locator(".search-button-field, .search-button__button")
    assert sum(field.is_visible() for field in fields.all()) == 1


def test_copy_button_copies_the_code_of_the_cell(page: Page) -> None:
    open_chapter(page)
    notebook = json.loads((ROOT / f"{CHAPTER}.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    block = page.locator("div.cell_input").first
    block.hover()
    block.locator("button.copybtn").click()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.strip() == "".join(cell["source"]).strip()


def test_every_code_cell_has_a_copy_button(page: Page) -> None:
    open_chapter(page)
    cells = page.locator("div.cell_input")
    assert cells.count() > 5
    assert page.locator("div.cell_input button.copybtn").count() == cells.count()


def test_download_gives_the_notebook(page: Page, tmp_path: Path) -> None:
    open_chapter(page)
    page.locator(".dropdown-download-buttons > button").click()
    with page.expect_download() as download:
        page.locator(".dropdown-download-buttons a[href$='.ipynb']").click()
    file = tmp_path / "chapter.ipynb"
    download.value.save_as(file)
    stored = json.loads((ROOT / f"{CHAPTER}.ipynb").read_text(encoding="utf-8"))
    same = json.loads(file.read_text(encoding="utf-8")) == stored
    assert same, "the chapter has changed since the site was built: run 'make book' again"


def test_theme_button_switches_and_is_remembered(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    open_chapter(page)
    button = page.locator(".article-header-buttons .theme-switch-button")
    for _ in range(3):  # auto, light, dark, in this order from wherever it stands
        if page.evaluate("document.documentElement.dataset.mode") == "dark":
            break
        button.click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.goto("book/index.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_prose_leads_to_the_reference_and_back(page: Page) -> None:
    open_chapter(page)
    link = page.locator('article a[href*="book/api/"][href*="#dlcore."]').first
    anchor = (link.get_attribute("href") or "").partition("#")[2]
    link.click()
    page.wait_for_url(f"**/book/api/**#{anchor}")
    entry = page.locator(f'dt[id="{anchor}"] + dd')
    entry.locator(f'a[href*="{CHAPTER}"]').last.click()
    page.wait_for_url(f"**/{CHAPTER}.html")


def test_citation_leads_to_the_bibliography(page: Page) -> None:
    open_chapter(page)
    page.locator('article a[href*="bibliography"]').first.click()
    page.wait_for_url("**/book/bibliography.html#**")
    expect(page.locator("div.citation:target, div.citation :target").first).to_be_visible()


def test_first_tab_offers_to_skip_to_the_text(page: Page) -> None:
    open_chapter(page)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("Skip to main content")
    expect(focused).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.wait_for_url("**#main-content")


def test_focus_can_be_seen_wherever_it_goes(page: Page) -> None:
    open_chapter(page)
    seen = """() => {
      const e = document.activeElement, style = getComputedStyle(e);
      return {name: e.outerHTML.slice(0, 120), in_body: e === document.body,
              outline: style.outlineStyle, width: parseFloat(style.outlineWidth)};
    }"""
    for _ in range(40):
        page.keyboard.press("Tab")
        focus = page.evaluate(seen)
        assert not focus["in_body"]
        assert focus["outline"] not in ("none", "hidden"), focus["name"]
        assert focus["width"] >= 2, focus["name"]


def test_contents_open_on_a_phone(browser: Browser, url: str) -> None:
    context = browser.new_context(base_url=url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{CHAPTER}.html")
    link = page.locator("#pst-primary-sidebar-modal a, .bd-sidebar-primary a").filter(
        has_text="Glossary"
    )
    assert not link.first.is_visible()
    page.get_by_role("button", name="Toggle primary sidebar").click()
    expect(link.locator("visible=true").first).to_be_visible()
    context.close()
