"""One look for every figure: transparent, mid-grey text, a palette that reads in light and dark.

How figures are shown: each function of ``dlcore.plot`` returns a Figure that pyplot does not
manage, so a notebook cell that ends on the call shows it once, and ``plt.show()`` shows it not at
all. To compose several drawings, make the axes with :func:`panels`, pass each one as ``ax`` and end
the cell on the figure.
"""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache, wraps
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import numpy as np
from numpy.typing import NDArray

from dlcore.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLE = Path(__file__).with_name("style.mplstyle")

GREY = "#767676"  # contrast 4.5:1 on white and 4.6:1 on black
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY = "#E69F00", "#56B4E9"
PALETTE = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)  # of M. Okabe and K. Ito, 2008

P = ParamSpec("P")


def luminance(color: Any) -> float:
    """Return the relative luminance of a colour (WCAG 2).

    Parameters
    ----------
    color : colour
        In matplotlib's words, such as ``"#0072B2"`` or (red, green, blue) in [0, 1].

    Returns
    -------
    float
        From 0 for black to 1 for white.
    """
    return float(_linear(color) @ np.array([0.2126, 0.7152, 0.0722]))


def readable(color: Any) -> str:
    """Return the colour of a text that names what is drawn in `color`.

    Parameters
    ----------
    color : colour
        In matplotlib's words.

    Returns
    -------
    str
        The same hue, so dark or light that its contrast is above 4.5:1 on white and on black.

    Examples
    --------
    >>> print(readable(BLUE), readable(GREEN))
    #317ab5 #008661
    """
    from matplotlib.colors import to_hex

    linear, old, new = _linear(color), luminance(color), 0.179  # 4.58:1 on both pages
    mixed = linear * new / old if old > new else 1 - (1 - linear) * (1 - new) / (1 - old)
    red, green, blue = np.where(
        mixed <= 0.0031308, 12.92 * mixed, 1.055 * mixed ** (1 / 2.4) - 0.055
    )
    return to_hex((red, green, blue))


def _linear(color: Any) -> NDArray[np.float64]:
    """Return a colour as amounts of light: sRGB without its curve."""
    from matplotlib.colors import to_rgb

    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def use_style() -> None:
    """Give every matplotlib figure made from now on the look of the book.

    The functions of ``dlcore.plot`` have it anyway; call this before you draw with pyplot yourself.

    Examples
    --------
    >>> import matplotlib
    >>> with matplotlib.rc_context():
    ...     use_style()
    ...     print(matplotlib.rcParams["text.color"])
    #767676
    """
    _load_matplotlib()
    import matplotlib.pyplot as plt

    plt.style.use(STYLE)
    _reproducible_png()


def _load_matplotlib() -> None:
    """Load pyplot, which teaches a notebook to show figures, or say what brings it."""
    try:
        import matplotlib.pyplot  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise ModuleNotFoundError(
            "figures need matplotlib, which is not installed: pip install 'dlcore[plot]'",
            name="matplotlib",
        ) from None


def panels(
    rows: int = 1,
    columns: int = 1,
    *,
    size: tuple[float, float] | None = None,
    sharex: bool = False,
    sharey: bool = False,
) -> tuple["Figure", NDArray[Any]]:
    """Make a figure with a grid of axes to draw on.

    Parameters
    ----------
    rows, columns : int
        The shape of the grid.
    size : (float, float), optional
        Width and height in inches; 6.4 is the width of the page.
    sharex, sharey : bool
        Whether all axes share their scale.

    Returns
    -------
    fig : matplotlib.figure.Figure
        The figure; end the notebook cell on it.
    axes : ndarray of Axes, shape (rows * columns,)
        The axes, row by row.

    Examples
    --------
    >>> fig, (left, right) = panels(1, 2)
    >>> print(len(fig.axes))
    2
    """
    _load_matplotlib()
    with _in_style():
        _reproducible_png()
        fig = _figure_class()(figsize=size or (6.4, 0.6 + 3.0 * rows))
        axes = fig.subplots(rows, columns, sharex=sharex, sharey=sharey, squeeze=False)
        for ax in axes.ravel():
            style_ticks(ax)
    return fig, axes.ravel()


@cache
def _figure_class() -> type["Figure"]:
    from matplotlib import figure

    class Figure(figure.Figure):
        """A figure that says what it shows, so that a notebook stores words with the picture."""

        def __repr__(self) -> str:
            """Say the label, where there is one."""
            label = str(self.get_label() or "")
            return f"<Figure: {label}>" if label else super().__repr__()

    return Figure


def save(fig: "Figure", path: str | PathLike[str]) -> None:
    """Write a figure as a PNG file whose bytes depend on the picture alone.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure.
    path : path-like
        Where to; a name that ends in ``.png``.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(panels()[0], Path(folder, "empty.png"))
    ...     print(Path(folder, "empty.png").read_bytes()[1:4])
    b'PNG'
    """
    fig.savefig(path, format="png", bbox_inches="tight", metadata={"Software": None})


