"""Perplexity: between how many equally likely tokens a language model wavers."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dlcore.metrics.labels import Labels, as_array, as_weights
from dlcore.metrics.stream import MeanStream, State


def perplexity(
    y_true: Labels,
    y_score: Labels,
    *,
    ignore_index: int = -100,
    sample_weight: ArrayLike | None = None,
) -> float:
    r"""Return the exponential of the mean negative log-likelihood of a token.

    Parameters
    ----------
    y_true : array_like or Tensor of int, shape (...,)
        The true tokens, 0 to C-1.
    y_score : array_like or Tensor, shape (..., C)
        Logits: a score for each token, before the softmax. Logarithms of probabilities will do.
    ignore_index : int, default -100
        Tokens of this number are left out, such as padding.
    sample_weight : array_like, of the shape of `y_true`, optional
        How much each token counts.

    Returns
    -------
    float
        At least 1; C for guessing.

    Raises
    ------
    ValueError
        If the shapes do not fit, a token is out of range, or none is left.

    Notes
    -----
    .. math:: \exp\Bigl(-\frac{1}{n} \sum_i \log \operatorname{softmax}(s_i)_{y_i}\Bigr)

    Derived in Chapter 16.

    Examples
    --------
    >>> print(f"{perplexity([0, 1, 2], [[0.0, 0.0, 0.0, 0.0]] * 3):.2f}")
    4.00
    """
    return Perplexity(ignore_index).update(y_true, y_score, sample_weight).compute()


class Perplexity(MeanStream):
    """Perplexity of a stream of batches.

    Parameters
    ----------
    ignore_index : int, default -100
        Tokens of this number are left out, such as padding.

    Examples
    --------
    >>> score = Perplexity()
    >>> print(f"{score.update([0], [[0.0, 0.0]]).update([[1]], [[[0.0, 0.0]]]).compute():.2f}")
    2.00
    """

    def __init__(self, ignore_index: int = -100) -> None:
        self.ignore_index = ignore_index
        super().__init__()

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        true, score = as_array(y_true), as_array(y_pred)
        if score.shape[:-1] != true.shape or score.ndim == 0 or true.dtype.kind not in "iu":
            raise ValueError(
                "y_true, y_score: expected integers of shape (...,) and scores of shape (..., C), "
                f"got {true.dtype} {true.shape} and {score.shape}"
            )
        weight = None if sample_weight is None else np.asarray(sample_weight).ravel()
        weights = as_weights(weight, true.size)
        used = true.ravel() != self.ignore_index
        tokens, weights = true.ravel()[used], weights[used]
        score = score.reshape(-1, score.shape[-1])[used].astype(np.float64)
        if len(tokens) == 0 or not weights.any():
            raise ValueError("y_true: expected at least one token that counts, got none")
        if tokens.min() < 0 or tokens.max() >= score.shape[1]:
            raise ValueError(f"y_true: expected tokens from 0 to {score.shape[1] - 1}")
        score -= score.max(axis=1, keepdims=True)
        likelihood = score[np.arange(len(tokens)), tokens] - np.log(np.exp(score).sum(axis=1))
        return -(weights @ likelihood), weights.sum()

    def _score(self, state: State) -> float:
        return float(np.exp(super()._score(state)))
