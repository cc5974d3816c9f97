"""Losses for classes: cross-entropy in its forms, from probabilities and from scores."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.function import Operand, array_of
from dlcore.functional.activation import sigmoid, softplus
from dlcore.functional.elementwise import where
from dlcore.functional.index import class_indices
from dlcore.functional.loss import Reduction, checked, reduced, same_shape
from dlcore.methods import wide
from dlcore.ops import loss
from dlcore.tensor import Tensor, as_floating, as_tensor


@wide
def binary_cross_entropy(
    input: Operand,
    target: Operand,
    weight: Operand | None = None,
    reduction: Reduction = "mean",
) -> Tensor:
    """Return the cross-entropy of probabilities against yes (1) and no (0).

    Parameters
    ----------
    input : Tensor
        Probabilities of yes, between 0 and 1. For scores use
        :func:`binary_cross_entropy_with_logits`, which is stabler.
    target : Tensor
        Truth, between 0 and 1, in the shape of `input`.
    weight : Tensor, optional
        Factor for each element.
    reduction : {"mean", "sum", "none"}, default "mean"
        Average or sum over all elements, or keep them.

    Returns
    -------
    Tensor
        ``-(t log p + (1 - t) log(1 - p))``, with logarithms cut off at -100.

    Raises
    ------
    ValueError
        If a probability lies outside [0, 1], or if the shapes differ.
    """
    same_shape(input, target, "binary_cross_entropy")
    p = as_tensor(input)
    if p.numel() and not (p.data.min() >= 0 and p.data.max() <= 1):
        raise ValueError(
            "binary_cross_entropy: input must hold probabilities between 0 and 1, got values "
            f"from {p.data.min():.4g} to {p.data.max():.4g}; for scores use "
            "binary_cross_entropy_with_logits"
        )
    t = as_tensor(target, p.dtype)
    losses = -(t * _log_from_below(p) + (1 - t) * _log_from_below(1 - p))
    return reduced(losses if weight is None else losses * weight, reduction)


def _log_from_below(p: Tensor) -> Tensor:
    """Logarithm cut off at -100, where it is steep, as torch's, so that nothing gets stuck at 0."""
    above = p > math.exp(-100)
    return where(above, where(above, p, 1.0).log(), 1e12 * p - 100)


