"""An array and the memory behind it: which cell of the one is which byte of the other."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dlcore.plot.board import FONT, Board, fitting
from dlcore.plot.style import BLUE, GREY, VERMILLION, array, readable, styled
from dlcore.tape import owner

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CELL, ROW = 26.0, 21.0  # width and height of a cell
LONGEST = 24  # cells of memory that one line can hold
SMALL = FONT - 2.0


@styled
def memory(
    view: Any, base: Any = None, *, fmt: str = "g", name: str = "", ax: "Axes | None" = None
) -> "Figure":
    """Draw an array above the memory that it reads.

    Parameters
    ----------
    view : ndarray or Tensor, shape (n,) or (m, n)
        The array, whose cells are drawn as it is indexed.
    base : ndarray or Tensor, optional
        The array that owns the memory; by default what `view` is a view of, or `view` itself. Its
        elements, at most 24, must lie without gaps.
    fmt : str
        Format of the numbers.
    name : str
        What stands beside the array.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure of the drawing's own size by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure: the cells of memory that the array reads are blue, and under each stands the
        number of its first byte. The arrows below are the strides.

    Raises
    ------
    ValueError
        If the array has another number of axes, does not lie in `base`, or that is too large.

    Examples
    --------
    >>> import numpy as np
    >>> a = np.arange(6, dtype=np.int32).reshape(2, 3)
    >>> print(memory(a[:, ::2]).get_label())
    Shape (2, 2), strides (12, 8) bytes: it reads bytes 0, 8, 12, 20 of 24.
    """
    cells = array(view)
    source = owner(cells) if base is None else array(base)
    offsets = _offsets(cells, source)
    whole = source.ravel(order="K")
    board = Board()
    grid = cells.reshape(-1, cells.shape[-1])
    deep = len(grid) * ROW
    left = (whole.size - grid.shape[1]) * CELL / 2
    for (i, j), value in np.ndenumerate(grid):
        _cell(board, (left + j * CELL, i * ROW), f"{value:{fmt}}", BLUE, 0.25)
    title = f"{name + ': ' if name else ''}shape {cells.shape}, strides {cells.strides}"
    board.text((whole.size * CELL / 2, -10.0), title, color=readable(BLUE))
    top = deep + 30.0
    read = set(offsets.ravel().tolist())
    for k, value in enumerate(whole):
        place, byte = (k * CELL, top), k * source.itemsize
        used = byte in read
        _cell(board, place, f"{value:{fmt}}", BLUE if used else GREY, 0.25 if used else 0.0)
        board.text((k * CELL + CELL / 2, top + ROW + 7.0), str(byte), font=SMALL)
    board.text((whole.size * CELL / 2, top - 9.0), "memory, and the number of the byte", font=SMALL)
    _strides(board, offsets, source.itemsize, top + ROW + 14.0)
    said = ", ".join(map(str, sorted(read)))
    where = f"it reads bytes {said} of {source.nbytes}"
    return board.show(ax, f"Shape {cells.shape}, strides {cells.strides} bytes: {where}.")


def _offsets(cells: NDArray[Any], source: NDArray[Any]) -> NDArray[np.int64]:
    """Return where each cell begins in the memory of its source, in bytes."""
    if cells.ndim not in (1, 2) or cells.size == 0:
        raise ValueError(f"view: expected one or two axes and a cell at least, got {cells.shape}")
    if not (source.flags.c_contiguous or source.flags.f_contiguous) or source.size > LONGEST:
        raise ValueError(
            f"base: expected at most {LONGEST} elements without gaps, got shape {source.shape} "
            f"with strides {source.strides}"
        )
    start = cells.__array_interface__["data"][0] - source.__array_interface__["data"][0]
    steps = np.tensordot(np.array(cells.strides), np.indices(cells.shape), axes=1)
    offsets: NDArray[np.int64] = start + steps
    if offsets.min() < 0 or offsets.max() >= source.nbytes or cells.dtype != source.dtype:
        raise ValueError("view: it does not lie in `base`, or reads it as another dtype")
    return offsets


def _cell(board: Board, corner: tuple[float, float], text: str, color: str, fill: float) -> None:
    text = text.replace("-", "−")
    font = fitting(text, CELL)
    board.cell(corner, (CELL, ROW), text, font=font, color=color, fill=fill, width=1.0)


def _strides(board: Board, offsets: NDArray[np.int64], itemsize: int, top: float) -> None:
    """Draw, for each axis, the way in memory from the first cell to its neighbour."""
    first = int(offsets.flat[0])
    for axis in reversed(range(offsets.ndim)):
        if offsets.shape[axis] > 1:
            second = int(np.moveaxis(offsets, axis, 0)[1].flat[0])
            ends = [(place / itemsize + 0.5) * CELL for place in (first, second)]
            low = top + 10.0
            if first != second:
                path = [(ends[0], top), (ends[0], low), (ends[1], low), (ends[1], top)]
                board.line(path, color=VERMILLION, head=True)
            text = f"axis {axis}: {second - first:+d} bytes".replace("-", "−")
            at = (max(ends) + 6.0, low)
            board.text(at, text, ha="left", color=readable(VERMILLION), font=SMALL)
            top = low + 6.0
