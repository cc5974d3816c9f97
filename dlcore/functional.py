"""What people call: functions on Tensors, with the names and arguments of ``torch``.

Module ``dlcore.functional``, usually imported as ``F``, answers to ``torch.nn.functional``; the
functions that torch keeps at its top level (``stack``, ``where``, ``randn``) are found in
``dlcore`` too.
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from dlcore import ops
from dlcore.function import array_of
from dlcore.operators import flat
from dlcore.random import default_rng
from dlcore.tensor import Tensor

Reduction = Literal["none", "mean", "sum"]
Operand = Tensor | ArrayLike


# Making Tensors


def zeros(*shape: Any, dtype: DTypeLike = np.float32, requires_grad: bool = False) -> Tensor:
    """Make a Tensor of zeros.

    Parameters
    ----------
    *shape : int or tuple of int
        Length of each axis.
    dtype : dtype_like, default float32
        Kind of number.
    requires_grad : bool, default False
        Whether gradients with respect to the result are wanted.

    Returns
    -------
    Tensor
        Zeros of `shape`.
    """
    return Tensor(np.zeros(flat(shape), dtype), requires_grad)


def ones(*shape: Any, dtype: DTypeLike = np.float32, requires_grad: bool = False) -> Tensor:
    """Make a Tensor of ones; parameters as in :func:`zeros`."""
    return Tensor(np.ones(flat(shape), dtype), requires_grad)


def full(
    shape: tuple[int, ...],
    fill_value: float,
    dtype: DTypeLike = np.float32,
    requires_grad: bool = False,
) -> Tensor:
    """Make a Tensor of `shape` with `fill_value` at every place."""
    return Tensor(np.full(shape, fill_value, dtype), requires_grad)


def eye(n: int, m: int | None = None, dtype: DTypeLike = np.float32) -> Tensor:
    """Make a matrix of `n` rows and `m` columns (`n` by default) with ones on its diagonal."""
    return Tensor(np.eye(n, m, dtype=dtype))


def arange(
    start: float, end: float | None = None, step: float = 1, dtype: DTypeLike | None = None
) -> Tensor:
    """Make the numbers from `start` up to, not including, `end`; integers become int64."""
    low, high = (0, start) if end is None else (start, end)
    numbers: Any = np.arange(low, high, step)
    if dtype is None:
        dtype = np.float32 if numbers.dtype.kind == "f" else np.int64
    return Tensor(numbers.astype(dtype))


def rand(
    *shape: Any,
    rng: np.random.Generator | None = None,
    dtype: DTypeLike = np.float32,
    requires_grad: bool = False,
) -> Tensor:
    """Draw from the uniform distribution on [0, 1).

    Parameters
    ----------
    *shape : int or tuple of int
        Length of each axis.
    rng : numpy.random.Generator, optional
        Source of randomness; the one that :func:`dlcore.seed` sets by default.
    dtype : dtype_like, default float32
        Either float32 or float64.
    requires_grad : bool, default False
        Whether gradients with respect to the result are wanted.

    Returns
    -------
    Tensor
        Independent samples of `shape`.
    """
    return Tensor(default_rng(rng).random(flat(shape)).astype(dtype), requires_grad)


def randn(
    *shape: Any,
    rng: np.random.Generator | None = None,
    dtype: DTypeLike = np.float32,
    requires_grad: bool = False,
) -> Tensor:
    """Draw from the normal distribution with mean 0 and variance 1; parameters as in `rand`."""
    return Tensor(default_rng(rng).standard_normal(flat(shape)).astype(dtype), requires_grad)


# Joining, choosing, multiplying


def cat(tensors: Sequence[Operand], dim: int = 0) -> Tensor:
    """Join Tensors along an axis that they have.

    Parameters
    ----------
    tensors : sequence of Tensor
        Of equal shape but for axis `dim`.
    dim : int, default 0
        The axis.

    Returns
    -------
    Tensor
        The Tensors one behind the other.
    """
    return ops.shape.Concatenate.apply(*tensors, axis=dim)


def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join Tensors of equal shape along a new axis `dim`."""
    shapes = {t.shape for t in tensors}
    if len(shapes) != 1:
        raise ValueError(f"stack: expected Tensors of one shape, got {sorted(shapes)}")
    return cat([t.unsqueeze(dim) for t in tensors], dim)


def where(condition: Operand, input: Operand, other: Operand) -> Tensor:
    """Take `input` where `condition` holds, and `other` elsewhere."""
    return ops.elementwise.Where.apply(input, other, condition=array_of(condition).astype(bool))


def maximum(input: Operand, other: Operand) -> Tensor:
    """Return the larger of two elements at each place; ties share the gradient."""
    return ops.elementwise.Maximum.apply(input, other)


def minimum(input: Operand, other: Operand) -> Tensor:
    """Return the smaller of two elements at each place; ties share the gradient."""
    return ops.elementwise.Minimum.apply(input, other)


