"""Class indices, and rows with a single 1."""

from typing import Any

import numpy as np

from dlcore.function import Operand, array_of
from dlcore.ops import elementwise, index
from dlcore.tensor import Tensor, as_tensor


def one_hot(tensor: Operand, num_classes: int = -1) -> Tensor:
    """Write class indices as rows with a single 1.

    Parameters
    ----------
    tensor : Tensor of int, any shape
        Indices from 0 to ``num_classes - 1``.
    num_classes : int, default -1
        Length of the new last axis; -1 takes the largest index, and one more.

    Returns
    -------
    Tensor of int64, shape (..., num_classes)
        Zeros, with a 1 at each index.

    Raises
    ------
    ValueError
        If an index lies outside the range, or if `num_classes` is left to no indices at all.
    """
    if num_classes == -1:
        given = array_of(tensor)
        if not given.size:
            raise ValueError("one_hot: num_classes must be given if tensor is empty")
        num_classes = int(given.max()) + 1
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
