"""Losses for numbers, distributions and directions: how far a prediction is from the truth."""

from typing import Any, Literal

import numpy as np

from dlcore.function import Operand, array_of
from dlcore.functional.elementwise import where
from dlcore.methods import wide
from dlcore.ops import elementwise, loss
from dlcore.tensor import Tensor, as_floating, as_tensor

Reduction = Literal["none", "mean", "sum"]


def mse_loss(input: Operand, target: Operand, reduction: Reduction = "mean") -> Tensor:
    """Return the squared error ``(input - target)²``.

    Parameters
    ----------
    input, target : Tensor
        Prediction and truth, of equal shape.
    reduction : {"mean", "sum", "none"}, default "mean"
        Average or sum over all elements, or keep them.

    Returns
    -------
    Tensor
        A single number, or one for each element.

    Raises
    ------
    ValueError
        If the shapes differ: broadcasting a prediction against its target is nearly always a slip.
    """
    same_shape(input, target, "mse_loss")
    return loss.SquaredError.apply(input, target, reduction=checked(reduction))


def l1_loss(input: Operand, target: Operand, reduction: Reduction = "mean") -> Tensor:
    """Return the absolute error ``|input - target|``; parameters as in :func:`mse_loss`."""
    same_shape(input, target, "l1_loss")
    return reduced(elementwise.Sub.apply(input, target).abs(), reduction)


@wide
def huber_loss(
    input: Operand, target: Operand, reduction: Reduction = "mean", delta: float = 1.0
) -> Tensor:
    """Return a squared error that turns into an absolute one beyond `delta`.

    The other parameters are those of :func:`mse_loss`.

    Parameters
    ----------
    delta : float, default 1
        Where the parabola ``e² / 2`` goes over into the line ``delta (|e| - delta / 2)``.

    Returns
    -------
    Tensor
        A single number, or one for each element.

    Raises
    ------
    ValueError
        If the shapes differ or `delta` is not positive.

    References
    ----------
    P. J. Huber, "Robust estimation of a location parameter", Annals of Mathematical Statistics
    35(1), 1964.
    """
    same_shape(input, target, "huber_loss")
    if delta <= 0:
        raise ValueError(f"delta: expected a positive number, got {delta}")
    error = elementwise.Sub.apply(input, target)
    size = error.abs()
    near = size <= delta
    small = where(near, error, 0.0)  # 0 times an infinite error would be a slope of NaN
    losses = where(near, 0.5 * small * small, delta * (size - 0.5 * delta))
    return reduced(losses, reduction)


def smooth_l1_loss(
    input: Operand, target: Operand, reduction: Reduction = "mean", beta: float = 1.0
) -> Tensor:
    """Return the absolute error, rounded off within `beta` of zero.

    The other parameters are those of :func:`mse_loss`.

    Parameters
    ----------
    beta : float, default 1
        Width of the parabola ``e² / (2 beta)``; 0 gives the absolute error.

    Returns
    -------
    Tensor
        :func:`huber_loss` divided by its `delta`.

    Raises
    ------
    ValueError
        If the shapes differ or `beta` is negative.
    """
    same_shape(input, target, "smooth_l1_loss")
    if beta < 0:
        raise ValueError(f"beta: expected a number of at least 0, got {beta}")
    if beta == 0:
        return l1_loss(input, target, reduction)
    return huber_loss(input, target, reduction, beta) / beta


