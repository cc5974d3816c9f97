"""Live cells wherever a page is read: below a path, on a phone, in the dark, without scripts."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.site.conftest import QuietHandler
from tests.site.live import CHAPTER, live_page
from tests.site.test_every_page import PHONE, POOR_CONTRAST, TOO_WIDE, wait_for_theme

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ALONE = "symbolic-swell"


@pytest.fixture
def deep_url(html: Path, tmp_path: Path) -> Iterator[str]:
    """The site below a path of a server, as on a project's page."""
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "where").symlink_to(html)
    handler = functools.partial(QuietHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/some/where/"
        server.shutdown()
        thread.join()


def test_cells_run_under_a_sub_path(browser: Browser, deep_url: str) -> None:
    with live_page(browser, deep_url) as live:
        live.open()
        live.write(ALONE, "from dlcore import data\nprint(data.load_digits().images.shape)")
        assert live.run(ALONE) == "(1797, 8, 8)"
        assert live.left == []
        assert live.complaints == []


def test_cells_run_on_a_phone_in_the_dark(browser: Browser, url: str) -> None:
    with live_page(
        browser, url, viewport=PHONE, color_scheme="dark", has_touch=True, reduced_motion="reduce"
    ) as live:
        live.open()
        wait_for_theme(live.page, "dark")
        live.write(ALONE, "print('x' * 300)\nfig, _ = plot.panels()\ndisplay(fig)\n1 / 0")
        live.cell("imports").locator(".run").tap()
        live.finished("imports")
        live.cell(ALONE).locator(".run").tap()
        assert "ZeroDivisionError" in live.finished(ALONE)
        assert live.page.evaluate(TOO_WIDE) == []
        assert live.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert live.page.evaluate(POOR_CONTRAST) == []
        live.page.emulate_media(color_scheme="light")
        wait_for_theme(live.page, "light")
        assert live.page.evaluate(POOR_CONTRAST) == []
        small = """() => [...document.querySelectorAll(".live-button")]
            .filter(b => b.checkVisibility()).map(b => b.getBoundingClientRect())
            .filter(r => r.height < 24 || r.width < 24).length"""
        assert live.page.evaluate(small) == 0
        assert live.complaints == []
        assert live.left == []


def test_page_without_scripts_is_plain_and_says_why(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}{CHAPTER}.html")
    expect(page.locator("p.live-note:visible")).to_contain_text("where JavaScript is allowed")
    expect(page.locator(f"#cell-{ALONE} .cell_output")).to_contain_text("12 products")
    assert page.locator(".live-button").count() == 0
    context.close()


def test_page_opened_as_a_file_is_plain_and_says_why(browser: Browser, html: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto((html / f"{CHAPTER}.html").as_uri())
    expect(page.locator("#live-note")).to_contain_text("make serve")
    expect(page.locator(f"#cell-{ALONE} .cell_output")).to_contain_text("12 products")
    assert page.locator(".live-button").count() == 0
    context.close()
