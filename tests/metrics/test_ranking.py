"""ROC, precision-recall and top-k beside scikit-learn's, with ties."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from sklearn import metrics as reference

import dlcore as dl
from dlcore import metrics
from tests.metrics.samples import CLASS, MODEST, SCORE, columns, in_batches, probabilities, quietly

BINARY = columns(st.integers(0, 1), SCORE)


def weights(weight, weighted):
    return {"sample_weight": weight if weighted else None}


@MODEST
@given(samples=BINARY, weighted=st.booleans(), drop=st.booleans())
def test_roc_curve(samples, weighted, drop):
    true, score, weight = samples
    options = {**weights(weight, weighted), "drop_intermediate": drop}
    got = metrics.roc_curve(true, score, **options)
    expected = quietly(reference.roc_curve, true, score, **options)
    for a, b in zip(got, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


@MODEST
@given(samples=BINARY, weighted=st.booleans(), drop=st.booleans())
def test_precision_recall_curve(samples, weighted, drop):
    true, score, weight = samples
    options = {**weights(weight, weighted), "drop_intermediate": drop}
    got = metrics.precision_recall_curve(true, score, **options)
    expected = quietly(reference.precision_recall_curve, true, score, **options)
    for a, b in zip(got, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


@MODEST
@given(samples=BINARY, weighted=st.booleans(), max_fpr=st.sampled_from([None, 0.1, 0.25, 0.5, 1.0]))
def test_area_of_two_classes(samples, weighted, max_fpr):
    true, score, weight = samples
    options = {**weights(weight, weighted), "max_fpr": max_fpr}
    got = metrics.roc_auc_score(true, score, **options)
    positive = set(true[weight > 0] if weighted else true)
    if len(positive) < 2:
        assert np.isnan(got)
        return
    expected = quietly(reference.roc_auc_score, true, score, **options)
    np.testing.assert_allclose(got, expected, rtol=1e-10)
    if max_fpr is None:
        w = weight if weighted else np.ones(len(true))
        above = (score[:, None] > score) + 0.5 * (score[:, None] == score)
        pairs = np.outer(w * (true == 1), w * (true == 0))
        assert got == pytest.approx((above * pairs).sum() / pairs.sum())  # the definition


@MODEST
@given(samples=BINARY, weighted=st.booleans(), pos_label=st.integers(0, 1))
def test_average_precision(samples, weighted, pos_label):
    true, score, weight = samples
    options = {**weights(weight, weighted), "pos_label": pos_label}
    got = metrics.average_precision_score(true, score, **options)
    expected = quietly(reference.average_precision_score, true, score, **options)
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-15)


@MODEST
@given(samples=BINARY)
def test_streams_end_where_one_shot_does(samples):
    true, score, weight = samples
    for kind, function in [
        (metrics.ROCAUC, metrics.roc_auc_score),
        (metrics.AveragePrecision, metrics.average_precision_score),
    ]:
        expected = function(true, score, sample_weight=weight)
        got = in_batches(kind(), true, score, weight)
        np.testing.assert_allclose(got.compute(), expected, rtol=1e-12)
        halves = [kind().update(true[i::2], score[i::2]) for i in range(2) if len(true) > i]
        for other in halves[1:]:
            halves[0].merge(other)
        np.testing.assert_allclose(halves[0].compute(), function(true, score), rtol=1e-12)


@MODEST
@given(
    true=st.lists(CLASS, min_size=4, max_size=20),
    seed=st.integers(0, 9),
    kind=st.sampled_from([("ovr", "macro"), ("ovr", "weighted"), ("ovr", "micro"), ("ovr", None),
                          ("ovo", "macro"), ("ovo", "weighted")]),
    weighted=st.booleans(),
)  # fmt: skip
def test_area_of_many_classes(true, seed, kind, weighted):
    multi_class, average = kind
    rng = np.random.default_rng(seed)
    true = np.array([*true, 0, 1, 2, 3])
    score = probabilities(rng, len(true), 4)
    options = {"multi_class": multi_class, "average": average}
    if multi_class == "ovr" and weighted:
        options["sample_weight"] = rng.integers(1, 4, len(true))
    got = metrics.roc_auc_score(true, score, **options)
    expected = quietly(reference.roc_auc_score, true, score, **options)
    np.testing.assert_allclose(got, expected, rtol=1e-12)


def test_classes_that_do_not_occur_are_named():
    true, score = [0, 1, 1], probabilities(np.random.default_rng(0), 3, 3)
    with pytest.raises(ValueError, match="labels: expected 3 classes, one a column"):
        metrics.roc_auc_score(true, score, multi_class="ovr")
    areas = metrics.roc_auc_score(true, score, multi_class="ovr", labels=range(3), average=None)
    assert np.isnan(areas).tolist() == [False, False, True]
    weighted = {"multi_class": "ovr", "labels": range(3), "average": "weighted"}
    expected = quietly(reference.roc_auc_score, true, score, **weighted)
    assert metrics.roc_auc_score(true, score, **weighted) == pytest.approx(expected)
    single = metrics.roc_auc_score([1, 1, 1], score, multi_class="ovo", labels=range(3))
    assert np.isnan(single)


@MODEST
@given(
    samples=columns(CLASS, st.tuples(*[SCORE] * 4)),
    k=st.integers(1, 5),
    normalize=st.booleans(),
    weighted=st.booleans(),
)
def test_top_k(samples, k, normalize, weighted):
    true, score, weight = samples
    options = {**weights(weight, weighted), "k": k, "normalize": normalize, "labels": range(4)}
    got = metrics.top_k_accuracy_score(true, score, **options)
    expected = quietly(reference.top_k_accuracy_score, true, score, **options)
    np.testing.assert_allclose(got, expected, rtol=1e-12)
    stream = in_batches(metrics.TopKAccuracy(k), true, score, weight).compute()
    options |= {"sample_weight": weight, "normalize": True}
    assert stream == pytest.approx(metrics.top_k_accuracy_score(true, score, **options))


@MODEST
@given(samples=columns(st.integers(0, 1), st.integers(-4, 8)), k=st.integers(1, 2))
def test_top_k_of_two_classes(samples, k):
    true, score, weight = samples
    for scale in (8, 1):
        options = {"k": k, "labels": [0, 1], "sample_weight": weight}
        got = metrics.top_k_accuracy_score(true, score / scale, **options)
        expected = quietly(reference.top_k_accuracy_score, true, score / scale, **options)
        np.testing.assert_allclose(got, expected, rtol=1e-12)


def test_auc_is_that_of_scikit_learn():
    x, y = [0.0, 0.25, 0.25, 1.0], [0.0, 0.5, 0.75, 1.0]
    assert metrics.auc(x, y) == pytest.approx(reference.auc(x, y))
    assert metrics.auc(x[::-1], y[::-1]) == pytest.approx(reference.auc(x, y))
    below = [-1.0, -2.0, 0.5, -1.0]
    for points in (x, x[::-1]):
        assert metrics.auc(points, below) == pytest.approx(reference.auc(points, below))


def test_tensors_columns_words_and_signs():
    true, score = dl.tensor([0, 1, 1]), dl.tensor([[0.2], [0.8], [0.1]])
    assert metrics.roc_auc_score(true, score) == 0.5
    assert metrics.ROCAUC().update(true, score).compute() == 0.5
    assert metrics.AveragePrecision().update(true, score).compute() > 0.5
    assert metrics.roc_curve([-1, 1], [0.1, 0.9])[1].tolist() == [0.0, 1.0, 1.0]
    fpr, tpr, _ = metrics.roc_curve(["a", "b"], [0.1, 0.9], pos_label="b")
    assert metrics.auc(fpr, tpr) == 1.0
    assert metrics.roc_auc_score(["a", "b"], [0.1, 0.9]) == 1.0


@pytest.mark.parametrize(
    "score", [metrics.roc_curve, metrics.precision_recall_curve, metrics.roc_auc_score,
              metrics.average_precision_score, metrics.top_k_accuracy_score]
)  # fmt: skip
@pytest.mark.parametrize(
    ("y_true", "y_score", "match"),
    [
        ([], [], "at least one sample"),
        ([0, 1], [0.5], "expected shapes"),
        ([0, 1], [0.5, float("nan")], "y_score: expected finite numbers"),
        ([0, 1], ["a", "b"], "y_score: expected finite numbers"),
    ],
)
def test_what_no_ranking_accepts(score, y_true, y_score, match):
    with pytest.raises(ValueError, match=match):
        score(y_true, y_score)


PROBABILITIES = [[0.2, 0.3, 0.5]] * 3


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: metrics.roc_curve([0, 1, 2], [1, 2, 3]), "y_true: expected two classes, got 3"),
        (lambda: metrics.roc_curve([1, 2], [1, 2]), "pos_label: say which of"),
        (lambda: metrics.roc_curve([0, 1], [[1, 2], [1, 2]]), "expected one score a sample"),
        (lambda: metrics.roc_auc_score([0, 1, 2], [1, 2, 3]), r"y_score: expected shape \(n, 3\)"),
        (lambda: metrics.roc_auc_score([0, 1], [1, 2], max_fpr=0), r"max_fpr: .* in \(0, 1\]"),
        (lambda: metrics.roc_auc_score([0, 1, 2], PROBABILITIES), "need 'ovr' or 'ovo'"),
        (
            lambda: metrics.roc_auc_score([0, 1, 2], PROBABILITIES, multi_class="ovr", max_fpr=0.5),
            "max_fpr: only for two classes",
        ),
        (
            lambda: metrics.roc_auc_score([0, 1, 2], np.eye(3) * 2, multi_class="ovr"),
            "sum to 1",
        ),
        (
            lambda: metrics.roc_auc_score([0, 1, 2], np.eye(3), multi_class="ovr", average="x"),
            "average: expected 'macro'",
        ),
        (
            lambda: metrics.roc_auc_score([0, 1, 2], np.eye(3), multi_class="ovo", average=None),
            "'ovo' takes 'macro' or 'weighted'",
        ),
        (
            lambda: metrics.roc_auc_score(
                [0, 1, 2], np.eye(3), multi_class="ovr", labels=[2, 1, 0]
            ),
            "labels: expected each class once, sorted",
        ),
        (
            lambda: metrics.roc_auc_score(
                [0, 1, 5], np.eye(3), multi_class="ovr", labels=[0, 1, 2]
            ),
            "labels: 5 is in y_true but not in labels",
        ),
        (lambda: metrics.ROCAUC().update([0], [[0.1, 0.9]]), "expected one score a sample"),
        (lambda: metrics.ROCAUC().compute(), "ROCAUC: no batch yet"),
        (lambda: metrics.average_precision_score([0, 1, 2], [1, 2, 3]), "one of two classes"),
        (lambda: metrics.average_precision_score([0, 2], [1, 2]), "one of two classes"),
        (lambda: metrics.top_k_accuracy_score([0], [[1, 2]], k=0), "k: expected at least 1"),
        (lambda: metrics.TopKAccuracy(0), "k: expected at least 1"),
        (lambda: metrics.roc_auc_score([0, np.nan, 1], [1, 2, 3]), "y_true: .* NaN in 1 of 3"),
        (lambda: metrics.roc_curve([0, np.nan, 1], [1, 2, 3]), "y_true: .* NaN in 1 of 3"),
        (lambda: metrics.roc_auc_score([0, 1, 1], [1, np.nan, 3]), "y_score: .* NaN in 1 of 3"),
        (lambda: metrics.average_precision_score([0, np.nan, 1], [1, 2, 3]), "y_true: .* NaN"),
        (lambda: metrics.top_k_accuracy_score([0, np.nan], [[1, 2]] * 2), "y_true: .* NaN"),
        (lambda: metrics.auc([0], [1]), "m at least 2"),
        (lambda: metrics.auc([0, 2, 1], [1, 1, 1]), "x: expected growing or falling"),
    ],
)
def test_what_is_refused(call, match):
    with pytest.raises(ValueError, match=match):
        call()
