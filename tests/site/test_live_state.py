"""Which cells run before a cell: those that make what it lacks, and those whose results are old."""

import json
import sys
from typing import Any

from tests.site.pages import ROOT

sys.path.append(str(ROOT / "book" / "live" / "python"))
import live_runner
import live_state


def cell(ident: str, code: str, ran: str | None = None, at: int = 0, changed: int = 0) -> Any:
    return {"id": ident, "code": code, "ran": ran, "ranAt": at, "changedAt": changed}


def before(code: str, *above: Any, known: str = "") -> Any:
    names = live_runner.namespace("test", fresh=True)
    names |= dict.fromkeys(known.split())
    return json.loads(live_state.missing(code, json.dumps(above), "test"))


def test_a_cell_that_lacks_names_is_told_which_cells_make_them() -> None:
    found = before("%time\nprint(x)", cell("a", "%who\nx = 1"), cell("b", "y = 2"))
    assert found == {"names": ["x"], "cells": ["a"], "again": []}


def test_a_cell_edited_since_it_ran_runs_again_with_all_that_was_built_on_it() -> None:
    rate = cell("rate", "lr = 2", "lr = 1", 1)
    other = cell("other", "z = 0", "z = 0", 2)
    step = cell("step", "def f():\n    return lr", "def f():\n    return lr", 3)
    assert before("print(f())", rate, other, step, known="lr f z")["again"] == ["rate", "step"]
    assert before("print(z)", rate, other, step, known="lr f z")["again"] == []


def test_what_was_built_on_the_old_result_of_a_cell_runs_again() -> None:
    rate = cell("rate", "lr = 2", "lr = 2", 5, changed=5)
    step = cell("step", "y = lr * 3", "y = lr * 3", 2)
    assert before("print(y)", rate, step, known="lr y")["again"] == ["step"]
    step["ranAt"] = 6
    assert before("print(y)", rate, step, known="lr y")["again"] == []


def test_a_restored_cell_runs_again_for_a_name_that_its_edit_did_not_make() -> None:
    restored = cell("a", "def f(): pass", "def g(): pass", 1)
    assert before("f()", restored, known="g") == {"names": ["f"], "cells": [], "again": ["a"]}


def test_a_cell_that_ended_in_an_error_counts_as_not_run() -> None:
    assert before("x", cell("a", "x = 1"))["cells"] == ["a"]
