"""Points in the plane, coloured by a number: a map of houses, a cloud of errors."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.plot.style import (
    GREY,
    array,
    axes_or_new,
    figure_of,
    label_axes,
    settle,
    style_ticks,
    styled,
)
from dlcore.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@styled
def points(
    x: ArrayLike | Tensor,
    y: ArrayLike | Tensor,
    values: ArrayLike | Tensor | None = None,
    *,
    xlabel: str = "",
    ylabel: str = "",
    label: str = "",
    title: str = "",
    vmin: float | None = None,
    vmax: float | None = None,
    cmap: str = "viridis",
    size: float = 4.0,
    aspect: float | None = None,
    ax: "Axes | None" = None,
) -> "Figure":
    """Draw a point for each pair of numbers, coloured by a third.

    Parameters
    ----------
    x, y : array_like or Tensor, shape (n,)
        Where the points lie.
    values : array_like or Tensor, shape (n,), optional
        What colours them; without it, all have the first colour of the palette.
    xlabel, ylabel : str
        What is on the axes, with units.
    label : str
        What the colours mean, beside the colour bar.
    title : str
        A title, where the text cannot say it.
    vmin, vmax : float, optional
        The values at the ends of the colour map; by default the smallest and the largest.
    cmap : str
        Name of a matplotlib colour map.
    size : float
        Area of a point, in square points.
    aspect : float, optional
        Length of a unit of y on the page, in units of x. For longitude across and latitude up it
        is one over the cosine of the latitude: about 1.48 at 47.5 degrees.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If the shapes do not agree.

    Examples
    --------
    >>> fig = points([0, 1, 2], [1, 0, 1], [0.1, 0.2, 0.3], label="price")
    >>> print(len(fig.axes), fig.axes[1].get_ylabel())
    2 price
    """
    across, up = array(x), array(y)
    if across.ndim != 1 or up.shape != across.shape:
        raise ValueError(f"x, y: expected one axis of equal length, got {across.shape}, {up.shape}")
    ax = axes_or_new(ax)
    label_axes(ax, xlabel=xlabel, ylabel=ylabel, title=title)
    if aspect is not None:
        ax.set_aspect(aspect)
    if values is None:
        ax.scatter(across, up, s=size, linewidths=0)
        return figure_of(ax)
    colors = _matching(array(values), across)
    dots = ax.scatter(across, up, c=colors, s=size, linewidths=0, cmap=cmap, vmin=vmin, vmax=vmax)
    bar = figure_of(ax).colorbar(dots, ax=ax, label=label)
    style_ticks(bar.ax)
    bar.outline.set_edgecolor(GREY)
    settle(figure_of(ax))  # a bar finds its place in two rounds, the last one when it is drawn
    return figure_of(ax)


def _matching(values: NDArray[Any], x: NDArray[Any]) -> NDArray[Any]:
    if values.shape != x.shape:
        raise ValueError(f"values: expected shape {x.shape}, got {np.shape(values)}")
    return values
