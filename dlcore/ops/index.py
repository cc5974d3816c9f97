"""Primitives that pick elements by index, and their mirror image."""

from typing import Any

import numpy as np

from dlcore.function import Function
from dlcore.tape import Context


class GetItem(Function, name="getitem"):
    """Selection, ``x[index]``: ``g`` is added back at the places that were read."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, *, index: Any) -> Any:
        ctx.index, ctx.shape = index, x.shape
        try:
            return x[index]
        except IndexError as error:
            raise IndexError(f"getitem: shape {x.shape} cannot be indexed: {error}") from None

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return PutAdd.on(grad_out, index=ctx.index, shape=ctx.shape)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return dx[ctx.index]


class PutAdd(Function):
    """Zeros of `shape` with ``x`` added at `index`: ``g`` is read at the same places.

    Notes
    -----
    The transpose of :class:`GetItem`. A place that stands in `index` twice receives both.
    """

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, *, index: Any, shape: tuple[int, ...]) -> Any:
        ctx.index, ctx.shape = index, shape
        out = np.zeros(shape, x.dtype)
        if _is_basic(index):
            out[index] = x  # no place is read twice, and assignment is faster than add.at
        else:
            np.add.at(out, index, x)
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return grad_out[ctx.index]

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return PutAdd.on(dx, index=ctx.index, shape=ctx.shape)


def _is_basic(index: Any) -> bool:
    """Whether `index` holds integers, slices, ellipses and new axes alone."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(
        part is None
        or part is Ellipsis
        or isinstance(part, slice)
        or (isinstance(part, int | np.integer) and not isinstance(part, bool))
        for part in parts
    )
