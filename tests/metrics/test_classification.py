"""Scores beside scikit-learn's on made-up inputs, and streams beside one shot."""

import math
import warnings
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn import metrics as reference

import dlcore as dl
from dlcore import metrics
from dlcore.metrics import Accuracy, ConfusionMatrix, accuracy, confusion_matrix
from tests.metrics.samples import CLASS as FROM_ZERO, MODEST, columns, in_batches, quietly

CLASS = st.integers(-1, 4)
SAMPLES = st.lists(st.tuples(CLASS, CLASS, st.integers(0, 3)), min_size=1, max_size=30)
NORMALIZE = st.sampled_from([None, "true", "pred", "all"])


def scikit_learn(y_true, y_pred, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a single class; ours is tested for it
        return reference.confusion_matrix(y_true, y_pred, **options)


@settings(deadline=None)
@given(samples=SAMPLES, normalize=st.booleans(), weighted=st.booleans())
def test_accuracy_is_that_of_scikit_learn(samples, normalize, weighted):
    true, pred, weight = map(np.array, zip(*samples, strict=True))
    options = {"normalize": normalize, "sample_weight": weight if weighted else None}
    if weighted and not weight.any():
        with pytest.raises(ValueError, match="not zero"):
            accuracy(true, pred, **options)
        return
    expected = reference.accuracy_score(true, pred, **options)
    assert accuracy(true, pred, **options) == pytest.approx(expected, rel=1e-12)


@settings(deadline=None)
@given(
    samples=SAMPLES,
    normalize=NORMALIZE,
    weight=st.sampled_from([None, np.int64, np.float64]),
    labels=st.one_of(st.none(), st.lists(CLASS, min_size=1, max_size=5, unique=True)),
)
def test_confusion_matrix_is_that_of_scikit_learn(samples, normalize, weight, labels):
    true, pred, weights = map(np.array, zip(*samples, strict=True))
    options = {
        "labels": labels,
        "normalize": normalize,
        "sample_weight": None if weight is None else weights.astype(weight),
    }
    if weight is not None and not weights.any():
        with pytest.raises(ValueError, match="not zero"):
            confusion_matrix(true, pred, **options)
        return
    if labels is not None and not set(labels) & set(true.tolist()):
        with pytest.raises(ValueError, match="at least one label that is in y_true"):
            confusion_matrix(true, pred, **options)
        return
    got, expected = confusion_matrix(true, pred, **options), scikit_learn(true, pred, **options)
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got, expected, rtol=1e-12)


def test_words_are_classes_too():
    true, pred = ["cat", "dog", "cat"], ["dog", "dog", "cat"]
    assert accuracy(true, pred) == pytest.approx(2 / 3)
    assert confusion_matrix(true, pred).tolist() == scikit_learn(true, pred).tolist()
    order = confusion_matrix(true, pred, labels=["dog", "cat"])
    assert order.tolist() == [[1, 0], [1, 1]]


def test_a_single_class():
    assert accuracy([2, 2], [2, 2]) == 1.0
    assert confusion_matrix([2, 2], [2, 2]).tolist() == [[2]]


def test_scores_count_by_their_largest_and_ties_by_the_first():
    scores = dl.tensor([[0.1, 0.9], [0.5, 0.5], [0.2, 0.8]])
    assert accuracy(dl.tensor([1, 0, 0]), scores) == pytest.approx(2 / 3)
    assert confusion_matrix([1, 0, 0], scores).tolist() == [[1, 1], [0, 1]]
    assert Accuracy().update([1, 0, 0], scores).compute() == pytest.approx(2 / 3)


def test_the_result_is_a_plain_number():
    assert type(accuracy([1], [1])) is float
    assert type(Accuracy().update([1], [1]).compute()) is float


@settings(deadline=None)
@given(
    batches=st.lists(
        st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8),
        min_size=1,
        max_size=5,
    ),
    normalize=NORMALIZE,
)
def test_streams_end_where_one_shot_does(batches, normalize):
    right, matrix = Accuracy(), ConfusionMatrix(4, normalize)
    right.update([0], [1])
    matrix.update([0], [1])
    right.reset()
    matrix.reset()
    for batch in batches:
        true, pred = zip(*batch, strict=True)
        right.update(true, pred)
        matrix.update(true, pred)
    true, pred = zip(*chain(*batches), strict=True)
    assert right.compute() == pytest.approx(accuracy(true, pred))
    expected = scikit_learn(true, pred, labels=range(4), normalize=normalize)
    np.testing.assert_allclose(matrix.compute(), expected)


def test_a_computed_matrix_is_not_changed_by_later_batches():
    matrix = ConfusionMatrix(2).update([0], [0])
    before = matrix.compute()
    matrix.update([1], [1])
    assert before.tolist() == [[1, 0], [0, 0]]


