"""Architectures: boxes in the order of the computation, arrows, skips at the side, groups."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from dlcore.plot.arrange import (
    CHAIN,
    LANE,
    NEAR,
    SMALL,
    TITLE,
    Box,
    Chain,
    Frame,
    Row,
    Skip,
    breadth,
)
from dlcore.plot.board import Board, Place, text_size
from dlcore.plot.style import GREY, PURPLE, VERMILLION, readable, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Arrow = tuple[str, str] | tuple[str, str, str]


@styled
def flow(
    boxes: Sequence[Row] | Mapping[str, Sequence[Row]],
    skips: Sequence[Arrow] = (),
    labels: Mapping[str, str] | None = None,
    *,
    groups: Mapping[str, Iterable[str]] | None = None,
    colors: Mapping[str, str] | None = None,
    vertical: bool = True,
    ax: "Axes | None" = None,
) -> "Figure":
    """Draw an architecture: what follows on what, with shapes on the arrows.

    Parameters
    ----------
    boxes : sequence of rows, or mapping of str to such a sequence
        A row is the text of a box, or a tuple of texts that stand side by side. What follows a
        ``#`` is not written: it tells boxes of one text apart, such as ``"+#1"`` and ``"+#2"``. A
        mapping draws several chains side by side under their titles.
    skips : sequence of (from, to) or (from, to, text)
        Arrows beside the flow: from behind one box to a later one, or from chain to chain.
    labels : mapping of str to str, optional
        What stands at the arrow behind a box, such as its shape.
    groups : mapping of str to iterable of str, optional
        Boxes in one frame under a title, such as ``"× 6"``.
    colors : mapping of str to colour, optional
        Colours of boxes; the others are grey.
    vertical : bool
        From top to bottom; else from left to right.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure of the drawing's own size by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; its label says in words what is drawn.

    Raises
    ------
    ValueError
        If a box stands twice, or a skip, label, group or colour names no box.

    Examples
    --------
    >>> fig = flow(["x", "layer", "+", "y"], [("x", "+")], {"x": "(N, C)"})
    >>> print(fig.get_label())
    From top to bottom: x (N, C), layer, +, y. A skip leads from x to +.
    """
    named = boxes if isinstance(boxes, Mapping) else {"": boxes}
    chains = {
        title: Chain(rows, -1 if vertical and i == 0 else 1, vertical)
        for i, (title, rows) in enumerate(named.items())
    }
    frames = [Frame(title, list(keys)) for title, keys in (groups or {}).items()]
    _require_boxes(chains, skips, labels or {}, frames, colors or {})
    home = {key: chain for chain in chains.values() for key in chain.boxes}
    links = [skip for skip in skips if home[skip[0]] is not home[skip[1]]]
    for skip in skips:
        if skip not in links:
            home[skip[0]].skips.append(Skip(*skip))
    for key, text in (labels or {}).items():
        home[key].labels[key] = text
    for i, chain in enumerate(chains.values()):
        chain.frames = [frame for frame in frames if home[frame.keys[0]] is chain]
        for frame in chain.frames:
            frame.side = (-1 if len(chains) > 1 and i == 0 else 1) if vertical else -1
    sketch = _Sketch(chains, colors or {}, vertical)
    sketch.draw([Skip(*link) for link in links])
    return sketch.board.show(ax, _words(chains, skips, labels or {}, frames, vertical))


def _require_boxes(
    chains: Mapping[str, Chain],
    skips: Sequence[Arrow],
    labels: Mapping[str, str],
    frames: Sequence[Frame],
    colors: Mapping[str, str],
) -> None:
    drawn = [key for chain in chains.values() for row in chain.rows for key in row]
    if not all(chain.boxes for chain in chains.values()) or not chains:
        raise ValueError("boxes: expected at least one, got none")
    if twice := [key for key in drawn if drawn.count(key) > 1]:
        raise ValueError(
            f"boxes: {twice[0]!r} stands twice; tell the two apart: "
            f"'{twice[0]}#1' and '{twice[0]}#2' are written alike"
        )
    asked = {
        "skips": [key for skip in skips for key in skip[:2]],
        "labels": list(labels),
        "groups": [key for frame in frames for key in frame.keys],
        "colors": list(colors),
    }
    for name, keys in asked.items():
        for key in keys:
            if key not in drawn:
                raise ValueError(f"{name}: {key!r} is no box; the boxes are {', '.join(drawn)}")
    for start, end, *_ in skips:
        for chain in chains.values():
            if {start, end} <= chain.boxes.keys() and chain.row_of(start) >= chain.row_of(end):
                raise ValueError(f"skips: {start!r} does not come before {end!r}")
    for frame in frames:
        if not any(frame.keys and {*frame.keys} <= c.boxes.keys() for c in chains.values()):
            raise ValueError(f"groups: {frame.title!r} holds no box, or boxes of two chains")


class _Sketch:
    """Draws chains on a board; places are (along, across) until a line or a box is drawn."""

    def __init__(
        self, chains: Mapping[str, Chain], colors: Mapping[str, str], vertical: bool
    ) -> None:
        self.chains, self.colors, self.vertical = chains, colors, vertical
        self.board = Board()
        self.home = {key: chain for chain in chains.values() for key in chain.boxes}

    def at(self, along: float, across: float) -> Place:
        return (across, along) if self.vertical else (along, across)

    def draw(self, links: Sequence[Skip]) -> None:
        self._stand_side_by_side(links)
        for title, chain in self.chains.items():
            self._title(title, chain)
            for start, end in chain.arrows():
                self._arrow(chain.boxes[start], chain.boxes[end])
            for skip in chain.skips:
                self._skip(skip, chain)
            for frame in chain.frames:
                self._frame(frame, chain)
        for i, link in enumerate(links):
            self._link(link, i)
        for chain in self.chains.values():
            for key, box in chain.boxes.items():
                self._box(box, self.colors.get(key, GREY))
            for key in chain.labels:
                self._label(key, chain)

    def _stand_side_by_side(self, links: Sequence[Skip]) -> None:
        room = max((breadth(link.text, self.vertical) for link in links), default=0.0)
        edge = 0.0
        for i, chain in enumerate(self.chains.values()):
            chain.arrange()
            if i:
                chain.move(edge + CHAIN + room + LANE * max(len(links) - 1, 0) - chain.reach()[0])
            edge = chain.reach()[1]

    def _title(self, title: str, chain: Chain) -> None:
        if title:
            row = [chain.boxes[key] for key in chain.rows[0]]
            along, across = row[0].edge(-1), (row[0].middle[1] + row[-1].middle[1]) / 2
            if self.vertical:
                self.board.text(self.at(along - TITLE, across), title, bold=True)
            else:
                self.board.text(self.at(along - NEAR, across), title, bold=True, ha="right")

    def _box(self, box: Box, color: str) -> None:
        if box.sign:
            self.board.circle(self.at(*box.middle), box.half[0], color=color)
        else:
            along, across = box.half
            size = self.at(2 * along, 2 * across)
            corner = self.at(box.middle[0] - along, box.middle[1] - across)
            self.board.box(corner, size, color=color, fill=0.12, rounding=4.0)
        ink = GREY if color == GREY else readable(color)
        self.board.text(self.at(*box.middle), box.text, color=ink)

    def _arrow(self, start: Box, end: Box) -> None:
        """Lead along the flow where boxes face each other, else round a corner or aslant."""
        out, into = start.middle[1], end.middle[1]
        if not start.sign and abs(into - out) <= start.half[1]:
            out = into
        elif not end.sign and abs(into - out) <= end.half[1]:
            into = out
        tail, head = (start.edge(1), out), (end.edge(-1), into)
        aside = 1 if out > into else -1
        if out == into or not (start.sign or end.sign):
            path = [tail, head]
        elif end.sign:
            path = [tail, (end.middle[0], out), (end.middle[0], into + aside * end.half[1])]
        else:
            path = [(start.middle[0], out - aside * start.half[1]), (start.middle[0], into), head]
        self.board.line([self.at(*place) for place in path], head=True)

    def _skip(self, skip: Skip, chain: Chain) -> None:
        start, end = chain.boxes[skip.start], chain.boxes[skip.end]
        into = [s for s in chain.skips if s.end == skip.end]
        spread = (into.index(skip) - (len(into) - 1) / 2) * min(5.0, 1.4 * end.half[0] / len(into))
        out = start.edge(1) + chain.gap(chain.row_of(skip.start))[0] + NEAR
        level, side = end.middle[0] + spread, end.middle[1] + chain.side * end.half[1]
        path = [(out, start.middle[1]), (out, skip.lane), (level, skip.lane), (level, side)]
        self.board.line([self.at(*place) for place in path], color=PURPLE, head=True)
        if skip.text:
            self._beside((out + level) / 2, skip.lane, chain.side, skip.text, readable(PURPLE))

    def _link(self, link: Skip, i: int) -> None:
        """Lead from chain to chain, down the free space between them."""
        one, other = self.home[link.start], self.home[link.end]
        start, end = one.boxes[link.start], other.boxes[link.end]
        side = 1 if end.middle[1] > start.middle[1] else -1
        lane = other.reach()[side < 0] - side * (LANE * (i + 1))
        out, into = start.middle[1] + side * start.half[1], end.middle[1] - side * end.half[1]
        path = [(start.middle[0], out), (start.middle[0], lane)]
        path += [(end.middle[0], lane), (end.middle[0], into)]
        self.board.line([self.at(*place) for place in path], color=VERMILLION, head=True)
        if link.text:
            along, fall = (start.middle[0] + end.middle[0]) / 2, end.middle[0] - start.middle[0]
            size = text_size(link.text, SMALL)[1 if self.vertical else 0]
            if abs(fall) < size + 2 * NEAR:  # the line would cross its text: write before both ends
                along -= (abs(fall) + size) / 2 + 2.0
            self._beside(along, lane, -side, link.text, readable(VERMILLION))

    def _label(self, key: str, chain: Chain) -> None:
        box, row = chain.boxes[key], chain.row_of(key)
        size = text_size(chain.labels[key], SMALL)[1 if self.vertical else 0] + 2 * NEAR
        closing, room, _ = chain.gap(row) if row + 1 < len(chain.rows) else (0.0, size, 0.0)
        along = box.edge(1) + closing + room / 2
        self._beside(along, box.middle[1], -chain.side, chain.labels[key], GREY)

    def _beside(self, along: float, across: float, side: int, text: str, color: str) -> None:
        """Write at the side of a line along the flow."""
        off = NEAR if self.vertical else text_size(text, SMALL)[1] / 2 + 2.0
        ha = ("left" if side > 0 else "right") if self.vertical else "center"
        self.board.text(self.at(along, across + side * off), text, ha=ha, color=color, font=SMALL)

    def _frame(self, frame: Frame, chain: Chain) -> None:
        low, high = chain.frame(frame)
        size = self.at(high[0] - low[0], high[1] - low[1])
        self.board.box(self.at(*low), size, rounding=6.0, width=1.0, dashed=True)
        edge = high[1] if frame.side > 0 else low[1]
        self._beside((low[0] + high[0]) / 2, edge, frame.side, frame.title, GREY)


def _words(
    chains: Mapping[str, Chain],
    skips: Sequence[Arrow],
    labels: Mapping[str, str],
    frames: Sequence[Frame],
    vertical: bool,
) -> str:
    """Say what is drawn."""
    texts = {key: box.text for chain in chains.values() for key, box in chain.boxes.items()}
    way = "From top to bottom" if vertical else "From left to right"
    said = []
    for title, chain in chains.items():
        rows = [
            " beside ".join(f"{texts[key]} {labels.get(key, '')}".strip() for key in row)
            for row in chain.rows
        ]
        said.append(f"{title + ', ' + way.lower() if title else way}: {', '.join(rows)}.")
    for start, end, *text in skips:
        name = f" ({text[0]})" if text else ""
        said.append(f"A skip{name} leads from {texts[start]} to {texts[end]}.")
    said += [f"In a frame, {f.title}: {', '.join(texts[key] for key in f.keys)}." for f in frames]
    return " ".join(" ".join(said).split())
