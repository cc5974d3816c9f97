"""An operation that slides over a grid: one output marked, its arithmetic beneath."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.plot.board import FONT, Board, fitting
from dlcore.plot.style import BLUE, GREEN, VERMILLION, array, readable, styled
from dlcore.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CELL, BETWEEN, ROW = 21.0, 20.0, 16.0  # a cell; between grids across and down
LARGEST = 14  # cells along a side
POOLS: dict[str, Callable[[NDArray[Any]], Any]] = {"max": np.max, "mean": np.mean}


@dataclass
class Slide:
    """What slides, how, and which output is looked at; every array has axes (C, H, W)."""

    image: NDArray[Any]
    kernel: NDArray[Any] | None
    size: tuple[int, int]
    at: tuple[int, int]
    stride: int
    dilation: int
    pool: str  # where there is no kernel

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of the output."""
        spans = [(k - 1) * self.dilation + 1 for k in self.size]
        free = [n - span for n, span in zip(self.image.shape[1:], spans, strict=True)]
        return free[0] // self.stride + 1, free[1] // self.stride + 1

    def places(self, at: tuple[int, int]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the rows and the columns of the image that an output reads."""
        rows, columns = (
            i * self.stride + self.dilation * np.arange(k)
            for i, k in zip(at, self.size, strict=True)
        )
        return rows, columns

    def read(self, at: tuple[int, int]) -> NDArray[Any]:
        """Return the numbers that an output reads, shape (C, kh, kw)."""
        rows, columns = self.places(at)
        return self.image[:, rows[:, None], columns]

    def output(self, at: tuple[int, int]) -> Any:
        """Return an output."""
        read = self.read(at)
        return POOLS[self.pool](read) if self.kernel is None else (read * self.kernel).sum()


@styled
def window(
    image: ArrayLike | Tensor,
    kernel: ArrayLike | Tensor | str,
    at: int | tuple[int, int],
    *,
    size: int = 2,
    padding: int = 0,
    stride: int | None = None,
    dilation: int = 1,
    fmt: str = "g",
    names: Sequence[str] = ("input", "kernel", "output"),
    sign: str = "⋆",
    ax: "Axes | None" = None,
) -> "Figure":
    """Draw how one output of a convolution or of a pooling comes about.

    Parameters
    ----------
    image : array_like or Tensor, shape (W,), (H, W) or (C, H, W)
        What is read; at most 14 cells along a side with its padding.
    kernel : array_like or Tensor with as many axes, or ``"max"`` or ``"mean"``
        The weights, applied without flipping; or the pooling.
    at : int or (int, int)
        The output that is marked; its column where `image` has one axis.
    size : int
        Side of the window of a pooling.
    padding : int
        Zeros around the image, drawn without lines.
    stride : int, optional
        The step; 1 for a kernel and `size` for a pooling by default.
    dilation : int
        The distance between neighbours in the window.
    fmt : str
        Format of the numbers.
    names : sequence of 3 str
        What stands above the grids.
    sign : str
        What stands between input and kernel: a star for a correlation, a dot for a product.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure of the drawing's own size by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; its label says in words what is drawn.

    Raises
    ------
    ValueError
        If the axes do not match, the window does not fit, or `at` is no output.

    Examples
    --------
    >>> fig = window([1, 2, 3, 4], [1, -1, 2], at=1)
    >>> print(fig.get_label())
    The output at 1: 2·1 + 3·(−1) + 4·2 = 7.
    """
    slide = _slide(image, kernel, at, size, padding, stride, dilation)
    sums = _sums(slide, fmt)
    board = Board()
    middle, bottom = _grids(board, slide, padding, fmt, names, sign)
    for i, line in enumerate(sums):
        board.text((middle, bottom + ROW * (i + 0.7)), line)
    where = slide.at if array(image).ndim > 1 else slide.at[1]
    return board.show(ax, f"The output at {where}: {' '.join(sums)}.")


def _slide(
    image: Any, kernel: Any, at: Any, size: int, padding: int, stride: int | None, dilation: int
) -> Slide:
    x, pool = array(image), kernel if isinstance(kernel, str) else ""
    weights = None if isinstance(kernel, str) else array(kernel)
    if not 1 <= x.ndim <= 3 or (weights is not None and weights.ndim != x.ndim):
        shapes = x.shape if weights is None else (x.shape, weights.shape)
        raise ValueError(f"image, kernel: expected one to three axes, as many each, got {shapes}")
    if weights is None and (pool not in POOLS or (x.ndim == 3 and len(x) > 1)):
        raise ValueError(
            f"kernel: expected weights, or 'max' or 'mean' of one channel, got {kernel!r}"
        )
    flat = x.ndim == 1
    x = x.reshape((1,) * (3 - x.ndim) + x.shape)
    x = np.pad(x, ((0, 0), (0, 0) if flat else (padding, padding), (padding, padding)))
    if weights is not None:
        weights = weights.reshape((1,) * (3 - weights.ndim) + weights.shape)
    window = weights.shape[1:] if weights is not None else (1 if flat else size, size)
    place = (0, int(at)) if flat else tuple(at)
    slide = Slide(x, weights, window, place, stride or (size if pool else 1), dilation, pool)
    if weights is not None and len(weights) != len(x):
        raise ValueError(f"kernel: expected {len(x)} channels, got {len(weights)}")
    if max(x.shape[1:]) > LARGEST:
        raise ValueError(f"image: at most {LARGEST} cells a side can be read, got {x.shape[1:]}")
    if min(slide.shape) < 1:
        raise ValueError(f"kernel: a window of {window} does not fit into {x.shape[1:]}")
    if not all(0 <= i < n for i, n in zip(place, slide.shape, strict=True)):
        raise ValueError(f"at: {at} is no output; their shape is {slide.shape}")
    return slide


def _number(value: Any, fmt: str, follows: bool = False) -> str:
    text = f"{value:{fmt}}".replace("-", "−")
    return f"({text})" if follows and text.startswith("−") else text


def _sums(slide: Slide, fmt: str) -> list[str]:
    """Return the arithmetic of the marked output, a line for each row of a channel's kernel."""
    read, result = slide.read(slide.at), _number(slide.output(slide.at), fmt)
    if slide.kernel is None:
        return [f"{slide.pool}({', '.join(_number(v, fmt) for v in read.ravel())}) = {result}"]
    lines, parts = [], []
    for values, weights in zip(read, slide.kernel, strict=True):
        rows = [
            " + ".join(
                f"{_number(v, fmt, j > 0 or i > 0)}·{_number(w, fmt, True)}"
                for j, (v, w) in enumerate(zip(*pair, strict=True))
            )
            for i, pair in enumerate(zip(values, weights, strict=True))
        ]
        parts.append((values * weights).sum())
        rows = [" + ".join(rows)] if values.size <= 4 else [rows[0], *(f"+ {r}" for r in rows[1:])]
        rows[-1] += f" = {_number(parts[-1], fmt)}"
        lines += rows
    if len(parts) > 1:
        total = " + ".join(_number(part, fmt, i > 0) for i, part in enumerate(parts))
        lines.append(f"{total} = {result}")
    return lines


def _grids(
    board: Board, slide: Slide, padding: int, fmt: str, names: Sequence[str], sign: str
) -> tuple[float, float]:
    """Draw input, kernel and output; return the middle across and the bottom."""
    channels, height, width = slide.image.shape
    rows, columns = slide.places(slide.at)
    cells = {(int(i), int(j)) for i in rows for j in columns}
    deep = height * CELL + BETWEEN
    x = width * CELL
    flat = height == 1
    zeros = {
        (i, j)
        for i in range(height)
        for j in range(width)
        if not padding <= j < width - padding or not (flat or padding <= i < height - padding)
    }
    for c in range(channels):
        _grid(board, (0, c * deep), slide.image[c], fmt, marked=cells, color=BLUE, faint=zeros)
    _heading(board, x / 2, names[0], 0.0, BLUE)
    bottom = channels * deep - BETWEEN
    if slide.kernel is not None:
        kh, kw = slide.size
        _heading(board, x + BETWEEN + kw * CELL / 2, names[1], (height - kh) * CELL / 2, VERMILLION)
        for c in range(channels):
            top = c * deep + (height - kh) * CELL / 2
            board.text((x + BETWEEN / 2, c * deep + height * CELL / 2), sign, font=FONT + 6)
            every = {(i, j) for i in range(kh) for j in range(kw)}
            corner = (x + BETWEEN, top)
            _grid(board, corner, slide.kernel[c], fmt, marked=every, color=VERMILLION)
        x += BETWEEN + kw * CELL
    out = np.array(
        [[slide.output((i, j)) for j in range(slide.shape[1])] for i in range(slide.shape[0])]
    )
    top = (bottom - slide.shape[0] * CELL) / 2
    board.text((x + BETWEEN / 2, bottom / 2), "=" if slide.kernel is not None else "→")
    _grid(board, (x + BETWEEN, top), out, fmt, marked={slide.at}, color=GREEN)
    _heading(board, x + BETWEEN + slide.shape[1] * CELL / 2, names[2], top, GREEN)
    return (x + BETWEEN + slide.shape[1] * CELL) / 2, bottom


def _heading(board: Board, x: float, name: str, top: float, color: str) -> None:
    board.text((x, top - 9.0), name, color=readable(color))


def _grid(
    board: Board,
    corner: tuple[float, float],
    values: NDArray[Any],
    fmt: str,
    *,
    marked: Set[tuple[int, int]],
    color: str,
    faint: Set[tuple[int, int]] = frozenset(),
) -> None:
    """Draw cells with their numbers; the marked last, or others would cover their frames."""
    texts = {place: _number(value, fmt) for place, value in np.ndenumerate(values)}
    font = min(fitting(text, CELL) for text in texts.values())
    for place in sorted(texts, key=lambda place: (place in marked, place not in faint)):
        x, y = corner[0] + place[1] * CELL, corner[1] + place[0] * CELL
        frame: Any = {"width": 0.7}
        if place in marked:
            frame = {"color": color, "fill": 0.25, "width": 1.6}
        elif place in faint:
            frame = {"fill": 0.1, "width": 0.0}
        board.cell((x, y), (CELL, CELL), texts[place], font=font, **frame)
