"""Scores of predicted numbers: mean errors, R² and explained variance."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.labels import Labels, as_array, as_weights
from dlcore.metrics.stream import State, Stream

Floats = NDArray[np.float64]
Value = float | Floats
MultiOutput = Literal["uniform_average", "raw_values"] | ArrayLike
Outputs = MultiOutput | Literal["variance_weighted"]
EPS = np.finfo(np.float64).eps  # what a true number of zero counts as, in relative errors


def mean_squared_error(
    y_true: Labels,
    y_pred: Labels,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: MultiOutput = "uniform_average",
) -> Value:
    r"""Return the mean of the squared errors.

    The other parameters are those of :func:`accuracy`.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,) or (n, outputs)
        The true numbers.
    y_pred : array_like or Tensor, of the shape of `y_true`
        The predicted numbers; a last axis of size one does not count.
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

    The parameters are those of :func:`mean_squared_error`.

    Returns
    -------
    float, or ndarray of shape (outputs,)
        At least 0; the lower the better.

    Raises
    ------
    ValueError
        As in :func:`mean_squared_error`.

    Notes
    -----
    .. math:: \sqrt{\frac{\sum_i w_i (y_i - \hat y_i)^2}{\sum_i w_i}}

    As ``sklearn.metrics.root_mean_squared_error``. Derived in Chapter 9.

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

    The parameters are those of :func:`mean_squared_error`.

    Returns
    -------
    float, or ndarray of shape (outputs,)
        At least 0; the lower the better.

    Raises
    ------
    ValueError
        As in :func:`mean_squared_error`.

    Notes
    -----
    .. math:: \frac{\sum_i w_i \lvert y_i - \hat y_i \rvert}{\sum_i w_i}

    As ``sklearn.metrics.mean_absolute_error``. Derived in Chapter 7.

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

    The parameters are those of :func:`mean_squared_error`.

    Returns
    -------
    float, or ndarray of shape (outputs,)
        At least 0; the lower the better.

    Raises
    ------
    ValueError
        As in :func:`mean_squared_error`.

    Notes
    -----
    .. math::
        \frac{\sum_i w_i e_i}{\sum_i w_i}, \qquad
        e_i = \frac{\lvert y_i - \hat y_i \rvert}{\max(\epsilon, \lvert y_i \rvert)}

    As ``sklearn.metrics.mean_absolute_percentage_error``. Derived in Chapter 9.

    Examples
    --------
    >>> print(f"{mean_absolute_percentage_error([3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0]):.3f}")
    0.327
    """
    return MeanAbsolutePercentageError(multioutput).update(y_true, y_pred, sample_weight).compute()


class MeanSquaredError(Stream[Value]):
    """Mean squared error of a stream of batches.

    The parameters are those of :func:`mean_squared_error`.

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
        return miss * miss  # (n, outputs)

    def _mean(self, cost: Floats) -> Floats:
        return cost  # (outputs,)


class RootMeanSquaredError(MeanSquaredError):
    """Root mean squared error of a stream of batches.

    The parameters are those of :func:`mean_squared_error`.

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

    The parameters are those of :func:`mean_squared_error`.

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

    The parameters are those of :func:`mean_squared_error`.

    Examples
    --------
    >>> score = MeanAbsolutePercentageError()
    >>> print(f"{score.update([3.0], [2.5]).update([2.0, 7.0], [2.0, 8.0]).compute():.3f}")
    0.103
    """

    def _cost(self, true: Floats, miss: Floats) -> Floats:
        return np.abs(miss) / np.maximum(np.abs(true), EPS)


def r2_score(
    y_true: Labels,
    y_pred: Labels,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: Outputs = "uniform_average",
    force_finite: bool = True,
) -> Value:
    r"""Return which part of the squares is explained: the coefficient of determination, R².

    The other parameters are those of :func:`mean_squared_error`.

    Parameters
    ----------
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
        As in :func:`mean_squared_error`.

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

    The parameters are those of :func:`r2_score`.

    Returns
    -------
    float, or ndarray of shape (outputs,)
        At most 1.

    Raises
    ------
    ValueError
        As in :func:`mean_squared_error`.

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

    The parameters are those of :func:`r2_score`.

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
        true, pred = as_outputs(y_true, y_pred)
        weight = as_weights(sample_weight, len(true))
        columns = np.stack([true, true - pred])  # (2, n, outputs)
        # From a sample that counts, equal numbers are all 0, and so is their mean, exactly.
        origin = columns[:, weight.argmax()]  # (2, outputs)
        columns = columns - origin[:, None]
        shift = np.average(columns, axis=1, weights=weight)
        squares = weight @ (columns - shift[:, None]) ** 2  # of truth and of errors, as the means
        return weight.sum(), len(true), origin + shift, squares

    def _join(self, a: State, b: State) -> State:
        # Sums of squares about two means become one about the common mean without cancellation.
        weight, shift = a[0] + b[0], b[2] - a[2]
        mean = a[2] + shift * (b[0] / weight)
        return weight, a[1] + b[1], mean, a[3] + b[3] + shift**2 * (a[0] * b[0] / weight)

    def _score(self, state: State) -> Value:
        total, unexplained = state[3]
        return self._finish(unexplained, total)

    def _finish(self, unexplained: Floats, total: Floats) -> Value:
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

    The parameters are those of :func:`r2_score`.

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


def as_outputs(y_true: Labels, y_pred: Labels) -> tuple[Floats, Floats]:
    """Turn true and predicted numbers into two arrays (n, outputs); one axis is one output."""
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
    """Average the scores (outputs,), or leave them as they are."""
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
