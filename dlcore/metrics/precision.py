"""Precision, recall and F-beta: what was found, and what of it was right."""

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.labels import Labels, as_labels, as_weights, check_range
from dlcore.metrics.stream import State, Stream

Average = Literal["binary", "micro", "macro", "weighted"]
Floats = NDArray[np.float64]
Value = float | NDArray[np.float64]


def precision_score(
    y_true: Labels,
    y_pred: Labels,
    *,
    labels: ArrayLike | None = None,
    pos_label: int | str = 1,
    average: Average | None = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: float = 0.0,
) -> Value:
    r"""Return which part of the predictions of a class is right.

    The other parameters are those of :func:`accuracy`.

    Parameters
    ----------
    labels : array_like, shape (k,), optional
        The classes to score, where `average` is not "binary"; by default all that occur.
    pos_label : int or str, default 1
        The class to score where `average` is "binary".
    average : {"binary", "micro", "macro", "weighted"} or None, default "binary"
        One class of two; all counts in one pot; the mean over classes, plain or weighted by how
        often each is true; or None for an array, class by class.
    zero_division : float, default 0.0
        The score of a class that is never predicted; NaN leaves it out of the mean.

    Returns
    -------
    float, or ndarray of shape (k,)
        Between 0 and 1.

    Raises
    ------
    ValueError
        If there is no sample, the lengths differ, or an option does not fit the classes.

    Notes
    -----
    .. math:: P = \frac{TP}{TP + FP}

    As ``sklearn.metrics.precision_score``, but without its warning where there is nothing to divide
    by. Derived in Chapter 9.

    Examples
    --------
    >>> print(f"{precision_score([0, 1, 1, 0, 1], [0, 1, 0, 1, 1]):.2f}")
    0.67
    """
    counts = count(y_true, y_pred, labels, pos_label, average, sample_weight)
    return averaged(counts, 0.0, average, zero_division)


def recall_score(
    y_true: Labels,
    y_pred: Labels,
    *,
    labels: ArrayLike | None = None,
    pos_label: int | str = 1,
    average: Average | None = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: float = 0.0,
) -> Value:
    r"""Return which part of the samples of a class is found.

    The other parameters are those of :func:`precision_score`.

    Parameters
    ----------
    zero_division : float, default 0.0
        The score of a class that is never true; NaN leaves it out of the mean.

    Returns
    -------
    float, or ndarray of shape (k,)
        Between 0 and 1.

    Raises
    ------
    ValueError
        As in :func:`precision_score`.

    Notes
    -----
    .. math:: R = \frac{TP}{TP + FN}

    As ``sklearn.metrics.recall_score``, but without its warning. Derived in Chapter 9.

    Examples
    --------
    >>> print(f"{recall_score([0, 1, 1, 0, 1, 1], [0, 1, 0, 1, 1, 1]):.2f}")
    0.75
    """
    counts = count(y_true, y_pred, labels, pos_label, average, sample_weight)
    return averaged(counts, np.inf, average, zero_division)


def fbeta_score(
    y_true: Labels,
    y_pred: Labels,
    *,
    beta: float,
    labels: ArrayLike | None = None,
    pos_label: int | str = 1,
    average: Average | None = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: float = 0.0,
) -> Value:
    r"""Return the weighted harmonic mean of precision and recall.

    The other parameters are those of :func:`precision_score`.

    Parameters
    ----------
    beta : float
        How many times more recall counts than precision, :math:`\beta \ge 0`; infinity for recall
        alone.
    zero_division : float, default 0.0
        The score of a class that is neither true nor predicted; NaN leaves it out of the mean.

    Returns
    -------
    float, or ndarray of shape (k,)
        Between 0 and 1.

    Raises
    ------
    ValueError
        As in :func:`precision_score`, or if `beta` is negative.

    Notes
    -----
    .. math::
        F_\beta = \frac{(1 + \beta^2) P R}{\beta^2 P + R}
        = \frac{(1 + \beta^2)\, TP}{\beta^2 (TP + FN) + (TP + FP)}

    As ``sklearn.metrics.fbeta_score``, but without its warning. Derived in Chapter 9.

    Examples
    --------
    >>> print(f"{fbeta_score([0, 1, 1, 0, 1], [0, 1, 0, 0, 1], beta=2):.2f}")
    0.71
    """
    if not beta >= 0:
        raise ValueError(f"beta: expected a number at least 0, got {beta}")
    counts = count(y_true, y_pred, labels, pos_label, average, sample_weight)
    return averaged(counts, beta, average, zero_division)


