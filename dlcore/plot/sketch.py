"""What a classifier makes of the plane, at once: an SVG without matplotlib."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.plot.style import PALETTE, array, samples
from dlcore.tensor import Tensor

ROWS, COLUMNS = 150, 200  # fields of the map
SIZE = 2  # pixels along a field
SHADES = 8  # steps between a guess and certainty
INK = 0.42  # opacity of certainty


class Sketch:
    """A drawing that notebooks and live pages show.

    Parameters
    ----------
    svg : str
        The drawing.
    caption : str
        What it shows, in words.
    """

    def __init__(self, svg: str, caption: str) -> None:
        self.svg, self.caption = svg, caption

    def __repr__(self) -> str:
        """Say what is drawn."""
        return f"<Sketch: {self.caption}>"

    def _repr_svg_(self) -> str:
        return self.svg


def sketch(
    predict: Callable[[NDArray[Any]], Any], x: ArrayLike | Tensor, y: ArrayLike | Tensor
) -> Sketch:
    """Draw where a model sees which class, darker where it is surer, with the samples on top.

    It needs neither matplotlib nor the seconds that matplotlib takes to start; for axes and for
    figures to keep there is :func:`decision_regions`.

    Parameters
    ----------
    predict : callable
        Gets points, shape (m, 2), in the dtype of `x`; returns a score (logit) for each class: an
        array or Tensor of shape (m, C).
    x : array_like or Tensor, shape (n, 2)
        The samples.
    y : array_like or Tensor, shape (n,)
        Their classes, 0 to at most 5.

    Returns
    -------
    Sketch
        What a notebook draws when a cell ends on it; its ``svg`` holds the text of the drawing.

    Raises
    ------
    ValueError
        If the shapes do not fit or there are more than six classes.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[-1.0, 0.0], [1.0, 0.0]])
    >>> sketch(lambda p: np.stack([-p[:, 0], p[:, 0]], axis=1), x, [0, 1])
    <Sketch: regions of 2 classes, 2 samples>
    """
    points, labels, low, high = samples(x, y)
    scores = array(predict(_centres(low, high).astype(points.dtype)))
    if scores.ndim != 2 or max(scores.shape[1], labels.max() + 1) > len(PALETTE):
        raise ValueError(
            f"predict: expected scores of shape (m, C) with C of at most {len(PALETTE)}, got "
            f"{scores.shape}; labels up to {labels.max()}"
        )
    places = (points - low) / (high - low) * [1, -1] + [0, 1]  # the second axis points up
    parts = [*_regions(scores), *_dots(places * [COLUMNS * SIZE, ROWS * SIZE], labels)]
    caption = f"regions of {scores.shape[1]} classes, {len(points)} samples"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{caption}" '
        f'viewBox="0 0 {COLUMNS * SIZE} {ROWS * SIZE}">'
    )
    return Sketch("\n".join([head, *parts, "</svg>"]), caption)


def _centres(low: NDArray[Any], high: NDArray[Any]) -> NDArray[Any]:
    across = low[0] + (np.arange(COLUMNS) + 0.5) / COLUMNS * (high[0] - low[0])
    down = high[1] - (np.arange(ROWS) + 0.5) / ROWS * (high[1] - low[1])
    return np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)


def _regions(scores: NDArray[Any]) -> Iterator[str]:
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    classes = likely.argmax(axis=1)
    count = scores.shape[1]
    sure = (likely.max(axis=1) * count - 1) / max(count - 1, 1)  # 0 for a guess, 1 for certainty
    shade = np.minimum((sure * SHADES).astype(int), SHADES - 1)
    fields = (classes * SHADES + shade).reshape(ROWS, COLUMNS)
    for kind in np.unique(fields):
        yield (
            f'<path fill="{PALETTE[kind // SHADES]}" shape-rendering="crispEdges" '
            f'fill-opacity="{INK * (kind % SHADES + 1) / SHADES:.3f}" '
            f'd="{"".join(_runs(fields == kind))}"/>'
        )


def _runs(mask: NDArray[np.bool_]) -> Iterator[str]:
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    starts, stops = np.argwhere(edges == 1), np.argwhere(edges == -1)
    for (row, start), (_, stop) in zip(starts, stops, strict=True):
        yield f"M{start * SIZE} {row * SIZE}H{stop * SIZE}v{SIZE}H{start * SIZE}z"


def _dots(places: NDArray[Any], labels: NDArray[np.int64]) -> Iterator[str]:
    for k in np.unique(labels):
        circles = "".join(
            f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3.2"/>'
            for across, down in places[labels == k]
        )
        yield f'<g fill="{PALETTE[k]}" stroke="#fff" stroke-width="0.8">{circles}</g>'
