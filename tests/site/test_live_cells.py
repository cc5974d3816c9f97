"""Every live cell gives in the page what the book stores, and every other one says why not."""

from pathlib import Path
from typing import Any

import live
import live_cells
import nbformat
import pytest
from nbformat.v4 import new_code_cell
from playwright.sync_api import Browser

from dlcore.notebooks.compare import PICTURES, first_difference, tolerance_of
from dlcore.notebooks.names import draws
from tests.site.live import live_page
from tests.site.pages import CHAPTERS, ROOT

VIEW = "application/vnd.dlcore.view+json"
OWNERS = {"numpy": "numpy", "matplotlib": "matplotlib"}
RUN_ALL = """async () => {
  const {page} = await import(new URL("../live/page.mjs", location));
  await page.runAll();
  return Object.fromEntries(page.live.map((cell) => [cell.id, cell.outputs]));
}"""


def as_text(outputs: list[Any]) -> list[Any]:
    """Outputs without pictures; a view stands for what it shows."""
    flat: list[Any] = []
    for output in outputs:
        view = output.get("data", {}).get(VIEW)
        flat += as_text(view["outputs"]) if view else [output]
    return [
        {**o, "data": {k: v for k, v in o["data"].items() if k not in PICTURES}}
        if "data" in o
        else o
        for o in flat
    ]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("name", CHAPTERS)
def test_live_cells_show_what_the_book_stores(browser: Browser, url: str, name: str) -> None:
    stored = nbformat.read(ROOT / f"{name}.ipynb", as_version=4)
    cells = {cell.id: cell for cell in stored.cells if cell.cell_type == "code"}
    with live_page(browser, url) as live:
        live.open(name)
        shown = live.page.evaluate(RUN_ALL)
        assert live.complaints == []
        assert live.left == []
    assert set(shown) == {
        i for i, c in cells.items() if not live_cells.reason(c, {*OWNERS, "dlcore"})
    }
    wrong = {}
    for ident, outputs in shown.items():
        assert outputs is not None, f"{ident} did not run"
        entries = cells[ident].metadata.get("dlcore", {})
        if not entries.get("skip_compare"):
            found = first_difference(
                as_text(cells[ident].outputs), as_text(outputs), tolerance_of(entries)
            )
            if found:
                wrong[ident] = found
    assert wrong == {}


def reason(source: str, **metadata: Any) -> str:
    return live_cells.reason(new_code_cell(source, metadata=metadata), {*OWNERS, "dlcore"})


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import torch", "PyTorch"),
        ("if True:\n    from sklearn.svm import SVC", "scikit-learn"),
        ("import subprocess", "processes"),
        ("from concurrent.futures import ThreadPoolExecutor", "threads"),
        ("from dlcore.interop import to_torch", "installed book"),
        ("from dlcore import notebooks", "installed book"),
        ("%timeit 1\nimport urllib.request", "network"),
    ],
)
def test_cell_that_needs_what_a_page_lacks_says_what(source: str, why: str) -> None:
    assert why in reason(source)


def test_a_cell_may_give_its_own_reason() -> None:
    assert reason("1", dlcore={"live": "it reads a file of yours"}) == "it reads a file of yours"


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np, math",
        "from dlcore import data, plot",
        "%matplotlib inline\nx = 1",
        "if x",
    ],
)
def test_other_cells_run(source: str) -> None:
    assert reason(source) == ""


def test_packages_are_those_that_the_cells_need() -> None:
    assert live_cells.packages(["import numpy"], OWNERS) == ["dlcore", "numpy"]
    assert "matplotlib" in live_cells.packages(["plot.curves(x)"], OWNERS)


@pytest.mark.parametrize(
    ("source", "drawing"),
    [
        ("plot.curve(x)", True),
        ("dl.plot.images(x)", True),
        ("history.plot()", True),
        ("import matplotlib.pyplot as plt", True),
        ("from dlcore.plot import curves", True),
        ("from dlcore.plot import sketch\nsketch(net)", False),
        ("from dlcore import plot\nplot.sketch(net)", False),
        ("print('a plot')  # plot.curve", False),
    ],
)
def test_a_page_and_its_worker_have_one_rule_for_what_draws(source: str, drawing: bool) -> None:
    assert draws(source) == drawing
    assert ("matplotlib" in live_cells.packages([source], {})) == drawing
    worker = (ROOT / "book" / "live" / "web" / "worker.mjs").read_text(encoding="utf-8")
    assert 'pyodide.pyimport("dlcore.notebooks.names").draws' in worker


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        (["", ""], "The cells run here, in your browser:"),
        (["", "", "x"], "Of the 3 code cells 2 run here, in your browser; the other one says why"),
        (["", "x", "x"], "Of the 3 code cells 1 runs here, in your browser; each of the others"),
    ],
)
def test_the_note_of_a_page_says_how_many_cells_run(reasons: list[str], words: str) -> None:
    cells = {str(i): {"reason": why} if why else {} for i, why in enumerate(reasons)}
    assert live.which_run(cells).startswith(words)


def test_files_that_cells_open_go_with_the_page(tmp_path: Path) -> None:
    (tmp_path / "chapters").mkdir()
    (tmp_path / "events.csv").write_text("year\n")
    notebook = tmp_path / "chapters" / "01_x.ipynb"
    sources = ['open("../events.csv")', "'no_such.csv'", "'../../outside.csv'"]
    assert live_cells.files(sources, notebook, tmp_path) == ["events.csv"]
