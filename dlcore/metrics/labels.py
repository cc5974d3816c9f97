"""What metrics are given, turned into arrays of classes and of weights."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.tensor import Tensor

Labels = ArrayLike | Tensor


def as_labels(y_true: Labels, y_pred: Labels) -> tuple[NDArray[Any], NDArray[Any]]:
    """Turn what metrics are given into two arrays of classes of one length.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes.
    y_pred : array_like or Tensor, shape (n,) or (n, C)
        The predicted classes, or scores for C ≥ 2 classes.

    Returns
    -------
    true, pred : ndarray, shape (n,)
        The classes; where scores tie, the first class wins.

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no sample, numbers meet strings, or a class is no whole
        number.
    """
    true, pred = (y.data if isinstance(y, Tensor) else np.asarray(y) for y in (y_true, y_pred))
    if pred.ndim == 2 and pred.shape[1] > 1:
        pred = pred.argmax(axis=1)
    if true.ndim != 1 or pred.shape != true.shape:
        raise ValueError(
            "y_true, y_pred: expected shapes (n,) and (n,), or (n, C) for scores of C ≥ 2 classes, "
            f"got {true.shape} and {pred.shape}"
        )
    if len(true) == 0:
        raise ValueError("y_true, y_pred: expected at least one sample, got none")
    if (true.dtype.kind in "US") != (pred.dtype.kind in "US"):
        raise ValueError("y_true, y_pred: expected both numbers or both strings")
    for name, labels in (("y_true", true), ("y_pred", pred)):
        if labels.dtype.kind == "f" and not (labels == np.floor(labels)).all():
            raise ValueError(f"{name}: expected classes, got numbers that are not whole")
    return true, pred


def as_weights(sample_weight: ArrayLike | None, n: int) -> NDArray[np.float64]:
    """Turn sample weights into an array; without any, each sample weighs 1.

    Parameters
    ----------
    sample_weight : array_like, shape (n,), optional
        The weights.
    n : int
        The number of samples.

    Returns
    -------
    ndarray of float64, shape (n,)
        The weights.

    Raises
    ------
    ValueError
        If the shape is another, or every weight is zero.
    """
    if sample_weight is None:
        return np.ones(n)
    weight = np.asarray(sample_weight, dtype=np.float64)
    if weight.shape != (n,):
        raise ValueError(f"sample_weight: expected shape ({n},), got {weight.shape}")
    if not weight.any():
        raise ValueError("sample_weight: expected at least one weight that is not zero")
    return weight
