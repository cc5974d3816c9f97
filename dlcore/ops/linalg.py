"""Matrix products."""

import warnings
from typing import Any

import numpy as np

from dlcore.function import Function
from dlcore.tape import Context

# Some kernels of OpenBLAS multiply the unused lanes of their registers too, and NumPy then warns of
# an invalid value where no number of the product is one. As in torch, NaN passes without a word.
warnings.filterwarnings(
    "ignore", "invalid value encountered in matmul", RuntimeWarning, module=r"dlcore\."
)


class MatMul(Function, name="matmul", numpy=np.matmul):
    """Matrix product, ``x y``: gradients ``g yᵀ, xᵀ g``, tangent ``dx y + x dy``.

    Notes
    -----
    ``x`` is (..., n, k) and ``y`` is (..., k, m); leading axes broadcast. A vector on the left is
    read as a row, one on the right as a column, as in ``numpy.matmul``.
    """

    floating = False
    multilinear = True

    @staticmethod
    def forward(ctx: Context, x: Any, y: Any) -> Any:
        if not x.ndim or not y.ndim or x.shape[-1] != y.shape[max(y.ndim - 2, 0)]:
            raise ValueError(
                "matmul: expected the last axis of x to be as long as the last but one of y, "
                f"got shapes {x.shape} and {y.shape}"
            )
        ctx.save(x, y)
        return np.matmul(x, y)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        x, y = ctx.saved
        need_x, need_y = ctx.needs_grad
        if x.ndim == 1:
            grad_out = grad_out[..., None, :] if y.ndim > 1 else grad_out
        if y.ndim == 1:
            grad_out = grad_out[..., None]  # now (..., n, 1), or (1,) between two vectors
        if x.ndim == y.ndim == 1:
            return grad_out * y, grad_out * x
        return (
            _rows(grad_out, x, y) if need_x else None,
            _columns(grad_out, x, y) if need_y else None,
        )

    @staticmethod
    def jvp(ctx: Context, dx: Any, dy: Any) -> Any:
        x, y = ctx.saved
        return np.matmul(dx, y) + np.matmul(x, dy)


def _rows(grad_out: Any, x: Any, y: Any) -> Any:
    """Compute ``g yᵀ``, a vector standing as a row on the left or a column on the right."""
    grad_x = np.matmul(grad_out, y.mT if y.ndim > 1 else y[None, :])
    return grad_x[..., 0, :] if x.ndim == 1 else grad_x


def _columns(grad_out: Any, x: Any, y: Any) -> Any:
    """Compute ``xᵀ g``, a vector standing as a row on the left or a column on the right."""
    grad_y = np.matmul(x.mT if x.ndim > 1 else x[:, None], grad_out)
    return grad_y[..., 0] if y.ndim == 1 else grad_y


class Linear(Function):
    """Affine layer, ``x Wᵀ + b``: gradients ``g W``, ``gᵀ x``, ``sum g``.

    Notes
    -----
    ``x`` is (..., in), ``W`` is (out, in) and ``b``, which may be left out, is (out,). The tangent
    is ``dx Wᵀ + x dWᵀ + db``. One primitive in place of three saves two passes over the result.
    """

    floating = False
    fresh = True
    multilinear = True

    @staticmethod
    def forward(ctx: Context, x: Any, weight: Any, *bias: Any) -> Any:
        if not x.ndim or weight.ndim != 2 or x.shape[-1] != weight.shape[1]:
            raise ValueError(
                f"linear: last axis of input must be {weight.shape[-1]} (in_features), "
                f"got shape {x.shape}"
            )
        ctx.save(x, weight)
        out = np.matmul(x, weight.T)
        for b in bias:
            out += b
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        x, weight = ctx.saved
        need_x, need_weight, *need_bias = ctx.needs_grad
        out_features, in_features = weight.shape
        flat = grad_out.reshape(-1, out_features)  # one row for each example
        grad_x = np.matmul(grad_out, weight) if need_x else None
        grad_weight = np.matmul(flat.T, x.reshape(-1, in_features)) if need_weight else None
        # A row of ones times g sums its rows in 5 us where np.sum takes 30 us, for g of (1000, 8).
        # np.ones is written in Python and takes four times as long as these two calls.
        ones: Any = np.empty(flat.shape[0], weight.dtype)
        ones.fill(1)
        return grad_x, grad_weight, *[np.matmul(ones, flat) if need else None for need in need_bias]

    @staticmethod
    def jvp(ctx: Context, dx: Any, dweight: Any, *dbias: Any) -> Any:
        x, weight = ctx.saved
        out = np.matmul(dx, weight.T) + np.matmul(x, dweight.T)
        return out + dbias[0] if dbias else out
