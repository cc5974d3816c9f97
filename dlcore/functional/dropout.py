"""Dropout: activations that are switched off at random while a network trains."""

import numpy as np

from dlcore.function import Operand
from dlcore.ops.elementwise import Mul
from dlcore.random import default_rng
from dlcore.tensor import Tensor, as_tensor


def dropout(
    input: Operand,
    p: float = 0.5,
    training: bool = True,
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Set each element to zero with probability `p`, and scale the others by ``1 / (1 - p)``.

    Parameters
    ----------
    input : Tensor
        Any shape.
    p : float, default 0.5
        Probability of zero.
    training : bool, default True
        Otherwise `input` is returned as it is.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    Tensor
        Of the same shape, and with the same expectation.

    Raises
    ------
    ValueError
        If `p` is no probability.

    References
    ----------
    N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting",
    JMLR 15, 2014.
    """
    x = as_tensor(input)
    return _dropped("dropout", x, x.shape, p=p, training=training, rng=rng)


def dropout2d(
    input: Operand,
    p: float = 0.5,
    training: bool = True,
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Set each channel as a whole to zero with probability `p`, and scale the others.

    The other parameters are those of :func:`dropout`.

    Parameters
    ----------
    input : Tensor, shape (N, C, H, W) or (C, H, W)
        Images.

    Returns
    -------
    Tensor
        Of the same shape, and with the same expectation.

    Raises
    ------
    ValueError
        If `p` is no probability, or if `input` has other axes.
    """
    x = as_tensor(input)
    if x.ndim not in (3, 4):
        raise ValueError(f"dropout2d: input must have 4 axes (N, C, H, W), got {x.shape}")
    return _dropped("dropout2d", x, (*x.shape[:-2], 1, 1), p=p, training=training, rng=rng)


def _dropped(
    name: str,
    x: Tensor,
    shape: tuple[int, ...],
    *,
    p: float,
    training: bool,
    rng: np.random.Generator | None,
) -> Tensor:
    if not 0 <= p <= 1:
        raise ValueError(f"{name}: p must lie between 0 and 1, got {p}")
    if not training or p == 0:
        return x
    kept = default_rng(rng).random(shape, np.float32) >= p
    scale = 0 if p == 1 else 1 / (1 - p)
    return Mul.apply(x, kept.astype(x.dtype) * x.dtype.type(scale))
