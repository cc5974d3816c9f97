"""Scores of predicted numbers beside guessing their mean: R² and explained variance."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from dlcore.metrics.labels import Labels, as_weights
from dlcore.metrics.outputs import Floats, MultiOutput, Value, as_outputs, over_outputs
from dlcore.metrics.stream import State, Stream

Outputs = MultiOutput | Literal["variance_weighted"]


def r2_score(
    y_true: Labels,
    y_pred: Labels,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: Outputs = "uniform_average",
    force_finite: bool = True,
) -> Value:
    r"""Return which part of the squares is explained: the coefficient of determination, R².

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,) or (n, outputs)
        The true numbers.
    y_pred : array_like or Tensor, of the shape of `y_true`
        The predicted numbers; a last axis of size one does not count.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.
    multioutput : {"uniform_average", "raw_values", "variance_weighted"} or array_like
        The mean over outputs, an array with one score an output, the mean weighted by the
        variances of the true numbers, or the outputs' weights.
    force_finite : bool, default True
        Whether constant true numbers give 1 where they are met exactly, otherwise 0, instead of
        NaN and minus infinity.

    Returns
    -------
    float, or ndarray of shape (outputs,)
        At most 1, for perfection; 0 for guessing the mean; NaN for a single sample.

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no sample, or a number is not finite.

    Notes
    -----
    .. math:: R^2 = 1 - \frac{\sum_i w_i (y_i - \hat y_i)^2}{\sum_i w_i (y_i - \bar y)^2}

    As ``sklearn.metrics.r2_score``, but without its warning for a single sample. Derived in
    Chapter 10.

    Examples
    --------
    >>> print(f"{r2_score([3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0]):.3f}")
    0.949
    """
    score = R2Score(multioutput, force_finite)
    return score.update(y_true, y_pred, sample_weight).compute()


def explained_variance_score(
    y_true: Labels,
    y_pred: Labels,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: Outputs = "uniform_average",
    force_finite: bool = True,
) -> Value:
    r"""Return which part of the variance is explained, whatever the mean error.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,) or (n, outputs)
        The true numbers.
    y_pred : array_like or Tensor, of the shape of `y_true`
        The predicted numbers; a last axis of size one does not count.
    sample_weight, multioutput, force_finite : optional
        As in :func:`r2_score`.

    Returns
    -------
    float, or ndarray of shape (outputs,)
        At most 1.

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no sample, or a number is not finite.

    Notes
    -----
    .. math:: 1 - \frac{\operatorname{Var}(y - \hat y)}{\operatorname{Var}(y)}

    It is :math:`R^2` after the mean error has been taken out. As
    ``sklearn.metrics.explained_variance_score``. Derived in Chapter 10.

    Examples
    --------
    >>> print(f"{explained_variance_score([3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0]):.3f}")
    0.957
    """
    score = ExplainedVariance(multioutput, force_finite)
    return score.update(y_true, y_pred, sample_weight).compute()


class ExplainedVariance(Stream[Value]):
    """Explained variance of a stream of batches.

    Parameters
    ----------
    multioutput : {"uniform_average", "raw_values", "variance_weighted"} or array_like
        As in :func:`r2_score`.
    force_finite : bool, default True
        As in :func:`r2_score`.

    Examples
    --------
    >>> score = ExplainedVariance()
    >>> print(f"{score.update([3.0], [2.5]).update([2.0, 7.0], [2.0, 8.0]).compute():.3f}")
    0.917
    """

    def __init__(self, multioutput: Outputs = "uniform_average", force_finite: bool = True) -> None:
        self.multioutput = multioutput
        self.force_finite = force_finite
        super().__init__()

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        """Weight, number of samples, and means and squares about them: of truth, of errors."""
        true, pred = as_outputs(y_true, y_pred)
        weight = as_weights(sample_weight, len(true))
        columns = np.stack([true, true - pred])  # (2, n, outputs)
        mean = np.average(columns, axis=1, weights=weight)
        return weight.sum(), len(true), mean, weight @ (columns - mean[:, None]) ** 2

    def _join(self, a: State, b: State) -> State:
        # Sums of squares about two means become one about the common mean without cancellation.
        weight, shift = a[0] + b[0], b[2] - a[2]
        mean = a[2] + shift * (b[0] / weight)
        return weight, a[1] + b[1], mean, a[3] + b[3] + shift**2 * (a[0] * b[0] / weight)

    def _score(self, state: State) -> Value:
        total, unexplained = state[3]
        return self._finish(unexplained, total)

    def _finish(self, unexplained: Floats, total: Floats) -> Value:
        """Compare two sums of squares, (outputs,), and average over outputs."""
        if self.force_finite:
            scores = np.where(unexplained == 0, 1.0, 0.0)
            known = (unexplained != 0) & (total != 0)
            scores[known] = 1 - unexplained[known] / total[known]
        else:
            with np.errstate(divide="ignore", invalid="ignore"):
                scores = 1 - unexplained / total
        if isinstance(self.multioutput, str) and self.multioutput == "variance_weighted":
            return over_outputs(scores, total if total.any() else np.ones_like(total))
        return over_outputs(scores, self.multioutput)


class R2Score(ExplainedVariance):
    """R² of a stream of batches.

    Parameters
    ----------
    multioutput : {"uniform_average", "raw_values", "variance_weighted"} or array_like
        As in :func:`r2_score`.
    force_finite : bool, default True
        As in :func:`r2_score`.

    Examples
    --------
    >>> score = R2Score()
    >>> print(f"{score.update([3.0], [2.5]).update([2.0, 7.0], [2.0, 8.0]).compute():.3f}")
    0.911
    """

    def _score(self, state: State) -> Value:
        weight, samples, mean, squares = state
        if samples < 2:
            return float("nan")
        return self._finish(squares[1] + weight * mean[1] ** 2, squares[0])
