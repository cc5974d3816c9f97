"""Small computation graphs: boxes in layers from left to right, arrows between them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dlcore.plot.style import BLUE, GREY, VERMILLION, axes_or_new, figure_of, styled
from dlcore.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Edge = tuple[str, str] | tuple[str, str, str]
Point = tuple[float, float]
LAYER, ROW = 1.7, 1.0  # inches between neighbours, across and down
BOX = (0.35 * LAYER, 0.3 * ROW)  # half of what a box takes
BENDS = (0.0, 0.25, -0.25, 0.4, -0.4, 0.6, -0.6)


@styled
def graph(
    nodes: Mapping[str, str] | Iterable[str],
    edges: Sequence[Edge],
    *,
    colors: Mapping[str, str] | None = None,
    backward: bool = False,
    ax: "Axes | None" = None,
) -> "Figure":
    """Draw a small graph of a computation.

    Parameters
    ----------
    nodes : mapping of str to str, or iterable of str
        The key of each node and the text in its box, which may have several lines; keys alone are
        their own texts. Nodes of one layer stand in this order where the edges leave a choice.
    edges : sequence of (from, to) or (from, to, text)
        Arrows by key, with a text at the middle, for instance a local derivative.
    colors : mapping of str to str, optional
        Colours of the frames by key; nodes without incoming edge are blue, the others grey.
    backward : bool
        Draw the arrows from end to start, dashed, as gradients flow.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If an edge names no node, or the edges close a circle.

    Examples
    --------
    >>> fig = graph(["x", "w", "x·w"], [("x", "x·w", "w"), ("w", "x·w", "x")])
    >>> print([text.get_text() for text in fig.axes[0].texts])
    ['x', 'w', 'x·w', 'w', 'x']
    """
    texts = dict(nodes) if isinstance(nodes, Mapping) else {key: key for key in nodes}
    arrows = [(edge[0], edge[1], edge[2] if len(edge) > 2 else "") for edge in edges]
    for start, end, _ in arrows:
        if start not in texts or end not in texts:
            raise ValueError(f"edges: ({start!r}, {end!r}) names what is not among the nodes")
    places = _places(list(texts), [(start, end) for start, end, _ in arrows])
    width = LAYER + max(x for x, _ in places.values())
    height = ROW + max(y for _, y in places.values())
    ax = axes_or_new(ax, size=(min(width, 6.4), height * min(width, 6.4) / width))
    ax.set(xlim=(-0.5 * LAYER, width - 0.5 * LAYER), ylim=(height - 0.5 * ROW, -0.5 * ROW))
    ax.set_axis_off()
    inner = {end for _, end, _ in arrows}
    boxes = {}
    for key, text in texts.items():
        color = (colors or {}).get(key, GREY if key in inner else BLUE)
        frame = {"boxstyle": "round,pad=0.45", "facecolor": "none", "edgecolor": color, "lw": 1.5}
        x, y = places[key]
        boxes[key] = ax.text(x, y, text, bbox=frame, ha="center", va="center", fontsize="small")
    taken: dict[tuple[str, str], set[float]] = {}
    for start, end, text in arrows:
        others = [place for key, place in places.items() if key not in (start, end)]
        used = taken.setdefault((start, end), set())
        bend = _bend(places[start], places[end], others, used)
        used.add(bend)
        _arrow(ax, boxes[start], boxes[end], text, bend, backward)
    return figure_of(ax)


def tape(
    output: Tensor, names: Mapping[str, Tensor] | None = None, *, ax: "Axes | None" = None
) -> "Figure":
    """Draw the graph that dlcore recorded while it computed a Tensor.

    Parameters
    ----------
    output : Tensor
        The result; draw before ``backward`` frees its graph.
    names : mapping of str to Tensor, optional
        Names for Tensors in the graph; the other leaves are called by their shape.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure: leaves in blue, one box a recorded call; single numbers with their value.

    Raises
    ------
    ValueError
        If nothing was recorded for `output`.

    Examples
    --------
    >>> x = Tensor([2.0], requires_grad=True)
    >>> fig = tape((x * x).sum(), {"x": x})
    >>> print([text.get_text() for text in fig.axes[0].texts])
    ['x = 2', 'mul = 4', 'sum = 4']
    """
    if output.node is None:
        raise ValueError("output: nothing was recorded for it, or it is a leaf")
    known = {id(value): name for name, value in (names or {}).items()}
    nodes: dict[str, str] = {}
    edges: list[Edge] = []
    seen: set[int] = set()
    _visit(output, known, nodes, edges, seen)
    return graph(dict(reversed(nodes.items())), edges[::-1], ax=ax)


def _visit(
    value: Tensor,
    known: Mapping[int, str],
    nodes: dict[str, str],
    edges: list[Edge],
    seen: set[int],
) -> None:
    """Collect what `value` was computed from; small graphs only, so recursion is deep enough."""
    if id(value) in seen:
        return
    seen.add(id(value))
    node: Any = value.node
    what = known.get(id(value)) or (node.function.name if node else str(list(value.shape)))
    number = f" = {value.item():.3g}" if value.numel() == 1 else ""
    nodes[str(id(value))] = what + number
    for parent in reversed((node and node.inputs) or ()):
        edges.append((str(id(parent)), str(id(value))))
        _visit(parent, known, nodes, edges, seen)


def _places(keys: list[str], edges: list[tuple[str, str]]) -> dict[str, Point]:
    """Column by longest path from a source; in a column, by the mean row of the predecessors."""
    column = dict.fromkeys(keys, 0)
    for _ in keys:
        moved = [(start, end) for start, end in edges if column[end] <= column[start]]
        if not moved:
            break
        for start, end in moved:
            column[end] = max(column[end], column[start] + 1)
    if max(column.values()) >= len(keys):
        raise ValueError("edges: they close a circle")
    for key in keys:  # a source stands just before its first user
        ends = [column[end] for start, end in edges if start == key]
        if ends and key not in {end for _, end in edges}:
            column[key] = min(ends) - 1
    layers = [[key for key in keys if column[key] == c] for c in range(max(column.values()) + 1)]
    tallest = max(map(len, layers))
    row: dict[str, float] = {}
    for layer in layers:
        wish = {key: _mean_row(key, edges, row) for key in layer}
        ordered = sorted(layer, key=lambda key: (wish[key], keys.index(key)))
        offset = (tallest - len(ordered)) / 2
        row.update({key: offset + i for i, key in enumerate(ordered)})
    return {key: (column[key] * LAYER, row[key] * ROW) for key in keys}


def _mean_row(key: str, edges: list[tuple[str, str]], row: Mapping[str, float]) -> float:
    rows = [row[start] for start, end in edges if end == key and start in row]
    return float(np.mean(rows)) if rows else 0.0


def _bend(start: Point, end: Point, boxes: Iterable[Point], taken: set[float]) -> float:
    """Find the smallest bend with which an arrow passes by every box, and no other arrow has."""
    tail, head = np.array(start), np.array(end)
    t = np.linspace(0.1, 0.9, 17)[:, None]
    bends = [bend for bend in BENDS if bend not in taken]
    for bend in bends:
        control = (tail + head) / 2 + bend * _aside(tail, head)
        path = (1 - t) ** 2 * tail + 2 * t * (1 - t) * control + t**2 * head
        if not any((np.abs(path - box) < BOX).all(axis=1).any() for box in boxes):
            return bend
    return bends[0] if bends else 0.0


def _aside(tail: NDArray[Any], head: NDArray[Any]) -> NDArray[Any]:
    along = head - tail
    return np.array([along[1], -along[0]])


def _arrow(ax: "Axes", start: Any, end: Any, text: str, bend: float, backward: bool) -> None:
    from matplotlib.patches import FancyArrowPatch

    tail, head = (end, start) if backward else (start, end)
    arrow = FancyArrowPatch(
        tail.get_position(),
        head.get_position(),
        connectionstyle=f"arc3,rad={bend if backward else -bend}",
        arrowstyle="-|>",
        mutation_scale=12,
        color=VERMILLION if backward else GREY,
        linestyle="--" if backward else "-",
        linewidth=1.2,
        patchA=tail.get_bbox_patch(),
        patchB=head.get_bbox_patch(),
        shrinkA=0,
        shrinkB=1,
        zorder=4,  # after the boxes: a box has its place once it is drawn
    )
    ax.add_patch(arrow)
    if text:
        ends = np.array(start.get_position()), np.array(end.get_position())
        middle = (ends[0] + ends[1]) / 2 + bend / 2 * _aside(*ends)
        above: Any = {"xytext": (0, 4), "textcoords": "offset points", "ha": "center"}
        ax.annotate(text, middle, va="bottom", fontsize="small", color=VERMILLION, **above)
