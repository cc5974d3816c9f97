"""Live cells wherever a page is read: below a path, on a phone, in the dark, without scripts."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.site.conftest import QuietHandler
from tests.site.live import ALONE, CHAPTER, LivePage, live_page
from tests.site.test_every_page import PHONE, POOR_CONTRAST, TOO_WIDE, wait_for_theme

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def deep_url(html: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site below a path of a server, as on a project's page."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "some").mkdir()
    (folder / "some" / "where").symlink_to(html)
    handler = functools.partial(QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/some/where/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def phone(browser: Browser, deep_url: str) -> Iterator[LivePage]:
    """A phone in the dark that reads the chapter there, and has started Python by touch."""
    with live_page(
        browser,
        deep_url,
        viewport=PHONE,
        color_scheme="dark",
        has_touch=True,
        reduced_motion="reduce",
    ) as live:
        live.open()
        wait_for_theme(live.page, "dark")
        live.cell("imports").locator(".run").tap()
        live.finished("imports")
        yield live


def test_cells_run_under_a_sub_path(phone: LivePage) -> None:
    phone.write(ALONE, "from dlcore import data\nprint(data.load_digits().images.shape)")
    assert phone.run(ALONE) == "(1797, 8, 8)"
    assert phone.left == []
    assert phone.complaints == []


def test_cells_run_on_a_phone_in_the_dark(phone: LivePage) -> None:
    phone.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    wait_for_theme(phone.page, "dark")
    phone.write(ALONE, "print('x' * 300)\nfig, _ = plot.panels()\ndisplay(fig)\n1 / 0")
    phone.cell(ALONE).locator(".run").tap()
    assert "ZeroDivisionError" in phone.finished(ALONE)
    assert phone.page.evaluate(TOO_WIDE) == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert phone.page.evaluate(POOR_CONTRAST) == []
    phone.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    wait_for_theme(phone.page, "light")
    assert phone.page.evaluate(POOR_CONTRAST) == []
    small = """() => [...document.querySelectorAll(".live-button")]
        .filter(b => b.checkVisibility()).map(b => b.getBoundingClientRect())
        .filter(r => r.height < 24 || r.width < 24).length"""
    assert phone.page.evaluate(small) == 0
    assert phone.complaints == []
    assert phone.left == []


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
