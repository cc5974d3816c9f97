"""What the tests of live cells share: a page that is watched, and its cells."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

CHAPTER = "chapters/06_automatic_differentiation"
PATIENCE = 240_000  # milliseconds: Python starts in seconds, but machines differ
ALONE = "symbolic-swell"  # a cell of the chapter that needs none above it
FINISHED = "id => ['ok', 'error'].includes(document.getElementById(id).dataset.live)"
AS_THE_BOOK_HAS_IT = """async () => {
  const {page, runner} = await import(new URL("../live/page.mjs", location));
  if (runner.state === "busy") page.stop();
  page.cells.forEach((cell) => cell.reset());
  page.cells.filter((cell) => cell.code !== cell.source).forEach((cell) => cell.restore());
  localStorage.clear();
  if (runner.started) await runner.run("", {fresh: true});
  page.dock.say("");
  document.activeElement.blur();
  scrollTo(0, 0);
}"""
FIRST_RUN = """(id) => new Promise((done) => {
  const texts = new Set(), says = document.querySelector(".live-says");
  new MutationObserver(() => {
    texts.add(says.textContent);
    if (/has run/.test(says.textContent)) done([...texts]);
  }).observe(says, {childList: true, characterData: true, subtree: true});
  document.querySelector(`#cell-${id} .run`).click();
})"""


@dataclass
class LivePage:
    """A chapter in a browser, what it complained about, and what it asked for."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def left(self) -> list[str]:
        """Requests to other hosts."""
        return [r for r in self.requests if r.startswith("http") and not r.startswith(self.url)]

    def open(self, name: str = CHAPTER) -> None:
        """Open a page and wait until its cells are live."""
        self.page.goto(f"{self.url}{name}.html")
        self.page.wait_for_selector("html[data-live=on]")

    def reset(self) -> None:
        """Give the chapter back as the book has it: no edits, stored outputs, no variables.

        Python stays, where it has been started.
        """
        self.page.evaluate(AS_THE_BOOK_HAS_IT)
        self.complaints.clear()
        self.requests.clear()

    def cell(self, ident: str) -> Locator:
        """Find a cell by its id."""
        return self.page.locator(f"#cell-{ident}")

    def code(self, ident: str) -> Locator:
        """Find the editor of a cell."""
        return self.cell(ident).locator("textarea")

    def write(self, ident: str, code: str) -> None:
        """Put other code into a cell, as a reader who pastes it."""
        self.code(ident).fill(code)

    def run(self, ident: str) -> str:
        """Press Run, wait until the cell has run, and return what it shows."""
        self.cell(ident).get_by_role("button", name="Run").first.click()
        return self.finished(ident)

    def finished(self, ident: str) -> str:
        """Wait until a cell has run, and return what it shows."""
        self.page.wait_for_function(FINISHED, arg=f"cell-{ident}", timeout=PATIENCE)
        output = self.cell(ident).locator(".cell_output")
        return output.inner_text().strip() if output.count() else ""

    def says(self, text: str) -> None:
        """Wait until the strip at the foot says something."""
        expect(self.page.locator(".live-says")).to_contain_text(text, timeout=PATIENCE)


@contextmanager
def live_page(browser: Browser, url: str, **options: Any) -> Iterator[LivePage]:
    """Open a context of its own, with an empty storage."""
    context = browser.new_context(**options)
    live = LivePage(context.new_page(), url)
    page = live.page
    page.set_default_timeout(60_000)
    page.on("console", lambda m: m.type == "error" and live.complaints.append(m.text))
    page.on("pageerror", lambda e: live.complaints.append(str(e)))
    page.on("response", lambda r: r.status >= 400 and live.complaints.append(r.url))
    context.on("request", lambda r: live.requests.append(r.url))
    yield live
    context.close()


@dataclass
class FirstRun:
    """A page just opened on which one cell was run, so that Python was started."""

    live: LivePage
    before: list[str]  # what the page asked for until then
    requests: list[str]  # and with the run
    left: list[str]
    complaints: list[str]
    told: list[str]  # what the strip at the foot said, one after the other
    shown: str


def first_run(live: LivePage) -> FirstRun:
    """Open the chapter, run a cell, and keep all that was seen."""
    live.open()
    before = list(live.requests)
    told = live.page.evaluate(FIRST_RUN, ALONE)
    shown = live.finished(ALONE)
    return FirstRun(
        live, before, list(live.requests), live.left, list(live.complaints), told, shown
    )
