"""Every live cell gives in the page what the book stores, and every other one says why not."""

from pathlib import Path
from typing import Any

import live
import live_cells
import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser

from dlcore.notebooks.compare import PICTURES, first_difference, tolerance_of
from dlcore.notebooks.names import draws
from tests.site.briefly import altered, shortened, without_numbers, without_words
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
    """With the long cells in brief, as their metadata say; other numbers are those of the book."""
    cells = code_cells(name)
    shown = shown_in_page(browser, url, name, shortened(cells))
    assert differences(cells, shown, altered(cells)) == {}


@pytest.mark.browser
@pytest.mark.weekly
@pytest.mark.parametrize("name", CHAPTERS)
def test_live_cells_show_it_at_full_length(browser: Browser, url: str, name: str) -> None:
    cells = code_cells(name)
    assert differences(cells, shown_in_page(browser, url, name, {}), set()) == {}


def code_cells(name: str) -> list[NotebookNode]:
    stored = nbformat.read(ROOT / f"{name}.ipynb", as_version=4)
    return [cell for cell in stored.cells if cell.cell_type == "code"]


def shown_in_page(browser: Browser, url: str, name: str, instead: dict[str, str]) -> Any:
    """What each live cell of a chapter shows, once all have run; some with other code."""
    with live_page(browser, url) as live:
        live.open(name)
        for ident, code in instead.items():
            live.write(ident, code)
        shown = live.page.evaluate(RUN_ALL)
        assert live.complaints == []
        assert live.left == []
    return shown


def differences(cells: list[NotebookNode], shown: Any, altered: set[str]) -> dict[str, Any]:
    """Where live cells show something else than the book; of some, numbers are not compared."""
    assert set(shown) == {c.id for c in cells if not live_cells.reason(c, {*OWNERS, "dlcore"})}
    wrong = {}
    for cell in (cell for cell in cells if cell.id in shown):
        assert shown[cell.id] is not None, f"{cell.id} did not run"
        entries = cell.metadata.get("dlcore", {})
        if not entries.get("skip_compare"):
            pair = [as_text(outputs) for outputs in (cell.outputs, shown[cell.id])]
            if "reworded" in entries:
                pair = [without_words(outputs) for outputs in pair]
            elif cell.id in altered or "differs" in entries:
                pair = [without_numbers(outputs) for outputs in pair]
            if found := first_difference(*pair, tolerance_of(entries)):
                wrong[cell.id] = found
    return wrong


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


@pytest.mark.parametrize("key", ["differs", "reworded"])
def test_a_page_knows_why_a_cell_prints_something_else_there(tmp_path: Path, key: str) -> None:
    why = "Python in the page has 32 bits"
    notebook = new_notebook(cells=[new_code_cell("1", id="a", metadata={"dlcore": {key: why}})])
    page = live_cells.describe(notebook, tmp_path / "chapters" / "01_x.ipynb", tmp_path, OWNERS)
    assert page["cells"]["a"] == {"differs": why}


def test_files_that_cells_open_go_with_the_page(tmp_path: Path) -> None:
    (tmp_path / "chapters").mkdir()
    (tmp_path / "events.csv").write_text("year\n")
    notebook = tmp_path / "chapters" / "01_x.ipynb"
    sources = ['open("../events.csv")', "'no_such.csv'", "'../../outside.csv'"]
    assert live_cells.files(sources, notebook, tmp_path) == ["events.csv"]
