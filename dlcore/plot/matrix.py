"""Tables of numbers as coloured cells: heat maps and confusion matrices."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.plot.style import GREY, array, axes_or_new, figure_of, label_axes, luminance, styled
from dlcore.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@styled
def heatmap(
    matrix: ArrayLike | Tensor,
    rows: Sequence[object] | None = None,
    columns: Sequence[object] | None = None,
    *,
    fmt: str | None = ".2g",
    xlabel: str = "",
    ylabel: str = "",
    vmin: float | None = None,
    vmax: float | None = None,
    cmap: str = "cividis",
    ax: "Axes | None" = None,
) -> "Figure":
    """Draw a matrix as coloured cells with its numbers in them.

    Parameters
    ----------
    matrix : array_like or Tensor, shape (m, n)
        The numbers. NaN leaves a cell empty.
    rows, columns : sequence of m or n objects, optional
        Names of the rows and columns; their indices by default.
    fmt : str or None
        Format of the numbers; None writes none.
    xlabel, ylabel : str
        What the columns and the rows are.
    vmin, vmax : float, optional
        The values at the ends of the colour map; by default the smallest and the largest.
    cmap : str
        Name of a matplotlib colour map.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure. Each number is black or white, whichever stands out more from its cell.

    Raises
    ------
    ValueError
        If `matrix` has not two axes, or the names are not as many.

    Examples
    --------
    >>> fig = heatmap([[1.0, 0.5], [0.25, 0.0]], rows=["a", "b"])
    >>> print([text.get_text() for text in fig.axes[0].texts])
    ['1', '0.5', '0.25', '0']
    """
    values = array(matrix)
    if values.ndim != 2 or values.size == 0:
        raise ValueError(f"matrix: expected two axes and at least one cell, got {values.shape}")
    for name, labels, n in zip(("rows", "columns"), (rows, columns), values.shape, strict=True):
        if labels is not None and len(labels) != n:
            raise ValueError(f"{name}: expected {n} names, got {len(labels)}")
    m, n = values.shape
    cell = min(0.5, 5.0 / n)
    ax = axes_or_new(ax, size=(1.4 + cell * n, 0.9 + cell * m))
    image = ax.imshow(values, cmap=cmap, vmin=vmin, vmax=vmax)
    ax.set_xticks(np.arange(n), list(map(str, range(n) if columns is None else columns)))
    ax.set_yticks(np.arange(m), list(map(str, range(m) if rows is None else rows)))
    label_axes(ax, xlabel=xlabel, ylabel=ylabel)
    ax.grid(visible=False)
    ax.tick_params(length=0)
    if fmt is not None:
        _write(ax, values, image.to_rgba(values), fmt)
    return figure_of(ax)


@styled
def confusion(
    matrix: ArrayLike | Tensor,
    labels: Sequence[object] | None = None,
    *,
    fmt: str | None = None,
    ax: "Axes | None" = None,
) -> "Figure":
    """Draw a confusion matrix, shaded by share of the true class; cells of nothing stay empty.

    Parameters
    ----------
    matrix : array_like or Tensor, shape (k, k)
        Row: the true class; column: the predicted one, as ``metrics.confusion_matrix`` gives it.
    labels : sequence of k objects, optional
        Names of the classes.
    fmt : str, optional
        Format of the numbers; ``"d"`` for counts and ``".2f"`` for fractions by default.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure. The shade follows the logarithm of the share, from one in a thousand to all, or
        the rare errors of a good classifier would all look the same.

    Raises
    ------
    ValueError
        If the matrix is not square.

    Examples
    --------
    >>> fig = confusion([[5, 1], [0, 4]])
    >>> print([text.get_text() for text in fig.axes[0].texts])
    ['5', '1', '4']
    """
    from matplotlib.patches import Rectangle

    counts = array(matrix)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"matrix: expected shape (k, k), got {counts.shape}")
    fmt = fmt or ("d" if counts.dtype.kind in "biu" else ".2f")
    shown = np.where(counts == 0, np.nan, counts)
    shares = shown / np.fmax(np.nansum(shown, axis=1, keepdims=True), 1e-12)
    ax = axes_or_new(ax, size=(1.0 + 0.42 * len(counts), 0.8 + 0.42 * len(counts)))
    heatmap(
        np.log10(shares), labels, labels, fmt=None, vmin=-3, vmax=0,
        xlabel="predicted class", ylabel="true class", ax=ax,
    )  # fmt: skip
    shade: Any = ax.images[-1]
    fmt = ".0f" if fmt == "d" else fmt  # the empty cells made the counts floating
    _write(ax, shown, shade.to_rgba(shade.get_array()), fmt)
    for edge in np.arange(-0.5, len(counts)):
        ax.axhline(edge, color=GREY, linewidth=0.4)
        ax.axvline(edge, color=GREY, linewidth=0.4)
    for row, column in np.argwhere(counts != 0):  # or a dark cell would vanish on a black page
        frame = Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=GREY, lw=1.2)
        ax.add_patch(frame)
    return figure_of(ax)


def _write(ax: "Axes", values: NDArray[Any], colors: NDArray[Any], fmt: str) -> None:
    for (i, j), value in np.ndenumerate(values):
        if not np.isnan(value):
            color = _ink(colors[i, j, :3])
            ax.text(j, i, f"{value:{fmt}}", color=color, ha="center", va="center", fontsize="small")


def _ink(rgb: NDArray[np.float64]) -> str:
    """Choose black or white by contrast with a colour (WCAG 2)."""
    light = luminance(rgb)
    return "black" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "white"
