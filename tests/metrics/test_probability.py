"""Log loss, score of Brier and calibration beside scikit-learn's and by hand."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from sklearn import calibration, metrics as reference

import dlcore as dl
from dlcore import metrics
from tests.metrics.samples import CLASS, MODEST, SCORE, columns, in_batches, probabilities, quietly

BINARY = columns(st.integers(0, 1), SCORE)
SEED = st.integers(0, 9)


@MODEST
@given(samples=BINARY, weighted=st.booleans(), normalize=st.booleans())
def test_log_loss_of_two_classes(samples, weighted, normalize):
    true, prob, weight = samples
    options = {"sample_weight": weight if weighted else None, "labels": [0, 1]}
    options |= {"normalize": normalize}
    got = metrics.log_loss(true, prob, **options)
    assert got == pytest.approx(quietly(reference.log_loss, true, prob, **options), rel=1e-12)
    stream = in_batches(metrics.LogLoss(), true, prob, weight).compute()
    expected = metrics.log_loss(true, prob, labels=[0, 1], sample_weight=weight)
    assert stream == pytest.approx(expected)


@MODEST
@given(samples=columns(CLASS), seed=SEED, weighted=st.booleans(), normalize=st.booleans())
def test_log_loss_of_many_classes(samples, seed, weighted, normalize):
    true, weight = samples
    prob = probabilities(np.random.default_rng(seed), len(true), 4)
    options = {"sample_weight": weight if weighted else None, "labels": range(4)}
    options |= {"normalize": normalize}
    got = metrics.log_loss(true, prob, **options)
    expected = quietly(reference.log_loss, true, prob, **{**options, "labels": [0, 1, 2, 3]})
    assert got == pytest.approx(expected, rel=1e-12)
    options |= {"normalize": True, "sample_weight": weight}
    stream = in_batches(metrics.LogLoss(), true, prob, weight).compute()
    assert stream == pytest.approx(metrics.log_loss(true, prob, **options))


@MODEST
@given(
    samples=BINARY, weighted=st.booleans(), half=st.sampled_from([True, False, "auto"]),
    pos_label=st.sampled_from([None, 0, 1]),
)  # fmt: skip
def test_brier_of_two_classes(samples, weighted, half, pos_label):
    true, prob, weight = samples
    options = {"sample_weight": weight if weighted else None, "scale_by_half": half}
    if pos_label in (0, 1) and pos_label not in true:
        pos_label = None
    got = metrics.brier_score_loss(true, prob, pos_label=pos_label, **options)
    expected = quietly(reference.brier_score_loss, true, prob, pos_label=pos_label, **options)
    assert got == pytest.approx(expected, rel=1e-12, abs=1e-15)
    stream = in_batches(metrics.BrierScore(half), true, prob, weight).compute()
    expected = metrics.brier_score_loss(true, prob, sample_weight=weight, scale_by_half=half)
    assert stream == pytest.approx(expected)


@MODEST
@given(samples=columns(CLASS), seed=SEED, half=st.sampled_from([True, False, "auto"]))
def test_brier_of_many_classes(samples, seed, half):
    true, weight = samples
    prob = probabilities(np.random.default_rng(seed), len(true), 4)
    options = {"sample_weight": weight, "labels": [0, 1, 2, 3], "scale_by_half": half}
    got = metrics.brier_score_loss(true, prob, **options)
    assert got == pytest.approx(quietly(reference.brier_score_loss, true, prob, **options))
    stream = in_batches(metrics.BrierScore(half), true, prob, weight).compute()
    assert stream == pytest.approx(got)


def test_certain_errors_are_clipped_in_the_dtype_of_the_probabilities():
    for dtype in (np.float32, np.float64):
        prob = np.array([1.0, 0.0], dtype=dtype)
        got = metrics.log_loss([0, 1], prob)
        assert got == pytest.approx(reference.log_loss([0, 1], prob), rel=1e-6)


def test_whole_numbers_are_probabilities_too():
    assert metrics.log_loss([0, 1], [0, 1]) == pytest.approx(0, abs=1e-12)
    assert metrics.brier_score_loss([0, 1], [1, 1]) == 0.5


def test_words_signs_and_tensors():
    assert metrics.brier_score_loss(["no", "yes"], [0.2, 0.7]) == pytest.approx(
        reference.brier_score_loss(["no", "yes"], [0.2, 0.7], pos_label="yes")
    )
    assert metrics.brier_score_loss([-1, 1], [0.2, 0.7]) == pytest.approx(0.065)
    assert metrics.brier_score_loss([3, 3], [0.2, 0.7]) == pytest.approx(
        reference.brier_score_loss([3, 3], [0.2, 0.7])
    )
    prob = dl.tensor([[0.25, 0.75], [0.5, 0.5]])
    expected = -np.log([0.75, 0.5]).mean()
    assert metrics.log_loss(dl.tensor([1, 0]), prob) == pytest.approx(expected, rel=1e-6)


@MODEST
@given(samples=BINARY, n_bins=st.integers(1, 9), strategy=st.sampled_from(["uniform", "quantile"]))
def test_calibration_curve(samples, n_bins, strategy):
    true, prob, _ = samples
    options = {"n_bins": n_bins, "strategy": strategy}
    got = metrics.calibration_curve(true, prob, pos_label=1, **options)
    expected = quietly(calibration.calibration_curve, true, prob, pos_label=1, **options)
    for a, b in zip(got, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


def by_definition(right, confidence, weight, n_bins):
    """Gap and share of each bin ((b-1)/n, b/n], one after the other."""
    gaps, shares = [], []
    for b in range(n_bins):
        inside = (confidence > b / n_bins) & (confidence <= (b + 1) / n_bins)
        if b == 0:
            inside |= confidence == 0
        if weight[inside].sum() > 0:
            gap = np.average(right[inside], weights=weight[inside]) - np.average(
                confidence[inside], weights=weight[inside]
            )
            gaps.append(abs(gap))
            shares.append(weight[inside].sum() / weight.sum())
    return np.array(gaps), np.array(shares)


@MODEST
@given(samples=BINARY, n_bins=st.sampled_from([1, 2, 4, 8, 16]), weighted=st.booleans())
def test_calibration_error_of_two_classes(samples, n_bins, weighted):
    true, prob, weight = samples
    w = weight if weighted else np.ones(len(true))
    gaps, shares = by_definition(true, prob, w, n_bins)
    expected = {"l1": shares @ gaps, "l2": np.sqrt(shares @ gaps**2), "max": gaps.max()}
    for norm, value in expected.items():
        options = {"n_bins": n_bins, "norm": norm}
        got = metrics.calibration_error(
            true, prob, sample_weight=weight if weighted else None, **options
        )
        assert got == pytest.approx(value, abs=1e-12)
        stream = in_batches(metrics.CalibrationError(**options), true, prob, w).compute()
        assert stream == pytest.approx(value, abs=1e-12)


@MODEST
@given(samples=columns(CLASS), seed=SEED)
def test_calibration_error_of_many_classes(samples, seed):
    true, weight = samples
    prob = probabilities(np.random.default_rng(seed), len(true), 4)
    gaps, shares = by_definition(prob.argmax(axis=1) == true, prob.max(axis=1), weight, 8)
    got = metrics.calibration_error(true, prob, n_bins=8, sample_weight=weight)
    assert got == pytest.approx(shares @ gaps, abs=1e-12)


def test_calibration_error_by_hand():
    """Two bins: 0.1, 0.3 said and nothing true; 0.6, 0.9, 0.9 said and two of three true."""
    error = 2 / 5 * 0.2 + 3 / 5 * (0.8 - 2 / 3)
    got = metrics.calibration_error([0, 0, 1, 1, 0], [0.1, 0.3, 0.6, 0.9, 0.9], n_bins=2)
    assert got == pytest.approx(error)
    assert metrics.calibration_error([1, 1], [[0.0, 1.0]] * 2) == 0.0
    assert metrics.calibration_error([1, 1], [[1.0], [1.0]]) == 0.0


ALL = [metrics.log_loss, metrics.brier_score_loss, metrics.calibration_error,
       metrics.calibration_curve, metrics.LogLoss().update]  # fmt: skip


@pytest.mark.parametrize("score", ALL)
@pytest.mark.parametrize(
    ("y_true", "prob", "match"),
    [
        ([], [], "at least one sample"),
        ([0, 1], [0.5], "expected shapes"),
        ([0, 1], [0.5, 1.5], r"expected probabilities in \[0, 1\], got 0.5 to 1.5"),
        ([0, 1], [-0.5, 0.5], "expected probabilities"),
        ([0, 1], [float("nan"), 0.5], "expected finite numbers"),
    ],
)
def test_what_no_score_of_probabilities_accepts(score, y_true, prob, match):
    with pytest.raises(ValueError, match=match):
        score(y_true, prob)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: metrics.log_loss([0, 1], [[0.5, 0.6], [0.5, 0.5]]), "rows that sum to 1"),
        (lambda: metrics.log_loss([1, 1], [0.5, 0.5]), "labels: expected 2 classes"),
        (lambda: metrics.log_loss([0, 2], [0.5, 0.5], labels=[0, 1]), "2 is in y_true but not"),
        (lambda: metrics.brier_score_loss([0, 1, 2], [0.5] * 3), r"y_proba: expected shape \(n, 3"),
        (lambda: metrics.brier_score_loss([0, 1], [0.5] * 2, pos_label=2), "pos_label: expected"),
        (lambda: metrics.calibration_error([0, 2], [0.5] * 2), "expected integers from 0 to 1"),
        (lambda: metrics.calibration_error([0], [0.5], n_bins=0), "n_bins: expected at least 1"),
        (lambda: metrics.calibration_error([0], [0.5], norm="l3"), "norm: expected 'l1'"),
        (lambda: metrics.calibration_curve([0], [0.5], strategy="x"), "strategy: expected"),
        (lambda: metrics.calibration_curve([0], [[0.5, 0.5]]), "one probability a sample"),
        (lambda: metrics.CalibrationError().compute(), "no batch yet"),
    ],
)
def test_what_is_refused(call, match):
    with pytest.raises(ValueError, match=match):
        call()
