"""Curves: one quantity against another, and the history of a training run."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.plot.style import (
    array,
    axes_or_new,
    figure_of,
    label_axes,
    panels,
    readable,
    settle,
    styled,
)
from dlcore.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@styled
def lines(
    x: ArrayLike | Tensor,
    series: Mapping[str, ArrayLike | Tensor],
    *,
    xlabel: str = "",
    ylabel: str = "",
    xscale: str = "linear",
    yscale: str = "linear",
    title: str = "",
    marker: str | None = None,
    colors: Mapping[str, str] | None = None,
    ax: "Axes | None" = None,
) -> "Figure":
    """Draw curves over a common x, each named at its right end.

    Parameters
    ----------
    x : array_like or Tensor, shape (n,)
        Common abscissa.
    series : mapping of str to array_like or Tensor, shape (n,)
        Name and ordinates of each curve. NaN leaves a gap; an empty name is not written.
    xlabel, ylabel : str
        What is on the axes, with units.
    xscale, yscale : {"linear", "log", "symlog"}
        The scales.
    title : str
        A title, where the text cannot say it.
    marker : str, optional
        Sign for each point, in matplotlib's words, for instance ``"o"``.
    colors : mapping of str to str, optional
        Colours by name of curve; the others take the palette in turn.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there is no curve, or one has another length than `x`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-2, 2, 50)
    >>> fig = lines(x, {"tanh": np.tanh(x), "relu": np.maximum(x, 0)}, xlabel="z")
    >>> print([text.get_text() for text in fig.axes[0].texts])
    ['tanh', 'relu']
    """
    abscissa = array(x)
    curves = {name: array(y) for name, y in series.items()}
    if not curves:
        raise ValueError("series: expected at least one curve")
    for name, y in curves.items():
        if y.shape != abscissa.shape or y.ndim != 1:
            raise ValueError(f"series[{name!r}]: expected shape {abscissa.shape}, got {y.shape}")
    ax = axes_or_new(ax)
    ax.set(xscale=xscale, yscale=yscale)
    label_axes(ax, xlabel=xlabel, ylabel=ylabel, title=title)
    ax.margins(x=0.02)
    drawn = {}
    for name, y in curves.items():
        color = (colors or {}).get(name)
        (drawn[name],) = ax.plot(abscissa, y, marker=marker, color=color)
    _name_ends(ax, {name: (y, str(drawn[name].get_color())) for name, y in curves.items()})
    return figure_of(ax)


@styled
def curves(
    columns: Mapping[str, ArrayLike], *, yscale: str = "linear", ax: "Axes | None" = None
) -> "Figure":
    """Draw the history of a training run: loss and metrics, in training and validation.

    Parameters
    ----------
    columns : mapping of str to array_like, shape (epochs,)
        Such as the ``columns`` of a history: ``epoch``, ``loss``, ``val_loss``, ``accuracy``, ….
        A name and the same with ``val_`` share a panel.
    yscale : {"linear", "log"}
        The scale of the loss; metrics are drawn on a linear one.
    ax : matplotlib.axes.Axes, optional
        Where to draw; only the loss is drawn then. A figure with a panel a quantity by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there is no loss or no epoch in it.

    Examples
    --------
    >>> fig = curves({"epoch": [1, 2], "loss": [2.0, 1.0], "val_loss": [2.1, 1.5]})
    >>> print([text.get_text() for text in fig.axes[0].texts])
    ['training', 'validation']
    """
    values = {name: array(column) for name, column in columns.items()}
    if "loss" not in values or len(values["loss"]) == 0:
        raise ValueError("columns: expected a column 'loss' with at least one epoch")
    epochs = values.pop("epoch", np.arange(1, len(values["loss"]) + 1))
    quantities = list(dict.fromkeys(name.removeprefix("val_") for name in values))
    if ax is not None:
        _quantity(ax, epochs, values, "loss", yscale)
        return figure_of(ax)
    fig, axes = panels(1, len(quantities), size=(6.4, 2.8))
    for quantity, panel in zip(quantities, axes, strict=True):
        _quantity(panel, epochs, values, quantity, yscale if quantity == "loss" else "linear")
    return fig


def _quantity(
    ax: "Axes", epochs: NDArray[Any], values: Mapping[str, NDArray[Any]], name: str, yscale: str
) -> None:
    parts = {"training": values.get(name), "validation": values.get(f"val_{name}")}
    series = {part: y for part, y in parts.items() if y is not None}
    marker = "o" if len(epochs) < 3 else None  # a line through one point would be invisible
    lines(epochs, series, xlabel="epoch", ylabel=name, yscale=yscale, marker=marker, ax=ax)
    ax.locator_params(axis="x", integer=True)


def _name_ends(ax: "Axes", curves: Mapping[str, tuple[NDArray[Any], str]]) -> None:
    settle(figure_of(ax))
    heights = {}
    for name, (y, _) in curves.items():
        finite = y[np.isfinite(y)]
        if name and len(finite):
            on_screen = ax.transData.transform((ax.get_xlim()[1], finite[-1]))
            heights[name] = float(np.clip(ax.transAxes.inverted().transform(on_screen)[1], 0, 1))
    gap = 15 / (ax.get_window_extent().height * 72 / figure_of(ax).dpi)  # of a line, in axes
    for name, height in zip(heights, _apart(list(heights.values()), gap), strict=True):
        color = readable(curves[name][1])
        ax.annotate(
            name, (1, height), (4, 0), "axes fraction", "offset points",
            color=color, va="center", fontsize="small", annotation_clip=False,
        )  # fmt: skip


def _apart(heights: list[float], gap: float) -> list[float]:
    order = np.argsort(heights, kind="stable")
    groups: list[list[float]] = []  # [sum of wished starts, number of members]
    for height in np.asarray(heights)[order]:
        groups.append([height, 1])
        while len(groups) > 1 and _overlap(groups[-2], groups[-1], gap):
            total, count = groups.pop()
            groups[-1][0] += total - count * groups[-1][1] * gap
            groups[-1][1] += count
    placed = [total / count + k * gap for total, count in groups for k in range(int(count))]
    out = np.empty(len(heights))
    out[order] = placed
    return out.tolist()


def _overlap(below: list[float], above: list[float], gap: float) -> bool:
    return above[0] / above[1] < below[0] / below[1] + below[1] * gap
