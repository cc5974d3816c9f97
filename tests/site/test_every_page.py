"""Every page in a real browser: nothing leaves the site, nothing breaks, everything can be read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, ViewportSize

from tests.site.pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
KINDS = {
    "front": "book/index",
    "chapter": "chapters/06_automatic_differentiation",
    "exercise": "exercises/06_automatic_differentiation",
    "playground": "book/playground",
    "reference": "book/api/functional",
    "glossary": "book/glossary",
    "results": "book/numbers",
    "teaching": "book/teaching",
    "progress": "book/progress",
}

# Text whose contrast with what lies behind it is below WCAG's level AA.
POOR_CONTRAST = """() => {
  const parse = c => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const channels = c => {
    const [r, g, b, a = 1] = c.startsWith("color(srgb")
      ? parse(c.slice(10)).map((x, i) => i < 3 ? 255 * x : x) : parse(c);
    return [r, g, b, a];
  };
  const over = (top, below) => top.slice(0, 3).map((x, i) => x * top[3] + below[i] * (1 - top[3]));
  const behind = e => {
    const layers = [];
    for (let n = e; n; n = n.parentElement) {
      const colour = channels(getComputedStyle(n).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const luminance = c => c.slice(0, 3)
    .map(x => x / 255).map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const poor = new Set();
  for (const e of document.querySelectorAll("body *")) {
    const style = getComputedStyle(e);
    const isFigure = e.matches("div.cell_output img");
    const hasText = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const seen = e.checkVisibility({opacityProperty: true, visibilityProperty: true});
    const unread = e.closest("[aria-hidden=true], .visually-hidden, dialog");
    if (!(hasText || isFigure) || !seen || unread) continue;
    const ground = behind(e);
    const times = parseFloat(style.filter.split("brightness(")[1] ?? 1);
    const ink = isFigure ? [1, 1, 1].map(x => 0x76 * times) : over(channels(style.color), ground);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const found = ratio(ink, ground);
    const colours = `${style.color} on ${ground.map(Math.round)}`;
    if (found < (large ? 3 : 4.5))
      poor.add(`${e.tagName}.${e.className}: ${found.toFixed(2)}, ${colours}`);
  }
  return [...poor].slice(0, 8);
}"""

# Elements that reach past the right edge without scrolling in a box of their own.
TOO_WIDE = """() => {
  const scrolls = e => ["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowX);
  const boxed = e => { for (let n = e.parentElement; n && n !== document.body; n = n.parentElement)
    if (scrolls(n) && n.scrollWidth > n.clientWidth) return true; return false; };
  return [...document.querySelectorAll("article *:not(svg *)")] // an svg clips what it holds
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !boxed(e))
    .map(e => `${e.tagName}.${e.className}`).slice(0, 5);
}"""

# Elements that move although the reader asked for stillness.
MOVING = """() => [...document.querySelectorAll("body, body *")].filter(e => {
    const s = getComputedStyle(e);
    const lasts = t => t.split(",").some(d => parseFloat(d) > 0.01);
    return (s.transitionProperty !== "none" && lasts(s.transitionDuration))
      || (s.animationName !== "none" && lasts(s.animationDuration));
  }).map(e => `${e.tagName}.${e.className}`).slice(0, 5)"""

# What cannot be read on a phone: lines of code and formulas that go on beyond the edge, signs that
# lie under a button, figures in small print (the smallest letters have 11 pixels at 88 an inch).
SMALL = """() => {
  const all = selector => [...document.querySelectorAll("article " + selector)];
  const wide = all(".live-editor, div:not(.cell_output) > div > div.highlight > pre")
    .filter(e => e.scrollWidth > e.clientWidth + 1);
  const broken = all("span.math .katex:not(.long) .katex-html")
    .filter(e => e.getClientRects().length > 1);
  const meets = (a, b) => a.left < b.right && b.left < a.right
    && a.top < b.bottom && b.top < a.bottom;
  const covered = all(".live-editor").filter(code => {
    const button = code.closest(".highlight").querySelector(".copybtn");
    return button && meets(button.getBoundingClientRect(), code.getBoundingClientRect());
  });
  const small = all("div.cell_output img[style*=shown]")
    .filter(e => !e.closest(".front") && e.getBoundingClientRect().width
      < 0.78 * parseFloat(e.style.getPropertyValue("--shown")));
  return [...wide, ...broken, ...covered, ...small]
    .map(e => `${e.tagName}.${e.className}`).slice(0, 5);
}"""

# What is looked at must be seen: the reader's switch shows all results.
NOTHING_FOLDED = "if (location.protocol !== 'about:') localStorage.setItem('results', 'shown')"

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = f"""() => axe.run(document, {{
  resultTypes: ["violations"], runOnly: {{type: "tag", values: {TAGS}}}}})"""


@dataclass
class Watched:
    """A page, what it complained about, and where it wanted to go."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def open(self, name: str) -> None:
        """Open a page of the site; its mathematics is set before it has loaded."""
        self.complaints.clear()
        self.left.clear()
        self.page.goto(f"{self.url}{name}.html")


def watch(browser: Browser, url: str, size: ViewportSize) -> Iterator[Watched]:
    context = browser.new_context(viewport=size, reduced_motion="reduce")
    context.add_init_script(NOTHING_FOLDED)
    watched = Watched(context.new_page(), url)
    page = watched.page
    page.on("console", lambda m: m.type == "error" and watched.complaints.append(m.text))
    page.on("pageerror", lambda e: watched.complaints.append(str(e)))
    page.on("response", lambda r: r.status >= 400 and watched.complaints.append(r.url))
    page.on(
        "request",
        lambda r: (
            r.url.startswith(("http", "ws"))
            and not r.url.startswith(url)
            and watched.left.append(r.url)
        ),
    )
    yield watched
    context.close()


@pytest.fixture(scope="module")
def desktop(browser: Browser, url: str) -> Iterator[Watched]:
    yield from watch(browser, url, DESKTOP)


@pytest.fixture(scope="module")
def phone(browser: Browser, url: str) -> Iterator[Watched]:
    yield from watch(browser, url, PHONE)


@pytest.mark.parametrize("name", [*PAGES, "search", "genindex"])
def test_page_on_a_desk(desktop: Watched, name: str) -> None:
    """Light: quiet, at home, mathematics set, figures loaded, legible; then dark: legible too.

    On each kind of page, axe-core finds nothing serious and nothing moves.
    """
    desktop.page.emulate_media(color_scheme="light")
    desktop.open(name)
    wait_for_theme(desktop.page, "light")
    assert desktop.page.evaluate(POOR_CONTRAST) == []
    check_mathematics(desktop.page)
    check_figures(desktop.page)
    if name in KINDS.values():
        desktop.page.wait_for_load_state("networkidle")
    desktop.page.emulate_media(color_scheme="dark")
    wait_for_theme(desktop.page, "dark")
    assert desktop.page.evaluate(POOR_CONTRAST) == []
    filters = "[...document.querySelectorAll('article img')].map(i => getComputedStyle(i).filter)"
    assert set(desktop.page.evaluate(filters)) <= {"brightness(1.15)"}
    assert [print_theme(desktop.page, event) for event in ("beforeprint", "afterprint")] == [
        "light",
        "dark",
    ]
    assert desktop.complaints == []
    assert desktop.left == []
    if name in KINDS.values():
        check_access(desktop.page, "light")


@pytest.mark.parametrize("name", [*PAGES, "search", "genindex"])
def test_page_on_a_phone(phone: Watched, name: str) -> None:
    """Dark from the start: quiet, at home, no wider than the screen, and not in small print.

    On each kind of page, axe-core finds nothing serious, and light is legible too.
    """
    phone.page.emulate_media(color_scheme="dark")
    phone.open(name)
    assert phone.page.evaluate(TOO_WIDE) == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert phone.page.evaluate(SMALL) == []
    if name in KINDS.values():
        phone.page.wait_for_load_state("networkidle")
    assert phone.complaints == []
    assert phone.left == []
    if name in KINDS.values():
        check_access(phone.page, "dark")
        phone.page.emulate_media(color_scheme="light")
        wait_for_theme(phone.page, "light")
        assert phone.page.evaluate(POOR_CONTRAST) == []


def print_theme(page: Page, event: str) -> str:
    """Return the theme once the browser has said that it begins, or ends, to print."""
    page.evaluate("event => dispatchEvent(new Event(event))", event)
    return str(page.evaluate("document.documentElement.dataset.theme"))


def wait_for_theme(page: Page, theme: str) -> None:
    """Wait until the page has followed the reader's colour scheme."""
    page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)


def check_mathematics(page: Page) -> None:
    """Every formula is set, none with an error, each also as MathML for screen readers."""
    assert page.locator("article .math:not(:has(.katex math))").count() == 0
    assert page.locator(".katex-error").count() == 0


def check_figures(page: Page) -> None:
    """Every image arrives, also those that wait until they come near."""
    arrive = """() => Promise.all([...document.querySelectorAll("article img")].map(image => {
        image.loading = "eager";
        return image.decode();
    })).then(images => images.length)"""
    assert page.evaluate(arrive) == page.locator("article img").count()


def check_access(page: Page, theme: Literal["light", "dark"]) -> None:
    """The page is still, and axe-core finds nothing serious.

    Comes last: axe asks for style sheets where there are none, which a watched page complains of.
    """
    page.emulate_media(color_scheme=theme)
    wait_for_theme(page, theme)
    assert page.evaluate(MOVING) == []
    assert violations(page) == []


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
