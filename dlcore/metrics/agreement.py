"""Scores of a whole confusion matrix: balanced accuracy and the correlation of Matthews."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.confusion import ConfusionMatrix, confusion_matrix
from dlcore.metrics.labels import Labels
from dlcore.metrics.stream import State, Stream


def balanced_accuracy_score(
    y_true: Labels,
    y_pred: Labels,
    *,
    sample_weight: ArrayLike | None = None,
    adjusted: bool = False,
) -> float:
    r"""Return the mean, over the true classes, of the part that is recognised.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes.
    y_pred : array_like or Tensor, shape (n,) or (n, C)
        The predicted classes, or a score for each of C classes, of which the largest counts.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.
    adjusted : bool, default False
        Whether to scale it so that guessing gives 0 and perfection 1; NaN with a single class.

    Returns
    -------
    float
        Between 0 and 1 unless adjusted.

    Raises
    ------
    ValueError
        If there is no sample, the lengths differ, or the weights are all zero.

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


def matthews_corrcoef(
    y_true: Labels, y_pred: Labels, *, sample_weight: ArrayLike | None = None
) -> float:
    r"""Return the correlation of truth and prediction, for any number of classes.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes.
    y_pred : array_like or Tensor, shape (n,) or (n, C)
        The predicted classes, or a score for each of C classes, of which the largest counts.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.

    Returns
    -------
    float
        Between -1 and 1; 0 for guessing, and where truth or prediction is always the same.

    Raises
    ------
    ValueError
        If there is no sample, the lengths differ, or the weights are all zero.

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


class BalancedAccuracy(Stream[float]):
    """Balanced accuracy of a stream of batches.

    Parameters
    ----------
    num_classes : int
        The classes are 0 to num_classes-1; every batch must keep to them.
    adjusted : bool, default False
        As in :func:`balanced_accuracy_score`.

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


class MatthewsCorrcoef(Stream[float]):
    """Correlation of Matthews of a stream of batches.

    Parameters
    ----------
    num_classes : int
        The classes are 0 to num_classes-1; every batch must keep to them.

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
