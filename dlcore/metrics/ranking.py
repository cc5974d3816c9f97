"""Scores of an order: the ROC and precision-recall curves, their areas, and top-k accuracy."""

from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.labels import (
    Labels,
    as_array,
    as_weights,
    check_samples,
    class_columns,
    positive_label,
)
from dlcore.metrics.stream import CollectedStream, MeanStream, State

Floats = NDArray[np.float64]
Curve = tuple[Floats, Floats, Floats]
OverClasses = Literal["macro", "weighted", "micro"]


def roc_curve(
    y_true: Labels,
    y_score: Labels,
    *,
    pos_label: int | str | None = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = True,
) -> Curve:
    r"""Compute false and true positive rates for every threshold of a score.

    The other parameters are those of :func:`accuracy`.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes, two of them.
    y_score : array_like or Tensor, shape (n,)
        A score that is larger where the positive class is likelier.
    pos_label : int or str, optional
        The positive class; 1 by default, where the classes are among -1, 0 and 1.
    drop_intermediate : bool, default True
        Whether to leave out points on a straight line between others.

    Returns
    -------
    fpr, tpr : ndarray of float64, shape (m,)
        The rates, growing from 0 to 1; NaN where there is no sample of the class.
    thresholds : ndarray of float64, shape (m,)
        Falling; a sample counts as positive if its score is at least the threshold.

    Raises
    ------
    ValueError
        If there is no sample, the lengths differ, there are more than two classes, or a
        `pos_label` is needed.

    Notes
    -----
    .. math:: \text{TPR} = \frac{TP}{TP + FN}, \qquad \text{FPR} = \frac{FP}{FP + TN}

    Samples of equal score pass the threshold together: the curve has one point for them, so that a
    tie counts as half in the area. As ``sklearn.metrics.roc_curve``. Derived in Chapter 9.

    Examples
    --------
    >>> fpr, tpr, thresholds = roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> print(fpr, tpr, thresholds)
    [0.  0.  0.5 0.5 1. ] [0.  0.5 0.5 1.  1. ] [ inf 0.8  0.4  0.35 0.1 ]
    """
    fps, tps, thresholds = counts_by_threshold(y_true, y_score, pos_label, sample_weight)
    if drop_intermediate and len(fps) > 2:
        corner = (np.diff(fps, 2) != 0) | (np.diff(tps, 2) != 0)
        kept = np.concatenate([[True], corner, [True]])
        fps, tps, thresholds = fps[kept], tps[kept], thresholds[kept]
    rates = [np.concatenate([[0.0], counts]) for counts in (fps, tps)]
    fpr, tpr = (r / r[-1] if r[-1] > 0 else np.full(r.shape, np.nan) for r in rates)
    return fpr, tpr, np.concatenate([[np.inf], thresholds])


