"""When something does not come, or is not kept, the reader is told, and can go on."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.site.live import ALONE, CHAPTER, LivePage, live_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

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


def dropped(route: Route) -> None:
    route.abort()


LOST = [  # a file of Python, and how it does not come whole
    *itertools.product(
        ("pyodide.asm.wasm", "python_stdlib.zip", "numpy-*.whl"), (missing, damaged)
    ),
    ("python_stdlib.zip", dropped),
]


def fails_to_start(live: LivePage, why: str) -> None:
    """Run a cell, which must be told why Python does not start."""
    live.page.locator(".live-says").evaluate("says => says.textContent = ''")
    live.cell(ALONE).locator(".run").click()
    live.says("Python could not be started")
    live.says(why)
    expect(live.cell(ALONE)).to_contain_text("not run")
    expect(live.cell(ALONE)).to_have_attribute("aria-busy", "false")


def test_what_keeps_python_from_starting_is_named_until_it_starts(fresh: LivePage) -> None:
    """Python itself would wait for ever, or go on without.

    One reader meets it all, for each attempt begins anew: no network, then each file lost.
    """
    fresh.open()
    fresh.page.context.set_offline(True)
    fails_to_start(fresh, "cannot be reached")
    fresh.page.context.set_offline(False)
    for file, answer in LOST:
        fresh.page.context.route(f"**/{file}", answer)
        fails_to_start(fresh, file.split("*")[0])
        fresh.page.context.unroute(f"**/{file}")
    assert fresh.run(ALONE).startswith("1 products")
    for answer in (missing, dropped):
        loses_data(fresh, answer)
    assert fresh.run(ALONE) == "1797"


def loses_data(live: LivePage, answer: Callable[[Route], None]) -> None:
    """Run a cell whose data do not come: it ends, and Python lives on."""
    live.page.context.route("**/digits.csv.gz", answer)
    live.write(ALONE, "kept = 1\nfrom dlcore import data\nprint(len(data.load_digits().images))")
    assert "digits.csv.gz could not be fetched" in live.run(ALONE)
    live.says("digits.csv.gz could not be fetched")
    expect(live.cell(ALONE)).to_contain_text("raised an error")
    live.page.context.unroute("**/digits.csv.gz")
    live.write("push-rules", "print(kept)")
    assert live.run("push-rules").endswith("1")


def test_page_whose_scripts_do_not_come_says_so(fresh: LivePage) -> None:
    fresh.page.context.route("**/runner.mjs", missing)
    fresh.page.goto(f"{fresh.url}{CHAPTER}.html")
    expect(fresh.page.locator("#live-note")).to_contain_text("Reload it to try again")


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
