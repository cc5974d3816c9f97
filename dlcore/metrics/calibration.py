"""Calibration: whether what is given 70 % comes true in 70 of 100 cases."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.labels import Labels, as_array, as_weights, check_range, check_samples
from dlcore.metrics.probability import check_probabilities
from dlcore.metrics.stream import State, Stream
from dlcore.metrics.thresholds import positive_label

Floats = NDArray[np.float64]
Norm = Literal["l1", "l2", "max"]


def calibration_curve(
    y_true: Labels,
    y_prob: Labels,
    *,
    pos_label: int | str | None = None,
    n_bins: int = 5,
    strategy: Literal["uniform", "quantile"] = "uniform",
) -> tuple[Floats, Floats]:
    r"""Compare, bin by bin, how often the positive class came true with what was said.

    Parameters
    ----------
    y_true : array_like or Tensor, shape (n,)
        The true classes, two of them.
    y_prob : array_like or Tensor, shape (n,)
        The probability of the positive class.
    pos_label : int or str, optional
        The positive class; 1 by default, where the classes are among -1, 0 and 1.
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
    sample_weight : array_like, shape (n,), optional
        How much each sample counts.

    Returns
    -------
    float
        Between 0 and 1; 0 for perfect calibration.

    Raises
    ------
    ValueError
        If the shapes do not fit, a number is no probability, or an option is not known.

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

    Parameters
    ----------
    n_bins : int, default 15
        The number of equally wide bins.
    norm : {"l1", "l2", "max"}, default "l1"
        As in :func:`calibration_error`.

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


def _sums(right: Floats, said: Floats, weight: Floats, edges: Floats) -> tuple[Floats, ...]:
    """Sum over each bin: what came true, what was said, and the weights."""
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