@wide
def kl_div(
    input: Operand,
    target: Operand,
    reduction: Literal["none", "mean", "sum", "batchmean"] = "mean",
    log_target: bool = False,
) -> Tensor:
    """Return the Kullback-Leibler divergence of a target distribution from a prediction.

    Parameters
    ----------
    input : Tensor
        Predicted log-probabilities.
    target : Tensor
        True probabilities, or their logarithms if `log_target`, in the shape of `input`.
    reduction : {"mean", "batchmean", "sum", "none"}, default "mean"
        Average over all elements or over the first axis, sum, or keep the elements. The
        divergence itself is ``"batchmean"``; torch's default is the plain mean.
    log_target : bool, default False
        Whether `target` holds logarithms.

    Returns
    -------
    Tensor
        ``target (log target - input)``, which is 0 where the target is 0.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    same_shape(input, target, "kl_div")
    x = as_tensor(input)
    t = as_tensor(target, x.dtype)
    if log_target:
        losses = t.exp() * (t - x)
    else:
        nowhere = (t.data == 0) & np.isneginf(x.data)  # 0 log 0 is taken to be 0
        x = where(nowhere, 0.0, x) if nowhere.any() else x
        none = t == 0  # and NaN where a target is no probability: below 0, or NaN itself
        losses = where(none, -t * x, t * (where(none, 1.0, t).log() - x))
    if reduction == "batchmean":
        return losses.sum() / max(x.shape[0] if x.ndim else 1, 1)
    return reduced(losses, reduction)


@wide
def cosine_similarity(x1: Operand, x2: Operand, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """Return the cosine of the angle between vectors.

    Parameters
    ----------
    x1, x2 : Tensor
        Vectors along axis `dim`; all axes broadcast, and `dim` counts them afterwards.
    dim : int, default 1
        The axis of the components.
    eps : float, default 1e-8
        The least length that a vector is taken to have.

    Returns
    -------
    Tensor
        ``<x1, x2> / (|x1| |x2|)``, without axis `dim`.
    """
    a, b = as_floating(x1), as_floating(x2)
    shape = np.broadcast_shapes(a.shape, b.shape)
    a, b = (x if x.shape == shape else x.expand(shape) for x in (a, b))
    product = (a * b).sum(dim)
    return product / (_length(a, dim, eps) * _length(b, dim, eps))


def _length(x: Tensor, dim: int, eps: float) -> Tensor:
    """Length, at least `eps`; clamped before the root, whose slope at 0 is not finite."""
    return (x * x).sum(dim).clamp(min=eps * eps).sqrt()


def cosine_embedding_loss(
    input1: Operand,
    input2: Operand,
    target: Operand,
    margin: float = 0.0,
    reduction: Reduction = "mean",
) -> Tensor:
    """Return a loss that turns pairs of vectors together or apart.

    Parameters
    ----------
    input1, input2 : Tensor, shape (N, D) or (D,)
        The pairs.
    target : Tensor, shape (N,) or ()
        1 for pairs that belong together, -1 for those that do not.
    margin : float, default 0
        Cosine up to which a pair that does not belong together costs nothing.
    reduction : {"mean", "sum", "none"}, default "mean"
        Average or sum over the pairs, or keep them.

    Returns
    -------
    Tensor
        ``1 - cos`` for target 1, ``max(0, cos - margin)`` for target -1.

    Raises
    ------
    ValueError
        If a target is neither 1 nor -1.
    """
    signs = array_of(target)
    if not np.isin(signs, (1, -1)).all():
        raise ValueError("cosine_embedding_loss: target must hold 1 and -1 alone")
    cosine = cosine_similarity(input1, input2, dim=-1)
    return reduced(where(signs == 1, 1 - cosine, (cosine - margin).relu()), reduction)


def same_shape(input: Any, target: Any, name: str) -> None:
    """Refuse a target that would be broadcast against its prediction."""
    a, b = array_of(input).shape, array_of(target).shape
    if a != b:
        raise ValueError(f"{name}: input and target must have one shape, got {a} and {b}")


def reduced(losses: Tensor, reduction: str) -> Tensor:
    """Average, sum or keep the losses."""
    if checked(reduction) == "mean":
        return losses.mean()
    return losses.sum() if reduction == "sum" else losses


def checked(reduction: str) -> str:
    """Return a reduction as it is, and refuse what is none."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"reduction: expected 'mean', 'sum' or 'none', got {reduction!r}")
    return reduction
