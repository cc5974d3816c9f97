"""Scores of predicted numbers beside scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from sklearn import metrics as reference

import dlcore as dl
from dlcore import metrics
from tests.metrics.samples import MODEST, columns, in_batches, quietly

NUMBER = st.integers(-4, 4).map(lambda k: k / 2)
PAIR = st.tuples(NUMBER, NUMBER)
KINDS = {
    "mean_squared_error": metrics.MeanSquaredError,
    "root_mean_squared_error": metrics.RootMeanSquaredError,
    "mean_absolute_error": metrics.MeanAbsoluteError,
    "mean_absolute_percentage_error": metrics.MeanAbsolutePercentageError,
    "r2_score": metrics.R2Score,
    "explained_variance_score": metrics.ExplainedVariance,
}
SHARE = [name for name in KINDS if "error" not in name]


@pytest.mark.parametrize("name", KINDS)
@MODEST
@given(samples=columns(NUMBER, NUMBER), weighted=st.booleans())
def test_one_output(name, samples, weighted):
    true, pred, weight = samples
    options = {"sample_weight": weight if weighted else None}
    got = getattr(metrics, name)(true, pred, **options)
    expected = quietly(getattr(reference, name), true, pred, **options)
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)
    assert type(got) is float


@pytest.mark.parametrize("name", KINDS)
@MODEST
@given(
    samples=columns(PAIR, PAIR),
    weighted=st.booleans(),
    multioutput=st.sampled_from(["uniform_average", "raw_values", [0.3, 0.7]]),
)
def test_two_outputs(name, samples, weighted, multioutput):
    true, pred, weight = samples
    options = {"sample_weight": weight if weighted else None, "multioutput": multioutput}
    if name == "r2_score" and len(true) < 2:
        return  # scikit-learn has one NaN whatever multioutput; so have we
    got = getattr(metrics, name)(true, pred, **options)
    expected = quietly(getattr(reference, name), true, pred, **options)
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", SHARE)
@MODEST
@given(samples=columns(PAIR, PAIR), force_finite=st.booleans())
def test_shares_weighted_by_variance_or_left_infinite(name, samples, force_finite):
    true, pred, _ = samples
    for multioutput in ("variance_weighted", "raw_values"):
        if multioutput == "variance_weighted" and not force_finite:
            continue  # the product of no weight and an infinite score is NaN in both
        options = {"multioutput": multioutput, "force_finite": force_finite}
        got = getattr(metrics, name)(true, pred, **options)
        expected = quietly(getattr(reference, name), true, pred, **options)
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", KINDS)
@MODEST
@given(samples=columns(NUMBER, NUMBER))
def test_streams_end_where_one_shot_does(name, samples):
    true, pred, weight = samples
    if name in SHARE:
        true = true + np.arange(len(true))  # rounding decides where all numbers are equal
    whole = in_batches(KINDS[name](), true, pred, weight)
    expected = getattr(metrics, name)(true[weight > 0], pred[weight > 0],
                                      sample_weight=weight[weight > 0])  # fmt: skip
    if name != "r2_score" or (weight > 0).sum() > 1:
        np.testing.assert_allclose(whole.compute(), expected, rtol=1e-9, atol=1e-12)
    parts = [KINDS[name]().update(true[i::2], pred[i::2]) for i in range(2) if len(true) > i]
    for other in parts[1:]:
        parts[0].merge(other)
    expected = getattr(metrics, name)(true, pred)
    np.testing.assert_allclose(parts[0].compute(), expected, rtol=1e-9, atol=1e-12)


def test_a_stream_of_large_numbers_loses_no_digits():
    rng = np.random.default_rng(0)
    true = 1e8 + rng.standard_normal(300)
    pred = true + 0.1 * rng.standard_normal(300)
    got = in_batches(metrics.R2Score(), true, pred, size=7).compute()
    assert got == pytest.approx(reference.r2_score(true, pred), rel=1e-6)


def test_one_axis_meets_a_column_and_a_tensor():
    true, column = dl.tensor([1.0, 2.0]), dl.tensor([[1.0], [4.0]])
    assert metrics.mean_squared_error(true, column) == 2.0
    assert metrics.R2Score().update(true, column).compute() == -7.0


def test_a_single_sample():
    assert np.isnan(metrics.r2_score([1.0], [1.0]))
    assert metrics.explained_variance_score([1.0], [2.0]) == 1.0
    assert metrics.R2Score().update([1.0], [1.0]).update([3.0], [3.0]).compute() == 1.0


@pytest.mark.parametrize("score", [getattr(metrics, name) for name in KINDS])
@pytest.mark.parametrize(
    ("y_true", "y_pred", "match"),
    [
        ([], [], "at least one sample"),
        ([1.0, 2.0], [1.0], r"got \(2,\) and \(1,\)"),
        ([[1.0, 2.0]], [1.0], "expected one shape"),
        (1.0, 1.0, "expected one shape"),
        ([1.0], [float("nan")], "y_pred: expected finite numbers"),
        (["a"], [1.0], "y_true: expected finite numbers"),
    ],
)
def test_what_no_score_of_numbers_accepts(score, y_true, y_pred, match):
    with pytest.raises(ValueError, match=match):
        score(y_true, y_pred)


@pytest.mark.parametrize("name", KINDS)
def test_options_that_do_not_fit(name):
    score = getattr(metrics, name)
    with pytest.raises(ValueError, match="multioutput: expected 'uniform_average'"):
        score([1.0, 2.0], [1.0, 3.0], multioutput="mean")
    with pytest.raises(ValueError, match="multioutput: expected 1 weights"):
        score([1.0, 2.0], [1.0, 3.0], multioutput=[0.5, 0.5])
    with pytest.raises(ValueError, match="sample_weight: expected shape"):
        score([1.0, 2.0], [1.0, 3.0], sample_weight=[1.0])
    with pytest.raises(ValueError, match="no batch yet"):
        KINDS[name]().compute()


@pytest.mark.parametrize("score", [metrics.r2_score, metrics.explained_variance_score])
def test_equal_truths_have_no_variance_whatever_their_mean_rounds_to(score):
    assert score([0.1] * 3, [0.1, 0.1, 0.2]) == 0.0
    assert score([0.1] * 3, [0.1] * 3) == 1.0
    assert score([9.0, 0.1, 0.1, 0.1], [9.0, 0.1, 0.1, 0.2], sample_weight=[0, 1, 1, 1]) == 0.0