@wide
def binary_cross_entropy_with_logits(
    input: Operand,
    target: Operand,
    weight: Operand | None = None,
    reduction: Reduction = "mean",
    pos_weight: Operand | None = None,
) -> Tensor:
    """Return the cross-entropy of scores against yes (1) and no (0).

    The other parameters are those of :func:`binary_cross_entropy`.

    Parameters
    ----------
    input : Tensor
        Scores (logits): the sigmoid of a score is the probability of yes.
    pos_weight : Tensor, optional
        Factor for the elements that are yes.

    Returns
    -------
    Tensor
        ``softplus(x) - t x``, which never overflows.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    same_shape(input, target, "binary_cross_entropy_with_logits")
    x = as_tensor(input)
    t = as_tensor(target, x.dtype)
    if weight is None and pos_weight is None:
        return loss.BinaryCrossEntropyWithLogits.apply(x, t, reduction=checked(reduction))
    yes = softplus(-x, threshold=float("inf"))
    if pos_weight is not None:
        yes = yes * (1 + t * (array_of(pos_weight).astype(x.dtype) - 1))
    losses = (1 - t) * x + yes
    return reduced(losses if weight is None else losses * weight, reduction)


@wide
def nll_loss(
    input: Operand,
    target: Operand,
    weight: Operand | None = None,
    ignore_index: int = -100,
    reduction: Reduction = "mean",
) -> Tensor:
    """Return the negative log-likelihood of the true classes.

    Parameters
    ----------
    input : Tensor, shape (N, C) or (N, C, ...) or (C,)
        Log-probabilities, as :func:`log_softmax` gives them.
    target : Tensor of int
        Class indices, in the shape of `input` without its class axis.
    weight : Tensor, shape (C,), optional
        Factor for each class.
    ignore_index : int, default -100
        Examples of this class do not count.
    reduction : {"mean", "sum", "none"}, default "mean"
        Average (by weight) or sum over the examples, or keep them.

    Returns
    -------
    Tensor
        A single number, or one for each example.

    Raises
    ------
    ValueError
        If shapes do not fit, or an index lies outside the classes.
    """
    log_p = as_floating(input)
    axis = _class_axis(log_p, "nll_loss")
    q, total, _ = _distribution(
        log_p, target, weight=weight, ignore_index=ignore_index, smoothing=0.0, axis=axis,
        name="nll_loss",
    )  # fmt: skip
    counted = where(q != 0, log_p, 0.0)  # 0 times minus infinity would be NaN
    return _averaged(-(counted * Tensor(q)).sum(axis), total, reduction)


@wide
def cross_entropy(
    input: Operand,
    target: Operand,
    weight: Operand | None = None,
    ignore_index: int = -100,
    reduction: Reduction = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Return the cross-entropy of class scores against the true classes.

    The other parameters are those of :func:`nll_loss`.

    Parameters
    ----------
    input : Tensor, shape (N, C) or (N, C, ...) or (C,)
        Scores (logits), not probabilities.
    target : Tensor
        Class indices (integers) in the shape of `input` without its class axis, or class
        probabilities (floating) in the shape of `input`.
    ignore_index : int, default -100
        Examples with this index do not count.
    label_smoothing : float, default 0
        Share of each target that is spread evenly over all classes.

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
    ``-log softmax(input)[target]``; its gradient is softmax minus the one-hot target. Arguments
    are torch's, without those that torch has deprecated. Derived in Chapter 3; the form that
    does not overflow, in Chapter 7.

    Examples
    --------
    >>> import dlcore as dl, dlcore.functional as F
    >>> logits = dl.tensor([[2.0, 0.0], [0.0, 0.0]])
    >>> print(f"{F.cross_entropy(logits, [0, 1]).item():.4f}")
    0.4100
    """
    scores = as_floating(input)
    axis = _class_axis(scores, "cross_entropy")
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"label_smoothing: expected a number from 0 to 1, got {label_smoothing}")
    found = array_of(target)
    if weight is None and not label_smoothing and _are_plain(scores, found, ignore_index):
        return loss.ClassCrossEntropy.apply(scores, target=found, reduction=checked(reduction))
    if found.dtype.kind == "f":
        if ignore_index >= 0:
            raise ValueError(
                f"ignore_index: expected class indices where one is ignored, got probabilities and "
                f"{ignore_index}; leave out the rows instead"
            )
        truth = as_tensor(target, scores.dtype)
        if truth.shape != scores.shape:
            raise ValueError(
                f"cross_entropy: probabilities must have the shape of input, {scores.shape}, "
                f"got {truth.shape}; class indices must be integers"
            )
        if label_smoothing:
            truth = truth * (1 - label_smoothing) + label_smoothing / scores.shape[axis]
        if weight is not None:
            truth = truth * _along(weight, scores, axis)
        total: Any = scores.numel() // max(scores.shape[axis], 1)
    else:
        q, total, counted = _distribution(
            scores, target, weight=weight, ignore_index=ignore_index, smoothing=label_smoothing,
            axis=axis, name="cross_entropy",
        )  # fmt: skip
        truth = Tensor(q)
        if not counted.all():  # scores that are ignored may be anything, NaN as well
            scores = where(np.expand_dims(counted, axis), scores, 0.0)
    return _averaged(loss.CrossEntropy.apply(scores, truth, axis=axis), total, reduction)


