"""The page's controls have the values that ipywidgets gives, and refuse what it refuses."""

import sys
from typing import Any

import ipywidgets
import numpy as np
import pytest

from tests.site.pages import ROOT

sys.path.append(str(ROOT / "book" / "live" / "python"))
import live_controls

MADE = [
    "IntSlider(min=-10, max=10)",
    "IntSlider(min=5, max=10)",
    "IntSlider(value=200)",
    "IntSlider(-3)",
    "IntSlider(value=np.int64(3), max=np.int32(9))",
    "IntSlider(3, 0, 2)",
    "IntSlider(min=3, max=2)",
    "FloatSlider(min=-1, max=1)",
    "FloatSlider(value=np.float32(0.5), max=np.float64(2))",
    "FloatSlider(120)",
    "FloatSlider(min=3, max=2)",
    "FloatLogSlider()",
    "FloatLogSlider(value=1e9)",
    "FloatLogSlider(min=2, max=3)",
    "Dropdown(options=['a', 'b'])",
    "Dropdown(options=['a', 'b'], value='b')",
    "Dropdown(options=['a', 'b'], value='c')",
    "Dropdown(options=[1, 2], value=None)",
    "Dropdown(options={'x': 1})",
    "Dropdown(options=[('a', 1), ('b', 2)])",
    "Dropdown(options=[('a', 1), 2])",
    "SelectionSlider(options=['a', 'b'])",
    "SelectionSlider(options=['a', 'b'], value='c')",
    "Checkbox(3)",
    "Text(3)",
    "IntText(2.5)",
    "FloatText('x')",
    "BoundedIntText(200)",
]
SHORT = [
    (0, np.float64(5.0)),
    (0, np.int64(5)),
    (np.int32(0), 10, np.int64(2)),
    (0, 10),
    (-3, 0),
    (0.0, 1, 0.3),
    (3, 1),
    (1, 2, 0),
    np.float64(3),
    np.int64(3),
    -2.5,
    0,
    True,
    "word",
    ["a", "b"],
    ("a", "b"),
    {"one": 1},
    range(3),
    1j,
]


def seen(make: Any) -> Any:
    """What a control holds, or that it was refused."""
    try:
        control = make()
    except Exception:
        return "refused"
    ends = [getattr(control, name, None) for name in ("min", "max", "step")]
    return type(control.value).__name__, control.value, ends


@pytest.mark.parametrize("source", MADE)
def test_control_holds_what_ipywidgets_holds(source: str) -> None:
    def made(module: Any) -> Any:
        return seen(lambda: eval(f"of.{source}", {"of": module, "np": np}))[:2]

    assert made(live_controls) == made(ipywidgets)


@pytest.mark.parametrize("short", SHORT, ids=repr)
@pytest.mark.parametrize("default", ["none", 2, 100, "z"])
def test_abbreviation_means_what_it_means_to_ipywidgets(short: Any, default: Any) -> None:
    def plain(k: Any) -> None: ...

    def given(k: Any = default) -> None: ...

    function = plain if default == "none" else given
    empty = live_controls.inspect.Parameter.empty
    ours = seen(lambda: live_controls.widget_of(short, empty if default == "none" else default))
    theirs = seen(lambda: ipywidgets.interactive(function, k=short).kwargs_widgets[0])
    assert ours == theirs


def test_what_the_page_is_told_are_plain_numbers() -> None:
    control = live_controls.widget_of((np.int32(0), np.float32(2)), np.float64(1))
    assert {type(value) for value in control.state().values()} == {float}