def f1_score(
    y_true: Labels,
    y_pred: Labels,
    *,
    labels: ArrayLike | None = None,
    pos_label: int | str = 1,
    average: Average | None = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: float = 0.0,
) -> Value:
    r"""Return the harmonic mean of precision and recall.

    The parameters are those of :func:`fbeta_score`.

    Returns
    -------
    float, or ndarray of shape (k,)
        Between 0 and 1.

    Raises
    ------
    ValueError
        As in :func:`precision_score`.

    Notes
    -----
    .. math:: F_1 = \frac{2 P R}{P + R}

    As ``sklearn.metrics.f1_score``, but without its warning. Derived in Chapter 9.

    Examples
    --------
    >>> print(f"{f1_score([0, 1, 1, 0, 1], [0, 1, 0, 0, 1]):.2f}")
    0.80
    """
    counts = count(y_true, y_pred, labels, pos_label, average, sample_weight)
    return averaged(counts, 1.0, average, zero_division)


class FBeta(Stream[Value]):
    """F-beta of a stream of batches.

    Parameters
    ----------
    num_classes : int, default 2
        The classes are 0 to num_classes-1; every batch must keep to them.
    beta : float
        How many times more recall counts than precision.
    average : {"binary", "micro", "macro", "weighted"} or None, default "binary"
        As in :func:`precision_score`. A mean is over the classes that have come up so far; None
        gives an array with an entry for every class.
    pos_label : int, default 1
        The class to score where `average` is "binary".
    zero_division : float, default 0.0
        The score of a class with nothing to divide by.

    Examples
    --------
    >>> score = FBeta(beta=2)
    >>> print(f"{score.update([0, 1, 1], [0, 1, 0]).update([0, 1], [0, 1]).compute():.2f}")
    0.71
    """

    def __init__(
        self,
        num_classes: int = 2,
        *,
        beta: float,
        average: Average | None = "binary",
        pos_label: int = 1,
        zero_division: float = 0.0,
    ) -> None:
        if not beta >= 0:
            raise ValueError(f"beta: expected a number at least 0, got {beta}")
        if average == "binary" and (num_classes != 2 or pos_label not in (0, 1)):
            raise ValueError(
                "average: 'binary' needs num_classes=2 and a pos_label of 0 or 1, "
                f"got {num_classes} and {pos_label}"
            )
        self.num_classes = num_classes
        self.beta = beta
        self.average = average
        self.pos_label = pos_label
        self.zero_division = zero_division
        super().__init__()

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        true, pred = (y.astype(np.intp) for y in self._labels(y_true, y_pred))
        weight = as_weights(sample_weight, len(true))
        hits, predicted, actual = (
            np.bincount(y, weights=w, minlength=self.num_classes)
            for y, w in ((true, weight * (true == pred)), (pred, weight), (true, weight))
        )
        seen = np.bincount(np.concatenate([true, pred]), minlength=self.num_classes)
        return hits, predicted, actual, seen

    def _labels(self, y_true: Any, y_pred: Any) -> tuple[Any, Any]:
        true, pred = as_labels(y_true, y_pred)
        check_range(true, pred, self.num_classes)
        return true, pred

    def _score(self, state: State) -> Value:
        *sums, seen = state
        if self.average == "binary":
            chosen = np.arange(self.num_classes) == self.pos_label
        else:
            chosen = np.full(self.num_classes, True) if self.average is None else seen > 0
        counts = Counts(*(x[chosen] for x in sums))
        return averaged(counts, self.beta, self.average, self.zero_division)


