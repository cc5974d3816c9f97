"""Scores of predicted numbers: mean errors, squared, absolute and relative."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dlcore.metrics.labels import Labels, as_weights
from dlcore.metrics.outputs import Floats, MultiOutput, Value, as_outputs, over_outputs
from dlcore.metrics.stream import State, Stream

EPS = np.finfo(np.float64).eps  # what a true number of zero counts as, in relative errors


def mean_squared_error(
    y_true: Labels,
    y_pred: Labels,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: MultiOutput = "uniform_average",
) -> Value:
    r"""Return the mean of the squared errors.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,) or (n, outputs)
        The true numbers.
    y_pred : array_like or Tensor, of the shape of `y_true`
        The predicted numbers; a last axis of size one does not count.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.
    multioutput : {"uniform_average", "raw_values"} or array_like, default "uniform_average"
        The mean over outputs, an array with one score an output, or the outputs' weights.

    Returns
    -------
    float, or ndarray of shape (outputs,)
        At least 0; the lower the better.

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no sample, or a number is not finite.

    Notes
    -----
    .. math:: \frac{\sum_i w_i (y_i - \hat y_i)^2}{\sum_i w_i}

    As ``sklearn.metrics.mean_squared_error``. Derived in Chapter 7.

    Examples
    --------
    >>> print(f"{mean_squared_error([3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0]):.3f}")
    0.375
    """
    return MeanSquaredError(multioutput).update(y_true, y_pred, sample_weight).compute()


def root_mean_squared_error(
    y_true: Labels,
    y_pred: Labels,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: MultiOutput = "uniform_average",
) -> Value:
    r"""Return the root of the mean of the squared errors, output by output.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,) or (n, outputs)
        The true numbers.
    y_pred : array_like or Tensor, of the shape of `y_true`
        The predicted numbers; a last axis of size one does not count.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.
    multioutput : {"uniform_average", "raw_values"} or array_like, default "uniform_average"
        The mean over outputs, an array with one score an output, or the outputs' weights.

    Returns
    -------
    float, or ndarray of shape (outputs,)
        At least 0; the lower the better.

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no sample, or a number is not finite.

    Notes
    -----
    .. math:: \sqrt{\frac{\sum_i w_i (y_i - \hat y_i)^2}{\sum_i w_i}}

    As ``sklearn.metrics.root_mean_squared_error``. Derived in Chapter 7.

    Examples
    --------
    >>> print(f"{root_mean_squared_error([3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0]):.3f}")
    0.612
    """
    return RootMeanSquaredError(multioutput).update(y_true, y_pred, sample_weight).compute()


def mean_absolute_error(
    y_true: Labels,
    y_pred: Labels,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: MultiOutput = "uniform_average",
) -> Value:
    r"""Return the mean of the absolute errors.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,) or (n, outputs)
        The true numbers.
    y_pred : array_like or Tensor, of the shape of `y_true`
        The predicted numbers; a last axis of size one does not count.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.
    multioutput : {"uniform_average", "raw_values"} or array_like, default "uniform_average"
        The mean over outputs, an array with one score an output, or the outputs' weights.

    Returns
    -------
    float, or ndarray of shape (outputs,)
        At least 0; the lower the better.

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no sample, or a number is not finite.

    Notes
    -----
    .. math:: \frac{\sum_i w_i \lvert y_i - \hat y_i \rvert}{\sum_i w_i}

    As ``sklearn.metrics.mean_absolute_error``. Derived in Chapter 10.

    Examples
    --------
    >>> print(f"{mean_absolute_error([3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0]):.3f}")
    0.500
    """
    return MeanAbsoluteError(multioutput).update(y_true, y_pred, sample_weight).compute()


def mean_absolute_percentage_error(
    y_true: Labels,
    y_pred: Labels,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: MultiOutput = "uniform_average",
) -> Value:
    r"""Return the mean of the absolute errors, each over the size of the true number.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,) or (n, outputs)
        The true numbers.
    y_pred : array_like or Tensor, of the shape of `y_true`
        The predicted numbers; a last axis of size one does not count.
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.
    multioutput : {"uniform_average", "raw_values"} or array_like, default "uniform_average"
        The mean over outputs, an array with one score an output, or the outputs' weights.

    Returns
    -------
    float, or ndarray of shape (outputs,)
        At least 0; the lower the better.

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no sample, or a number is not finite.

    Notes
    -----
    .. math::
        \frac{\sum_i w_i e_i}{\sum_i w_i}, \qquad
        e_i = \frac{\lvert y_i - \hat y_i \rvert}{\max(\epsilon, \lvert y_i \rvert)}

    As ``sklearn.metrics.mean_absolute_percentage_error``. Derived in Chapter 10.

    Examples
    --------
    >>> print(f"{mean_absolute_percentage_error([3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0]):.3f}")
    0.327
    """
    return MeanAbsolutePercentageError(multioutput).update(y_true, y_pred, sample_weight).compute()


class MeanSquaredError(Stream[Value]):
    """Mean squared error of a stream of batches.

    Parameters
    ----------
    multioutput : {"uniform_average", "raw_values"} or array_like, default "uniform_average"
        As in :func:`mean_squared_error`.

    Examples
    --------
    >>> score = MeanSquaredError()
    >>> print(f"{score.update([3.0], [2.5]).update([2.0, 7.0], [2.0, 8.0]).compute():.3f}")
    0.417
    """

    def __init__(self, multioutput: MultiOutput = "uniform_average") -> None:
        self.multioutput = multioutput
        super().__init__()

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        true, pred = as_outputs(y_true, y_pred)
        weight = as_weights(sample_weight, len(true))
        return weight @ self._cost(true, true - pred), weight.sum()

    def _score(self, state: State) -> Value:
        return over_outputs(self._mean(state[0] / state[1]), self.multioutput)

    def _cost(self, true: Floats, miss: Floats) -> Floats:
        """Compute what each error costs, (n, outputs)."""
        return miss * miss

    def _mean(self, cost: Floats) -> Floats:
        """Finish the mean cost of each output, (outputs,)."""
        return cost


class RootMeanSquaredError(MeanSquaredError):
    """Root mean squared error of a stream of batches.

    Parameters
    ----------
    multioutput : {"uniform_average", "raw_values"} or array_like, default "uniform_average"
        As in :func:`root_mean_squared_error`.

    Examples
    --------
    >>> score = RootMeanSquaredError()
    >>> print(f"{score.update([3.0], [2.5]).update([2.0, 7.0], [2.0, 8.0]).compute():.3f}")
    0.645
    """

    def _mean(self, cost: Floats) -> Floats:
        return np.sqrt(cost)


class MeanAbsoluteError(MeanSquaredError):
    """Mean absolute error of a stream of batches.

    Parameters
    ----------
    multioutput : {"uniform_average", "raw_values"} or array_like, default "uniform_average"
        As in :func:`mean_absolute_error`.

    Examples
    --------
    >>> score = MeanAbsoluteError()
    >>> print(f"{score.update([3.0], [2.5]).update([2.0, 7.0], [2.0, 8.0]).compute():.3f}")
    0.500
    """

    def _cost(self, true: Floats, miss: Floats) -> Floats:
        return np.abs(miss)


class MeanAbsolutePercentageError(MeanSquaredError):
    """Mean absolute percentage error of a stream of batches.

    Parameters
    ----------
    multioutput : {"uniform_average", "raw_values"} or array_like, default "uniform_average"
        As in :func:`mean_absolute_percentage_error`.

    Examples
    --------
    >>> score = MeanAbsolutePercentageError()
    >>> print(f"{score.update([3.0], [2.5]).update([2.0, 7.0], [2.0, 8.0]).compute():.3f}")
    0.103
    """

    def _cost(self, true: Floats, miss: Floats) -> Floats:
        return np.abs(miss) / np.maximum(np.abs(true), EPS)
