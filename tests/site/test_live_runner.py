"""How a page runs a cell: which lines are for IPython, and what the end of a cell shows."""

import contextlib
import sys
from typing import Any

import pytest

from tests.site.pages import ROOT

sys.path.append(str(ROOT / "book" / "live" / "python"))
import live_runner


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


def test_a_cell_that_lacks_names_is_told_which_cells_make_them() -> None:
    above = '[{"id": "a", "code": "%who\\nx = 1"}, {"id": "b", "code": "y = 2"}]'
    live_runner.namespace("test", fresh=True)
    found = live_runner.missing("%time\nprint(x)", above, "test")
    assert found == '{"names": ["x"], "cells": ["a"]}'
