"""The confusion matrix, in one shot and over a stream of batches."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.labels import Labels, as_labels, as_weights, check_range
from dlcore.metrics.stream import State, Stream

Normalize = Literal["true", "pred", "all"]


def confusion_matrix(
    y_true: Labels,
    y_pred: Labels,
    *,
    labels: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    normalize: Normalize | None = None,
) -> NDArray[Any]:
    r"""Count how often class i is taken for class j.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes.
    y_pred : array_like or Tensor, shape (n,) or (n, C)
        The predicted classes, or a score for each of C classes, of which the largest counts.
    labels : array_like, shape (k,), optional
        The classes of the rows and columns, in order; samples with another true or predicted class
        are left out. By default every class that occurs, sorted.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.
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

    Parameters
    ----------
    num_classes : int
        The classes are 0 to num_classes-1; every batch must keep to them.
    normalize : {"true", "pred", "all"}, optional
        As in :func:`confusion_matrix`.

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


def normalized(matrix: NDArray[Any], normalize: Normalize | None) -> NDArray[Any]:
    """Divide a confusion matrix by the sums of its rows, of its columns or of everything.

    Parameters
    ----------
    matrix : ndarray, shape (k, k)
        Counts or weights.
    normalize : {"true", "pred", "all"} or None
        By which sums; None leaves the matrix as it is.

    Returns
    -------
    ndarray, shape (k, k)
        0 where there is nothing to divide by.

    Raises
    ------
    ValueError
        If `normalize` is none of these.
    """
    if normalize is None:
        return matrix
    axes: dict[str, int | None] = {"true": 1, "pred": 0, "all": None}
    if normalize not in axes:
        raise ValueError(f"normalize: expected 'true', 'pred', 'all' or None, got {normalize!r}")
    total = matrix.sum(axis=axes[normalize], keepdims=True)
    fractions = np.zeros(matrix.shape)
    np.divide(matrix, total, out=fractions, where=total != 0)
    return fractions


def _position(
    labels: NDArray[Any], classes: NDArray[Any], order: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Find each label among the classes, and say whether it is there."""
    place = np.searchsorted(classes, labels, sorter=order).clip(max=len(classes) - 1)
    index = order[place]
    return index, classes[index] == labels