class _FixedBeta(FBeta):
    def __init__(
        self,
        num_classes: int = 2,
        *,
        average: Average | None = "binary",
        pos_label: int = 1,
        zero_division: float = 0.0,
    ) -> None:
        super().__init__(
            num_classes, beta=self.beta, average=average, pos_label=pos_label,
            zero_division=zero_division,
        )  # fmt: skip


class F1(_FixedBeta):
    """F1 of a stream of batches.

    The parameters are those of :class:`FBeta`.

    Examples
    --------
    >>> score = F1()
    >>> print(f"{score.update([0, 1, 1], [0, 1, 0]).update([0, 1], [0, 1]).compute():.2f}")
    0.80
    """

    beta = 1.0


class Precision(_FixedBeta):
    """Precision of a stream of batches.

    The parameters are those of :class:`FBeta`.

    Examples
    --------
    >>> score = Precision()
    >>> print(f"{score.update([0, 1, 1], [0, 1, 0]).update([0, 1], [1, 1]).compute():.2f}")
    0.67
    """

    beta = 0.0


class Recall(_FixedBeta):
    """Recall of a stream of batches.

    The parameters are those of :class:`FBeta`.

    Examples
    --------
    >>> score = Recall()
    >>> print(f"{score.update([0, 1, 1], [0, 1, 0]).update([1, 1], [1, 1]).compute():.2f}")
    0.75
    """

    beta = np.inf


class Counts(NamedTuple):
    """Weights of samples by class: rightly predicted, predicted, and true."""

    hits: Floats
    predicted: Floats
    actual: Floats


def count(
    y_true: Labels,
    y_pred: Labels,
    labels: ArrayLike | None,
    pos_label: int | str,
    average: Average | None,
    sample_weight: ArrayLike | None,
) -> Counts:
    """Weigh the samples of each class, the positive one alone where the average is binary."""
    true, pred = as_labels(y_true, y_pred)
    weight = as_weights(sample_weight, len(true))
    present = np.unique(np.concatenate([true, pred]))
    if average == "binary":
        classes = _positive(present, pos_label)
    else:
        classes = present if labels is None else np.asarray(labels)
    actual, predicted = (y[:, None] == classes for y in (true, pred))  # (n, k)
    return Counts(weight @ (actual & predicted), weight @ predicted, weight @ actual)


def averaged(counts: Counts, beta: float, average: Average | None, zero_division: float) -> Value:
    """Compute F-beta of each class, and its average; precision is beta = 0, recall infinity."""
    if average not in ("binary", "micro", "macro", "weighted", None):
        raise ValueError(
            f"average: expected 'binary', 'micro', 'macro', 'weighted' or None, got {average!r}"
        )
    hits, predicted, actual = counts
    if average == "micro":
        hits, predicted, actual = (x.sum(keepdims=True) for x in counts)
    if np.isinf(beta):
        top, bottom = hits, actual
    else:
        top, bottom = (1 + beta**2) * hits, beta**2 * actual + predicted
    scores = np.full(hits.shape, float(zero_division))
    np.divide(top, bottom, out=scores, where=bottom != 0)
    if average is None:
        return scores
    return _mean(scores, actual if average == "weighted" else np.ones_like(scores))


def _positive(present: NDArray[np.generic], pos_label: int | str) -> NDArray[np.generic]:
    if len(present) > 2:
        raise ValueError(
            f"average: 'binary' is for two classes, got {len(present)}; "
            "choose 'micro', 'macro', 'weighted' or None"
        )
    if len(present) == 2 and pos_label not in present.tolist():
        raise ValueError(f"pos_label: expected one of {present.tolist()}, got {pos_label!r}")
    return np.asarray([pos_label])


def _mean(scores: Floats, weight: Floats) -> float:
    known = ~np.isnan(scores)
    if not known.any():
        return float("nan")
    scores, weight = scores[known], weight[known]
    if weight.sum() == 0:
        weight = np.ones_like(weight)
    return float(np.average(scores, weights=weight))
