"""Scores of predicted classes, in one shot and over a stream of batches."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.labels import (
    Labels,
    as_array,
    as_labels,
    as_weights,
    check_samples,
    class_columns,
)
from dlcore.metrics.stream import MeanStream, State


def accuracy(
    y_true: Labels,
    y_pred: Labels,
    *,
    normalize: bool = True,
    sample_weight: ArrayLike | None = None,
) -> float:
    r"""Return the fraction of predictions that are right.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes.
    y_pred : array_like or Tensor, shape (n,) or (n, C)
        The predicted classes, or a score for each of C classes, of which the largest counts.
    normalize : bool
        False returns the number (or weight) of right predictions instead of the fraction.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.

    Returns
    -------
    float
        Between 0 and 1 where normalized.

    Raises
    ------
    ValueError
        If there is no sample, the lengths differ, or the weights are all zero.

    Notes
    -----
    .. math:: \frac{\sum_i w_i \, [\hat y_i = y_i]}{\sum_i w_i}

    As ``sklearn.metrics.accuracy_score``, which takes classes only. Derived in Chapter 9.

    Examples
    --------
    >>> print(f"{accuracy([0, 1, 2, 2], [0, 1, 1, 2]):.2f}")
    0.75
    """
    true, pred = as_labels(y_true, y_pred)
    weight = as_weights(sample_weight, len(true))
    right = float(weight[true == pred].sum())
    return right / float(weight.sum()) if normalize else right


class Accuracy(MeanStream):
    """Accuracy of a stream of batches.

    Examples
    --------
    >>> score = Accuracy()
    >>> print(f"{score.update([0, 1], [0, 0]).update([2, 2], [2, 2]).compute():.2f}")
    0.75
    """

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        true, pred = as_labels(y_true, y_pred)
        weight = as_weights(sample_weight, len(true))
        return weight[true == pred].sum(), weight.sum()


def top_k_accuracy_score(
    y_true: Labels,
    y_score: Labels,
    *,
    k: int = 2,
    normalize: bool = True,
    sample_weight: ArrayLike | None = None,
    labels: ArrayLike | None = None,
) -> float:
    r"""Return the fraction of samples whose true class is among the k with the largest scores.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes.
    y_score : array_like or Tensor, shape (n, C), or (n,) for two classes
        A score for each class, in the order of `labels`; or the score of the second of two.
    k : int, default 2
        How many of the largest scores count.
    normalize : bool, default True
        False returns the number (or weight) of hits instead of the fraction.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.
    labels : array_like, shape (C,), optional
        The classes of the columns, sorted; needed where not all of them are in `y_true`.

    Returns
    -------
    float
        Between 0 and 1 where normalized.

    Raises
    ------
    ValueError
        If `k` is below 1, the shapes do not fit, or `labels` are not the classes of the columns.

    Notes
    -----
    As ``sklearn.metrics.top_k_accuracy_score``: among equal scores the later class comes first, and
    with a single column and k = 1 the second class is chosen above 0.5 if all scores are in [0, 1],
    otherwise above 0. There is no warning where k is so large that every sample is a hit. Derived
    in Chapter 9.

    Examples
    --------
    >>> scores = [[0.5, 0.2, 0.3], [0.3, 0.4, 0.3], [0.2, 0.7, 0.1]]
    >>> print(f"{top_k_accuracy_score([0, 1, 2], scores, k=2):.2f}")
    0.67
    """
    if k < 1:
        raise ValueError(f"k: expected at least 1, got {k}")
    true, score = as_array(y_true), as_array(y_score)
    check_samples(true, score, name="y_score")
    weight = as_weights(sample_weight, len(true))
    hit = _hits(true, score, k, labels)
    total = float(weight[hit].sum())
    return total / float(weight.sum()) if normalize else total


class TopKAccuracy(MeanStream):
    """Top-k accuracy of a stream of batches; class i belongs to column i of the scores.

    Parameters
    ----------
    k : int, default 2
        How many of the largest scores count.

    Examples
    --------
    >>> score = TopKAccuracy(k=2)
    >>> print(f"{score.update([2], [[0.5, 0.2, 0.3]]).update([0], [[0, 1, 2]]).compute():.2f}")
    0.50
    """

    def __init__(self, k: int = 2) -> None:
        if k < 1:
            raise ValueError(f"k: expected at least 1, got {k}")
        self.k = k
        super().__init__()

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        true, score = as_array(y_true), as_array(y_pred)
        check_samples(true, score, name="y_pred")
        weight = as_weights(sample_weight, len(true))
        columns = 2 if score.ndim == 1 else score.shape[1]
        return weight[_hits(true, score, self.k, np.arange(columns))].sum(), weight.sum()


def _hits(
    true: NDArray[Any], score: NDArray[Any], k: int, labels: ArrayLike | None
) -> NDArray[np.bool_]:
    """Tell of each sample whether its class is among the k with the largest scores."""
    column = class_columns(true, 2 if score.ndim == 1 else score.shape[1], labels)
    if score.ndim == 1:
        threshold = 0.5 if score.min() >= 0 and score.max() <= 1 else 0.0
        return (score > threshold) == column if k == 1 else np.ones(len(true), dtype=np.bool_)
    order = np.argsort(score, axis=1, kind="stable")[:, ::-1]
    hit: NDArray[np.bool_] = (order[:, :k] == column[:, None]).any(axis=1)
    return hit
