"""A figure in the page has the frame that a notebook gives it, and keeps it under a slider."""

import base64
import io
import sys
from typing import Any

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from PIL import Image

from dlcore import plot
from tests.site.pages import ROOT

sys.path.append(str(ROOT / "book" / "live" / "python"))
import live_figures


def figure(label: str = "steps") -> Figure:
    """A figure with all that a tight box can cut off."""
    made, axes = plot.panels(2, 2)
    for ax in axes:
        ax.imshow(np.eye(9))
        ax.set_title("a title")
        ax.set_ylabel(label)
    made.suptitle("above")
    return made


def size(png: str) -> Any:
    return Image.open(io.BytesIO(base64.b64decode(png))).size


def test_the_frame_is_taken_after_the_layout() -> None:
    stored = io.BytesIO()
    wanted = figure()
    wanted.canvas.draw()
    wanted.savefig(stored, format="png", bbox_inches="tight", pad_inches=0.1)
    png = live_figures.drawn(figure()).png
    assert np.allclose(size(png), Image.open(stored).size, atol=2)


def test_a_frame_holds_what_came_before() -> None:
    small = live_figures.drawn(plot.panels()[0])
    large = live_figures.drawn(figure(), small)
    again = live_figures.drawn(plot.panels()[0], large)
    assert again.frame.bounds == large.frame.bounds
    assert size(again.png) == size(large.png)


def lines(top: float, label: str = "y") -> Figure:
    made, axes = plot.panels(1, 2)
    for ax in axes:
        ax.plot([0, top])
        ax.set_ylabel(label)
    return made


@pytest.mark.parametrize("after", [(2.0, "y"), (123456.0, "y"), (2.0, "two\nlines")])
def test_after_a_figure_like_it_the_picture_is_the_same(after: tuple[float, str]) -> None:
    first = live_figures.drawn(lines(1.9))
    alone, slid = live_figures.drawn(lines(*after)), live_figures.drawn(lines(*after), first)
    assert np.allclose([p.bounds for p in slid.places], [p.bounds for p in alone.places], atol=2e-3)


@pytest.mark.parametrize("style", [False, True], ids=["as matplotlib is", "in the book's style"])
def test_a_layout_that_fits_is_not_made_again(style: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the style asks for a layout, as it does once a chapter has called use_style."""
    laid: list[Figure] = []
    engine = ConstrainedLayoutEngine.execute

    def execute(self: ConstrainedLayoutEngine, figure: Figure) -> None:
        laid.append(figure)
        engine(self, figure)

    monkeypatch.setattr(ConstrainedLayoutEngine, "execute", execute)
    first, alike, wider = lines(1.8), lines(1.85), lines(123456.0)  # two have the same ticks
    with rc_context({"figure.constrained_layout.use": style}):
        before = live_figures.drawn(first)
        assert laid == [first]
        live_figures.drawn(alike, before)
        assert laid == [first]
        live_figures.drawn(wider, before)
        assert laid == [first, wider]


def test_a_figure_can_be_changed_between_two_drawings() -> None:
    made, (ax,) = plot.panels()
    ax.plot([0, 1])
    live_figures.drawn(made)
    ax.set_xticks([0, 1], ["nought", "one"])
    live_figures.drawn(made)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["nought", "one"]
    ax.set_yticks([0, 1], ["a very long name of a tick", "b"])
    fresh, (other,) = plot.panels()
    other.plot([0, 1])
    other.set_xticks([0, 1], ["nought", "one"])
    other.set_yticks([0, 1], ["a very long name of a tick", "b"])
    assert live_figures.drawn(made).png == live_figures.drawn(fresh).png