def matmul(input: Operand, other: Operand) -> Tensor:
    """Return the matrix product; leading axes broadcast."""
    return ops.linalg.MatMul.apply(input, other)


def exp(input: Operand) -> Tensor:
    """Return e to the power of each element."""
    return ops.elementwise.Exp.apply(input)


def log(input: Operand) -> Tensor:
    """Return the natural logarithm of each element."""
    return ops.elementwise.Log.apply(input)


def sqrt(input: Operand) -> Tensor:
    """Return the square root of each element."""
    return ops.elementwise.Sqrt.apply(input)


def sin(input: Operand) -> Tensor:
    """Return the sine of each element, in radians."""
    return ops.elementwise.Sin.apply(input)


def cos(input: Operand) -> Tensor:
    """Return the cosine of each element, in radians."""
    return ops.elementwise.Cos.apply(input)


# Layers without weights of their own


def linear(input: Operand, weight: Operand, bias: Operand | None = None) -> Tensor:
    """Apply an affine map to the last axis.

    Parameters
    ----------
    input : Tensor, shape (..., in_features)
        One example a row.
    weight : Tensor, shape (out_features, in_features)
        The matrix W.
    bias : Tensor, shape (out_features,), optional
        The vector b.

    Returns
    -------
    Tensor, shape (..., out_features)
        ``input @ weight.T + bias``.

    Raises
    ------
    ValueError
        If the last axis of `input` is not as long as that of `weight`.
    """
    n_in, got = np.shape(array_of(weight))[-1], np.shape(array_of(input))
    if not got or got[-1] != n_in:
        raise ValueError(
            f"linear: last axis of input must be {n_in} (in_features), got shape {got}"
        )
    operands = (input, weight) if bias is None else (input, weight, bias)
    return ops.linalg.Linear.apply(*operands)


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
    return ops.activation.Relu.apply(input)


def sigmoid(input: Operand) -> Tensor:
    """Return ``1 / (1 + exp(-x))`` for each element."""
    return ops.activation.Sigmoid.apply(input)


def tanh(input: Operand) -> Tensor:
    """Return the hyperbolic tangent of each element."""
    return ops.activation.Tanh.apply(input)


def softmax(input: Operand, dim: int) -> Tensor:
    """Turn scores into probabilities that sum to 1 over axis `dim`.

    Parameters
    ----------
    input : Tensor
        Scores (logits).
    dim : int
        The axis of the classes.

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
    return ops.activation.Softmax.apply(input, axis=dim)


def log_softmax(input: Operand, dim: int) -> Tensor:
    """Return the logarithm of :func:`softmax`, computed without overflow."""
    return ops.activation.LogSoftmax.apply(input, axis=dim)


def one_hot(tensor: Operand, num_classes: int) -> Tensor:
    """Write class indices as rows with a single 1.

    Parameters
    ----------
    tensor : Tensor of int, any shape
        Indices from 0 to ``num_classes - 1``.
    num_classes : int
        Length of the new last axis.

    Returns
    -------
    Tensor of int64, shape (..., num_classes)
        Zeros, with a 1 at each index.

    Raises
    ------
    ValueError
        If an index lies outside the range.
    """
    indices = _class_indices(tensor, num_classes, "one_hot: tensor")
    return Tensor(np.eye(num_classes, dtype=np.int64)[indices])


# Losses


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
    error = ops.elementwise.Sub.apply(input, target)
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
    losses = ops.loss.CrossEntropy.apply(scores, truth, axis=axis)
    return _reduced(losses, reduction, "cross_entropy")


def _distribution(scores: Tensor, target: Tensor, axis: int) -> Tensor:
    """Write class indices as one-hot columns along the class axis of `scores`."""
    expected = scores.shape[:axis] + scores.shape[axis + 1 :]
    if target.shape != expected:
        raise ValueError(f"cross_entropy: target must have shape {expected}, got {target.shape}")
    indices = _class_indices(target, scores.shape[axis], "cross_entropy: target")
    q = np.zeros(scores.shape, scores.dtype)
    np.put_along_axis(q, np.expand_dims(indices, axis), 1, axis)
    return Tensor(q)


def _class_indices(target: Operand, num_classes: int, what: str) -> Any:
    indices = array_of(target)
    if indices.dtype.kind not in "iu":
        raise TypeError(f"{what} must hold class indices (integers), got {indices.dtype}")
    if indices.size and (indices.min() < 0 or indices.max() >= num_classes):
        raise ValueError(
            f"{what} must lie between 0 and {num_classes - 1}, "
            f"got values from {indices.min()} to {indices.max()}"
        )
    return indices


def _reduced(losses: Tensor, reduction: Reduction, name: str) -> Tensor:
    if reduction == "mean":
        return losses.mean()
    if reduction == "sum":
        return losses.sum()
    if reduction == "none":
        return losses
    raise ValueError(f"{name}: reduction must be 'mean', 'sum' or 'none', got {reduction!r}")
