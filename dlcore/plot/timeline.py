"""A timeline drawn from data: dots at the true dates, texts in rows that cannot overlap."""

from collections.abc import Iterable
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dlcore.plot.style import BLUE, GREY, axes_or_new, figure_of, readable, settle, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE = 0.19  # inches a line of text
GAP = 0.12  # inches between two events
AXIS, YEAR, TEXT = 0.55, 1.0, 1.46  # inches from the left: scale of years, dates, texts


@styled
def timeline(
    events: Iterable[tuple[float, str, str]], *, width: int = 72, ax: "Axes | None" = None
) -> "Figure":
    """Draw dated events from top to bottom.

    Parameters
    ----------
    events : iterable of (year, label, text)
        In any order. The label is short, the text at most a sentence.
    width : int
        Characters in a line of text.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure as high as the texts need.

    Returns
    -------
    matplotlib.figure.Figure
        The figure: on the left a scale of years with a dot an event, on the right the texts one
        below the other, each joined to its dot.

    Raises
    ------
    ValueError
        If there is no event.

    Examples
    --------
    >>> fig = timeline([(1986, "Backpropagation", "hidden layers learn"), (1958, "Perceptron", "")])
    >>> texts = [text.get_text() for text in fig.axes[0].texts]
    >>> print(texts[:2], texts[-2:])
    ['1958', 'Perceptron'] ['1960', '1980']
    """
    rows = sorted(events, key=lambda event: event[0])
    if not rows:
        raise ValueError("events: expected at least one")
    texts = ["\n".join(wrap(text, width)) for _, _, text in rows]
    heights = np.array([LINE * (1 + len(text.splitlines())) + GAP for text in texts])
    tops = np.concatenate([[0], np.cumsum(heights)])
    ax = axes_or_new(ax, size=(6.4, float(tops[-1])))
    years = np.array([year for year, _, _ in rows], dtype=float)
    dots = _heights(years, top=LINE / 2, bottom=float(tops[-2]) + LINE / 2)
    ax.set(xlim=(0, 6.4), ylim=(float(tops[-1]), -GAP))
    ax.set_axis_off()
    ax.plot([AXIS, AXIS], [dots[0], dots[-1]], color=GREY, linewidth=1)
    ax.plot(np.full(len(rows), AXIS), dots, "o", color=BLUE)
    for (year, label, _), text, dot, top in zip(rows, texts, dots, tops, strict=False):
        middle = top + LINE / 2
        ax.plot([AXIS + 0.05, YEAR - 0.15, YEAR - 0.04], [dot, middle, middle], c=GREY, lw=0.6)
        ax.text(YEAR, middle, f"{year:g}", va="center", fontsize="small")
        name = ax.text(TEXT, middle, label, va="center", fontsize="small", fontweight="bold")
        name.set_color(readable(BLUE))
        if text:
            ax.text(TEXT, top + LINE, text, va="top", fontsize="small", linespacing=1.25)
    for year, height in _ticks(years, dots):
        ax.plot([AXIS - 0.07, AXIS], [height, height], color=GREY, linewidth=0.8)
        ax.text(AXIS - 0.12, height, f"{year:g}", ha="right", va="center", fontsize="x-small")
    settle(figure_of(ax))  # texts wider than the axes move them in two rounds
    return figure_of(ax)


def _heights(years: NDArray[Any], top: float, bottom: float) -> NDArray[Any]:
    span = years[-1] - years[0]
    share = (years - years[0]) / span if span else np.zeros(len(years))
    return top + share * (bottom - top)


def _ticks(years: NDArray[Any], dots: NDArray[Any]) -> list[tuple[float, float]]:
    span, height = years[-1] - years[0], dots[-1] - dots[0]
    if not span:
        return []
    steps = (step * 10**power for power in range(9) for step in (10, 20, 50))
    step = next(step for step in steps if step * height >= span * LINE)
    round_years = np.arange(np.ceil(years[0] / step) * step, years[-1] + 1e-9, step)
    return [(float(year), float(np.interp(year, years, dots))) for year in round_years]
