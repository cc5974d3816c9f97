"""Class indices, and rows with a single 1."""

from typing import Any

import numpy as np

from dlcore.function import Operand, array_of
from dlcore.ops import elementwise, index
from dlcore.random import default_rng
from dlcore.selection import TopK
from dlcore.tensor import Tensor, as_tensor


def one_hot(tensor: Operand, num_classes: int = -1) -> Tensor:
    """Write class indices as rows with a single 1.

    Parameters
    ----------
    tensor : Tensor of int, any shape
        Indices from 0 to ``num_classes - 1``.
    num_classes : int, default -1
        Length of the new last axis; -1 stands for one more than the largest index.

    Returns
    -------
    Tensor of int64, shape (..., num_classes)
        Zeros, with a 1 at each index.

    Raises
    ------
    ValueError
        If an index lies outside the range, or if no index tells how many classes there are.
    """
    if num_classes == -1:
        if array_of(tensor).size == 0:
            raise ValueError("one_hot: num_classes cannot be told from no index; give their number")
        num_classes = int(array_of(tensor).max()) + 1
    indices = class_indices(tensor, num_classes, "one_hot: tensor")
    return Tensor(np.eye(num_classes, dtype=np.int64)[indices])


def embedding(input: Operand, weight: Operand, padding_idx: int | None = None) -> Tensor:
    """Look up rows of a table.

    Parameters
    ----------
    input : Tensor of int, any shape
        Numbers of rows, from 0 to ``num_embeddings - 1``.
    weight : Tensor, shape (num_embeddings, embedding_dim)
        The table.
    padding_idx : int, optional
        A row that stands for nothing: no gradient flows to it. Counted from the end if negative.

    Returns
    -------
    Tensor, shape (..., embedding_dim)
        A row for each number.

    Raises
    ------
    TypeError
        If `input` does not hold integers.
    ValueError
        If a number lies outside the table.

    Notes
    -----
    The same as ``one_hot(input) @ weight``, without the zeros: a row receives the sum of the
    gradients of all places where it was used. Derived in Chapter 15.
    """
    table = as_tensor(weight)
    if table.ndim != 2:
        raise ValueError(f"embedding: weight must have 2 axes, got shape {table.shape}")
    rows = class_indices(input, table.shape[0], "embedding: input")
    out = index.GetItem.apply(table, index=rows)
    if padding_idx is None:
        return out
    if not -table.shape[0] <= padding_idx < table.shape[0]:
        raise ValueError(f"padding_idx: expected a row of {table.shape[0]}, got {padding_idx}")
    padded = (rows == padding_idx % table.shape[0])[..., None]
    return elementwise.Where.apply(out.detach(), out, condition=padded) if padded.any() else out


def topk(input: Operand, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> TopK:
    """Return the `k` largest (or smallest) elements along an axis, and their places.

    Parameters
    ----------
    input : Tensor
        Any shape with an axis.
    k : int
        How many; at most the length of the axis.
    dim : int, default -1
        The axis.
    largest : bool, default True
        Whether the largest are wanted, or else the smallest. NaN counts as the largest.
    sorted : bool, default True
        The result is in order in any case; of equal elements the first comes first.

    Returns
    -------
    values : Tensor
        The elements; gradients go back to where they were found.
    indices : Tensor of int64
        Their places along the axis.

    Raises
    ------
    ValueError
        If the axis is shorter than `k`.

    Examples
    --------
    >>> import dlcore as dl
    >>> values, indices = dl.topk(dl.tensor([0.1, 0.7, 0.2]), 2)
    >>> indices.tolist()
    [1, 2]
    """
    return as_tensor(input).topk(k, dim, largest, sorted)


def multinomial(
    input: Operand,
    num_samples: int,
    replacement: bool = False,
    *,
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Draw class indices, each with a probability in proportion to its weight.

    Parameters
    ----------
    input : Tensor, shape (C,) or (N, C)
        Weights from 0 up; they need not sum to 1.
    num_samples : int
        How many indices to draw from each row.
    replacement : bool, default False
        Whether one index may be drawn more than once.
    rng : numpy.random.Generator, optional
        Source of randomness; the one that :func:`dlcore.seed` sets by default.

    Returns
    -------
    Tensor of int64, shape (num_samples,) or (N, num_samples)
        The indices, in the order in which they were drawn.

    Raises
    ------
    ValueError
        If a weight is negative, infinite or NaN, if a row has none above 0, or, without
        replacement, fewer than `num_samples`.

    Examples
    --------
    >>> import dlcore as dl
    >>> dl.multinomial(dl.tensor([0.0, 3.0, 0.0]), 2, replacement=True).tolist()
    [1, 1]
    """
    weights = array_of(input).astype(np.float64)
    if weights.ndim not in (1, 2) or num_samples < 1:
        raise ValueError(
            "multinomial: expected weights of shape (C,) or (N, C) and at least one sample, got "
            f"shape {weights.shape} and num_samples {num_samples}"
        )
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise ValueError("multinomial: expected finite weights from 0 up; softmax makes such")
    least = 1 if replacement else num_samples
    if (np.count_nonzero(weights, axis=-1) < least).any():
        raise ValueError(
            f"multinomial: expected at least {least} weights above 0 in each row"
            + ("" if replacement else "; or draw with replacement=True")
        )
    draw = _with_replacement if replacement else _without_replacement
    return Tensor(draw(weights, num_samples, default_rng(rng)))


def _with_replacement(weights: Any, count: int, rng: np.random.Generator) -> Any:
    """Lay the weights end to end and look where points of the whole length fall."""
    ends = np.cumsum(weights / weights.max(axis=-1, keepdims=True), axis=-1)
    points = rng.random((*weights.shape[:-1], count)) * ends[..., -1:]
    rows = zip(ends.reshape(-1, weights.shape[-1]), points.reshape(-1, count), strict=True)
    found = [np.minimum(np.searchsorted(e, p, "right"), _last(e)) for e, p in rows]
    return np.array(found, np.int64).reshape(points.shape)


def _last(ends: Any) -> Any:
    """Return the last place with a weight: a point may be rounded up to the very end."""
    return np.searchsorted(ends, ends[-1], "left")


def _without_replacement(weights: Any, count: int, rng: np.random.Generator) -> Any:
    """Let an exponential clock run for each weight, as fast as it is large; the first ones win."""
    with np.errstate(divide="ignore"):
        times = rng.standard_exponential(weights.shape) / weights
    return np.argsort(times, axis=-1, kind="stable")[..., :count].astype(np.int64)


def class_indices(target: Operand, num_classes: int, what: str) -> Any:
    """Return class indices as an array, or say what is wrong with them."""
    indices = array_of(target)
    if indices.dtype.kind not in "iu":
        raise TypeError(f"{what} must hold class indices (integers), got {indices.dtype}")
    if indices.size and (indices.min() < 0 or indices.max() >= num_classes):
        raise ValueError(
            f"{what} must lie between 0 and {num_classes - 1}, "
            f"got values from {indices.min()} to {indices.max()}"
        )
    return indices