@wide
def sigmoid_focal_loss(
    inputs: Operand,
    targets: Operand,
    alpha: float = 0.25,
    gamma: float = 2,
    reduction: Reduction = "none",
) -> Tensor:
    """Return the focal loss: binary cross-entropy that plays down what is already right.

    Parameters
    ----------
    inputs : Tensor
        Scores (logits).
    targets : Tensor
        Truth, 0 or 1, in the shape of `inputs`.
    alpha : float, default 0.25
        Weight of yes, against ``1 - alpha`` for no; a negative number weighs both alike.
    gamma : float, default 2
        How much an example fades as its probability of being right approaches 1.
    reduction : {"none", "mean", "sum"}, default "none"
        Keep the elements, or average or sum over them.

    Returns
    -------
    Tensor
        ``-a_t (1 - p_t)^gamma log p_t``. Names and defaults are torchvision's.

    References
    ----------
    T.-Y. Lin, P. Goyal, R. Girshick, K. He and P. Dollár, "Focal loss for dense object detection",
    ICCV 2017.
    """
    x = as_tensor(inputs)
    t = as_tensor(targets, x.dtype)
    ce = binary_cross_entropy_with_logits(x, t, reduction="none")
    p = sigmoid(x)
    wrong = p * (1 - t) + (1 - p) * t
    losses = ce * wrong**gamma
    if alpha >= 0:
        losses = losses * (alpha * t + (1 - alpha) * (1 - t))
    return reduced(losses, reduction)


def _class_axis(scores: Tensor, name: str) -> int:
    if scores.ndim == 0:
        raise ValueError(f"{name}: input needs an axis of classes, got a single number")
    return 0 if scores.ndim == 1 else 1


def _are_plain(scores: Tensor, indices: NDArray[Any], ignore_index: int) -> bool:
    """Tell whether every row of `scores` has a class that counts: the case of every day."""
    if scores.ndim != 2 or indices.dtype.kind not in "iu" or indices.shape != scores.shape[:1]:
        return False
    if not indices.size or 0 <= ignore_index < scores.shape[1]:
        return False
    return bool(indices.min() >= 0 and indices.max() < scores.shape[1])


def _along(weight: Operand, scores: Tensor, axis: int) -> NDArray[Any]:
    array = array_of(weight)
    if array.shape != (scores.shape[axis],):
        raise ValueError(f"weight: expected shape ({scores.shape[axis]},), got {array.shape}")
    return array.astype(scores.dtype).reshape(-1, *[1] * (scores.ndim - 1 - axis))


def _distribution(
    scores: Tensor,
    target: Operand,
    *,
    weight: Operand | None,
    ignore_index: int,
    smoothing: float,
    axis: int,
    name: str,
) -> tuple[NDArray[Any], Any, NDArray[np.bool_]]:
    """Write class indices as columns of a target distribution, with the weight of all examples.

    Which examples count comes third.

    Ignored examples have a column of zeros, weights scale the columns, and smoothing spreads a
    share of each over all classes: one formula then serves every kind of target.
    """
    indices, classes = array_of(target), scores.shape[axis]
    expected = scores.shape[:axis] + scores.shape[axis + 1 :]
    if indices.shape != expected:
        raise ValueError(f"{name}: target must have shape {expected}, got {indices.shape}")
    counted = indices != ignore_index
    places = class_indices(np.where(counted, indices, 0), classes, f"{name}: target")
    q = np.zeros(scores.shape, scores.dtype)
    np.put_along_axis(q, np.expand_dims(places, axis), 1 - smoothing, axis)
    if smoothing:
        q += smoothing / classes
    by_class: Any = 1.0
    if weight is not None:
        by_class = array_of(weight).astype(scores.dtype)
        q *= _along(weight, scores, axis)
        by_class = by_class[places]
    q *= np.expand_dims(counted, axis)
    return q, np.sum(counted * by_class, dtype=scores.dtype), counted


def _averaged(losses: Tensor, total: Any, reduction: Reduction) -> Tensor:
    if reduction == "mean":
        if total == 0:
            raise ValueError("mean: no example counts; the batch is empty or wholly ignored")
        return losses.sum() / float(total)
    return reduced(losses, reduction)
