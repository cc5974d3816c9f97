"""Weight and access: pages are light, and whoever reads by keyboard or ear finds the way."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Response, ViewportSize

from tests.site.live import live_page
from tests.site.pages import CHAPTERS
from tests.site.test_every_page import KINDS, violations

pytestmark = pytest.mark.browser

SIZES = {"desk": ViewportSize(width=1280, height=900), "phone": ViewportSize(width=390, height=844)}
SHIFT = """new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (!entry.hadRecentInput) window.shift = (window.shift ?? 0) + entry.value;
})).observe({type: "layout-shift", buffered: true})"""
BUDGET = 1_500_000  # bytes that a page may ask for before Python is


def settle(page: Page, name: str, url: str) -> None:
    """Open a page, and wait until it asks for nothing more."""
    page.goto(f"{url}{name}.html")
    page.wait_for_load_state("networkidle")


@dataclass
class View:
    """The first view of a page, in a browser that was never there."""

    name: str
    page: Page
    weights: dict[str, int]  # bytes of all that it asked for, as they lie on the host


PHONES = [(name, "phone") for name in CHAPTERS]
VIEWS = [*PHONES, *((name, "desk") for name in (*CHAPTERS, KINDS["exercise"]))]


@pytest.fixture(scope="module")
def view(browser: Browser, url: str, request: pytest.FixtureRequest) -> Iterator[View]:
    """One visit for all tests that look at a page of one size."""
    name, size = request.param
    context = browser.new_context(viewport=SIZES[size])
    context.add_init_script(SHIFT)
    page = context.new_page()
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    settle(page, name, url)
    yield View(name, page, {response.url: len(response.body()) for response in responses})
    context.close()


@pytest.mark.slow
def test_axe_finds_nothing_serious_in_what_a_run_adds(browser: Browser, url: str) -> None:
    """The drawing, the strip at the foot, the mark of a changed cell and a traceback."""
    with live_page(browser, url, reduced_motion="reduce") as live:
        live.open("book/index")
        live.run("first-network")
        assert violations(live.page) == []
        live.write("first-network", "1 / 0")
        live.run("first-network")
        assert violations(live.page) == []


@pytest.mark.parametrize("view", VIEWS, ids="-".join, indirect=True)
def test_a_page_is_light(view: View) -> None:
    """Every byte that the first view asks for; nothing is compressed."""
    assert any(address.endswith(f"{view.name}.html") for address in view.weights)
    assert len(view.weights) > 10
    heaviest = sorted(((size, what) for what, size in view.weights.items()), reverse=True)[:6]
    assert sum(view.weights.values()) < BUDGET, heaviest


@pytest.mark.parametrize("view", VIEWS, ids="-".join, indirect=True)
def test_nothing_moves_while_a_page_comes(view: View) -> None:
    assert view.page.evaluate("window.shift ?? 0") < 0.1


@pytest.mark.parametrize("view", PHONES, ids="-".join, indirect=True)
def test_figures_below_are_fetched_when_they_come_near(view: View) -> None:
    """A place is kept for each, so that nothing moves when it arrives."""
    page = view.page
    figures = page.locator("article .cell_output img")
    states = figures.evaluate_all(
        "all => all.map(i => [i.complete, i.getAttribute('width') > 0, i.loading])"
    )
    assert {(has_place, loading) for _, has_place, loading in states} == {(True, "lazy")}
    assert not all(arrived for arrived, _, _ in states)
    height = page.evaluate("document.documentElement.scrollHeight")
    figures.evaluate_all(
        "all => Promise.all(all.map(i => { i.loading = 'eager'; return i.decode() }))"
    )
    assert page.evaluate("document.documentElement.scrollHeight") == height


@pytest.mark.parametrize("kind", ["front", "exercise"])
def test_focus_is_seen_on_every_stop(browser: Browser, url: str, kind: str) -> None:
    """From the top of the page by Tab alone: each stop is visible, has a name and an outline."""
    seen = """() => {
      const e = document.activeElement;
      const seen = e.closest(".sd-card:has(> .sd-stretched-link)") ?? e; // the link covers its card
      const style = getComputedStyle(seen);
      const boxes = [seen, ...seen.children].map(part => part.getBoundingClientRect());
      const names = [e.ariaLabel, e.textContent, e.title, e.labels?.[0]?.innerText, e.placeholder];
      return {what: e.outerHTML.slice(0, 150), body: e === document.body,
              name: names.some(name => name?.trim()),
              outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
              there: boxes.some(box => box.width > 0 && box.height > 0)};
    }"""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    settle(page, KINDS[kind], url)
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(seen)
        if stop["body"]:
            break  # past the last one, back to the browser
        assert stop["name"], stop["what"]
        assert stop["outline"], stop["what"]
        assert stop["there"], stop["what"]
    context.close()
