"""When something does not come, or is not kept, the reader is told, and can go on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.site.live import CHAPTER, LivePage, live_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ALONE = "symbolic-swell"
NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {
    configurable: true, get() { throw new DOMException("off"); } });
"""
FULL_STORAGE = "Storage.prototype.setItem = () => { throw new DOMException('full'); };"


@pytest.fixture
def fresh(browser: Browser, url: str) -> Iterator[LivePage]:
    with live_page(browser, url) as live:
        yield live


def missing(route: Route) -> None:
    route.fulfill(status=404, body="not here")


def damaged(route: Route) -> None:
    kind = "application/wasm" if route.request.url.endswith("wasm") else "application/octet-stream"
    route.fulfill(status=200, body=b"not what was asked for", content_type=kind)


@pytest.mark.parametrize("file", ["pyodide.asm.wasm", "python_stdlib.zip", "numpy-*.whl"])
def test_file_of_python_that_does_not_come_whole_is_named(fresh: LivePage, file: str) -> None:
    """Python itself would wait for ever, or go on without."""
    fresh.open()
    for answer in (missing, damaged):
        fresh.page.context.route(f"**/{file}", answer)
        fresh.cell(ALONE).locator(".run").click()
        fresh.says("Python could not be started")
        fresh.says(file.split("*")[0])
        expect(fresh.cell(ALONE)).to_contain_text("not run")
        fresh.page.context.unroute(f"**/{file}")
        fresh.page.locator(".live-says").evaluate("says => says.textContent = ''")
    assert fresh.run(ALONE).startswith("1 products")


def test_page_whose_scripts_do_not_come_says_so(fresh: LivePage) -> None:
    fresh.page.context.route("**/runner.mjs", missing)
    fresh.page.goto(f"{fresh.url}{CHAPTER}.html")
    expect(fresh.page.locator("#live-note")).to_contain_text("Reload it to try again")


def test_reader_without_a_network_is_told(fresh: LivePage) -> None:
    fresh.open()
    fresh.page.context.set_offline(True)
    fresh.cell(ALONE).locator(".run").click()
    fresh.says("cannot be reached")
    fresh.page.context.set_offline(False)
    assert fresh.run(ALONE).startswith("1 products")


@pytest.mark.parametrize("storage", [NO_STORAGE, FULL_STORAGE])
def test_browser_that_keeps_nothing(fresh: LivePage, storage: str) -> None:
    """The page works as ever, and says that an edit will not last."""
    fresh.page.add_init_script(storage)
    fresh.open()
    theme = fresh.page.locator("html").get_attribute("data-theme")
    fresh.page.locator(".theme-switch-button").locator("visible=true").first.click()
    fresh.page.wait_for_function("old => document.documentElement.dataset.theme !== old", arg=theme)
    fresh.write(ALONE, "print('mine')")
    fresh.says("lasts until you leave")
    assert fresh.run(ALONE) == "mine"
    assert fresh.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_are_right_before_the_theme_has_come(fresh: LivePage, scheme: str) -> None:
    """On a slow line its script comes seconds after the text."""
    fresh.page.context.route("**/pydata-sphinx-theme.js*", lambda route: route.abort())
    fresh.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    fresh.page.goto(f"{fresh.url}{CHAPTER}.html")
    expect(fresh.page.locator("html")).to_have_attribute("data-theme", scheme)
    ground = fresh.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")


def test_restoring_a_cell_does_not_raise_the_keyboard_of_a_phone(fresh: LivePage) -> None:
    fresh.open()
    fresh.write(ALONE, "1")
    fresh.cell(ALONE).get_by_role("button", name="Restore").click()
    expect(fresh.cell(ALONE).locator(".run")).to_be_focused()


def test_on_a_slow_line_the_reader_is_told_how_long_it_will_take(fresh: LivePage) -> None:
    fresh.open()
    told = f"async (now) => (await import('{fresh.url}live/runner.mjs')).told(...now)"
    moments = [(1e6, 29e6, 3), (1e6, 29e6, 5), (14.5e6, 29e6, 77), (29e6, 29e6, 154), (0, 29e6, 9)]
    assert [fresh.page.evaluate(told, moment) for moment in moments] == [
        "Fetching Python: 1.0 of 29.0 MB",
        "Fetching Python: 1.0 of 29.0 MB, about 3 min left",
        "Fetching Python: 14.5 of 29.0 MB, about 80 s left",
        "Starting Python",
        "Fetching Python: 0.0 of 29.0 MB",
    ]
