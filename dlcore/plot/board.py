"""A sheet on which drawings are laid out in points, before there is a figure of their size."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dlcore.plot.style import GREY, axes_or_new, figure_of, settle

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 72.0  # to an inch
PAGE = 6.4 * POINTS  # the width of the book's column
FONT = 9.5
LINE = 1.25  # height of a line of text, in font sizes
MARGIN = 4.0

Place = tuple[float, float]
Mark = Callable[["Axes", float], Any]


@cache
def text_size(text: str, font: float = FONT, bold: bool = False) -> tuple[float, float]:
    """Return the width and height of a text.

    Parameters
    ----------
    text : str
        One line or several; formulas stand between dollars, as matplotlib has it.
    font : float
        The font's size in points.
    bold : bool
        Whether it is bold.

    Returns
    -------
    width, height : float
        In points.
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    look = FontProperties(family="DejaVu Sans", size=font, weight="bold" if bold else "normal")
    lines = text.split("\n")
    widths = [
        text_to_path.get_text_width_height_descent(line, look, ismath="$" in line)[0]
        for line in lines
    ]
    return max(widths), LINE * font * len(lines)


def fitting(text: str, width: float) -> float:
    """Return the largest size at which a text fits into a cell, at most that of all texts.

    Parameters
    ----------
    text : str
        One line.
    width : float
        The width of the cell in points.

    Returns
    -------
    float
        The size of the font in points.
    """
    return FONT * min(1.0, (width - 3.0) / max(text_size(text)[0], 1e-9))


