"""The front page: in one screen what this is, something that runs, and the four ways on."""

import re
from pathlib import Path

import pytest
from bs4 import Tag
from playwright.sync_api import Browser

from tests.site.live import live_page
from tests.site.pages import ROOT, soup

pytestmark = pytest.mark.browser

CELL = "first-network"
WAYS = ["Read", "Run the notebooks", "Solve exercises", "Teach with it"]


def test_code_and_what_it_printed_stand_on_the_page(html: Path) -> None:
    page = soup(html / "book" / "index.html")
    code, printed = (
        page.select_one(f"#cell-{CELL} {part} pre") for part in (".cell_input", ".cell_output")
    )
    assert isinstance(code, Tag)
    assert isinstance(printed, Tag)
    source = (ROOT / "book" / "first_network.py").read_text(encoding="utf-8")
    assert code.text.strip() == source.strip()
    assert re.fullmatch(r"loss \d\.\d{3}\n", printed.text)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_screen_shows_the_run_button_and_the_four_ways(
    browser: Browser, url: str, scheme: str
) -> None:
    size = {"width": 1280, "height": 900}
    with live_page(browser, url, viewport=size, color_scheme=scheme) as live:
        live.open("book/index")
        run = live.cell(CELL).get_by_role("button", name="Run").bounding_box()
        assert run is not None
        assert run["y"] + run["height"] <= size["height"]
        cards = live.page.locator(".doors .sd-card")
        assert [
            title.strip() for title in cards.locator(".sd-card-title").all_inner_texts()
        ] == WAYS
        for card in cards.all():
            box = card.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= size["height"]


def test_phone_shows_the_run_button_without_scrolling(browser: Browser, url: str) -> None:
    size = {"width": 390, "height": 844}
    with live_page(browser, url, viewport=size) as live:
        live.open("book/index")
        run = live.cell(CELL).get_by_role("button", name="Run").bounding_box()
        assert run is not None
        assert run["y"] + run["height"] <= size["height"]


def test_first_network_learns_in_the_page_as_it_did_for_the_book(
    browser: Browser, url: str
) -> None:
    """What is printed is what stood there; the picture is drawn anew; a change changes both."""
    with live_page(browser, url) as live:
        live.open("book/index")
        stored = live.cell(CELL).locator(".cell_output pre").inner_text()
        first = live.run(CELL)
        assert float(first.split()[1]) == pytest.approx(float(stored.split()[1]), abs=0.002)
        drawing = live.cell(CELL).locator(".text_html")
        assert drawing.locator("svg circle").count() == 300
        assert "half-moons" in (drawing.get_attribute("aria-label") or "")
        source = live.code(CELL).input_value()
        live.write(CELL, source.replace("data.moons(300", "data.moons(40").replace("200", "2"))
        second = live.run(CELL)
        assert float(second.split()[1]) > 10 * float(first.split()[1])
        assert drawing.locator("svg circle").count() == 40
        asked = [r for r in live.requests if "matplotlib" in r]
        assert asked == [], "the first run should not wait for matplotlib"
        assert live.left == []
        assert live.complaints == []
