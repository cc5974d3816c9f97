"""Draw figures of matplotlib as a notebook does, and fast enough to follow a slider."""

import base64
import contextlib
import io
from collections.abc import Iterator
from typing import Any

from matplotlib.axis import Axis
from matplotlib.transforms import Bbox

PAD = 0.1  # inches around what is drawn

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


def drawn(figure: Any, *frames: Bbox) -> tuple[Bbox, str]:
    """Draw a figure; return the frame that holds it and all of the frames, and a PNG in base64."""
    with still(), laid_out(figure):  # before the frame is taken: the layout moves what is in it
        frame = Bbox.union([figure.get_tightbbox().padded(PAD), *frames])
        picture = io.BytesIO()
        figure.savefig(picture, format="png", bbox_inches=frame, facecolor="none")
    return frame, base64.b64encode(picture.getvalue()).decode()


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
def laid_out(figure: Any) -> Iterator[None]:
    """Place the axes of a figure once; saving it would else draw it twice to do so."""
    engine = figure.get_layout_engine()
    if engine is None:
        figure.draw_without_rendering()
        yield
        return
    engine.execute(figure)
    figure.set_layout_engine(None)
    try:
        yield
    finally:
        figure.set_layout_engine(engine)
