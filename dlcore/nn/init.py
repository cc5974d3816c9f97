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


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    rng: Rng = None,
) -> Tensor:
    """Fill with samples of the normal distribution that lie between `a` and `b`.

    Parameters
    ----------
    tensor : Tensor
        Any shape.
    mean, std : float, default 0 and 1
        Of the normal distribution before it is cut.
    a, b : float, default -2 and 2
        Ends of the interval; samples outside it are drawn again.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    Tensor
        The same Tensor.

    Raises
    ------
    ValueError
        If hardly a sample would lie in the interval.
    """
    low, high = (math.erf((end - mean) / (std * math.sqrt(2))) for end in (a, b))
    if high - low < 1e-3:
        raise ValueError(f"trunc_normal_: hardly a sample lies between a={a} and b={b}")
    rng = default_rng(rng)
    samples = rng.normal(mean, std, tensor.shape)
    while (outside := (samples < a) | (samples > b)).any():
        samples[outside] = rng.normal(mean, std, np.count_nonzero(outside))
    tensor.data[...] = samples
    return tensor


def eye_(tensor: Tensor) -> Tensor:
    """Fill a matrix with ones on the diagonal and zeros elsewhere."""
    if tensor.ndim != 2:
        raise ValueError(f"eye_: expected two axes, got shape {tensor.shape}")
    tensor.data[...] = np.eye(tensor.shape[0], tensor.shape[1])
    return tensor


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Fill kernels so that a convolution hands its channels on as they are.

    Parameters
    ----------
    tensor : Tensor, shape (out, in / groups, k) or (out, in / groups, kh, kw)
        The kernels.
    groups : int, default 1
        Number of parts into which the channels are divided.

    Returns
    -------
    Tensor
        The same Tensor: 1 in the middle of the kernel from channel i to channel i, else 0.

    Raises
    ------
    ValueError
        If the Tensor holds no kernels, or if `groups` does not divide them.
    """
    if tensor.ndim not in (3, 4, 5) or tensor.shape[0] % groups:
        raise ValueError(
            f"dirac_: expected kernels (out, in, ...) with out divisible by groups={groups}, "
            f"got shape {tensor.shape}"
        )
    zeros_(tensor)
    middle = tuple(n // 2 for n in tensor.shape[2:])
    per_group = tensor.shape[0] // groups
    for group in range(groups):
        for i in range(min(per_group, tensor.shape[1])):
            tensor.data[(group * per_group + i, i, *middle)] = 1
    return tensor


def orthogonal_(tensor: Tensor, gain: float = 1.0, rng: Rng = None) -> Tensor:
    """Fill with a matrix whose rows (or columns, if those are fewer) are orthonormal.

    Parameters
    ----------
    tensor : Tensor, shape (out, in, ...)
        The weights; axes after the first count as one.
    gain : float, default 1
        Length of the rows or columns.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    Tensor
        The same Tensor.

    Raises
    ------
    ValueError
        If there are fewer than two axes.

    Notes
    -----
    The Q of the QR decomposition of a normal matrix; with the signs of R's diagonal, every
    orthogonal matrix is as likely as any other.

    References
    ----------
    A. M. Saxe, J. L. McClelland and S. Ganguli, "Exact solutions to the nonlinear dynamics of
    learning in deep linear neural networks", ICLR 2014.
    """
    rows, cols = tensor.shape[0] if tensor.ndim else 0, math.prod(tensor.shape[1:])
    if tensor.ndim < 2 or min(rows, cols) < 1:
        raise ValueError(f"orthogonal_: expected axes (out, in, ...), got shape {tensor.shape}")
    tall = default_rng(rng).normal(size=(max(rows, cols), min(rows, cols)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diag(r))
    tensor.data[...] = gain * (q if rows >= cols else q.T).reshape(tensor.shape)
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
