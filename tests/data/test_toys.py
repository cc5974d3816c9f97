"""Toys: shapes, dtypes, labels by their own rule, and the same points from the same seed."""

import numpy as np
import pytest

from dlcore import data

MAKERS = [data.circles, data.moons, data.spirals, data.xor, data.gaussians]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_shape_dtype_and_seed(make):
    x, y = make(101, rng=np.random.default_rng(0))
    again, _ = make(101, rng=np.random.default_rng(0))
    assert (x.shape, x.dtype) == ((101, 2), np.float32)
    assert (y.shape, y.dtype) == ((101,), np.int64)
    assert (x == again).all()
    assert set(np.unique(y)) == {0, 1}
    assert abs(y.mean() - 0.5) < 0.15
    assert np.isfinite(x).all()
    with pytest.raises(ValueError, match="n_samples: expected at least 1, got 0"):
        make(0)


def test_circles_are_labelled_by_the_distance():
    x, y = data.circles(500, rng=np.random.default_rng(1))
    distance = np.hypot(*x.T)
    assert (y == (distance < 1)).all()
    assert distance.max() < 2


def test_xor_has_four_corners():
    x, y = data.xor()
    assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert y.tolist() == [0, 1, 1, 0]


def test_arms_of_the_spiral_are_turned_copies():
    x, y = data.spirals(3000, arms=3, noise=0.0, rng=np.random.default_rng(2))
    distance, angle = np.hypot(*x.T), np.arctan2(x[:, 1], x[:, 0])
    turns = (angle / (2 * np.pi) - 1.5 * distance - y / 3) % 1
    assert np.minimum(turns, 1 - turns).max() < 1e-5


def test_moons_without_noise_lie_on_two_arcs():
    x, y = data.moons(200, noise=0.0, rng=np.random.default_rng(3))
    centres = np.array([[0, 0], [1, 0.5]])[y]
    assert np.allclose(np.hypot(*(x - centres).T), 1, atol=1e-6)


def test_gaussians_have_their_centres():
    x, y = data.gaussians(4000, centres=((0, 5), (1, 1), (-3, 0)), std=0.2)
    assert np.allclose(x[y == 2].mean(axis=0), [-3, 0], atol=0.05)
    assert np.allclose(x[y == 0].std(axis=0), 0.2, atol=0.02)


def test_max_of_three_is_its_own_rule():
    x, y = data.max_of_three()
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((10, 3), np.float32, (10, 1), np.float32)
    assert (x.max(axis=1, keepdims=True) == y).all()
    assert len({tuple(row) for row in x}) == 10


def test_the_mixture_has_its_modes_and_does_not_tell_them():
    x = data.gaussian_mixture(4000, rng=np.random.default_rng(0))
    assert (x.shape, x.dtype) == ((4000, 2), np.float32)
    right = x[:, 0] > 0
    assert abs(right.mean() - 0.5) < 0.03
    assert np.allclose(x[right].mean(axis=0), [2, 0], atol=0.05)
    assert np.allclose(x[~right].std(axis=0), 0.5, atol=0.03)
    assert len(set(right[:20].tolist())) == 2
    assert right[:8].tolist() != [False, True] * 4, "the modes take turns"
    with pytest.raises(ValueError, match="n_samples"):
        data.gaussian_mixture(0)
