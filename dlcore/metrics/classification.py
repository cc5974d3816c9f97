"""Scores of predicted classes: accuracy, the confusion matrix and what is read off it."""

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.labels import (
    Labels,
    as_labels,
    as_weights,
    check_range,
)
from dlcore.metrics.stream import MeanStream, State, Stream

Normalize = Literal["true", "pred", "all"]


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


def confusion_matrix(
    y_true: Labels,
    y_pred: Labels,
    *,
    labels: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    normalize: Normalize | None = None,
) -> NDArray[Any]:
    r"""Count how often class i is taken for class j.

    The other parameters are those of :func:`accuracy`.

    Parameters
    ----------
    labels : array_like, shape (k,), optional
        The classes of the rows and columns, in order; samples with another true or predicted class
        are left out. By default every class that occurs, sorted.
    normalize : {"true", "pred", "all"}, optional
        Divide by the sums of the rows, of the columns, or of everything; 0 where there is nothing.

    Returns
    -------
    ndarray, shape (k, k)
        Row: the true class; column: the predicted one. int64, or float64 where weighted or
        normalized.

    Raises
    ------
    ValueError
        If there is no sample, the lengths differ, an entry of `labels` comes twice, or none of
        them is in `y_true`.

    Notes
    -----
    .. math:: M_{ij} = \sum_s w_s \, [y_s = i] \, [\hat y_s = j]

    As ``sklearn.metrics.confusion_matrix``, which takes classes only. Derived in Chapter 9.

    Examples
    --------
    >>> print(confusion_matrix([0, 0, 1, 1, 2], [0, 1, 1, 1, 0]))
    [[1 1 0]
     [0 2 0]
     [1 0 0]]
    """
    true, pred = as_labels(y_true, y_pred)
    weight = as_weights(sample_weight, len(true))
    classes = np.unique(np.concatenate([true, pred])) if labels is None else np.asarray(labels)
    if classes.ndim != 1 or not np.isin(classes, true).any():
        raise ValueError("labels: expected one axis, and at least one label that is in y_true")
    if len(np.unique(classes)) != len(classes):
        raise ValueError(f"labels: expected each class once, got {classes.tolist()}")
    k = len(classes)
    order = np.argsort(classes, kind="stable")
    row, known_row = _position(true, classes, order)
    column, known_column = _position(pred, classes, order)
    known = known_row & known_column
    cells = row[known] * k + column[known]
    matrix = np.bincount(cells, weights=weight[known], minlength=k * k).reshape(k, k)
    if sample_weight is None or np.asarray(sample_weight).dtype.kind in "biu":
        matrix = matrix.astype(np.int64)
    return normalized(matrix, normalize)


class ConfusionMatrix(Stream[NDArray[Any]]):
    """Confusion matrix of a stream of batches.

    The other parameters are those of :func:`confusion_matrix`.

    Parameters
    ----------
    num_classes : int
        The classes are 0 to num_classes-1; every batch must keep to them.

    Examples
    --------
    >>> matrix = ConfusionMatrix(2)
    >>> print(matrix.update([0, 1], [0, 0]).update([1, 1], [1, 1]).compute())
    [[1 0]
     [1 2]]
    """

    def __init__(self, num_classes: int, normalize: Normalize | None = None) -> None:
        if num_classes < 1:
            raise ValueError(f"num_classes: expected at least 1, got {num_classes}")
        self.num_classes = num_classes
        self.normalize = normalize
        super().__init__()

    def reset(self) -> None:
        """Forget every batch."""
        self._state = (np.zeros((self.num_classes, self.num_classes), dtype=np.int64),)

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        true, pred = as_labels(y_true, y_pred)
        check_range(true, pred, self.num_classes)
        labels = np.arange(self.num_classes)
        return (confusion_matrix(true, pred, labels=labels, sample_weight=sample_weight),)

    def _score(self, state: State) -> NDArray[Any]:
        return normalized(state[0].copy(), self.normalize)


def balanced_accuracy_score(
    y_true: Labels,
    y_pred: Labels,
    *,
    sample_weight: ArrayLike | None = None,
    adjusted: bool = False,
) -> float:
    r"""Return the mean, over the true classes, of the part that is recognised.

    The other parameters are those of :func:`accuracy`.

    Parameters
    ----------
    adjusted : bool, default False
        Whether to scale it so that guessing gives 0 and perfection 1; NaN with a single class.

    Returns
    -------
    float
        Between 0 and 1 unless adjusted.

    Raises
    ------
    ValueError
        As in :func:`accuracy`.

    Notes
    -----
    With the confusion matrix M and K true classes,

    .. math:: \frac1K \sum_i \frac{M_{ii}}{\sum_j M_{ij}}

    A class that is only predicted does not count. As ``sklearn.metrics.balanced_accuracy_score``,
    but without its warnings. Derived in Chapter 9.

    Examples
    --------
    >>> print(f"{balanced_accuracy_score([0, 0, 0, 1], [0, 0, 0, 0]):.2f}")
    0.50
    """
    return _balanced(confusion_matrix(y_true, y_pred, sample_weight=sample_weight), adjusted)


