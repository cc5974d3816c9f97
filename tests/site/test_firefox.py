"""The same pages in another engine: where a Firefox is, cells and exercises run in it too."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.site.exercises import PAGE, right_answers
from tests.site.firefox import Firefox, find_firefox, firefox
from tests.site.live import CHAPTER
from tests.site.pages import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELL = "#cell-symbolic-swell"  # it needs none above it
SHIFT, ENTER, END, NONE = "\ue008", "\ue007", "\ue010", "\ue000"  # keys, as WebDriver writes them


@pytest.fixture(scope="module")
def fox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Give a Firefox."""
    path = find_firefox()
    if path is None:
        pytest.skip("no Firefox here: install it, and these tests run")
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(firefox(path, tmp_path_factory.mktemp("firefox")))
        except OSError as error:
            pytest.skip(f"the Firefox at {path} does not start: {error}")
        yield browser


def test_a_cell_is_edited_run_and_kept(fox: Firefox, url: str) -> None:
    fox.open(f"{url}{CHAPTER}.html")
    fox.wait("document.documentElement.dataset.live === 'on'")
    code = f"{CELL} textarea"
    fox.ask("document.querySelector(args[0]).select()", code)
    fox.type(code, f"for i in range(3):{ENTER}print(i, '{'long ' * 30}'){SHIFT}{ENTER}{NONE}")
    fox.wait("document.querySelector(args[0]).dataset.live === 'ok'", CELL)
    assert fox.ask("document.querySelector(args[0] + ' .cell_output').innerText", CELL).startswith(
        "0 long"
    )
    assert fox.ask("document.querySelector(args[0]).getAttribute('aria-busy')", CELL) == "false"
    edges = """['left', 'top', 'right', 'bottom'].map(edge => Math.abs(...[' pre', ' textarea']
      .map(part => document.querySelector(args[0] + part).getBoundingClientRect()[edge])
      .reduce((a, b) => [a - b])))"""
    assert max(fox.ask(edges, CELL)) < 0.5, "the field lies exactly over the code"
    fox.open(f"{url}{CHAPTER}.html")
    fox.wait("document.documentElement.dataset.live === 'on'")
    assert fox.ask("document.querySelector(args[0]).value", code).startswith(
        "for i in range(3):\n    p"
    )


def test_an_answer_is_checked(fox: Firefox, url: str) -> None:
    fox.open(f"{url}{PAGE}.html")
    fox.wait("document.documentElement.dataset.exercises === 'on'")
    answers = right_answers(ROOT / "solutions" / f"{Path(PAGE).name}.ipynb")
    write = "field => { field.value = args[0]; field.dispatchEvent(new Event('input')) }"
    field = "document.querySelector('#cell-ex-6-2-answer textarea')"
    fox.ask(f"({write})({field})", answers["ex-6-2-answer"])
    panel = "document.querySelector('[aria-label=\"Exercise 6.2\"]')"
    fox.ask(f"{panel}.querySelector('.check').click()")
    fox.wait(f"{panel}.dataset.state === 'right'")
    assert "Right: 1 of 1 point" in fox.ask(f"{panel}.innerText")


def test_the_playground_trains(fox: Firefox, url: str) -> None:
    fox.open(f"{url}book/playground.html")
    fox.wait("document.querySelector('#pg[data-state=ready]')")
    fox.ask("document.querySelector('[data-part=play]').click()")
    fox.wait("parseFloat(document.querySelector('[data-part=test]').textContent) >= 95")
    assert fox.ask("Number(document.getElementById('pg').dataset.pictures)") > 1
