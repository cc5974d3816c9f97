"""What a network makes of its input: a volume or a vector a stage, with the step in between."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dlcore.plot.board import FONT, Board, text_size
from dlcore.plot.style import BLUE, GREEN, GREY, VERMILLION, readable, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TALLEST, LEAST = 78.0, 7.0  # the side of the largest map, and of the smallest
SHEETS, SHIFT = 12, 3.0  # maps drawn of a volume at most; from one to the next
THIN, STEP = 9.0, 34.0  # the breadth of a vector; the least room between two stages
SMALL = FONT - 1.5


@styled
def stages(
    shapes: Mapping[str, Sequence[int]],
    labels: Sequence[str] = (),
    *,
    ax: "Axes | None" = None,
) -> "Figure":
    """Draw the shapes that run through a network, such as LeNet's, from left to right.

    Parameters
    ----------
    shapes : mapping of str to sequence of int
        The name of each stage and its shape: (C, H, W) is drawn as C maps behind one another, (N,)
        as a bar. Sides grow with the square root of the size, or small maps would vanish.
    labels : sequence of str
        What happens between the stages, one text less than there are stages; lines may be broken.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure of the drawing's own size by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; its label says in words what is drawn.

    Raises
    ------
    ValueError
        If a shape has neither one nor three axes, or the labels are not as many as the steps.

    Examples
    --------
    >>> fig = stages({"image": (1, 28, 28), "C1": (6, 24, 24), "out": (10,)}, ["5×5", "dense"])
    >>> print(fig.get_label())
    image 1×28×28, by 5×5 C1 6×24×24, by dense out 10.
    """
    if not shapes:
        raise ValueError("shapes: expected at least one stage, got none")
    for name, shape in shapes.items():
        if len(shape) not in (1, 3) or min(shape) < 1:
            raise ValueError(f"shapes: {name!r} is {tuple(shape)}; expected (C, H, W) or (N,)")
    if labels and len(labels) != len(shapes) - 1:
        raise ValueError(f"labels: expected {len(shapes) - 1}, got {len(labels)}")
    largest = {
        n: max((max(s[-2:]) for s in shapes.values() if len(s) == n), default=1) for n in (1, 3)
    }
    board, x, foot = Board(), 0.0, TALLEST / 2 + SHEETS * SHIFT / 2 + 16.0
    for i, (name, shape) in enumerate(shapes.items()):
        words = "×".join(map(str, shape))
        least = max(text_size(name, FONT, bold=True)[0], text_size(words, SMALL)[0])
        wide = _wide(shape, largest[3])
        middle = x + max(wide, least) / 2
        _volume(board, shape, middle - wide / 2, largest[len(shape)])
        board.text((middle, foot), name, bold=True)
        board.text((middle, foot + 13.0), words, font=SMALL)
        x += max(wide, least)
        if i + 1 < len(shapes):
            label = labels[i] if labels else ""
            step = max(STEP if label else STEP / 2, text_size(label, SMALL)[0] + 12.0)
            _step(board, x + 3.0, x + step - 3.0, label)
            x += step
    return board.show(ax, _words(shapes, labels))


def _side(size: int, largest: int) -> float:
    return max(LEAST, TALLEST * float((size / largest) ** 0.5))


def _sheets(shape: Sequence[int]) -> int:
    return min(shape[0], SHEETS)


def _wide(shape: Sequence[int], largest: int) -> float:
    if len(shape) == 1:
        return THIN
    return _side(shape[2], largest) + SHIFT * (_sheets(shape) - 1)


def _volume(board: Board, shape: Sequence[int], left: float, largest: int) -> None:
    if len(shape) == 1:
        tall = _side(shape[0], largest)
        board.box((left, -tall / 2), (THIN, tall), color=GREEN, fill=0.25, rounding=2.0)
        return
    height, width = (_side(size, largest) for size in shape[1:])
    count = _sheets(shape)
    top = -(height + SHIFT * (count - 1)) / 2
    for i in range(count - 1):  # of a map behind the others only two edges are seen
        x, y = left + SHIFT * i, top + SHIFT * i
        edge = [(x + SHIFT, y + height), (x, y + height), (x, y), (x + width, y)]
        board.line([*edge, (x + width, y + SHIFT)], color=BLUE, width=0.9, rounding=0.0)
    front = (left + SHIFT * (count - 1), top + SHIFT * (count - 1))
    board.box(front, (width, height), color=BLUE, fill=0.25, width=0.9)


def _step(board: Board, start: float, end: float, label: str) -> None:
    board.line([(start, 0.0), (end, 0.0)], color=GREY, head=True)
    if label:
        height = text_size(label, SMALL)[1]
        color = readable(VERMILLION)
        board.text(((start + end) / 2, -height / 2 - 5.0), label, font=SMALL, color=color)


def _words(shapes: Mapping[str, Sequence[int]], labels: Sequence[str]) -> str:
    said = [f"{name} {'×'.join(map(str, shape))}" for name, shape in shapes.items()]
    steps = [f"by {' '.join(label.split())} " for label in labels] or [""] * (len(said) - 1)
    return ", ".join(step + stage for step, stage in zip(["", *steps], said, strict=True)) + "."
