"""How a page runs a cell: which lines are for IPython, and what the end of a cell shows."""

import builtins
import contextlib
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.site.pages import ROOT

sys.path.append(str(ROOT / "book" / "live" / "python"))
import live_ipython
import live_runner


@pytest.fixture(autouse=True)
def ipython() -> Iterator[None]:
    """What the page offers of IPython, for as long as a test runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builtins, "get_ipython", None, raising=False)
        for name in ("IPython", "IPython.display"):
            patch.setitem(sys.modules, name, sys.modules.get(name))
        live_ipython.set_up(live_runner.display, live_runner.emit)
        yield


def shown(code: str) -> list[Any]:
    """The outputs of a cell, without the worker; nothing in it waits."""
    space = live_runner.namespace("test", fresh=True)
    with (
        contextlib.redirect_stdout(live_runner.Stream("stdout")),
        live_runner.collected() as outputs,
        contextlib.suppress(StopIteration),
    ):
        live_runner.execute(code, "<cell one>", space).send(None)
    return outputs


def test_a_line_that_begins_with_a_percent_inside_an_expression_is_python() -> None:
    printed = shown("%matplotlib inline\nprint('%d of %d'\n% (3, 4))")
    assert "".join(piece["text"] for piece in printed) == "3 of 4\n"
    (value,) = shown('"""\n%matplotlib inline\n"""')
    assert value["data"]["text/plain"] == repr("\n%matplotlib inline\n")


def test_a_line_for_the_shell_is_refused_with_its_line() -> None:
    with pytest.raises(SyntaxError, match="a page has no shell") as caught:
        shown("x = 1\n!pip install x")
    said = "\n".join(live_runner.failure(caught.value)["traceback"])
    assert "cell one, line 2" in said
    assert "!pip install x" in said


@pytest.mark.parametrize("code", ["x = 7", "7;", "7;  # quiet", "None"])
def test_no_value_is_shown_without_one(code: str) -> None:
    assert shown(code) == []


def said(code: str) -> str:
    """What a cell says of its error."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - of any kind
        shown(code)
    return "\n".join(live_runner.failure(caught.value)["traceback"])


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("!ls", "a page has no shell"),
        ("files = !ls", "a page has no shell"),
        ("!pip install a \\\n    b", "a page installs nothing"),
        ("%pip install a", "a page installs nothing"),
        ("x = 1\nlen?", "write help(len)"),
        ("?len", "write help(len)"),
        ("%who", "a page has no %who; it has %time"),
        ("%%writefile a\nx", "a page has no %%writefile; it has %%time"),
        ("x = %time 3", "takes no value from a magic"),
        ("get_ipython().history", "has no history"),
        ("from IPython.display import Image", "has no Image"),
    ],
)
def test_what_the_page_has_not_is_refused_in_a_sentence(code: str, words: str) -> None:
    assert words in said(code)


@pytest.mark.parametrize("code", [">>> x = 6\n>>> x * 7", "    x = 6\n    x * 7"])
def test_pasted_code_runs(code: str) -> None:
    (value,) = shown(code)
    assert value["data"]["text/plain"] == "42"


def test_time_runs_its_statement_and_its_cell() -> None:
    outputs = shown("%time x = 6\nx * 7")
    assert outputs[0]["text"].startswith("Wall time: ")
    assert outputs[-1]["data"]["text/plain"] == "42"
    printed = "".join(piece["text"] for piece in shown("%%time\ny = 3\nprint(y)"))
    assert printed.startswith("3\nWall time: ")
    assert "per loop" in shown("%timeit -n 10 1 + 1")[0]["text"]


def test_what_ipython_shows_with_shows_in_the_page() -> None:
    (html,) = shown("%%html\n<b>bold</b>")
    assert html["data"]["text/html"] == "<b>bold</b>"
    (text,) = shown("from IPython.display import Markdown\nMarkdown('**bold**')")
    assert text["data"]["text/markdown"] == "**bold**"
    code = "from IPython.display import clear_output\nprint(1)\nclear_output()\nprint(2)"
    assert "".join(piece["text"] for piece in shown(code)) == "2\n"


def test_magics_that_change_nothing_in_a_page_are_passed_over() -> None:
    assert shown("%load_ext autoreload\n%autoreload 2\nif True:\n    %matplotlib inline") == []
    assert shown("get_ipython().run_line_magic('matplotlib', 'inline')") == []
