"""Initialisers: fill a parameter in place with its starting values.

Names, arguments and defaults are those of ``torch.nn.init``; each takes `rng` besides.
"""

import math
from typing import Literal

import numpy as np

from dlcore.random import default_rng
from dlcore.tensor import Tensor

Mode = Literal["fan_in", "fan_out"]
Rng = np.random.Generator | None

_GAINS = {
    "linear": 1.0,
    "conv1d": 1.0,
    "conv2d": 1.0,
    "sigmoid": 1.0,
    "tanh": 5 / 3,
    "relu": math.sqrt(2),
    "selu": 3 / 4,
}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Return the factor that keeps the variance through a nonlinearity.

    Parameters
    ----------
    nonlinearity : str
        ``"linear"``, ``"conv1d"``, ``"conv2d"``, ``"sigmoid"``, ``"tanh"``, ``"relu"``,
        ``"leaky_relu"`` or ``"selu"``.
    param : float, optional
        Negative slope of ``"leaky_relu"``, 0.01 by default.

    Returns
    -------
    float
        The gain, as torch has it.

    Raises
    ------
    ValueError
        If the nonlinearity is unknown.
    """
    if nonlinearity == "leaky_relu":
        return math.sqrt(2 / (1 + (0.01 if param is None else param) ** 2))
    if nonlinearity not in _GAINS:
        known = ", ".join(sorted([*_GAINS, "leaky_relu"]))
        raise ValueError(f"nonlinearity: expected one of {known}, got {nonlinearity!r}")
    return _GAINS[nonlinearity]


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with zeros."""
    return constant_(tensor, 0.0)


def ones_(tensor: Tensor) -> Tensor:
    """Fill with ones."""
    return constant_(tensor, 1.0)


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill with `val`."""
    tensor.data[...] = val
    return tensor


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, rng: Rng = None) -> Tensor:
    """Fill with samples of the uniform distribution from `a` to `b`."""
    tensor.data[...] = default_rng(rng).uniform(a, b, tensor.shape)
    return tensor


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, rng: Rng = None) -> Tensor:
    """Fill with samples of the normal distribution."""
    tensor.data[...] = default_rng(rng).normal(mean, std, tensor.shape)
    return tensor


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, rng: Rng = None) -> Tensor:
    """Fill uniformly with variance ``gain² · 2 / (fan_in + fan_out)``.

    Parameters
    ----------
    tensor : Tensor, shape (out, in, ...)
        The weights.
    gain : float, default 1
        From :func:`calculate_gain`.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    Tensor
        The same Tensor.

    References
    ----------
    X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", AISTATS 2010.
    """
    bound = math.sqrt(3) * _xavier_std(tensor, gain)
    return uniform_(tensor, -bound, bound, rng)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, rng: Rng = None) -> Tensor:
    """Fill normally with the variance of :func:`xavier_uniform_`."""
    return normal_(tensor, 0.0, _xavier_std(tensor, gain), rng)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: Mode = "fan_in",
    nonlinearity: str = "leaky_relu",
    rng: Rng = None,
) -> Tensor:
    """Fill uniformly with variance ``gain² / fan``.

    Parameters
    ----------
    tensor : Tensor, shape (out, in, ...)
        The weights.
    a : float, default 0
        Negative slope of the leaky ReLU that follows.
    mode : {"fan_in", "fan_out"}, default "fan_in"
        Keep the variance of values going forward, or of gradients going back.
    nonlinearity : str, default "leaky_relu"
        For :func:`calculate_gain`.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    Tensor
        The same Tensor.

    References
    ----------
    K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", ICCV 2015.
    """
    bound = math.sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, rng)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: Mode = "fan_in",
    nonlinearity: str = "leaky_relu",
    rng: Rng = None,
) -> Tensor:
    """Fill normally with the variance of :func:`kaiming_uniform_`."""
    return normal_(tensor, 0.0, _kaiming_std(tensor, a, mode, nonlinearity), rng)


def _fans(tensor: Tensor) -> tuple[int, int]:
    """Count the inputs of one output, and the outputs of one input."""
    if tensor.ndim < 2:
        raise ValueError(f"init: expected at least two axes (out, in, ...), got {tensor.shape}")
    field = math.prod(tensor.shape[2:])
    return tensor.shape[1] * field, tensor.shape[0] * field


def _xavier_std(tensor: Tensor, gain: float) -> float:
    return gain * math.sqrt(2 / sum(_fans(tensor)))


def _kaiming_std(tensor: Tensor, a: float, mode: Mode, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"mode: expected 'fan_in' or 'fan_out', got {mode!r}")
    fan = _fans(tensor)[mode == "fan_out"]
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)
