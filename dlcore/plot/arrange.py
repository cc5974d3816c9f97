"""Where the boxes of a flow stand: along it and across it, in points."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dlcore.plot.board import FONT, Place, text_size

Row = str | tuple[str, ...]

SIGNS = "+×·⊙−∑"  # operations that stand in a circle
PAD = (9.0, 5.0)  # from a box's text to its frame
RADIUS = 9.0  # of a circle
GAP, NEAR = 20.0, 5.0  # between boxes along the flow; from a line to its label
ASIDE, LANE, CHAIN = 16.0, 13.0, 44.0  # between neighbours across, skips, whole chains
GROUP, TITLE = 8.0, 16.0  # from what is in a group to its frame; from a chain to its title
SMALL = FONT - 1


def breadth(text: str, vertical: bool) -> float:
    """Return what a small text takes across the flow.

    Parameters
    ----------
    text : str
        A label; nothing takes nothing.
    vertical : bool
        Whether the flow runs downwards.

    Returns
    -------
    float
        In points.
    """
    return text_size(text, SMALL)[0 if vertical else 1] + NEAR if text else 0.0


@dataclass
class Frame:
    """A group: the title, the boxes, and the side on which the title stands."""

    title: str
    keys: list[str]
    side: int = 1


@dataclass
class Box:
    """A box: its text, half of what it takes and its middle, both (along, across) the flow."""

    text: str
    half: list[float]
    middle: list[float] = field(default_factory=lambda: [0.0, 0.0])

    @property
    def sign(self) -> bool:
        """Whether it is a circle."""
        return self.text in SIGNS

    def edge(self, end: int) -> float:
        """Return the place along the flow where it begins (-1) or ends (1)."""
        return self.middle[0] + end * self.half[0]


@dataclass
class Skip:
    """An arrow beside the flow, and the place across at which it runs."""

    start: str
    end: str
    text: str = ""
    lane: float = 0.0


class Chain:
    """Rows of boxes one after the other; skips run on one side of them, labels stand on the other.

    Parameters
    ----------
    rows : sequence of str or tuple of str
        Boxes by key.
    side : int
        The sign of the places across where skips run.
    vertical : bool
        Whether the flow runs downwards.
    """

    def __init__(self, rows: Sequence[Row], side: int, vertical: bool) -> None:
        self.rows = [(row,) if isinstance(row, str) else tuple(row) for row in rows]
        self.side, self.vertical = side, vertical
        self.boxes = {key: self._box(key) for row in self.rows for key in row}
        self.skips: list[Skip] = []
        self.labels: dict[str, str] = {}
        self.frames: list[Frame] = []

    def _box(self, key: str) -> Box:
        text = key.split("#")[0].strip()
        if text in SIGNS:
            return Box(text, [RADIUS, RADIUS])
        half = [side / 2 + pad for side, pad in zip(text_size(text), PAD, strict=True)]
        return Box(text, half[::-1] if self.vertical else half)

    def arrange(self) -> None:
        """Give every box and every skip its place; the first row begins at 0, the middle is 0."""
        self._across()
        along = 0.0
        for i, row in enumerate(self.rows):
            deep = max(self.boxes[key].half[0] for key in row)
            along += sum(self.gap(i - 1)) if i else 0.0
            for key in row:
                self.boxes[key].middle[0] = along + deep
            along += 2 * deep
        self._lanes()

    def _across(self) -> None:
        """Set boxes of a row side by side; rows of as many boxes share their columns."""
        for count in {len(row) for row in self.rows}:
            rows = [row for row in self.rows if len(row) == count]
            half = [max(self.boxes[row[j]].half[1] for row in rows) for j in range(count)]
            place = -(sum(half) + ASIDE * (count - 1) / 2)
            for j in range(count):
                for row in rows:
                    self.boxes[row[j]].middle[1] = place + half[j]
                place += 2 * half[j] + ASIDE
        for before, after in pairwise(self.rows):  # what many arrows meet is as broad as they are
            for one, many in ((before, after), (after, before)):
                box = self.boxes[one[0]]
                if len(one) == 1 < len(many) and not box.sign:
                    box.half[1] = max(box.half[1], self.boxes[many[-1]].middle[1] + GROUP)

    def gap(self, i: int) -> tuple[float, float, float]:
        """Return what stands between a row and the next.

        Parameters
        ----------
        i : int
            Index of the row.

        Returns
        -------
        closing, room, opening : float
            The frames that end, the arrow with its label, the frames that begin; in points.
        """
        texts = [self.labels[key] for key in self.rows[i] if key in self.labels]
        sizes = [text_size(text, SMALL)[1 if self.vertical else 0] for text in texts]
        room = max(GAP, max(sizes) + 2 * NEAR + 4.0) if sizes else GAP
        inside = [[set(row) & set(f.keys) for row in self.rows[i : i + 2]] for f in self.frames]
        closing = sum(1 for before, after in inside if before and not after)
        opening = sum(1 for before, after in inside if after and not before)
        return GROUP * closing, room, GROUP * opening

    def row_of(self, key: str) -> int:
        """Return the index of the row in which a box stands."""
        return next(i for i, row in enumerate(self.rows) if key in row)

    def _lanes(self) -> None:
        """Give each skip a lane: short ones near the boxes, none across another's text."""
        taken: list[tuple[float, float, float]] = []
        for skip in sorted(self.skips, key=self._length):
            start, end = self.boxes[skip.start].edge(1), self.boxes[skip.end].middle[0]
            beside = [b for b in self.boxes.values() if start <= b.middle[0] <= end]
            nearest = max(b.half[1] + self.side * b.middle[1] for b in beside) + ASIDE
            outer = [place for low, high, place in taken if low <= end and start <= high]
            lane = max([nearest, *(place + LANE for place in outer)])
            taken.append((start, end, lane + breadth(skip.text, self.vertical)))
            skip.lane = self.side * lane

    def _length(self, skip: Skip) -> float:
        return self.boxes[skip.end].middle[0] - self.boxes[skip.start].middle[0]

    def sides(self, keys: Collection[str], last: str = "") -> tuple[float, float]:
        """Return the least and the greatest place across that boxes take with what is beside them.

        Parameters
        ----------
        keys : collection of str
            The boxes.
        last : str
            One whose label does not count, because it stands behind the frame.

        Returns
        -------
        low, high : float
            In points.
        """
        boxes = [self.boxes[key] for key in keys]
        places = [box.middle[1] + s * box.half[1] for box in boxes for s in (-1, 1)]
        places += [
            skip.lane + self.side * breadth(skip.text, self.vertical)
            for skip in self.skips
            if skip.end in keys
        ]
        for key in set(keys) & set(self.labels) - {last}:
            beside = breadth(self.labels[key], self.vertical)
            places.append(self.boxes[key].middle[1] - self.side * beside)
        return min(places), max(places)

    def frame(self, frame: Frame) -> tuple[Place, Place]:
        """Return the corners of a group's frame.

        Parameters
        ----------
        frame : Frame
            The group.

        Returns
        -------
        low, high : (float, float)
            Places along and across.
        """
        boxes = [self.boxes[key] for key in frame.keys]
        last = max(frame.keys, key=lambda key: self.boxes[key].middle[0])
        low, high = self.sides(frame.keys, last)
        return (
            (min(box.edge(-1) for box in boxes) - GROUP, low - GROUP),
            (max(box.edge(1) for box in boxes) + GROUP, high + GROUP),
        )

    def reach(self) -> tuple[float, float]:
        """Return the least and the greatest place across that the chain takes."""
        places = list(self.sides(self.boxes))
        for frame in self.frames:
            low, high = (corner[1] for corner in self.frame(frame))
            room = breadth(frame.title, self.vertical) + NEAR
            places += [low, high, (high if frame.side > 0 else low) + frame.side * room]
        return min(places), max(places)

    def move(self, across: float) -> None:
        """Move everything across, in points."""
        for box in self.boxes.values():
            box.middle[1] += across
        for skip in self.skips:
            skip.lane += across

    def arrows(self) -> Iterator[tuple[str, str]]:
        """Yield the pairs of boxes with an arrow between them, along the flow."""
        for before, after in pairwise(self.rows):
            if len(before) == len(after):
                yield from zip(before, after, strict=True)
            else:
                yield from ((start, end) for start in before for end in after)
