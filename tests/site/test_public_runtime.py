"""Where the runtime does not lie beside the site, pages take it from the public distribution."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.site.conftest import ROOT
from tests.site.live import live_page

sys.path.append(str(ROOT / "book" / "live"))
from fetch_runtime import PINS, runtime_folder, wanted

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm"}


def test_a_site_without_the_runtime_takes_it_from_the_public_distribution(
    browser: Browser, url: str, html: Path
) -> None:
    if not json.loads((html / "live" / "config.json").read_text())["local"]:
        pytest.skip("the runtime could not be fetched, so nothing can stand in for the public one")
    taken: list[str] = []

    def hand_over(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[1]
        taken.append(name)
        route.fulfill(
            body=(runtime_folder() / name).read_bytes(),
            content_type=TYPES.get(Path(name).suffix, "application/octet-stream"),
            headers={"Access-Control-Allow-Origin": "*"},
        )

    def instead(name: str, change: Any) -> Any:
        found = json.loads((html / "live" / name).read_text())
        change(found)
        return lambda route: route.fulfill(json=found)

    with live_page(browser, url, bypass_csp=True) as live:  # that of a site with Python beside it
        context = live.page.context
        public = {"runtime": PINS["public"], "local": False}
        sizes = {found["file_name"]: found["size"] for found in PINS["packages"].values()}
        context.route(
            "**/live/config.json",
            instead("config.json", lambda c: c.update(public, sizes=c["sizes"] | sizes)),
        )
        context.route(
            "**/live/pyodide-lock.json",
            instead("pyodide-lock.json", lambda lock: lock["packages"].update(PINS["packages"])),
        )
        context.route(f"{PINS['public']}**", hand_over)
        live.open()
        live.write("imports", "import numpy as np\nprint(np.arange(3).sum())")
        assert live.run("imports") == "3"
        assert live.complaints == []
        assert all(request.startswith(PINS["public"]) for request in live.left)
    assert "pyodide.asm.wasm" in taken
    assert set(taken) <= set(wanted())
