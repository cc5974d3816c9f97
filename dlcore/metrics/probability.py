"""Scores of predicted probabilities: log loss, the score of Brier and calibration."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.labels import (
    Labels,
    as_array,
    as_weights,
    check_range,
    check_samples,
    class_columns,
    positive_label,
)
from dlcore.metrics.stream import MeanStream, State, Stream

Floats = NDArray[np.float64]
Probabilities = NDArray[np.floating[Any]]
Norm = Literal["l1", "l2", "max"]


def log_loss(
    y_true: Labels,
    y_proba: Labels,
    *,
    normalize: bool = True,
    sample_weight: ArrayLike | None = None,
    labels: ArrayLike | None = None,
) -> float:
    r"""Return the mean negative logarithm of the probability given to the true class.

    The other parameters are those of :func:`accuracy`.

    Parameters
    ----------
    y_proba : array_like or Tensor, shape (n, C), or (n,) for two classes
        The probability of each class, in the order of `labels`; or that of the second of two.
    normalize : bool, default True
        False returns the sum instead of the mean.
    labels : array_like, shape (C,), optional
        The classes of the columns, sorted; needed where not all of them are in `y_true`.

    Returns
    -------
    float
        At least 0; the lower the better.

    Raises
    ------
    ValueError
        If the shapes do not fit, a number is no probability, a row does not sum to 1, or `labels`
        are not the classes of the columns.

    Notes
    -----
    .. math:: -\frac{\sum_i w_i \log p_{i, y_i}}{\sum_i w_i}

    Probabilities are kept the machine epsilon of their dtype away from 0 and 1, so that a certain
    error costs much but not everything. As ``sklearn.metrics.log_loss``, which only warns of rows
    that do not sum to 1. Derived in Chapter 9.

    Examples
    --------
    >>> print(f"{log_loss([0, 1, 1], [0.1, 0.8, 0.5]):.3f}")
    0.341
    """
    proba, column, weight = _read(y_true, y_proba, sample_weight, labels)
    total = float((weight * _surprise(proba, column)).sum())
    return total / float(weight.sum()) if normalize else total


class LogLoss(MeanStream):
    """Log loss of a stream of batches; class i belongs to column i.

    Examples
    --------
    >>> score = LogLoss()
    >>> print(f"{score.update([0], [0.1]).update([1, 1], [0.8, 0.5]).compute():.3f}")
    0.341
    """

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        proba, column, weight = _read(y_true, y_pred, sample_weight, _columns(y_pred))
        return (weight * _surprise(proba, column)).sum(), weight.sum()


def brier_score_loss(
    y_true: Labels,
    y_proba: Labels,
    *,
    sample_weight: ArrayLike | None = None,
    pos_label: int | str | None = None,
    labels: ArrayLike | None = None,
    scale_by_half: bool | Literal["auto"] = "auto",
) -> float:
    r"""Return the mean squared distance of the probabilities from the truth.

    The other parameters are those of :func:`log_loss`.

    Parameters
    ----------
    y_proba : array_like or Tensor, shape (n, C), or (n,) for two classes
        The probability of each class, in the order of `labels`; or that of the positive class.
    pos_label : int or str, optional
        The positive class of two, where `y_proba` has one axis; 1 by default where the classes are
        among -1, 0 and 1, otherwise the larger.
    scale_by_half : bool or "auto", default "auto"
        Whether to halve the score, so that it is at most 1; "auto" does so for two classes.

    Returns
    -------
    float
        From 0 to 1 where halved, otherwise to 2; the lower the better.

    Raises
    ------
    ValueError
        If the shapes do not fit, a number is no probability, a row does not sum to 1, or a label
        is not known.

    Notes
    -----
    .. math:: \frac{\sum_i w_i \sum_c ([y_i = c] - p_{ic})^2}{\sum_i w_i}

    As ``sklearn.metrics.brier_score_loss``, which only warns of rows that do not sum to 1. Derived
    in Chapter 9.

    References
    ----------
    .. [1] G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly
       Weather Review 78, 1950.

    Examples
    --------
    >>> print(f"{brier_score_loss([0, 1, 1], [0.1, 0.8, 0.5]):.3f}")
    0.100
    """
    true = as_array(y_true)
    if as_array(y_proba).ndim == 1 and true.ndim == 1 and len(true):
        true, labels = true == _positive(true, pos_label), [False, True]
    proba, column, weight = _read(true, y_proba, sample_weight, labels)
    half = proba.shape[1] == 2 if scale_by_half == "auto" else scale_by_half
    return float(np.average(_squares(proba, column), weights=weight)) * (0.5 if half else 1.0)


class BrierScore(MeanStream):
    """Score of Brier of a stream of batches; class i belongs to column i.

    The parameters are those of :func:`brier_score_loss`.

    Examples
    --------
    >>> score = BrierScore()
    >>> print(f"{score.update([0], [0.1]).update([1, 1], [0.8, 0.5]).compute():.3f}")
    0.100
    """

    def __init__(self, scale_by_half: bool | Literal["auto"] = "auto") -> None:
        self.scale_by_half = scale_by_half
        super().__init__()

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        proba, column, weight = _read(y_true, y_pred, sample_weight, _columns(y_pred))
        half = proba.shape[1] == 2 if self.scale_by_half == "auto" else self.scale_by_half
        return (weight * _squares(proba, column)).sum() * (0.5 if half else 1.0), weight.sum()


def calibration_curve(
    y_true: Labels,
    y_prob: Labels,
    *,
    pos_label: int | str | None = None,
    n_bins: int = 5,
    strategy: Literal["uniform", "quantile"] = "uniform",
) -> tuple[Floats, Floats]:
    r"""Compare, bin by bin, how often the positive class came true with what was said.

    The other parameters are those of :func:`roc_curve`.

    Parameters
    ----------
    y_prob : array_like or Tensor, shape (n,)
        The probability of the positive class.
    n_bins : int, default 5
        The number of bins; empty ones are left out.
    strategy : {"uniform", "quantile"}, default "uniform"
        Whether all bins are equally wide, or hold equally many samples.

    Returns
    -------
    prob_true, prob_pred : ndarray of float64, shape (at most n_bins,)
        The fraction of positive samples, and the mean probability, in each bin.

    Raises
    ------
    ValueError
        If the shapes do not fit, a number is no probability, or an option is not known.

    Notes
    -----
    A bin holds its right edge. As ``sklearn.calibration.calibration_curve``. Derived in Chapter 9.

    Examples
    --------
    >>> true, said = [0, 0, 0, 1, 1, 1], [0.1, 0.2, 0.7, 0.6, 0.8, 0.9]
    >>> print(*(c.round(2) for c in calibration_curve(true, said, n_bins=2)))
    [0.   0.75] [0.15 0.75]
    """
    true, prob = as_array(y_true), as_array(y_prob)
    check_samples(true, prob, name="y_prob")
    if prob.ndim != 1:
        raise ValueError(f"y_prob: expected one probability a sample, got shape {prob.shape}")
    check_probabilities(prob, "y_prob")
    positive = (true == positive_label(true, pos_label)).astype(np.float64)
    parts = np.linspace(0, 1, _checked(n_bins) + 1)
    if strategy not in ("uniform", "quantile"):
        raise ValueError(f"strategy: expected 'uniform' or 'quantile', got {strategy!r}")
    edges = parts if strategy == "uniform" else np.percentile(prob, parts * 100)
    sums = _sums(positive, prob.astype(np.float64), np.ones(len(prob)), edges)
    right, said, weight = (s[sums[2] > 0] for s in sums)
    return right / weight, said / weight


def calibration_error(
    y_true: Labels,
    y_proba: Labels,
    *,
    n_bins: int = 15,
    norm: Norm = "l1",
    sample_weight: ArrayLike | None = None,
) -> float:
    r"""Return how far, over bins of confidence, what is said lies from what comes true.

    The other parameters are those of :func:`accuracy`.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes, 0 to C-1, or 0 and 1.
    y_proba : array_like or Tensor, shape (n, C) or (n,)
        The probability of each class, of which the largest is the confidence and its class the
        prediction; or that of class 1, which is compared with how often it is true.
    n_bins : int, default 15
        The number of equally wide bins.
    norm : {"l1", "l2", "max"}, default "l1"
        The expected error (ECE), the root of its mean square, or the largest (MCE).

    Returns
    -------
    float
        Between 0 and 1; 0 for perfect calibration.

    Raises
    ------
    ValueError
        As in :func:`calibration_curve`.

    Notes
    -----
    With the accuracy and the mean confidence of the samples in bin b, and its weight,

    .. math:: \text{ECE} = \sum_b \frac{w_b}{\sum_{b'} w_{b'}} \,
        \lvert \text{acc}_b - \text{conf}_b \rvert

    A bin holds its right edge. Derived in Chapter 9.

    References
    ----------
    .. [1] C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On calibration of modern neural
       networks", ICML 2017, arXiv 1706.04599.

    Examples
    --------
    >>> print(f"{calibration_error([0, 0, 1, 1], [0.1, 0.1, 0.9, 0.6], n_bins=2):.3f}")
    0.175
    """
    score = CalibrationError(n_bins, norm)
    return score.update(y_true, y_proba, sample_weight).compute()


class CalibrationError(Stream[float]):
    """Calibration error of a stream of batches.

    The parameters are those of :func:`calibration_error`.

    Examples
    --------
    >>> score = CalibrationError(n_bins=2)
    >>> print(f"{score.update([0, 0], [0.1, 0.1]).update([1, 1], [0.9, 0.6]).compute():.3f}")
    0.175
    """

    def __init__(self, n_bins: int = 15, norm: Norm = "l1") -> None:
        if norm not in ("l1", "l2", "max"):
            raise ValueError(f"norm: expected 'l1', 'l2' or 'max', got {norm!r}")
        self.n_bins = _checked(n_bins)
        self.norm = norm
        super().__init__()

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        true, proba = as_array(y_true), as_array(y_pred)
        check_samples(true, proba)
        check_probabilities(proba, "y_pred")
        if proba.ndim == 2 and proba.shape[1] == 1:
            proba = proba[:, 0]
        check_range(true, true, 2 if proba.ndim == 1 else proba.shape[1])
        if proba.ndim == 1:
            right, confidence = true, proba
        else:
            right, confidence = proba.argmax(axis=1) == true, proba.max(axis=1)
        weight = as_weights(sample_weight, len(true))
        edges = np.linspace(0, 1, self.n_bins + 1)
        return _sums(right.astype(np.float64), confidence.astype(np.float64), weight, edges)

    def _score(self, state: State) -> float:
        right, said, weight = (s[state[2] > 0] for s in state)
        gap, share = np.abs(right - said) / weight, weight / weight.sum()
        if self.norm == "max":
            return float(gap.max())
        return float(share @ gap if self.norm == "l1" else np.sqrt(share @ gap**2))


def _read(
    y_true: Labels, y_proba: Labels, sample_weight: ArrayLike | None, labels: ArrayLike | None
) -> tuple[Probabilities, NDArray[np.intp], Floats]:
    true, proba = as_array(y_true), as_array(y_proba)
    check_samples(true, proba, name="y_proba")
    check_probabilities(proba)
    if proba.dtype.kind != "f":
        proba = proba.astype(np.float64)
    proba = proba.reshape(len(proba), -1)
    if proba.shape[1] == 1:
        proba = np.concatenate([1 - proba, proba], axis=1)
    if not np.allclose(proba.sum(axis=1), 1, rtol=np.sqrt(np.finfo(proba.dtype).eps)):
        raise ValueError("y_proba: expected rows that sum to 1; pass probabilities, not scores")
    column = class_columns(true, proba.shape[1], labels)
    return proba, column, as_weights(sample_weight, len(true))  # (n, C), (n,), (n,)


def check_probabilities(proba: NDArray[Any], name: str = "y_proba") -> None:
    """Refuse numbers outside [0, 1]."""
    if proba.min() < 0 or proba.max() > 1:
        raise ValueError(
            f"{name}: expected probabilities in [0, 1], got {proba.min():g} to {proba.max():g}"
        )


def _columns(y_proba: Labels) -> NDArray[np.intp]:
    proba = as_array(y_proba)
    return np.arange(2 if proba.ndim < 2 else max(proba.shape[1], 2))


def _positive(true: NDArray[Any], pos_label: int | str | None) -> Any:
    classes = np.unique(true).tolist()
    if len(classes) > 2:
        raise ValueError(
            f"y_proba: expected shape (n, {len(classes)}) for {len(classes)} classes, got one axis"
        )
    if pos_label is not None:
        if len(classes) == 2 and pos_label not in classes:
            raise ValueError(f"pos_label: expected one of {classes}, got {pos_label!r}")
        return pos_label
    usual = set(classes) <= {0, 1} or set(classes) <= {-1, 1}
    return 1 if usual else classes[-1]


def _surprise(proba: Probabilities, column: NDArray[np.intp]) -> Probabilities:
    eps = np.finfo(proba.dtype).eps
    return -np.log(np.clip(proba[np.arange(len(proba)), column], eps, 1 - eps))


def _squares(proba: Probabilities, column: NDArray[np.intp]) -> Probabilities:
    miss = proba.copy()
    miss[np.arange(len(proba)), column] -= 1
    squares: Probabilities = (miss * miss).sum(axis=1)
    return squares


def _sums(right: Floats, said: Floats, weight: Floats, edges: Floats) -> tuple[Floats, ...]:
    place = np.searchsorted(edges[1:-1], said)
    bins = len(edges) - 1
    parts = np.stack([weight * right, weight * said, weight])
    return tuple(
        np.bincount(place, weights=part, minlength=bins).astype(np.float64) for part in parts
    )


def _checked(n_bins: int) -> int:
    if n_bins < 1:
        raise ValueError(f"n_bins: expected at least 1, got {n_bins}")
    return n_bins