class Board:
    """Boxes, lines and texts in points, y downwards, drawn at once when all have their places."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []
        self._corners: list[Place] = []

    @property
    def corners(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The least and the greatest place that anything takes, shapes (2,)."""
        places = np.array(self._corners)
        return places.min(axis=0), places.max(axis=0)

    def text(
        self,
        at: Place,
        text: str,
        *,
        ha: str = "center",
        color: str = GREY,
        font: float = FONT,
        bold: bool = False,
    ) -> None:
        """Write a text.

        Parameters
        ----------
        at : (float, float)
            Its place; its middle in height.
        text : str
            One line or several.
        ha : str
            What lies at that place: its ``"left"``, ``"center"`` or ``"right"``.
        color : colour
            In matplotlib's words.
        font : float
            Size in points.
        bold : bool
            Whether it is bold.
        """
        x, y = at
        width, height = text_size(text, font, bold)
        left = x - width * {"left": 0.0, "center": 0.5, "right": 1.0}[ha]
        self._corners += [(left, y - height / 2), (left + width, y + height / 2)]
        look: Any = {"ha": ha, "va": "center", "color": color, "linespacing": 1.1}
        look["fontweight"] = "bold" if bold else "normal"
        self._marks.append(lambda ax, r: ax.text(x, y, text, fontsize=font * r, **look))

    def box(
        self,
        corner: Place,
        size: Place,
        *,
        color: str = GREY,
        fill: float = 0.0,
        rounding: float = 0.0,
        width: float = 1.4,
        dashed: bool = False,
    ) -> None:
        """Draw a rectangle.

        Parameters
        ----------
        corner : (float, float)
            The upper left corner.
        size : (float, float)
            Width and height.
        color : colour
            Of the frame and, fainter, of the inside.
        fill : float
            How opaque the inside is, from 0 to 1.
        rounding : float
            Radius of the corners.
        width : float
            Width of the frame's line.
        dashed : bool
            Whether that line is dashed.
        """
        from matplotlib.colors import to_rgba
        from matplotlib.patches import FancyBboxPatch

        self._corners += [corner, (corner[0] + size[0], corner[1] + size[1])]
        style = f"round,pad=0,rounding_size={rounding}" if rounding else "square,pad=0"
        look: Any = {"boxstyle": style, "edgecolor": color, "facecolor": to_rgba(color, fill)}
        look["linestyle"] = (0, (4, 3)) if dashed else "-"
        self._marks.append(
            lambda ax, r: ax.add_patch(FancyBboxPatch(corner, *size, lw=width * r, **look))
        )

    def cell(self, corner: Place, size: Place, text: str, *, font: float, **frame: Any) -> None:
        """Draw a rectangle with a text in its middle.

        Parameters
        ----------
        corner : (float, float)
            The upper left corner.
        size : (float, float)
            Width and height.
        text : str
            One line.
        font : float
            Size in points.
        **frame
            As `box` takes it.
        """
        self.box(corner, size, **frame)
        self.text((corner[0] + size[0] / 2, corner[1] + size[1] / 2), text, font=font)

    def circle(
        self, at: Place, radius: float, *, color: str = GREY, fill: float = 0.12, width: float = 1.4
    ) -> None:
        """Draw a circle.

        Parameters
        ----------
        at : (float, float)
            Its middle.
        radius : float
            In points.
        color : colour
            Of the frame and, fainter, of the inside.
        fill : float
            How opaque the inside is, from 0 to 1.
        width : float
            Width of the frame's line.
        """
        from matplotlib.colors import to_rgba
        from matplotlib.patches import Circle

        x, y = at
        self._corners += [(x - radius, y - radius), (x + radius, y + radius)]
        look: Any = {"edgecolor": color, "facecolor": to_rgba(color, fill)}
        self._marks.append(lambda ax, r: ax.add_patch(Circle(at, radius, lw=width * r, **look)))

    def line(
        self,
        places: Sequence[Place],
        *,
        color: str = GREY,
        head: bool = False,
        width: float = 1.2,
        dashed: bool = False,
        rounding: float = 5.0,
    ) -> None:
        """Draw a line through places.

        Parameters
        ----------
        places : sequence of (float, float)
            Its ends and its corners.
        color : colour
            In matplotlib's words.
        head : bool
            Whether an arrow's head stands at its end.
        width : float
            In points.
        dashed : bool
            Whether it is dashed.
        rounding : float
            Radius of the corners.
        """
        from matplotlib.patches import FancyArrowPatch

        self._corners += places
        path = _rounded(np.array(places, float), rounding)
        look: Any = {"arrowstyle": "-|>" if head else "-", "color": color, "joinstyle": "round"}
        look |= {"shrinkA": 0, "shrinkB": 0, "linestyle": (0, (3, 2)) if dashed else "-"}
        self._marks.append(
            lambda ax, r: ax.add_patch(
                FancyArrowPatch(path=path, mutation_scale=9 * r, linewidth=width * r, **look)
            )
        )

    def show(self, ax: "Axes | None", alt: str) -> "Figure":
        """Draw everything.

        Parameters
        ----------
        ax : matplotlib.axes.Axes or None
            Where to; a new figure of the drawing's own size, at most a page wide, by default.
        alt : str
            What the drawing shows, in words; the figure's label.

        Returns
        -------
        matplotlib.figure.Figure
            The figure.
        """
        low, high = self.corners[0] - MARGIN, self.corners[1] + MARGIN
        width, height = high - low
        ratio = min(1.0, PAGE / width)
        own = ax is None
        ax = axes_or_new(ax, size=(width * ratio / POINTS, height * ratio / POINTS))
        ax.set_axis_off()
        ax.set(xlim=(low[0], high[0]), ylim=(high[1], low[1]))
        fig = figure_of(ax)
        if own:
            fig.set_layout_engine("none")
            ax.set_position((0, 0, 1, 1))
            fig.set_label(alt)
        else:
            ax.set_aspect("equal")
            settle(fig)
            across, down = ax.get_position().bounds[2:] * fig.get_size_inches() * POINTS
            ratio = min(1.0, across / width, down / height)
            fig.set_label(" ".join(filter(None, [str(fig.get_label() or ""), alt])))
        for mark in self._marks:
            mark(ax, ratio)
        return fig


def _rounded(places: NDArray[Any], radius: float) -> Any:
    """Make a path through places whose corners are rounded."""
    from matplotlib.path import Path

    points, codes = [places[0]], [Path.MOVETO]
    for before, corner, after in zip(places, places[1:], places[2:], strict=False):
        for end, code in ((before, Path.LINETO), (after, Path.CURVE3)):
            away = end - corner
            length = max(float(np.hypot(*away)), 1e-9)
            near = corner + away / length * min(radius, length / 2)
            points += [near] if code == Path.LINETO else [corner, near]
            codes += [code] * (1 if code == Path.LINETO else 2)
    return Path([*points, places[-1]], [*codes, Path.LINETO])
