"""What a threshold lets through: the counts behind the ROC and the precision-recall curve."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.labels import Labels, as_array, as_weights, check_samples

Floats = NDArray[np.float64]
Curve = tuple[Floats, Floats, Floats]


def counts_by_threshold(
    y_true: Labels,
    y_score: Labels,
    pos_label: int | str | None = None,
    sample_weight: ArrayLike | None = None,
) -> Curve:
    """Count false and true positives at every threshold.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes.
    y_score : array_like or Tensor, shape (n,)
        A score that is larger where the positive class is likelier.
    pos_label : int or str, optional
        The positive class; 1 by default, where the classes are among -1, 0 and 1.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts; one of weight 0 is left out.

    Returns
    -------
    fps, tps : ndarray of float64, shape (m,)
        Weights of negative and positive samples whose score is at least the threshold.
    thresholds : ndarray of float64, shape (m,)
        The different scores, falling.

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no sample, there are more than two classes and no
        `pos_label`, or one is needed.
    """
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


def positive_label(true: NDArray[Any], pos_label: int | str | None) -> Any:
    """Choose the positive class as scikit-learn does.

    Parameters
    ----------
    true : ndarray, shape (n,)
        The true classes.
    pos_label : int or str, optional
        What the caller chose.

    Returns
    -------
    int or str
        It, or 1.

    Raises
    ------
    ValueError
        If nothing was chosen, and the classes are not among -1, 0 and 1 or are more than two.
    """
    if pos_label is not None:
        return pos_label
    classes = set(np.unique(true).tolist())
    if len(classes) > 2:
        raise ValueError(f"y_true: expected two classes, got {len(classes)}; or give pos_label")
    if not (classes <= {0, 1} or classes <= {-1, 1}):
        raise ValueError(
            f"pos_label: say which of {sorted(classes)} is positive; "
            "only among 0 and 1, or -1 and 1, it is 1 by default"
        )
    return 1
