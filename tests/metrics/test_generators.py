"""Distances beside SciPy's, mode coverage by hand."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

import dlcore as dl
from dlcore.metrics import (
    ModeCoverage,
    WassersteinDistance,
    mode_coverage,
    sliced_wasserstein_distance,
    wasserstein_distance,
)
from tests.metrics.samples import MODEST

NUMBERS = st.lists(st.tuples(st.integers(-5, 5), st.integers(1, 3)), min_size=1, max_size=15)


@MODEST
@given(u=NUMBERS, v=NUMBERS, weighted=st.sampled_from([(0, 0), (0, 1), (1, 0), (1, 1)]))
def test_wasserstein_is_that_of_scipy(u, v, weighted):
    (u, u_weights), (v, v_weights) = (np.array(x, dtype=float).T for x in (u, v))
    given_weights = [
        w if used else None for w, used in zip((u_weights, v_weights), weighted, strict=True)
    ]
    got = wasserstein_distance(u, v, *given_weights)
    expected = stats.wasserstein_distance(u, v, *given_weights)
    assert got == pytest.approx(expected, abs=1e-12)
    if not any(weighted):
        stream = WassersteinDistance().update(u[:1], v[:1]).update(u, v)
        stream.reset()
        for other in (WassersteinDistance().update(u, v), WassersteinDistance()):
            stream.merge(other)
        assert stream.compute() == pytest.approx(expected, abs=1e-12)


def test_sliced_wasserstein():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((400, 2))
    shift = np.array([3.0, 4.0])
    got = sliced_wasserstein_distance(x, x + shift, n_projections=4000, rng=rng)
    assert got == pytest.approx(5 * 2 / np.pi, rel=0.03)  # mean of |cos| over the circle
    assert sliced_wasserstein_distance(x, x[::-1]) == pytest.approx(0, abs=1e-12)
    u, v = rng.standard_normal((2, 30, 1))
    line = sliced_wasserstein_distance(dl.tensor(u), v, n_projections=3)
    assert line == pytest.approx(stats.wasserstein_distance(u[:, 0], v[:, 0]))
    first, second = (
        sliced_wasserstein_distance(x, x + shift, n_projections=5, rng=np.random.default_rng(1))
        for _ in range(2)
    )
    assert first == second


CENTRES = [[-2.0, 0.0], [2.0, 0.0], [0.0, 9.0]]


def test_mode_coverage_by_hand():
    drawn = [[-2.0, 1.4], [-2.0, -1.6], [2.0, 0.0], [2.4, 0.3], [0.0, 0.0], [np.nan, 0.0]]
    covered, quality, shares = mode_coverage(drawn, CENTRES, std=0.5)
    assert covered == 2
    assert quality == pytest.approx(3 / 6)
    assert shares.tolist() == pytest.approx([1 / 6, 2 / 6, 0])
    assert mode_coverage(drawn, CENTRES, std=0.5, sigmas=0.1).covered == 1
    assert mode_coverage(drawn, CENTRES, std=0.5, min_share=0.3).covered == 1
    assert mode_coverage(drawn, CENTRES, std=0.5, min_share=0.0).covered == 2
    wide = mode_coverage(drawn, CENTRES, std=[0.5, 0.5, 4.0])
    assert wide.shares.tolist() == pytest.approx([0, 2 / 6, 3 / 6])  # nearest in deviations


def test_mode_coverage_of_the_mixture_itself():
    """Within three standard deviations in two dimensions lie 1 - exp(-9/2) of all points."""
    rng = np.random.default_rng(0)
    mode = rng.integers(0, 3, 20_000)
    drawn = np.array(CENTRES)[mode] + 0.25 * rng.standard_normal((20_000, 2))
    stream, other = ModeCoverage(CENTRES, 0.25), ModeCoverage(CENTRES, 0.25)
    stream.update(drawn[:7]).reset()
    for start in range(0, 10_000, 1000):
        stream.update(dl.tensor(drawn[start : start + 1000]))
    got = stream.merge(other.update(drawn[10_000:])).compute()
    assert got.covered == 3
    assert got.quality == pytest.approx(1 - np.exp(-4.5), abs=0.003)
    np.testing.assert_allclose(got.shares, 1 / 3, atol=0.02)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: wasserstein_distance([], [1]), r"u_values: expected shape \(n,\)"),
        (lambda: wasserstein_distance([1], [[1]]), r"v_values: expected shape \(n,\)"),
        (lambda: wasserstein_distance([np.nan], [1]), "u_values: expected finite numbers"),
        (lambda: wasserstein_distance([1], [1], [1, 2]), r"u_weights: expected shape \(1,\)"),
        (lambda: wasserstein_distance([1], [1], None, [0]), "v_weights: expected at least one"),
        (lambda: wasserstein_distance([1, 2], [1], [-1, 2]), "u_weights: expected weights of at"),
        (lambda: WassersteinDistance().update([1], [1], [1]), "have no weights"),
        (lambda: WassersteinDistance().compute(), "no batch yet"),
        (lambda: sliced_wasserstein_distance([[1]], [[1, 2]]), "x, y: expected shapes"),
        (lambda: sliced_wasserstein_distance(np.ones((0, 2)), np.ones((1, 2))), "not empty"),
        (
            lambda: sliced_wasserstein_distance([[1]], [[1]], n_projections=0),
            "n_projections: expected at least 1",
        ),
        (lambda: mode_coverage([[0, 0]], [1, 2], 1), r"centres: expected shape \(modes, d\)"),
        (lambda: mode_coverage([[0, 0]], CENTRES, 0), "std: expected a number above 0"),
        (lambda: mode_coverage([[0, 0]], CENTRES, [1, 1]), "std: .* or 3 of them"),
        (lambda: mode_coverage([[0, 0]], CENTRES, 1, sigmas=0), "sigmas: expected"),
        (lambda: mode_coverage([[0, 0]], CENTRES, 1, min_share=2), "min_share: expected"),
        (lambda: mode_coverage([[0]], CENTRES, 1), r"samples: expected shape \(n, 2\)"),
        (lambda: mode_coverage(np.ones((0, 2)), CENTRES, 1), r"samples: expected shape \(n, 2\)"),
        (lambda: ModeCoverage(CENTRES, 1).compute(), "no batch yet"),
        (lambda: ModeCoverage(CENTRES, 1).merge(ModeCoverage(CENTRES, 2)), "the same centres"),
    ],
)
def test_what_is_refused(call, match):
    with pytest.raises(ValueError, match=match):
        call()