def auc(x: ArrayLike, y: ArrayLike) -> float:
    """Compute the area under a curve by the trapezoidal rule.

    Parameters
    ----------
    x : array_like, shape (m,)
        Where; growing or falling throughout.
    y : array_like, shape (m,)
        How high.

    Returns
    -------
    float
        The area.

    Raises
    ------
    ValueError
        If there are fewer than two points, the lengths differ, or `x` turns.

    Notes
    -----
    As ``sklearn.metrics.auc``. Derived in Chapter 9.

    Examples
    --------
    >>> print(f"{auc([0.0, 0.5, 1.0], [0.0, 1.0, 1.0]):.2f}")
    0.75
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape or len(x) < 2:
        raise ValueError(
            f"x, y: expected shapes (m,) and (m,) with m at least 2, got {x.shape} and {y.shape}"
        )
    steps = np.diff(x)
    falling = bool((steps < 0).any())
    if falling and not (steps <= 0).all():
        raise ValueError("x: expected growing or falling numbers, got some of both")
    return float(np.trapezoid(y, -x if falling else x))


def roc_auc_score(
    y_true: Labels,
    y_score: Labels,
    *,
    average: OverClasses | None = "macro",
    sample_weight: ArrayLike | None = None,
    max_fpr: float | None = None,
    multi_class: Literal["raise", "ovr", "ovo"] = "raise",
    labels: ArrayLike | None = None,
) -> Any:
    r"""Return the area under the ROC curve.

    The other parameters are those of :func:`log_loss`.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes; of two, the larger is the positive one.
    y_score : array_like or Tensor, shape (n,) or (n, C)
        A score of the positive class, or probabilities of C classes.
    average : {"macro", "weighted", "micro"} or None, default "macro"
        How the areas of C classes are averaged: plainly, by how often each is true, as one problem
        of n times C samples ("ovr" only), or not at all ("ovr" only).
    sample_weight : array_like, shape (n,), optional
        How much each sample counts; not with "ovo".
    max_fpr : float, optional
        Only the part of the curve up to this rate, scaled so that guessing gives 0.5 and
        perfection 1; two classes only.
    multi_class : {"raise", "ovr", "ovo"}, default "raise"
        With C classes: each against the rest, or each against each.

    Returns
    -------
    float, or ndarray of shape (C,) where `average` is None
        Between 0 and 1; NaN where there is only one class.

    Raises
    ------
    ValueError
        If there is no sample, the shapes do not fit, or an option does not fit the classes.

    Notes
    -----
    It is the probability that a positive sample has the larger score of two, ties counting half:

    .. math:: \frac{1}{n_+ n_-} \sum_{i \in +} \sum_{j \in -}
        \bigl([s_i > s_j] + \tfrac12 [s_i = s_j]\bigr)

    As ``sklearn.metrics.roc_auc_score``, but without its warning for a single class. Derived in
    Chapter 9.

    References
    ----------
    .. [1] D. J. Hand and R. J. Till, "A simple generalisation of the area under the ROC curve for
       multiple class classification problems", Machine Learning 45, 2001, for "ovo".

    Examples
    --------
    >>> print(f"{roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]):.2f}")
    0.75
    """
    true, score = as_array(y_true), as_array(y_score)
    if score.ndim == 2 and score.shape[1] == 1:
        score = score[:, 0]
    check_samples(true, score, name="y_score")
    if score.ndim == 1:
        return _two_classes(true, score, sample_weight, max_fpr)
    if multi_class not in ("ovr", "ovo"):
        raise ValueError(
            f"multi_class: scores of {score.shape[1]} classes need 'ovr' or 'ovo', "
            f"got {multi_class!r}"
        )
    if max_fpr not in (None, 1):
        raise ValueError("max_fpr: only for two classes, with one score a sample")
    if not np.allclose(score.sum(axis=1), 1):
        raise ValueError("y_score: expected probabilities that sum to 1 in each row")
    column = class_columns(true, score.shape[1], labels)
    if multi_class == "ovo":
        return _each_against_each(column, score, average, sample_weight)
    return _each_against_the_rest(column, score, average, sample_weight)


class ROCAUC(CollectedStream[float]):
    """Area under the ROC curve of a stream of batches with two classes; it keeps all scores.

    Examples
    --------
    >>> score = ROCAUC()
    >>> print(f"{score.update([0, 1], [0.1, 0.35]).update([0, 1], [0.4, 0.8]).compute():.2f}")
    0.75
    """

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        true, score = as_array(y_true), as_array(y_pred)
        if score.ndim == 2 and score.shape[1] == 1:
            score = score[:, 0]
        check_samples(true, score)
        if score.ndim != 1:
            raise ValueError(f"y_pred: expected one score a sample, got shape {score.shape}")
        return true.copy(), score.copy(), as_weights(sample_weight, len(true))

    def _score(self, state: State) -> float:
        true, score, weight = state
        return _two_classes(true, score, weight, None)


def precision_recall_curve(
    y_true: Labels,
    y_score: Labels,
    *,
    pos_label: int | str | None = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = False,
) -> Curve:
    r"""Compute precision and recall for every threshold of a score.

    The other parameters are those of :func:`roc_curve`.

    Parameters
    ----------
    drop_intermediate : bool, default False
        Whether to keep only the ends of each stretch of equal recall.

    Returns
    -------
    precision, recall : ndarray of float64, shape (m + 1,)
        Recall falls; the last point is precision 1 at recall 0, which has no threshold. Without
        any positive sample, recall is 1.
    thresholds : ndarray of float64, shape (m,)
        Growing; a sample counts as positive if its score is at least the threshold.

    Raises
    ------
    ValueError
        As in :func:`roc_curve`.

    Notes
    -----
    As ``sklearn.metrics.precision_recall_curve``, but without its warning. Derived in Chapter 9.

    Examples
    --------
    >>> curve = precision_recall_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> print(*(c.round(2) for c in curve))
    [0.5  0.67 0.5  1.   1.  ] [1.  1.  0.5 0.5 0. ] [0.1  0.35 0.4  0.8 ]
    """
    fps, tps, thresholds = counts_by_threshold(y_true, y_score, pos_label, sample_weight)
    if drop_intermediate and len(fps) > 2:
        end = (np.diff(tps[:-1]) != 0) | (np.diff(tps[1:]) != 0)
        kept = np.concatenate([[True], end, [True]])
        fps, tps, thresholds = fps[kept], tps[kept], thresholds[kept]
    precision = np.zeros_like(tps)
    np.divide(tps, tps + fps, out=precision, where=tps + fps != 0)
    recall = tps / tps[-1] if tps[-1] > 0 else np.ones_like(tps)
    return np.append(precision[::-1], 1.0), np.append(recall[::-1], 0.0), thresholds[::-1]


def average_precision_score(
    y_true: Labels,
    y_score: Labels,
    *,
    pos_label: int | str = 1,
    sample_weight: ArrayLike | None = None,
) -> float:
    r"""Return the mean of the precision over recall, in steps.

    The other parameters are those of :func:`roc_curve`.

    Parameters
    ----------
    pos_label : int or str, default 1
        The positive class.

    Returns
    -------
    float
        Between 0 and 1; 0 where there is no positive sample.

    Raises
    ------
    ValueError
        If there is no sample, the lengths differ, or `pos_label` is neither of two classes.

    Notes
    -----
    .. math:: \sum_k (R_k - R_{k-1}) \, P_k

    No straight line is drawn between the points, which would promise too much. As
    ``sklearn.metrics.average_precision_score`` of two classes. Derived in Chapter 9.

    Examples
    --------
    >>> print(f"{average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]):.2f}")
    0.83
    """
    check_samples(as_array(y_true), as_array(y_score), name="y_score")
    classes = np.unique(as_array(y_true)).tolist()
    if len(classes) > 2 or (len(classes) == 2 and pos_label not in classes):
        raise ValueError(f"pos_label: expected one of two classes {classes}, got {pos_label!r}")
    precision, recall, _ = precision_recall_curve(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight
    )
    return float(max(0.0, -(np.diff(recall) * precision[:-1]).sum()))


class AveragePrecision(CollectedStream[float]):
    """Average precision of a stream of batches; it keeps all scores.

    The parameters are those of :func:`average_precision_score`.

    Examples
    --------
    >>> score = AveragePrecision()
    >>> print(f"{score.update([0, 1], [0.1, 0.35]).update([0, 1], [0.4, 0.8]).compute():.2f}")
    0.83
    """

    def __init__(self, pos_label: int | str = 1) -> None:
        self.pos_label = pos_label
        super().__init__()

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        true, score = as_array(y_true), as_array(y_pred)
        counts_by_threshold(true, score, self.pos_label, sample_weight)  # refuses bad input
        return true.copy(), score.ravel(), as_weights(sample_weight, len(true))

    def _score(self, state: State) -> float:
        true, score, weight = state
        return average_precision_score(true, score, pos_label=self.pos_label, sample_weight=weight)


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

    The other parameters are those of :func:`log_loss`.

    Parameters
    ----------
    y_score : array_like or Tensor, shape (n, C), or (n,) for two classes
        A score for each class, in the order of `labels`; or the score of the second of two.
    k : int, default 2
        How many of the largest scores count.
    normalize : bool, default True
        False returns the number (or weight) of hits instead of the fraction.

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

    The parameters are those of :func:`top_k_accuracy_score`.

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


def counts_by_threshold(
    y_true: Labels,
    y_score: Labels,
    pos_label: int | str | None = None,
    sample_weight: ArrayLike | None = None,
) -> Curve:
    """Weigh false and true positives at each different score, falling; all are of shape (m,)."""
    true, score = as_array(y_true), as_array(y_score)
    if score.ndim == 2 and score.shape[1] == 1:
        score = score[:, 0]
    check_samples(true, score, name="y_score")
    if score.ndim != 1:
        raise ValueError(f"y_score: expected one score a sample, got shape {score.shape}")
    weight = as_weights(sample_weight, len(true))
    positive = true == positive_label(true, pos_label)
    used = weight != 0
    positive, score, weight = positive[used], score[used].astype(np.float64), weight[used]
    order = np.argsort(-score, kind="stable")
    positive, score, weight = positive[order], score[order], weight[order]
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)  # of each group of ties
    tps = np.cumsum(weight * positive)[last]
    fps = np.cumsum(weight * ~positive)[last]
    return fps, tps, score[last]


def _two_classes(
    true: NDArray[Any],
    score: NDArray[Any],
    sample_weight: ArrayLike | None,
    max_fpr: float | None,
) -> float:
    classes = np.unique(true)
    if len(classes) > 2:
        raise ValueError(
            f"y_score: expected shape (n, {len(classes)}) for {len(classes)} classes, "
            f"got {score.shape}"
        )
    if max_fpr is not None and not 0 < max_fpr <= 1:
        raise ValueError(f"max_fpr: expected a number in (0, 1], got {max_fpr}")
    if len(classes) < 2:
        return float("nan")
    fpr, tpr, _ = roc_curve(true == classes[1], score, sample_weight=sample_weight)
    if max_fpr is None or max_fpr == 1 or np.isnan(fpr).any() or np.isnan(tpr).any():
        return auc(fpr, tpr)
    inside = fpr <= max_fpr
    height = np.interp(max_fpr, fpr, tpr)
    area = auc(np.append(fpr[inside], max_fpr), np.append(tpr[inside], height))
    lowest = max_fpr**2 / 2
    return 0.5 * (1 + (area - lowest) / (max_fpr - lowest))


def _each_against_the_rest(
    column: NDArray[np.intp],
    score: NDArray[Any],
    average: OverClasses | None,
    sample_weight: ArrayLike | None,
) -> float | Floats:
    if average not in ("macro", "weighted", "micro", None):
        raise ValueError(f"average: expected 'macro', 'weighted', 'micro' or None, got {average!r}")
    true = column[:, None] == np.arange(score.shape[1])  # (n, C)
    weight = as_weights(sample_weight, len(true))
    if average == "micro":
        return _two_classes(true.ravel(), score.ravel(), weight.repeat(true.shape[1]), None)
    pairs = zip(true.T, score.T, strict=True)
    areas = np.array([_two_classes(t, s, weight, None) for t, s in pairs])
    if average is None:
        return areas
    shares = weight @ true if average == "weighted" else np.ones(len(areas))
    counted = shares > 0  # a class without samples has no area, and no say in a weighted mean
    return float(np.average(areas[counted], weights=shares[counted]))


def _each_against_each(
    column: NDArray[np.intp],
    score: NDArray[Any],
    average: OverClasses | None,
    sample_weight: ArrayLike | None,
) -> float:
    if average not in ("macro", "weighted") or sample_weight is not None:
        raise ValueError(
            "average: 'ovo' takes 'macro' or 'weighted', and no sample_weight; use 'ovr'"
        )
    areas, shares = [], []
    for a, b in combinations(np.unique(column), 2):
        either = (column == a) | (column == b)
        both = [_two_classes((column == c)[either], score[either, c], None, None) for c in (a, b)]
        areas.append(sum(both) / 2)
        shares.append(either.mean())
    if not areas:
        return float("nan")
    return float(np.average(areas, weights=shares if average == "weighted" else None))


def _hits(
    true: NDArray[Any], score: NDArray[Any], k: int, labels: ArrayLike | None
) -> NDArray[np.bool_]:
    column = class_columns(true, 2 if score.ndim == 1 else score.shape[1], labels)
    if score.ndim == 1:
        threshold = 0.5 if score.min() >= 0 and score.max() <= 1 else 0.0
        return (score > threshold) == column if k == 1 else np.ones(len(true), dtype=np.bool_)
    order = np.argsort(score, axis=1, kind="stable")[:, ::-1]
    hit: NDArray[np.bool_] = (order[:, :k] == column[:, None]).any(axis=1)
    return hit
