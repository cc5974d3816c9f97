"""A figure in the page has the frame that a notebook gives it, and keeps it under a slider."""

import base64
import io
import sys
from typing import Any

import numpy as np
from matplotlib.figure import Figure
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


def size(png: bytes) -> Any:
    return Image.open(io.BytesIO(png)).size


def test_the_frame_is_taken_after_the_layout() -> None:
    stored = io.BytesIO()
    wanted = figure()
    wanted.canvas.draw()
    wanted.savefig(stored, format="png", bbox_inches="tight", pad_inches=0.1)
    _, png = live_figures.drawn(figure())
    assert np.allclose(size(base64.b64decode(png)), size(stored.getvalue()), atol=2)


def test_a_frame_holds_what_came_before() -> None:
    small, _ = live_figures.drawn(plot.panels()[0])
    large, png = live_figures.drawn(figure(), small)
    again, other = live_figures.drawn(plot.panels()[0], large)
    assert again.bounds == large.bounds
    assert size(base64.b64decode(other)) == size(base64.b64decode(png))


def test_a_figure_can_be_changed_between_two_drawings() -> None:
    made, (ax,) = plot.panels()
    ax.plot([0, 1])
    live_figures.drawn(made)
    ax.set_xticks([0, 1], ["nought", "one"])
    live_figures.drawn(made)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["nought", "one"]
    ax.set_yticks([0, 1], ["a very long name of a tick", "b"])
    _, png = live_figures.drawn(made)
    fresh, (bx,) = plot.panels()
    bx.plot([0, 1])
    bx.set_xticks([0, 1], ["nought", "one"])
    bx.set_yticks([0, 1], ["a very long name of a tick", "b"])
    assert png == live_figures.drawn(fresh)[1]
