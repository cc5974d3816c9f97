"""A sketch shows what the model says, point by point."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray

from dlcore.plot import PALETTE, sketch
from dlcore.plot.sketch import COLUMNS, INK, ROWS, SIZE

SVG = "{http://www.w3.org/2000/svg}"
CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])


def covered(tree: ElementTree.Element) -> NDArray[np.int64]:
    """Return which class colours each field; -1 where none does, -2 where two do."""
    fields = np.full((ROWS, COLUMNS), -1)
    for path in tree.findall(f"{SVG}path"):
        kind = PALETTE.index(path.attrib["fill"])
        for found in re.findall(r"M(\d+) (\d+)H(\d+)v\d+H\d+z", path.attrib["d"]):
            start, top, stop = (int(number) // SIZE for number in found)
            row = fields[top, start:stop]
            row[:] = np.where(row == -1, kind, -2)
    return fields


def test_every_field_has_the_colour_of_its_class_once() -> None:
    """The second axis points up, the first to the right."""
    drawn = sketch(lambda p: np.stack([p[:, 0], 2 * p[:, 1]], axis=1), CORNERS, [0, 1, 0, 1])
    fields = covered(ElementTree.fromstring(drawn.svg))
    span = 1.16  # the samples and a margin of 8 % on each side
    right = (np.arange(COLUMNS) + 0.5) / COLUMNS * span - 0.08
    up = 1.08 - (np.arange(ROWS) + 0.5) / ROWS * span
    expected = (2 * up[:, None] > right[None, :]).astype(int)
    np.testing.assert_array_equal(fields, expected)


def test_samples_lie_in_their_places() -> None:
    drawn = sketch(lambda p: np.zeros((len(p), 3)), CORNERS, [0, 1, 2, 2])
    groups = ElementTree.fromstring(drawn.svg).findall(f"{SVG}g")
    places = {
        group.attrib["fill"]: [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in group]
        for group in groups
    }
    assert [len(places[colour]) for colour in PALETTE[:3]] == [1, 1, 2]
    (across, down) = places[PALETTE[0]][0]
    assert across < COLUMNS * SIZE / 4
    assert down > ROWS * SIZE * 3 / 4


def test_certainty_is_darker() -> None:
    def opacities(scale: float) -> list[float]:
        drawn = sketch(lambda p: scale * np.stack([p[:, 0], -p[:, 0]], axis=1), CORNERS, [0] * 4)
        paths = ElementTree.fromstring(drawn.svg).findall(f"{SVG}path")
        return [float(path.attrib["fill-opacity"]) for path in paths]

    assert max(opacities(0.01)) < INK / 4
    assert max(opacities(1000.0)) == pytest.approx(INK, abs=1e-3)


def test_what_does_not_fit_is_named() -> None:
    with pytest.raises(ValueError, match=r"x, y: expected \(n, 2\) and \(n,\), got \(4, 2\)"):
        sketch(lambda p: p, CORNERS, [0, 1])
    with pytest.raises(ValueError, match=r"predict: expected scores of shape \(m, C\)"):
        sketch(lambda p: p[:, 0], CORNERS, [0, 1, 0, 1])
    with pytest.raises(ValueError, match="labels up to 7"):
        sketch(lambda p: p, CORNERS, [0, 1, 0, 7])
