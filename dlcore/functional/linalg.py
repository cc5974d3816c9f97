"""Matrix products."""

from typing import Any

from numpy.typing import NDArray

from dlcore.function import Operand
from dlcore.ops import linalg
from dlcore.tensor import Tensor, as_tensor


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
    if bias is None:
        return linalg.Linear.apply(input, weight)
    return linalg.Linear.apply(input, weight, bias)


def bilinear(
    input1: Operand, input2: Operand, weight: Operand, bias: Operand | None = None
) -> Tensor:
    """Combine two inputs by a product with a matrix for each output.

    Parameters
    ----------
    input1 : Tensor, shape (..., in1_features)
        The first inputs.
    input2 : Tensor, shape (..., in2_features)
        The second inputs, with the same leading axes.
    weight : Tensor, shape (out_features, in1_features, in2_features)
        The matrices.
    bias : Tensor, shape (out_features,), optional
        Added to the products.

    Returns
    -------
    Tensor, shape (..., out_features)
        ``x1ᵀ W_k x2 + b_k`` for each output k.

    Raises
    ------
    ValueError
        If shapes do not fit.
    """
    x1, x2, w = (as_tensor(x) for x in (input1, input2, weight))
    if w.ndim != 3 or x1.shape[-1:] != w.shape[1:2] or x2.shape[-1:] != w.shape[2:]:
        raise ValueError(
            "bilinear: expected last axes of in1_features and in2_features for weight of shape "
            f"(out_features, in1_features, in2_features), got {x1.shape}, {x2.shape} and {w.shape}"
        )
    if x1.shape[:-1] != x2.shape[:-1]:
        raise ValueError(f"bilinear: leading axes must be equal, got {x1.shape} and {x2.shape}")
    n_out, n1, n2 = w.shape
    left = linear(x1, w.permute(0, 2, 1).reshape(n_out * n2, n1))  # (..., out * in2)
    out = (left.reshape(*x1.shape[:-1], n_out, n2) * x2.unsqueeze(-2)).sum(-1)
    return out if bias is None else out + bias


def along_axis(input: Tensor, matrix: NDArray[Any], axis: int) -> Tensor:
    """Multiply every line of `input` along `axis` by one constant matrix.

    Parameters
    ----------
    input : Tensor
        With n elements along `axis`.
    matrix : numpy.ndarray, shape (m, n)
        The linear map.
    axis : int
        The axis.

    Returns
    -------
    Tensor
        With m elements along `axis`.
    """
    last = input.transpose(axis, -1)
    rows = last.reshape(-1, matrix.shape[1])  # one product; NumPy would make one for each image
    out = linalg.Linear.apply(rows, matrix.astype(input.dtype))
    return out.reshape(*last.shape[:-1], matrix.shape[0]).transpose(axis, -1)
