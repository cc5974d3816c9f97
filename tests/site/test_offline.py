"""The site can be kept in the browser: then it opens without a network, cells and all."""

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import offline
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.conftest import QuietHandler
from tests.site.live import ALONE, LivePage

KEEPER = "book/using/running.html"
LONG = 60_000  # milliseconds


@contextmanager
def served(site: Path, port: int = 0) -> Iterator[int]:
    """Serve a folder, and say at which port."""
    handler = functools.partial(QuietHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def small(folder: Path, text: str) -> Path:
    """A site of a few files, which can change."""
    (folder / "live").mkdir(parents=True, exist_ok=True)
    (folder / "live" / "same.txt").write_text("same", encoding="utf-8")
    (folder / "index.html").write_text(f"<p>{text}</p>", encoding="utf-8")
    files = offline.files_of(folder)
    (folder / offline.LIST).write_text(json.dumps(files), encoding="utf-8")
    script = offline.SCRIPT.read_text("utf-8")
    version = offline.version_of(files)
    (folder / offline.SCRIPT.name).write_text(
        script.replace("VERSION OF THE SITE", version), encoding="utf-8"
    )
    return folder


def test_every_file_of_the_site_is_listed_but_the_notebooks(html: Path) -> None:
    found = json.loads((html / offline.LIST).read_text("utf-8"))
    names = {p.relative_to(html).as_posix() for p in html.rglob("*") if p.is_file()}
    left = names - set(found)
    assert set(found) <= names
    assert all(n.startswith(("_sources/", ".", "offline")) for n in left), left
    assert found["index.html"][0] == (html / "index.html").stat().st_size


def test_a_changed_file_makes_another_version(tmp_path: Path) -> None:
    versions = [offline.version_of(offline.files_of(small(tmp_path, t))) for t in "aab"]
    assert versions[0] == versions[1] != versions[2]


@pytest.mark.browser
def test_a_new_version_takes_over_what_did_not_change(browser: Browser, tmp_path: Path) -> None:
    asked = list[str]()

    class Noting(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802
            asked.append(self.path)
            super().do_GET()

    site = small(tmp_path, "first")
    handler = functools.partial(Noting, directory=str(site))
    page = browser.new_page()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        page.goto(url)
        page.evaluate("navigator.serviceWorker.register('offline-worker.js')")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        small(tmp_path, "second")
        asked.clear()
        page.evaluate(
            """() => navigator.serviceWorker.ready.then(kept => kept.update()).then(async () => {
              while ((await caches.keys()).length > 1) await new Promise(f => setTimeout(f, 20));
            })"""
        )
        server.shutdown()
    assert "/index.html" in asked
    assert "/live/same.txt" not in asked
    page.goto(url)
    assert page.inner_text("p") == "second"
    page.context.close()


@pytest.fixture(scope="module")
def kept(browser: Browser, html: Path) -> Iterator[tuple[Page, str]]:
    """A page of a browser that has kept the site, whose server is gone."""
    page = browser.new_page()
    with served(html) as port:
        page.goto(f"http://127.0.0.1:{port}/{KEEPER}")
        page.get_by_role("button", name="Keep the book on this device").click()
        expect(page.get_by_role("button", name="Remove it")).to_be_visible(timeout=LONG)
    yield page, f"http://127.0.0.1:{port}/"
    page.context.close()


@pytest.mark.browser
def test_a_page_that_was_never_visited_opens_without_a_network(kept: tuple[Page, str]) -> None:
    page, url = kept
    page.goto(f"{url}chapters/03_mathematics_of_learning.html")
    page.wait_for_load_state("networkidle")
    figure = page.locator("figure img").first
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_js_property("complete", True)
    assert figure.evaluate("image => image.naturalWidth") > 100


@pytest.mark.browser
def test_the_address_of_a_folder_opens_its_first_page(kept: tuple[Page, str]) -> None:
    page, url = kept
    page.goto(url)
    page.wait_for_url("**/book/index.html")
    assert "Line by Line" in page.title()


@pytest.mark.browser
def test_a_cell_runs_without_a_network(kept: tuple[Page, str]) -> None:
    page = LivePage(*kept)
    page.open()
    assert "196609" in page.run(ALONE).replace(",", "")
