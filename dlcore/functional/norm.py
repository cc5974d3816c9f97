"""Normalisation of activations, over the batch, the features or groups of channels."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.function import Operand, array_of
from dlcore.methods import wide
from dlcore.ops import norm
from dlcore.tensor import Tensor, as_floating, as_tensor

Running = Tensor | NDArray[Any]


def batch_norm(
    input: Operand,
    running_mean: Running | None,
    running_var: Running | None,
    weight: Operand | None = None,
    bias: Operand | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Standardise each channel over the examples of a batch.

    Parameters
    ----------
    input : Tensor, shape (N, C) or (N, C, ...)
        A batch.
    running_mean, running_var : Tensor or numpy.ndarray, shape (C,), or None
        Statistics of batches seen so far. Training changes them in place, evaluation uses them;
        without them, evaluation uses the statistics of the batch.
    weight, bias : Tensor, shape (C,), optional
        Scale and shift of each channel.
    training : bool, default False
        Whether to use the statistics of the batch.
    momentum : float, default 0.1
        Share of the batch in the new running statistics.
    eps : float, default 1e-5
        Added to the variance.

    Returns
    -------
    Tensor
        ``weight (x - mean) / sqrt(var + eps) + bias``, of the shape of `input`.

    Raises
    ------
    ValueError
        If shapes do not fit, `eps` is not positive, or training meets one element a channel.

    Notes
    -----
    The batch is divided by its own variance; the running variance collects the unbiased estimate.
    Derived in Chapter 9.

    References
    ----------
    S. Ioffe and C. Szegedy, "Batch normalization", ICML 2015.
    """
    x = as_floating(input)
    if x.ndim < 2:
        raise ValueError(f"batch_norm: input must have at least 2 axes (N, C), got {x.shape}")
    if not eps > 0:
        raise ValueError(f"batch_norm: eps must be positive, got {eps}")
    channels = (x.shape[1], *[1] * (x.ndim - 2))
    scale = _affine("batch_norm", weight, bias, (x.shape[1],), channels)
    if (running_mean is None or running_var is None) and not training:
        return _standardized(x, scale, (0, *range(2, x.ndim)), eps)[0]
    if not training:
        return _evaluated(x, running_mean, running_var, scale=scale, channels=channels, eps=eps)
    count = x.numel() // max(x.shape[1], 1)
    if count < 2:
        raise ValueError(
            f"batch_norm: training needs more than one element a channel, got shape {x.shape}; if "
            "this is the rest of a dataset, give its loader (or DLClassifier) drop_last=True"
        )
    out, ctx = _standardized(x, scale, (0, *range(2, x.ndim)), eps)
    for running, value in ((running_mean, ctx.mean), (running_var, ctx.var * count / (count - 1))):
        if running is not None:
            array = array_of(running)
            if not array.flags.writeable:
                raise ValueError(
                    "batch_norm: running_mean and running_var are changed in place, "
                    "but one of them is a read-only array; pass a copy()"
                )
            array *= 1 - momentum
            array += momentum * value.reshape(array.shape)
    return out


