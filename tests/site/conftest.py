"""The built site, a server for it, and a browser that looks at it."""

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from tests.site.live import FirstRun, LivePage, first_run, live_page

ROOT = Path(__file__).parents[2]
HTML = ROOT / "book" / "_build" / "html"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def html() -> Path:
    """Folder of the built site."""
    if not (HTML / "index.html").is_file():
        pytest.fail(f"the site is not built: {HTML} is missing; run 'make book' first")
    return HTML


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a log line for each."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def url(html: Path) -> Iterator[str]:
    """Address of a server for the site, ending in a slash."""
    handler = functools.partial(QuietHandler, directory=str(html))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def find_chromium(playwright: Playwright) -> str | None:
    """Return the path of the system's chromium, or of the one that playwright installed."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    own = playwright.chromium.executable_path
    return own if Path(own).is_file() else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give one chromium for each worker; required where CI=true."""
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        required = os.environ.get("CI") == "true"
        if path is None and not required:
            pytest.skip("no chromium here: install it, or run 'playwright install chromium'")
        try:
            chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except Error as error:
            pytest.fail(f"chromium at {path} does not start: {error.message}")
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def started(browser: Browser, url: str) -> Iterator[FirstRun]:
    """Give one chapter for each worker, on which Python has been started."""
    with live_page(browser, url) as live:
        yield first_run(live)


@pytest.fixture
def chapter(started: FirstRun) -> LivePage:
    """Give the started chapter as the book has it, whatever a test has done to it before."""
    started.live.reset()
    return started.live
