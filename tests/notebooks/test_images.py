import numpy as np
import pytest

from dlcore.notebooks.images import COMPARED, STORED, decode, difference, same_image
from tests.notebooks.building import picture


def drawing(
    shift: int = 0, dot: bool = False, colour: tuple[int, int, int] = (0, 114, 178)
) -> np.ndarray:
    """A transparent picture with a thick diagonal line, and perhaps a dot."""
    pixels = np.zeros((240, 360, 4), dtype=np.uint8)
    for column in range(360):
        top = 200 - column // 2 + shift
        pixels[top : top + 6, column] = (*colour, 255)
    if dot:
        pixels[200:212, 20:32] = (213, 94, 0, 255)
    return pixels


def jittered(pixels: np.ndarray) -> np.ndarray:
    """The same picture with the last bits of every pixel changed."""
    noise = np.random.default_rng(0).integers(-1, 2, pixels.shape)
    return np.clip(pixels.astype(int) + noise, 0, 255)


def test_a_picture_is_the_same_as_itself() -> None:
    assert difference(picture(drawing()), picture(drawing())) == (0, 0)


@pytest.mark.parametrize("limits", [COMPARED, STORED])
def test_jitter_in_the_last_bits_is_no_change(limits: object) -> None:
    assert same_image(picture(drawing()), picture(jittered(drawing())), limits)  # type: ignore[arg-type]


def test_a_small_move_passes_the_comparison_but_is_stored_anew() -> None:
    one, other = picture(drawing()), picture(drawing(shift=1))
    assert same_image(one, other, COMPARED)
    assert not same_image(one, other, STORED)


@pytest.mark.parametrize(
    "changed",
    [drawing(shift=20), drawing(dot=True), drawing()[:, ::-1], np.zeros((240, 360, 4))],
    ids=["moved", "something new", "mirrored", "empty"],
)
def test_a_real_change_is_seen(changed: np.ndarray) -> None:
    assert not same_image(picture(drawing()), picture(changed))


def test_another_colour_of_everything_is_stored_anew() -> None:
    assert not same_image(picture(drawing()), picture(drawing(colour=(0, 158, 115))), STORED)


def test_a_size_that_differs_by_a_pixel_is_the_same_and_by_ten_is_not() -> None:
    assert same_image(picture(drawing()), picture(drawing()[:-1]))
    assert not same_image(picture(drawing()), picture(drawing()[:-10]))


def test_white_on_transparent_is_seen_on_black() -> None:
    empty, white = np.zeros((50, 50, 4)), np.zeros((50, 50, 4))
    white[10:40, 10:40] = 255
    assert not same_image(picture(empty), picture(white))


def test_what_is_no_picture_is_never_the_same() -> None:
    with pytest.raises(ValueError, match="not a picture"):
        decode("AAAA")
    assert not same_image(picture(drawing()), "AAAA")
