"""Weight and access: pages are light, and axe-core finds nothing serious on any kind of page."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Response, ViewportSize

from tests.site.live import live_page
from tests.site.pages import CHAPTERS
from tests.site.test_every_page import POOR_CONTRAST, wait_for_theme

pytestmark = pytest.mark.browser

Theme = Literal["light", "dark"]
KINDS = {
    "front": "book/index",
    "chapter": "chapters/06_automatic_differentiation",
    "exercise": "exercises/06_automatic_differentiation",
    "playground": "book/playground",
    "reference": "book/api/functional",
    "glossary": "book/glossary",
    "results": "book/numbers",
    "teaching": "book/teaching",
}
SIZES = {"desk": ViewportSize(width=1280, height=900), "phone": ViewportSize(width=390, height=844)}
BUDGET = 1_500_000  # bytes that a chapter may ask for before Python is
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = f"""() => axe.run(document, {{
  resultTypes: ["violations"], runOnly: {{type: "tag", values: {TAGS}}}}})"""


def violations(page: Page) -> list[str]:
    """What axe-core holds to be serious or critical, one line for each element."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(AXE)["violations"]
    return [
        f"{one['id']}: {node['html'][:150]} {node.get('failureSummary', '')}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def settle(page: Page, name: str, url: str) -> None:
    """Open a page, and wait until it asks for nothing more."""
    page.goto(f"{url}{name}.html")
    page.wait_for_load_state("networkidle")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(120_000)
    yield page
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "theme", "other"), [("desk", "light", "dark"), ("phone", "dark", "light")]
)
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_serious(
    page: Page, url: str, kind: str, size: str, theme: Theme, other: Theme
) -> None:
    """Every rule on both sizes and in both schemes; of the other scheme, what depends on it."""
    page.set_viewport_size(SIZES[size])
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    settle(page, KINDS[kind], url)
    wait_for_theme(page, theme)
    assert violations(page) == []
    page.emulate_media(color_scheme=other, reduced_motion="reduce")
    wait_for_theme(page, other)
    assert page.evaluate(POOR_CONTRAST) == []


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


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_light(browser: Browser, url: str, name: str, size: str) -> None:
    """Every byte that the first view asks for, as it lies on the host: nothing is compressed."""
    context = browser.new_context(viewport=SIZES[size])
    page = context.new_page()
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    settle(page, name, url)
    weights = {response.url: len(response.body()) for response in responses}
    context.close()
    assert any(address.endswith(f"{name}.html") for address in weights)
    heaviest = sorted(((size, address) for address, size in weights.items()), reverse=True)[:6]
    assert sum(weights.values()) < BUDGET, heaviest


@pytest.mark.parametrize("name", CHAPTERS)
def test_figures_below_are_fetched_when_they_come_near(
    browser: Browser, url: str, name: str
) -> None:
    """A place is kept for each, so that nothing moves when it arrives."""
    context = browser.new_context(viewport=SIZES["phone"])
    page = context.new_page()
    settle(page, name, url)
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
    context.close()


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


@pytest.mark.parametrize("kind", ["front", "chapter", "playground"])
def test_nothing_moves_for_readers_who_ask_for_stillness(page: Page, url: str, kind: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    settle(page, KINDS[kind], url)
    moving = """() => [...document.querySelectorAll("body, body *")].filter(e => {
        const s = getComputedStyle(e);
        const lasts = t => t.split(",").some(d => parseFloat(d) > 0.01);
        return (s.transitionProperty !== "none" && lasts(s.transitionDuration))
          || (s.animationName !== "none" && lasts(s.animationDuration));
      }).map(e => `${e.tagName}.${e.className}`).slice(0, 5)"""
    assert page.evaluate(moving) == []
