"""Losses: how far a prediction is from the truth."""

from typing import Literal

import numpy as np

from dlcore.function import Operand, array_of
from dlcore.functional.index import class_indices
from dlcore.ops import elementwise, loss
from dlcore.tensor import Tensor

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
    a, b = np.shape(array_of(input)), np.shape(array_of(target))
    if a != b:
        raise ValueError(f"mse_loss: input and target must have one shape, got {a} and {b}")
    error = elementwise.Sub.apply(input, target)
    return _reduced(error * error, reduction, "mse_loss")


def cross_entropy(
    input: Operand,
    target: Operand,
    reduction: Reduction = "mean",
) -> Tensor:
    """Return the cross-entropy of class scores against the true classes.

    Parameters
    ----------
    input : Tensor, shape (N, C) or (N, C, ...) or (C,)
        Scores (logits), not probabilities.
    target : Tensor
        Class indices (integers) in the shape of `input` without its class axis, or class
        probabilities (floating) in the shape of `input`.
    reduction : {"mean", "sum", "none"}, default "mean"
        Average or sum over the examples, or keep them.

    Returns
    -------
    Tensor
        A single number, in nats, or one for each example.

    Raises
    ------
    ValueError
        If shapes do not fit, or an index lies outside the classes.

    Notes
    -----
    ``-log softmax(input)[target]``; its gradient is softmax minus the one-hot target. Derived in
    Chapter 6.

    Examples
    --------
    >>> import dlcore as dl, dlcore.functional as F
    >>> logits = dl.tensor([[2.0, 0.0], [0.0, 0.0]])
    >>> print(f"{F.cross_entropy(logits, [0, 1]).item():.4f}")
    0.4100
    """
    scores = input if isinstance(input, Tensor) else Tensor(input)
    if scores.ndim == 0:
        raise ValueError("cross_entropy: input needs an axis of classes, got a single number")
    axis = 0 if scores.ndim == 1 else 1
    truth = target if isinstance(target, Tensor) else Tensor(np.asarray(target))
    if truth.dtype.kind == "f":
        if truth.shape != scores.shape:
            raise ValueError(
                f"cross_entropy: probabilities must have the shape of input, {scores.shape}, "
                f"got {truth.shape}; class indices must be integers"
            )
    else:
        truth = _distribution(scores, truth, axis)
    losses = loss.CrossEntropy.apply(scores, truth, axis=axis)
    return _reduced(losses, reduction, "cross_entropy")


def _distribution(scores: Tensor, target: Tensor, axis: int) -> Tensor:
    """Write class indices as one-hot columns along the class axis of `scores`."""
    expected = scores.shape[:axis] + scores.shape[axis + 1 :]
    if target.shape != expected:
        raise ValueError(f"cross_entropy: target must have shape {expected}, got {target.shape}")
    indices = class_indices(target, scores.shape[axis], "cross_entropy: target")
    q = np.zeros(scores.shape, scores.dtype)
    np.put_along_axis(q, np.expand_dims(indices, axis), 1, axis)
    return Tensor(q)


def _reduced(losses: Tensor, reduction: Reduction, name: str) -> Tensor:
    if reduction == "mean":
        return losses.mean()
    if reduction == "sum":
        return losses.sum()
    if reduction == "none":
        return losses
    raise ValueError(f"{name}: reduction must be 'mean', 'sum' or 'none', got {reduction!r}")
