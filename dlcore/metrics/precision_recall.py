"""The precision-recall curve and the average precision."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dlcore.metrics.labels import Labels, as_array, as_weights
from dlcore.metrics.stream import CollectedStream, State
from dlcore.metrics.thresholds import Curve, counts_by_threshold


def precision_recall_curve(
    y_true: Labels,
    y_score: Labels,
    *,
    pos_label: int | str | None = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = False,
) -> Curve:
    r"""Compute precision and recall for every threshold of a score.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes, two of them.
    y_score : array_like or Tensor, shape (n,)
        A score that is larger where the positive class is likelier.
    pos_label : int or str, optional
        The positive class; 1 by default, where the classes are among -1, 0 and 1.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.
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
        If there is no sample, the lengths differ, there are more than two classes, or a
        `pos_label` is needed.

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

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes, two of them.
    y_score : array_like or Tensor, shape (n,)
        A score that is larger where the positive class is likelier.
    pos_label : int or str, default 1
        The positive class.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.

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
    classes = np.unique(as_array(y_true)).tolist()
    if len(classes) > 2 or (len(classes) == 2 and pos_label not in classes):
        raise ValueError(f"pos_label: expected one of two classes {classes}, got {pos_label!r}")
    precision, recall, _ = precision_recall_curve(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight
    )
    return float(max(0.0, -(np.diff(recall) * precision[:-1]).sum()))


class AveragePrecision(CollectedStream[float]):
    """Average precision of a stream of batches; it keeps all scores.

    Parameters
    ----------
    pos_label : int or str, default 1
        The positive class.

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
