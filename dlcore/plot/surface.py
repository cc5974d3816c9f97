"""What a classifier makes of the plane."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.plot.style import PALETTE, array, axes_or_new, figure_of, label_axes, samples, styled
from dlcore.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = "os^Dv*"


@styled
def decision_regions(
    predict: Callable[[NDArray[Any]], Any],
    x: ArrayLike | Tensor,
    y: ArrayLike | Tensor,
    *,
    resolution: int = 200,
    xlabel: str = "$x_1$",
    ylabel: str = "$x_2$",
    ax: "Axes | None" = None,
) -> "Figure":
    """Colour the plane by the class that a model predicts there, with the samples on top.

    Parameters
    ----------
    predict : callable
        Gets points, shape (m, 2), in the dtype of `x`; returns a class or a score for each class:
        an array or Tensor of shape (m,) or (m, C).
    x : array_like or Tensor, shape (n, 2)
        The samples.
    y : array_like or Tensor, shape (n,)
        Their classes, 0 to at most 5; each has its colour and its marker.
    resolution : int
        Points along each axis at which `predict` is asked.
    xlabel, ylabel : str
        What is on the axes.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If the shapes do not fit or there are more than six classes.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[-1.0, 0.0], [1.0, 0.0]])
    >>> fig = decision_regions(lambda p: p[:, 0] > 0, x, [0, 1])
    >>> print(len(fig.axes[0].collections))
    3
    """
    points, labels, low, high = samples(x, y)
    if labels.min() < 0 or labels.max() >= len(PALETTE):
        raise ValueError(f"y: expected classes from 0 to {len(PALETTE) - 1}")
    ax = axes_or_new(ax, size=(4.4, 4.2))
    across, up = (np.linspace(a, b, resolution) for a, b in zip(low, high, strict=True))
    grid = np.stack(np.meshgrid(across, up), axis=-1).astype(points.dtype)
    answer = array(predict(grid.reshape(-1, 2)))
    region = (answer.argmax(axis=1) if answer.ndim == 2 else answer).reshape(resolution, resolution)
    levels = np.arange(len(PALETTE) + 1) - 0.5
    ax.contourf(across, up, region.astype(float), levels=levels, colors=PALETTE, alpha=0.25)
    for k in np.unique(labels):
        mine = points[labels == k]
        ax.scatter(mine[:, 0], mine[:, 1], s=14, color=PALETTE[k], marker=MARKERS[k], linewidths=0)
    label_axes(ax, xlabel=xlabel, ylabel=ylabel)
    ax.grid(visible=False)
    return figure_of(ax)
