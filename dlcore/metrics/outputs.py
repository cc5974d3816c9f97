"""What scores of numbers are given, and how scores of several outputs become one."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.labels import Labels, as_array

Floats = NDArray[np.float64]
Value = float | Floats
MultiOutput = Literal["uniform_average", "raw_values"] | ArrayLike


def as_outputs(y_true: Labels, y_pred: Labels) -> tuple[Floats, Floats]:
    """Turn true and predicted numbers into two arrays of one shape.

    Parameters
    ----------
    y_true, y_pred : array_like or Tensor, shape (n,) or (n, outputs)
        The numbers; one axis is taken for one output.

    Returns
    -------
    true, pred : ndarray of float64, shape (n, outputs)
        The numbers.

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no sample, or a number is not finite.
    """
    true, pred = (_columns(as_array(y)) for y in (y_true, y_pred))
    if true.ndim != 2 or true.shape != pred.shape:
        shapes = " and ".join(str(as_array(y).shape) for y in (y_true, y_pred))
        raise ValueError(
            f"y_true, y_pred: expected one shape (n,) or (n, outputs) for both, got {shapes}"
        )
    if len(true) == 0:
        raise ValueError("y_true, y_pred: expected at least one sample, got none")
    for name, y in (("y_true", true), ("y_pred", pred)):
        if y.dtype.kind not in "biuf" or not np.isfinite(y).all():
            raise ValueError(f"{name}: expected finite numbers")
    return true.astype(np.float64), pred.astype(np.float64)


def over_outputs(scores: Floats, multioutput: MultiOutput) -> Value:
    """Average the scores of the outputs, or leave them.

    Parameters
    ----------
    scores : ndarray, shape (outputs,)
        A score for each output.
    multioutput : {"uniform_average", "raw_values"} or array_like, shape (outputs,)
        The mean, all of them, or their weights.

    Returns
    -------
    float or ndarray
        One score, or all.

    Raises
    ------
    ValueError
        If the option is not known, or there are not as many weights as outputs.
    """
    if isinstance(multioutput, str):
        if multioutput == "raw_values":
            return scores
        if multioutput != "uniform_average":
            raise ValueError(
                "multioutput: expected 'uniform_average', 'raw_values' or weights, "
                f"got {multioutput!r}"
            )
        return float(scores.mean())
    weights = np.asarray(multioutput, dtype=np.float64)
    if weights.shape != scores.shape:
        raise ValueError(
            f"multioutput: expected {len(scores)} weights, one an output, got {weights.shape}"
        )
    return float(np.average(scores, weights=weights))


def _columns(y: NDArray[Any]) -> NDArray[Any]:
    return y[:, None] if y.ndim == 1 else y
