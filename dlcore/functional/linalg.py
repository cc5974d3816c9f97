"""Matrix products."""

import numpy as np

from dlcore.function import Operand, array_of
from dlcore.ops import linalg
from dlcore.tensor import Tensor


def matmul(input: Operand, other: Operand) -> Tensor:
    """Return the matrix product; leading axes broadcast."""
    return linalg.MatMul.apply(input, other)


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
    return linalg.Linear.apply(*operands)