@pytest.mark.parametrize("score", [accuracy, confusion_matrix, Accuracy().update])
@pytest.mark.parametrize(
    ("y_true", "y_pred", "match"),
    [
        ([], [], "at least one sample"),
        ([1, 2], [1], r"got \(2,\) and \(1,\)"),
        ([[1, 2]], [[1, 2]], "expected shapes"),
        ([1, 2], [[0.5], [0.1]], "expected shapes"),
        ([0.5, 1], [1, 1], "y_true: expected classes"),
        ([0, 1], [1, float("nan")], "y_pred: expected classes"),
        (["a"], [1], "both numbers or both strings"),
    ],
)
def test_what_no_metric_accepts(score, y_true, y_pred, match):
    with pytest.raises(ValueError, match=match):
        score(y_true, y_pred)


def test_whole_floats_are_classes():
    assert accuracy([1.0, 2.0], [1, 3]) == 0.5


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"normalize": "rows"}, "normalize: expected 'true', 'pred', 'all' or None, got 'rows'"),
        ({"labels": [0, 0, 1]}, "each class once"),
        ({"labels": [[0, 1]]}, "one axis"),
        ({"sample_weight": [1.0]}, r"sample_weight: expected shape \(2,\)"),
    ],
)
def test_options_of_the_confusion_matrix(options, match):
    with pytest.raises(ValueError, match=match):
        confusion_matrix([0, 1], [0, 1], **options)


@pytest.mark.parametrize("wrong", [[2], [-1]])
def test_streamed_classes_stay_in_their_range(wrong):
    matrix = ConfusionMatrix(2)
    with pytest.raises(ValueError, match="y_pred: expected integers from 0 to 1"):
        matrix.update([0], wrong)
    with pytest.raises(ValueError, match="y_true: expected integers from 0 to 1"):
        matrix.update(wrong, [0])
    assert matrix.compute().sum() == 0
    with pytest.raises(ValueError, match="num_classes: expected at least 1"):
        ConfusionMatrix(0)


def test_no_batch_no_accuracy():
    with pytest.raises(ValueError, match="no batch yet"):
        Accuracy().compute()


@MODEST
@given(samples=columns(FROM_ZERO, FROM_ZERO), weighted=st.booleans(), adjusted=st.booleans())
def test_balanced_accuracy(samples, weighted, adjusted):
    true, pred, weight = samples
    options = {"sample_weight": weight if weighted else None, "adjusted": adjusted}
    got = metrics.balanced_accuracy_score(true, pred, **options)
    expected = quietly(reference.balanced_accuracy_score, true, pred, **options)
    if adjusted and len(set(true[weight > 0] if weighted else true)) == 1:
        assert math.isnan(got)
        expected = math.nan  # scikit-learn has minus infinity where the score is not 1
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-15)
    stream = in_batches(metrics.BalancedAccuracy(4, adjusted), true, pred)
    expected = metrics.balanced_accuracy_score(true, pred, adjusted=adjusted)
    np.testing.assert_allclose(stream.compute(), expected, rtol=1e-12, atol=1e-15)


@MODEST
@given(samples=columns(FROM_ZERO, FROM_ZERO), weighted=st.booleans())
def test_matthews(samples, weighted):
    true, pred, weight = samples
    options = {"sample_weight": weight if weighted else None}
    got = metrics.matthews_corrcoef(true, pred, **options)
    expected = quietly(reference.matthews_corrcoef, true, pred, **options)
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-15)
    stream = in_batches(metrics.MatthewsCorrcoef(4), true, pred)
    assert stream.compute() == pytest.approx(metrics.matthews_corrcoef(true, pred))


@pytest.mark.parametrize(
    ("true", "pred", "name"),
    [
        ([0, 1], [[np.nan, 1], [0, 1]], "y_pred"),
        ([0, 1], [0, np.nan], "y_pred"),
        ([0, np.nan], [0, 1], "y_true"),
    ],
)
def test_nan_is_no_class_and_no_score(true, pred, name):
    for score in (metrics.accuracy, metrics.matthews_corrcoef, metrics.Accuracy().update):
        with pytest.raises(ValueError, match=f"{name}: expected .*, got NaN in 1 of"):
            score(true, pred)


def test_matthews_of_many_samples_does_not_overflow():
    true = np.repeat([0, 1], 200_000)
    assert metrics.matthews_corrcoef(true, true) == pytest.approx(1.0)


@pytest.mark.parametrize("dtype", [object, np.dtypes.StringDType(), str])
def test_text_is_text_however_an_array_keeps_it(dtype):
    assert metrics.accuracy(np.array(["a", "b"], dtype), ["a", "b"]) == 1.0


def test_whole_numbers_among_objects_are_classes():
    assert metrics.accuracy(np.array([1, True], object), [1, 1]) == 1.0


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([b"a", b"b"], "both numbers or both strings, got bytes and strings"),
        (np.array(["a", 1], object), "all numbers or all strings, got int, str"),
        (np.array(["a", np.nan], object), "all numbers or all strings, got float, str"),
        (np.array([1, None], object), "expected numbers or strings, got object"),
    ],
)
def test_labels_of_two_kinds_are_refused(labels, message):
    with pytest.raises(ValueError, match=message):
        metrics.accuracy(labels, ["a", "b"])
