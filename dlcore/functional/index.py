"""Class indices, and rows with a single 1."""

from typing import Any

import numpy as np

from dlcore.function import Operand, array_of
from dlcore.tensor import Tensor


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
    indices = class_indices(tensor, num_classes, "one_hot: tensor")
    return Tensor(np.eye(num_classes, dtype=np.int64)[indices])


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
