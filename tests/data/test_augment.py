"""Augmentation: each change is one of those it may be, all of them occur, and none is in place."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from dlcore import data

CHANGES = {
    "shift": lambda x, rng: data.random_shift(x, 2, rng=rng),
    "crop": lambda x, rng: data.random_crop(x, (5, 4), padding=1, rng=rng),
    "flip": lambda x, rng: data.random_flip(x, rng=rng),
    "noise": lambda x, rng: data.add_noise(x, 0.1, rng=rng),
    "mixup": lambda x, rng: data.mixup(x, x, rng=rng)[0],
}


def images(n=6, channels=(), dtype=np.float32):
    return np.random.default_rng(9).random((n, *channels, 6, 5)).astype(dtype)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("channels", [(), (3,)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_same_from_the_same_seed_and_never_in_place(change, channels, dtype):
    x = images(channels=channels, dtype=dtype)
    before = x.copy()
    first, again = (change(x, np.random.default_rng(0)) for _ in range(2))
    other = change(x, np.random.default_rng(5))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.dtype == dtype
    assert np.array_equal(x, before)
    assert not np.shares_memory(first, x)


def test_every_shift_occurs_and_nothing_else():
    x = images(1)
    padded = np.pad(x[0], 2, constant_values=7)
    possible = [padded[i : i + 6, j : j + 5].tobytes() for i in range(5) for j in range(5)]
    many = data.random_shift(np.repeat(x, 400, axis=0), 2, fill=7, rng=np.random.default_rng(0))
    assert {image.tobytes() for image in many} == set(possible)
    assert np.array_equal(data.random_shift(x, 0), x)


def test_every_window_occurs_and_nothing_else():
    x = images(1, (2,))
    possible = [x[0, :, i : i + 5, j : j + 3].tobytes() for i in range(2) for j in range(3)]
    many = data.random_crop(np.repeat(x, 100, axis=0), (5, 3), rng=np.random.default_rng(0))
    assert many.shape == (100, 2, 5, 3)
    assert {image.tobytes() for image in many} == set(possible)


@given(p=st.sampled_from([0.0, 0.3, 1.0]))
def test_flips_are_whole_and_as_frequent_as_asked(p):
    x = images(300)
    flipped = data.random_flip(x, p, rng=np.random.default_rng(0))
    mirrored = (flipped == x[..., ::-1]).all(axis=(1, 2))
    assert (mirrored | (flipped == x).all(axis=(1, 2))).all()
    assert abs(mirrored.mean() - p) < 0.1


def test_noise_has_its_strength_and_stays_in_range():
    x = np.full((50, 10, 10), 0.5, dtype=np.float32)
    noisy = data.add_noise(x, 0.1, rng=np.random.default_rng(0))
    assert abs(noisy.std() - 0.1) < 0.005
    strong = data.add_noise(x, 2.0, rng=np.random.default_rng(0))
    assert (strong.min(), strong.max()) == (0, 1)
    assert data.add_noise(x, 2.0, clip=None, rng=np.random.default_rng(0)).max() > 1
    assert np.array_equal(data.add_noise(x, 0.0), x)


def test_mixtures_lie_between_two_samples_and_targets_follow():
    x = np.random.default_rng(1).random((40, 3)).astype(np.float32)
    y = np.eye(40, dtype=np.float32)
    mixed, targets = data.mixup(x, y, alpha=1.0, rng=np.random.default_rng(0))
    assert np.allclose(targets.sum(axis=1), 1)
    assert np.allclose(mixed, targets @ x, atol=1e-6), "inputs and targets are mixed differently"
    assert ((targets > 0).sum(axis=1) <= 2).all()
    assert len(set(targets.max(axis=1).round(3).tolist())) > 20, "one share for all"


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda x: data.random_shift(x, 5), ValueError, "pixels: expected 0 to 4, got 5"),
        (lambda x: data.random_shift(x, -1), ValueError, "pixels: expected 0 to 4, got -1"),
        (lambda x: data.random_shift(x[0], 1), ValueError, r"images: expected \(n, ..., height"),
        (lambda x: data.random_crop(x, (7, 5)), ValueError, r"size: expected at most \(6, 5\)"),
        (lambda x: data.random_crop(x, (2, 2), padding=-1), ValueError, "padding: expected"),
        (lambda x: data.random_flip(x, 1.5), ValueError, "p: expected a probability"),
        (lambda x: data.add_noise(x, -1), ValueError, "std: expected"),
        (lambda x: data.add_noise(x.astype("u1"), 1), TypeError, "images: expected floats, got u"),
        (lambda x: data.mixup(x, x, 0), ValueError, "alpha: expected a positive"),
        (lambda x: data.mixup(x, x[:1]), ValueError, "the same length, got 6 and 1"),
        (lambda x: data.mixup(x, np.arange(6)), TypeError, "y: expected floats, got int64"),
    ],
)
def test_refused(call, error, match):
    with pytest.raises(error, match=match):
        call(images())
