"""Pictures compared as an eye would, so that a redrawn figure is not a changed one.

Both pictures are laid on white and on black (figures are transparent), brought to one size and
blurred a little. Two numbers say how far apart they are: how much of what is drawn has moved or
changed colour, and how much the worst spot differs.
"""

import base64
import binascii
import io
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter, UnidentifiedImageError

SIZE_SLACK = 2  # pixels by which the tight bounding box of a redrawn figure may differ
_UNSEEN = 1.5 / 255  # a step of one in a colour of eight bits is never seen
_TILE = 12  # pixels; about the size of a word in a figure


class Difference(NamedTuple):
    """How far apart two pictures are, from 0 (the same) to 1 (nothing in common)."""

    drawn: float
    worst: float


class Limits(NamedTuple):
    """How far apart two pictures may be, looked at in a given size, and still be the same."""

    drawn: float
    worst: float
    long_side: int

    def scaled(self, factor: float) -> "Limits":
        """Return limits that are wider by a factor, for a cell with a tolerance of its own."""
        return self._replace(drawn=self.drawn * factor, worst=self.worst * factor)


COMPARED = Limits(drawn=0.15, worst=0.15, long_side=320)
"""What a re-run may change. Data that move by one per cent pass, a shift of five does not."""

STORED = Limits(drawn=0.005, worst=0.008, long_side=2000)
"""What another build of a drawing library may change: edges, but not one letter of a label."""


def decode(data: str) -> Image.Image:
    """Return the picture that an output holds as base64 text.

    Parameters
    ----------
    data : str
        A PNG or JPEG file in base64.

    Returns
    -------
    PIL.Image.Image
        The picture, with transparency.

    Raises
    ------
    ValueError
        If the text is not a picture.
    """
    try:
        picture = Image.open(io.BytesIO(base64.b64decode(data, validate=False)))
        return picture.convert("RGBA")
    except (binascii.Error, UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError(f"not a picture: {error}") from None


def _on(picture: Image.Image, colour: str, size: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Lay a picture on a colour, shrink it and blur it; returns values in [0, 1]."""
    ground = Image.new("RGBA", picture.size, colour)
    ground.alpha_composite(picture)
    small = ground.convert("RGB").resize(size, Image.Resampling.BOX)
    blurred = small.filter(ImageFilter.GaussianBlur(1.5))
    return np.asarray(blurred, dtype=np.float64) / 255


def _worst_tile(gap: npt.NDArray[np.float64]) -> float:
    """Return the largest mean of a square tile."""
    height, width = (max(1, side // _TILE) for side in gap.shape[:2])
    rows = np.array_split(gap.mean(axis=2), height, axis=0)
    return max(float(tile.mean()) for row in rows for tile in np.array_split(row, width, axis=1))


def difference(expected: str, got: str, long_side: int = COMPARED.long_side) -> Difference:
    """Measure how far apart two pictures are.

    Parameters
    ----------
    expected, got : str
        PNG or JPEG files in base64.
    long_side : int
        Larger pictures are shrunk to this many pixels before they are compared.

    Returns
    -------
    Difference
        Both 0 for the same picture, both 1 for pictures of different sizes.
    """
    one, other = decode(expected), decode(got)
    if any(abs(a - b) > SIZE_SLACK for a, b in zip(one.size, other.size, strict=True)):
        return Difference(1.0, 1.0)
    scale = min(1.0, long_side / max(one.size))
    size = (max(1, round(one.width * scale)), max(1, round(one.height * scale)))
    moved, ink, worst = 0.0, 0.0, 0.0
    for colour, level in (("white", 1.0), ("black", 0.0)):
        first, second = _on(one, colour, size), _on(other, colour, size)
        gap = np.abs(first - second)
        gap[gap <= _UNSEEN] = 0
        moved += float(gap.sum())
        ink += float(np.abs(first - level).sum() + np.abs(second - level).sum())
        worst = max(worst, _worst_tile(gap))
    return Difference(moved / ink if ink else 0.0, worst)


def same_image(expected: str, got: str, limits: Limits = COMPARED) -> bool:
    """Say whether two pictures show the same.

    Parameters
    ----------
    expected, got : str
        PNG or JPEG files in base64.
    limits : Limits
        `COMPARED` for the check of a re-run, `STORED` to decide whether to keep the stored bytes.

    Returns
    -------
    bool
        True if they do; False too if either is not a picture.
    """
    if expected == got:
        return True
    try:
        apart = difference(expected, got, limits.long_side)
    except ValueError:
        return False
    return apart.drawn <= limits.drawn and apart.worst <= limits.worst


def how_far(expected: str, got: str, limits: Limits = COMPARED) -> str:
    """Say in words how far apart two pictures are, and how far they may be.

    Parameters
    ----------
    expected, got : str
        PNG or JPEG files in base64.
    limits : Limits
        See `same_image`.

    Returns
    -------
    str
        Both measures beside their limits.
    """
    try:
        apart = difference(expected, got, limits.long_side)
    except ValueError as error:
        return str(error)
    return (
        f"{apart.drawn:.3f} of what is drawn has moved (limit {limits.drawn:g}), "
        f"the worst spot is off by {apart.worst:.3f} (limit {limits.worst:g})"
    )
