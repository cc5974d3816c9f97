"""Nonlinearities between layers, and the softmax family."""

from typing import Literal

import numpy as np
from numpy.typing import DTypeLike

from dlcore.function import Operand, array_of
from dlcore.functional.elementwise import where
from dlcore.ops import activation
from dlcore.tensor import Tensor, as_tensor


def relu(input: Operand) -> Tensor:
    """Return ``max(x, 0)``; its slope at 0 is taken to be 0.

    Parameters
    ----------
    input : Tensor
        Any shape.

    Returns
    -------
    Tensor
        Of the same shape.

    Examples
    --------
    >>> import dlcore as dl, dlcore.functional as F
    >>> F.relu(dl.tensor([-1.0, 0.0, 2.0]))
    tensor([0., 0., 2.])
    """
    return activation.Relu.apply(input)


def sigmoid(input: Operand) -> Tensor:
    """Return ``1 / (1 + exp(-x))`` for each element."""
    return activation.Sigmoid.apply(input)


def tanh(input: Operand) -> Tensor:
    """Return the hyperbolic tangent of each element."""
    return activation.Tanh.apply(input)


def heaviside(input: Operand, values: Operand = 0.0) -> Tensor:
    """Return the step function: 0 below zero, 1 above, and `values` at zero itself.

    The other parameters are those of :func:`relu`.

    Parameters
    ----------
    values : Tensor or float, default 0
        What stands at zero.

    Returns
    -------
    Tensor
        Of the shape of `input`. Its slope is 0 wherever there is one, so no gradient flows.
    """
    x = array_of(input)
    return Tensor(np.heaviside(x, array_of(values)).astype(x.dtype))


def leaky_relu(input: Operand, negative_slope: float = 0.01) -> Tensor:
    """Return ``x`` where it is positive, else ``negative_slope * x``."""
    return activation.LeakyRelu.apply(input, negative_slope=negative_slope)


def prelu(input: Operand, weight: Operand) -> Tensor:
    """Return ``x`` where it is positive, else ``weight * x`` with a slope that is learnt.

    Parameters
    ----------
    input : Tensor, shape (N, C, ...)
        Any shape, if `weight` is a single number.
    weight : Tensor, shape (1,) or (C,)
        The slope, for all or for each channel.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ValueError
        If there are neither one nor C slopes.
    """
    x = as_tensor(input)
    slope = as_tensor(weight)
    if slope.numel() == 1:
        slope = slope.reshape(())
    else:
        channels = x.shape[1] if x.ndim > 1 else 1
        if slope.shape != (channels,):
            raise ValueError(f"prelu: weight must have shape ({channels},), got {slope.shape}")
        slope = slope.reshape(-1, *[1] * (x.ndim - 2))
    return where(x > 0, x, slope * x)


def elu(input: Operand, alpha: float = 1.0) -> Tensor:
    """Return ``x`` where it is positive, else ``alpha (exp(x) - 1)``."""
    return activation.Elu.apply(input, alpha=alpha)


def silu(input: Operand) -> Tensor:
    """Return ``x sigmoid(x)``, also called swish."""
    return activation.Silu.apply(input)


def gelu(input: Operand, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """Return x times the probability that a standard normal number lies below it.

    Parameters
    ----------
    input : Tensor
        Any shape.
    approximate : {"none", "tanh"}, default "none"
        Compute the probability exactly, or by the approximation with tanh.

    Returns
    -------
    Tensor
        Of the same shape.

    References
    ----------
    D. Hendrycks and K. Gimpel, "Gaussian error linear units", arXiv 1606.08415, 2016.
    """
    if approximate not in ("none", "tanh"):
        raise ValueError(f"approximate: expected 'none' or 'tanh', got {approximate!r}")
    return activation.Gelu.apply(input, tanh=approximate == "tanh")


def softplus(input: Operand, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """Return ``log(1 + exp(beta x)) / beta``, a smooth ReLU.

    Parameters
    ----------
    input : Tensor
        Any shape.
    beta : float, default 1
        Sharpness of the bend.
    threshold : float, default 20
        Where ``beta x`` exceeds it, ``x`` itself is returned.

    Returns
    -------
    Tensor
        Of the same shape.
    """
    return activation.Softplus.apply(input, beta=beta, threshold=threshold)


def softmax(input: Operand, dim: int, dtype: DTypeLike | None = None) -> Tensor:
    """Turn scores into probabilities that sum to 1 over axis `dim`.

    Parameters
    ----------
    input : Tensor
        Scores (logits).
    dim : int
        The axis of the classes.
    dtype : dtype_like, optional
        Convert the scores to it first; by default their own.

    Returns
    -------
    Tensor
        Probabilities, in the shape of `input`.

    Examples
    --------
    >>> import dlcore as dl, dlcore.functional as F
    >>> F.softmax(dl.tensor([0.0, 0.0, 1000.0]), dim=0)
    tensor([0., 0., 1.])
    """
    return as_tensor(input).softmax(dim, dtype)


def log_softmax(input: Operand, dim: int, dtype: DTypeLike | None = None) -> Tensor:
    """Return the logarithm of :func:`softmax`, computed without overflow."""
    return as_tensor(input).log_softmax(dim, dtype)
