"""Draw figures of matplotlib as a notebook does, and fast enough to follow a slider."""

import base64
import contextlib
import io
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from matplotlib import rc_context
from matplotlib.axis import Axis
from matplotlib.transforms import Bbox

DPI = int(os.environ.get("DLCORE_DPI", "220"))  # as many pixels as the screen has
PAD = 0.1  # inches around what is drawn
# Where these ask for a layout, as the book's style does, a figure told to have none gets that one.
NO_LAYOUT = {"figure.autolayout": False, "figure.constrained_layout.use": False}

# Layout, frame and drawing each ask every axis for its ticks, some twenty times a figure, which
# took two fifths of its time; between two of them only the size of the axes can change.
_make_ticks = Axis._update_ticks
_kept: dict[Axis, tuple[tuple[float, ...], list[Any]]] = {}
_still = False  # whether figures stay as they are


def _ticks(axis: Axis) -> list[Any]:
    if not _still:
        return _make_ticks(axis)
    size = (round(length, 3) for length in axis.axes.bbox.size)
    place = (*axis.get_view_interval(), *size, axis.get_figure(root=True).dpi)
    if axis not in _kept or _kept[axis][0] != place:
        _kept[axis] = (place, _make_ticks(axis))
    return _kept[axis][1]


Axis._update_ticks = _ticks


class Drawn(NamedTuple):
    """A figure as it was drawn: the picture, its frame in inches, and where its axes lie."""

    png: str  # in base64
    frame: Bbox
    places: list[Bbox]  # of the axes, in shares of the figure
    boxes: list[Bbox]  # of the axes with all that belongs to them, in pixels


def drawn(figure: Any, before: Drawn | None = None) -> Drawn:
    """Draw a figure; after one like it, in its frame, and in its layout where that fits."""
    with pixels_of_the_screen(figure), still():
        boxes = fitting(figure, before)
        with laid_out(figure, ready=boxes is not None):
            boxes = boxes or boxes_of(figure)
            places = [ax.get_position(original=True) for ax in figure.axes]
            frame = Bbox.union([tight(figure, boxes), *([before.frame] if before else [])])
            picture = io.BytesIO()
            figure.savefig(picture, format="png", dpi=DPI, bbox_inches=frame, facecolor="none")
    return Drawn(base64.b64encode(picture.getvalue()).decode(), frame, places, boxes)


@contextlib.contextmanager
def pixels_of_the_screen(figure: Any) -> Iterator[None]:
    """Give a figure the pixels that the screen has, and then its own again."""
    own = figure.get_dpi()
    figure.set_dpi(DPI)
    try:
        yield
    finally:
        figure.set_dpi(own)


def boxes_of(figure: Any) -> list[Bbox]:
    """Return the boxes of the axes; none where a figure holds more than axes."""
    more = any(child not in (figure.patch, *figure.axes) for child in figure.get_children())
    if more or any(hasattr(ax, "_colorbar") or not ax.get_visible() for ax in figure.axes):
        return []
    return [ax.get_tightbbox() for ax in figure.axes]


def tight(figure: Any, boxes: list[Bbox]) -> Bbox:
    """Return the frame, in inches, that leaves nothing out."""
    if not boxes:
        return figure.get_tightbbox().padded(PAD)
    return Bbox(Bbox.union(boxes).get_points() / figure.dpi).padded(PAD)


def fitting(figure: Any, before: Drawn | None) -> list[Bbox] | None:
    """Place the axes as before and return their boxes; None where these have changed.

    The layout depends on nothing but these boxes, and finding it takes twice as long as they do.
    """
    if before is None or len(before.boxes) != len(figure.axes) or not before.boxes:
        return None
    fresh = [ax.get_position(original=True) for ax in figure.axes]
    place_axes(figure, before.places)
    boxes = boxes_of(figure)
    pairs = zip(boxes, before.boxes, strict=False)
    if boxes and all(abs(new.extents - old.extents).max() < 0.5 for new, old in pairs):
        return boxes
    place_axes(figure, fresh)
    return None


def place_axes(figure: Any, places: list[Bbox]) -> None:
    """Put the axes of a figure where they are told to be."""
    for ax, place in zip(figure.axes, places, strict=True):
        ax._set_position(place)


@contextlib.contextmanager
def still() -> Iterator[None]:
    """Keep the ticks of the axes for as long as the block runs."""
    global _still
    _still = True
    try:
        yield
    finally:
        _still = False
        _kept.clear()


@contextlib.contextmanager
def laid_out(figure: Any, ready: bool = False) -> Iterator[None]:
    """Place the axes of a figure once; saving it would else draw it twice to do so."""
    engine = figure.get_layout_engine()
    if engine is None:
        figure.draw_without_rendering()
        yield
        return
    if not ready:
        engine.execute(figure)
    with rc_context(NO_LAYOUT):
        figure.set_layout_engine(None)
    try:
        yield
    finally:
        figure.set_layout_engine(engine)