def layer_norm(
    input: Operand,
    normalized_shape: int | Sequence[int],
    weight: Operand | None = None,
    bias: Operand | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Standardise each example over its last axes.

    Parameters
    ----------
    input : Tensor, shape (..., normalized_shape)
        Examples.
    normalized_shape : int or sequence of int
        Shape of the last axes, whose elements are standardised together.
    weight, bias : Tensor, shape `normalized_shape`, optional
        Scale and shift of each element.
    eps : float, default 1e-5
        Added to the variance.

    Returns
    -------
    Tensor
        ``weight (x - mean) / sqrt(var + eps) + bias``, of the shape of `input`.

    Raises
    ------
    ValueError
        If shapes do not fit.

    Notes
    -----
    Derived in Chapter 15.

    References
    ----------
    J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", arXiv 1607.06450, 2016.

    Examples
    --------
    >>> import dlcore as dl, dlcore.functional as F
    >>> F.layer_norm(dl.tensor([[1.0, 3.0], [2.0, 8.0]]), 2)
    tensor([[-1.,  1.],
            [-1.,  1.]])
    """
    x = as_tensor(input)
    shape, axes = _last_axes("layer_norm", x, normalized_shape)
    return _standardized(x, _affine("layer_norm", weight, bias, shape, shape), axes, eps)[0]


def group_norm(
    input: Operand,
    num_groups: int,
    weight: Operand | None = None,
    bias: Operand | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Standardise each example over groups of its channels.

    The other parameters are those of :func:`batch_norm`.

    Parameters
    ----------
    input : Tensor, shape (N, C, ...)
        Examples.
    num_groups : int
        Number of groups; divides C.

    Returns
    -------
    Tensor
        ``weight (x - mean) / sqrt(var + eps) + bias``, of the shape of `input`.

    Raises
    ------
    ValueError
        If shapes do not fit.

    References
    ----------
    Y. Wu and K. He, "Group normalization", ECCV 2018.
    """
    x = as_tensor(input)
    if x.ndim < 2 or num_groups < 1 or x.shape[1] % num_groups:
        raise ValueError(
            f"group_norm: input must have channels (axis 1) divisible by num_groups={num_groups}, "
            f"got shape {x.shape}"
        )
    inner = (num_groups, x.shape[1] // num_groups)
    scale = _affine("group_norm", weight, bias, (x.shape[1],), (*inner, 1))
    grouped = x.reshape(x.shape[0], *inner, math.prod(x.shape[2:]))
    return _standardized(grouped, scale, (2, 3), eps)[0].reshape(x.shape)


def rms_norm(
    input: Operand,
    normalized_shape: int | Sequence[int],
    weight: Operand | None = None,
    eps: float | None = None,
) -> Tensor:
    """Divide each example by the root mean square of its last axes.

    The other parameters are those of :func:`layer_norm`.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        Shape of the last axes, whose elements are taken together.
    weight : Tensor, shape `normalized_shape`, optional
        Scale of each element.
    eps : float, optional
        Added to the mean square; by default the spacing of numbers at 1 in the dtype of `input`.

    Returns
    -------
    Tensor
        ``weight x / sqrt(mean(x²) + eps)``, of the shape of `input`.

    Raises
    ------
    ValueError
        If shapes do not fit.
    """
    x = as_floating(input)
    shape, axes = _last_axes("rms_norm", x, normalized_shape)
    scale = _affine("rms_norm", weight, None, shape, shape)
    eps = float(np.finfo(x.dtype).eps) if eps is None else eps
    return norm.RmsNorm.apply(x, *scale, axis=axes, eps=eps)


@wide
def normalize(input: Operand, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    """Divide vectors by their length.

    Parameters
    ----------
    input : Tensor
        Vectors along axis `dim`.
    p : float, default 2
        Length is ``(sum |x|^p)^(1/p)`` for a positive p; infinity takes the largest element.
    dim : int, default 1
        The axis of the components.
    eps : float, default 1e-12
        The least length that a vector is taken to have.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ValueError
        If `p` is not positive.
    """
    x = as_floating(input)
    if not p > 0:
        raise ValueError(f"normalize: p must be positive, got {p}")
    if math.isinf(p):
        return x / x.abs().amax(dim, keepdim=True).clamp(min=eps)
    powers = x * x if p == 2 else x.abs() ** p
    # Clamped before the root, whose slope at 0 is not finite.
    least = max(eps**p, float(np.finfo(x.dtype).tiny))
    total = powers.sum(dim, keepdim=True).clamp(min=least)
    return x / (total.sqrt() if p == 2 else total ** (1 / p))


def _standardized(
    x: Tensor, scale: tuple[Operand, ...], axes: tuple[int, ...], eps: float
) -> tuple[Tensor, Any]:
    return norm.Standardize.record((x, *scale), {"axis": axes, "eps": eps})


def _evaluated(
    x: Tensor,
    running_mean: Any,
    running_var: Any,
    *,
    scale: tuple[Operand, ...],
    channels: tuple[int, ...],
    eps: float,
) -> Tensor:
    """Scale and shift by constants: the statistics are not those of the batch."""
    mean, var = (array_of(r).astype(x.dtype).reshape(channels) for r in (running_mean, running_var))
    factor = Tensor(1 / np.sqrt(var + eps))
    if scale:
        factor = factor * scale[0]
    shift = factor * -mean
    return x * factor + (shift + scale[1] if len(scale) > 1 else shift)


def _last_axes(
    name: str, x: Tensor, normalized_shape: int | Sequence[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if isinstance(normalized_shape, int | np.integer):
        normalized_shape = (int(normalized_shape),)
    shape = tuple(normalized_shape)
    if not shape or x.shape[-len(shape) :] != shape:
        raise ValueError(f"{name}: last axes of input must be {shape}, got shape {x.shape}")
    return shape, tuple(range(x.ndim - len(shape), x.ndim))


def _affine(
    name: str,
    weight: Operand | None,
    bias: Operand | None,
    expected: tuple[int, ...],
    shape: tuple[int, ...],
) -> tuple[Operand, ...]:
    if weight is None and bias is not None:
        weight = np.ones(expected, array_of(bias).dtype)
    found = []
    for what, value in (("weight", weight), ("bias", bias)):
        if value is not None:
            tensor = as_tensor(value)
            if tensor.shape != expected:
                raise ValueError(f"{name}: {what} must have shape {expected}, got {tensor.shape}")
            found.append(tensor if shape == expected else tensor.reshape(shape))
    return tuple(found)
