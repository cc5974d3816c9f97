"""Precision, recall and F-beta beside scikit-learn's."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from sklearn import metrics as reference

import dlcore as dl
from dlcore import metrics
from tests.metrics.samples import CLASS, MODEST, columns, in_batches, quietly

NAMES = ["precision_score", "recall_score", "f1_score", "fbeta_score"]
KINDS = {
    "precision_score": metrics.Precision,
    "recall_score": metrics.Recall,
    "f1_score": metrics.F1,
    "fbeta_score": metrics.FBeta,
}
ZERO = st.sampled_from([0.0, 1.0, math.nan])
BETA = st.sampled_from([0.0, 0.5, 2.0, math.inf])


def beta_of(name, beta):
    return {"beta": beta} if name == "fbeta_score" else {}


@pytest.mark.parametrize("name", NAMES)
@MODEST
@given(
    samples=columns(CLASS, CLASS),
    average=st.sampled_from(["micro", "macro", "weighted", None]),
    weighted=st.booleans(),
    zero_division=ZERO,
    beta=BETA,
    labels=st.one_of(st.none(), st.lists(CLASS, min_size=1, max_size=4, unique=True)),
)
def test_many_classes(name, samples, average, weighted, zero_division, beta, labels):
    true, pred, weight = samples
    options = {
        "average": average,
        "sample_weight": weight if weighted else None,
        "zero_division": zero_division,
        "labels": labels,
        **beta_of(name, beta),
    }
    got = getattr(metrics, name)(true, pred, **options)
    expected = quietly(getattr(reference, name), true, pred, **options)
    np.testing.assert_allclose(got, expected, rtol=1e-12)
    assert isinstance(got, np.ndarray if average is None else float)


@pytest.mark.parametrize("name", NAMES)
@MODEST
@given(
    samples=columns(st.integers(0, 1), st.integers(0, 1)),
    pos_label=st.integers(0, 1),
    weighted=st.booleans(),
    zero_division=ZERO,
    beta=BETA,
)
def test_two_classes(name, samples, pos_label, weighted, zero_division, beta):
    true, pred, weight = samples
    options = {
        "pos_label": pos_label,
        "sample_weight": weight if weighted else None,
        "zero_division": zero_division,
        **beta_of(name, beta),
    }
    got = getattr(metrics, name)(true, pred, **options)
    expected = quietly(getattr(reference, name), true, pred, **options)
    np.testing.assert_allclose(got, expected, rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
@MODEST
@given(
    samples=columns(CLASS, CLASS),
    average=st.sampled_from(["micro", "macro", "weighted"]),
    beta=BETA,
)
def test_streams_of_many_classes(name, samples, average, beta):
    options = beta_of(name, beta)
    whole = KINDS[name](4, average=average, **options)
    parts = [KINDS[name](4, average=average, **options) for _ in range(2)]
    true, pred, weight = samples
    expected = getattr(metrics, name)(true, pred, average=average, **options)
    assert in_batches(whole, true, pred).compute() == pytest.approx(expected)
    for i in range(2):
        if len(true) > i:
            parts[i].update(true[i::2], pred[i::2])
    assert parts[0].merge(parts[1]).compute() == pytest.approx(expected)
    whole.reset()
    expected = getattr(metrics, name)(true, pred, average=average, sample_weight=weight, **options)
    got = whole.update(true, pred, weight).compute()
    np.testing.assert_allclose(got, expected, rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_streams_of_two_classes_and_class_by_class(name):
    true, pred = np.array([0, 1, 1, 0, 1, 1]), np.array([0, 1, 0, 1, 1, 1])
    options = beta_of(name, 2.0)
    for label in (0, 1):
        got = in_batches(KINDS[name](pos_label=label, **options), true, pred).compute()
        assert got == pytest.approx(getattr(metrics, name)(true, pred, pos_label=label, **options))
    got = in_batches(KINDS[name](3, average=None, **options), true, pred).compute()
    expected = getattr(metrics, name)(true, pred, average=None, labels=range(3), **options)
    np.testing.assert_allclose(got, expected)


def test_words_and_scores_are_classes_too():
    true, pred = ["cat", "dog", "cat"], ["dog", "dog", "cat"]
    assert metrics.precision_score(true, pred, pos_label="cat") == 1.0
    scores = dl.tensor([[0.1, 0.9], [0.8, 0.2]])
    assert metrics.recall_score(dl.tensor([1, 1]), scores) == 0.5


def test_no_positives():
    assert metrics.precision_score([0, 0], [0, 0]) == 0.0
    assert metrics.recall_score([0, 0], [1, 0], zero_division=1.0) == 1.0


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({}, "'binary' is for two classes, got 3"),
        ({"average": "mean"}, "average: expected 'binary', 'micro'"),
    ],
)
def test_options_that_do_not_fit(options, match):
    for name in NAMES[:3]:
        with pytest.raises(ValueError, match=match):
            getattr(metrics, name)([0, 1, 2], [0, 1, 2], **options)


def test_what_is_refused():
    with pytest.raises(ValueError, match=r"pos_label: expected one of \[0, 2\], got 1"):
        metrics.f1_score([0, 2], [2, 0])
    with pytest.raises(ValueError, match="beta: expected a number at least 0, got -1"):
        metrics.fbeta_score([0, 1], [0, 1], beta=-1)
    with pytest.raises(ValueError, match="beta: "):
        metrics.FBeta(beta=math.nan)
    with pytest.raises(ValueError, match="'binary' needs num_classes=2"):
        metrics.Recall(3)
    with pytest.raises(ValueError, match="y_pred: expected integers from 0 to 1"):
        metrics.F1().update([0, 1], [0, 2])
    for name in NAMES[:3]:
        with pytest.raises(ValueError, match="at least one sample"):
            getattr(metrics, name)([], [])
        with pytest.raises(ValueError, match="no batch yet"):
            KINDS[name]().compute()
