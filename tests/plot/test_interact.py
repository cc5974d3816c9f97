"""A drawing with controls: plain where nothing can move, ipywidgets in a kernel."""

import sys
from types import SimpleNamespace
from typing import Any

import ipywidgets
import pytest
from matplotlib.figure import Figure

from dlcore import plot


def draw(width: int = 3, logarithmic: bool = False) -> Figure:
    figure = Figure()
    figure.text(0, 0, f"width {width}")
    return figure


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Calls of ipywidgets.interact, as if in a kernel of JupyterLab."""
    calls: list[Any] = []
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(ipywidgets, "interact", lambda draw, **c: calls.append((draw, c)))
    monkeypatch.delenv("DLCORE_WIDGETS", raising=False)
    return calls


def test_outside_a_notebook_the_default_state_is_a_plain_figure() -> None:
    figure = plot.interact(draw, width=(1, 9))
    assert isinstance(figure, Figure)
    assert [text.get_text() for text in figure.texts] == ["width 3"]


def test_in_a_kernel_ipywidgets_gets_the_controls(shown: list[Any]) -> None:
    assert plot.interact(draw, width=(1, 9), logarithmic=False) is None
    assert shown == [(draw, {"width": (1, 9), "logarithmic": False})]


def test_widgets_can_be_switched_off(shown: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLCORE_WIDGETS", "0")
    assert isinstance(plot.interact(draw, width=(1, 9)), Figure)
    assert shown == []


@pytest.mark.parametrize("controls", [{"height": (1, 2)}, {"x": (1, 2)}])
def test_a_control_without_a_first_state_is_refused(controls: dict[str, Any]) -> None:
    def draw_at(x: float, width: int = 3) -> Figure:
        return draw(width)

    with pytest.raises(ValueError, match=r"expected an argument of draw with a default"):
        plot.interact(draw_at, **controls)


def test_no_control_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match=r"controls: expected at least one"):
        plot.interact(draw)