class BalancedAccuracy(Stream[float]):
    """Balanced accuracy of a stream of batches.

    The parameters are those of :class:`ConfusionMatrix` and :func:`balanced_accuracy_score`.

    Examples
    --------
    >>> score = BalancedAccuracy(2)
    >>> print(f"{score.update([0, 0], [0, 0]).update([0, 1], [0, 0]).compute():.2f}")
    0.50
    """

    def __init__(self, num_classes: int, adjusted: bool = False) -> None:
        self.matrix = ConfusionMatrix(num_classes)
        self.adjusted = adjusted
        super().__init__()

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        return self.matrix._measure(y_true, y_pred, sample_weight)

    def _score(self, state: State) -> float:
        return _balanced(state[0], self.adjusted)


def matthews_corrcoef(
    y_true: Labels, y_pred: Labels, *, sample_weight: ArrayLike | None = None
) -> float:
    r"""Return the correlation of truth and prediction, for any number of classes.

    The parameters are those of :func:`accuracy`.

    Returns
    -------
    float
        Between -1 and 1; 0 for guessing, and where truth or prediction is always the same.

    Raises
    ------
    ValueError
        As in :func:`accuracy`.

    Notes
    -----
    With the confusion matrix M, its trace c, its sum s, its row sums t and its column sums p,

    .. math:: \frac{c s - t \cdot p}{\sqrt{(s^2 - p \cdot p)(s^2 - t \cdot t)}}

    As ``sklearn.metrics.matthews_corrcoef``. Derived in Chapter 9.

    References
    ----------
    .. [1] B. W. Matthews, "Comparison of the predicted and observed secondary structure of T4
       phage lysozyme", Biochimica et Biophysica Acta 405, 1975.
    .. [2] J. Gorodkin, "Comparing two K-category assignments by a K-category correlation
       coefficient", Computational Biology and Chemistry 28, 2004.

    Examples
    --------
    >>> print(f"{matthews_corrcoef([1, 1, 1, 0], [1, 0, 1, 1]):.2f}")
    -0.33
    """
    return _matthews(confusion_matrix(y_true, y_pred, sample_weight=sample_weight))


class MatthewsCorrcoef(Stream[float]):
    """Correlation of Matthews of a stream of batches.

    The parameters are those of :class:`ConfusionMatrix`.

    Examples
    --------
    >>> score = MatthewsCorrcoef(2)
    >>> print(f"{score.update([1, 1], [1, 0]).update([1, 0], [1, 1]).compute():.2f}")
    -0.33
    """

    def __init__(self, num_classes: int) -> None:
        self.matrix = ConfusionMatrix(num_classes)
        super().__init__()

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        return self.matrix._measure(y_true, y_pred, sample_weight)

    def _score(self, state: State) -> float:
        return _matthews(state[0])


def _position(
    labels: NDArray[Any], classes: NDArray[Any], order: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    place = np.searchsorted(classes, labels, sorter=order).clip(max=len(classes) - 1)
    index = order[place]
    return index, classes[index] == labels


def normalized(matrix: NDArray[Any], normalize: Normalize | None) -> NDArray[Any]:
    """Divide a matrix by sums of its rows, its columns or everything; 0 where there is nothing."""
    if normalize is None:
        return matrix
    axes: dict[str, int | None] = {"true": 1, "pred": 0, "all": None}
    if normalize not in axes:
        raise ValueError(f"normalize: expected 'true', 'pred', 'all' or None, got {normalize!r}")
    total = matrix.sum(axis=axes[normalize], keepdims=True)
    fractions = np.zeros(matrix.shape)
    np.divide(matrix, total, out=fractions, where=total != 0)
    return fractions


def _balanced(matrix: NDArray[Any], adjusted: bool) -> float:
    actual = matrix.sum(axis=1)
    true = actual > 0
    score = float(np.mean(matrix.diagonal()[true] / actual[true]))
    if not adjusted:
        return score
    chance = 1 / int(true.sum())
    return (score - chance) / (1 - chance) if chance < 1 else math.nan


def _matthews(matrix: NDArray[Any]) -> float:
    matrix = matrix.astype(np.float64)  # products of counts overflow integers
    total, actual, predicted = matrix.sum(), matrix.sum(axis=1), matrix.sum(axis=0)
    spread = (total**2 - predicted @ predicted) * (total**2 - actual @ actual)
    if spread == 0:
        return 0.0
    return float((matrix.trace() * total - actual @ predicted) / math.sqrt(spread))
