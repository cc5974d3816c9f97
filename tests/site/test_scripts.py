"""The scripts of the pages stand in one order: none is loaded by what it loads."""

import re
from graphlib import TopologicalSorter

from tests.site.pages import ROOT

FOLDER = ROOT / "book" / "live" / "web"
LOADS = re.compile(r"""(?:\bfrom |\bimport\(|\bimport |new URL\()["'](?:\./)?([\w/-]+\.m?js)["']""")


def test_no_script_of_a_page_is_loaded_by_what_it_loads() -> None:
    scripts = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.*js")}
    loads = {name: set(LOADS.findall(text)) - {name} for name, text in scripts.items()}
    assert {"page.mjs", "exercises.mjs"} <= loads["start.js"]
    assert "controls.mjs" in loads["outputs.mjs"]
    order = list(TopologicalSorter(loads).static_order())  # a circle raises, and is named
    assert order.index("page.mjs") < order.index("exercises.mjs") < order.index("start.js")
