"""A surface seen from above, and the paths that walkers take on it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.plot.style import (
    GREY,
    PALETTE,
    array,
    axes_or_new,
    figure_of,
    label_axes,
    readable,
    styled,
)
from dlcore.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RESOLUTION = 121  # points along each axis at which the function is asked
RINGS = 12


@styled
def contours(
    function: Callable[[NDArray[Any]], Any],
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    paths: Mapping[str, ArrayLike | Tensor] | None = None,
    *,
    levels: Sequence[float] | None = None,
    xlabel: str = "$x_1$",
    ylabel: str = "$x_2$",
    marker: str | None = "o",
    colors: Mapping[str, str] | None = None,
    ax: "Axes | None" = None,
) -> "Figure":
    """Draw a function of two numbers by lines of equal height, with paths on top.

    Parameters
    ----------
    function : callable
        Gets points, shape (m, 2); returns the height at each: an array or Tensor of shape (m,).
    xlim, ylim : (float, float)
        The window; a path that leaves it is cut at its edge.
    paths : mapping of str to array_like or Tensor, shape (n, 2), optional
        Name and places of each path; an empty name is not written.
    levels : sequence of float, optional
        Heights that get a line, rising; by default twelve that are equally spaced on a round bowl.
    xlabel, ylabel : str
        What is on the axes, with units.
    marker : str, optional
        Sign for each place of a path, in matplotlib's words.
    colors : mapping of str to str, optional
        Colours by name of path; the others take the palette in turn.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; the names of the paths stand to its right, in their colours.

    Raises
    ------
    ValueError
        If the function does not give a height a point, or a path is no list of places.

    Examples
    --------
    >>> bowl = lambda p: p[:, 0] ** 2 + 4 * p[:, 1] ** 2
    >>> fig = contours(bowl, (-2, 2), (-1, 1), {"descent": [[2, 1], [1, 0.2], [0.5, 0]]})
    >>> print([text.get_text() for text in fig.axes[0].texts])
    ['descent']
    """
    across, up = np.linspace(*xlim, RESOLUTION), np.linspace(*ylim, RESOLUTION)
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    heights = array(function(grid))
    if heights.shape != (len(grid),):
        raise ValueError(f"function: expected shape {(len(grid),)}, got {heights.shape}")
    places = {name: array(path) for name, path in (paths or {}).items()}
    for name, path in places.items():
        if path.ndim != 2 or path.shape[1] != 2:
            raise ValueError(f"paths[{name!r}]: expected shape (n, 2), got {path.shape}")
    low, high = heights.min(), heights.max()
    rings = low + (high - low) * (np.arange(RINGS) / RINGS) ** 2 if levels is None else levels
    ax = axes_or_new(ax, size=(4.8, 4.0))
    field = heights.reshape(RESOLUTION, RESOLUTION)
    ax.contour(
        across, up, field, levels=rings, colors=GREY, linewidths=0.8, linestyles="solid", alpha=0.6
    )
    look = {name: PALETTE[i % len(PALETTE)] for i, name in enumerate(places)} | dict(colors or {})
    for name, path in places.items():
        ax.plot(path[:, 0], path[:, 1], marker=marker, ms=3.5, lw=1.3, color=look[name])
    ax.set(xlim=xlim, ylim=ylim)
    label_axes(ax, xlabel=xlabel, ylabel=ylabel)
    ax.grid(visible=False)
    for line, name in enumerate(filter(None, places)):
        ax.annotate(
            name, (1, 1), (6, -6 - 15 * line), "axes fraction", "offset points",
            color=readable(look[name]), va="top", fontsize="small", annotation_clip=False,
        )  # fmt: skip
    return figure_of(ax)