def styled(draw: Callable[P, "Figure"]) -> Callable[P, "Figure"]:
    """Make a drawing function draw in the style of the book, whatever the user's own is.

    Parameters
    ----------
    draw : callable
        A function that returns a Figure.

    Returns
    -------
    callable
        The same function, inside the style.
    """

    @wraps(draw)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> "Figure":
        with _in_style():
            return draw(*args, **kwargs)

    return wrapped


@cache
def _style() -> Any:
    from matplotlib import rc_params_from_file

    return dict(rc_params_from_file(STYLE, use_default_template=False))


def _in_style() -> AbstractContextManager[None]:
    from matplotlib import rc_context

    return rc_context(_style())


def style_ticks(ax: "Axes") -> None:
    """Fix how the ticks of axes look; matplotlib makes them late, when the style is gone.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Any axes; what their owner asked for stays.
    """
    from matplotlib import rcParams
    from matplotlib.font_manager import FontProperties

    rc: Any = rcParams
    for name, axis in (("x", ax.xaxis), ("y", ax.yaxis)):
        color, inherited = rc[f"{name}tick.color"], rc[f"{name}tick.labelcolor"]
        look = {
            "color": color,
            "labelcolor": color if inherited == "inherit" else inherited,
            "labelsize": FontProperties(size=rc[f"{name}tick.labelsize"]).get_size_in_points(),
            "labelfontfamily": rc["font.family"],
            "grid_color": rc["grid.color"],
            "grid_alpha": rc["grid.alpha"],
            "grid_linewidth": rc["grid.linewidth"],
        }
        asked = axis.get_tick_params()
        axis.set_tick_params("both", **{key: look[key] for key in look.keys() - asked.keys()})


def settle(fig: "Figure") -> None:
    """Give the axes of a figure the places and scales that they will have when it is drawn.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure. Nothing is drawn, which would take longer.
    """
    engine = fig.get_layout_engine()
    if engine is None:
        fig.draw_without_rendering()
    else:
        engine.execute(fig)


def axes_or_new(ax: "Axes | None", size: tuple[float, float] | None = None) -> "Axes":
    """Return the axes that were given, or those of a new figure.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        Axes of the caller's.
    size : (float, float), optional
        Size of the new figure in inches.

    Returns
    -------
    matplotlib.axes.Axes
        Where to draw.
    """
    if ax is not None:
        style_ticks(ax)
        return ax
    axes: Axes = panels(size=size)[1][0]
    return axes


def label_axes(ax: "Axes", **texts: str) -> None:
    """Write what is given on the axes, and leave what stands there where nothing is.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The axes.
    **texts : str
        ``xlabel``, ``ylabel``, ``title``; an empty one changes nothing.
    """
    ax.set(**{name: text for name, text in texts.items() if text})


def figure_of(ax: "Axes") -> "Figure":
    """Return the figure that holds `ax`.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Any axes.

    Returns
    -------
    matplotlib.figure.Figure
        The top figure, also where `ax` lies in a subfigure.
    """
    fig = ax.get_figure(root=True)
    assert fig is not None
    return fig


def array(values: Any) -> NDArray[Any]:
    """Turn what a caller wants drawn into an array.

    Parameters
    ----------
    values : array_like or Tensor
        Numbers.

    Returns
    -------
    ndarray
        The numbers; of a Tensor, its data.
    """
    return values.data if isinstance(values, Tensor) else np.asarray(values)


def samples(x: Any, y: Any) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[Any], NDArray[Any]]:
    """Turn labelled points into arrays, with the corners of the window that shows them.

    Parameters
    ----------
    x : array_like or Tensor, shape (n, 2)
        The points.
    y : array_like or Tensor, shape (n,)
        Their classes.

    Returns
    -------
    points, labels : ndarray
        The same as arrays, shapes (n, 2) and (n,).
    low, high : ndarray, shape (2,)
        Corners of a window with a margin around the points.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    points, labels = array(x), array(y).astype(np.int64)
    if points.ndim != 2 or points.shape[1] != 2 or labels.shape != points.shape[:1]:
        raise ValueError(f"x, y: expected (n, 2) and (n,), got {points.shape} and {labels.shape}")
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.08 * np.maximum(high - low, 1e-6)
    return points, labels, low - margin, high + margin


def _reproducible_png() -> None:
    """In a notebook, keep matplotlib's version out of the stored pictures."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and hasattr(shell, "kernel"):
        from matplotlib_inline import backend_inline

        show: Any = backend_inline.set_matplotlib_formats
        show("png", metadata={"Software": None})
