"""Primitives that reduce axes: sum, mean, extremes and log-sum-exp.

`axis` is None (all axes), an integer or a tuple, and `keepdims` keeps reduced axes with length
one, as in NumPy. A gradient is spread back over the reduced axes.
"""

import math
from typing import Any

import numpy as np

from dlcore.function import Function
from dlcore.methods import place
from dlcore.tape import Context

Axis = int | tuple[int, ...] | None


def kept_shape(shape: tuple[int, ...], axis: Axis) -> tuple[int, ...]:
    """Shape after a reduction with ``keepdims=True``."""
    if axis is None:
        return (1,) * len(shape)
    given = axis if isinstance(axis, tuple) else (axis,)
    axes = {place(a, len(shape)) for a in given}
    if len(axes) < len(given):
        raise ValueError(f"dim: expected each axis once, got {axis}")
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def spread(grad_out: Any, ctx: Context) -> Any:
    """Put the reduced axes back, with length one, so that `grad_out` broadcasts."""
    return np.reshape(grad_out, ctx.kept)


class Sum(Function, numpy=np.sum):
    """Sum over `axis`: gradient ``g`` at every place, tangent ``sum(dx)``."""

    wide = True
    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        ctx.axis, ctx.keepdims = axis, keepdims
        ctx.shape, ctx.kept = x.shape, kept_shape(x.shape, axis)
        return np.sum(x, axis=axis, keepdims=keepdims)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return np.broadcast_to(spread(grad_out, ctx), ctx.shape)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return np.sum(dx, axis=ctx.axis, keepdims=ctx.keepdims)


class Mean(Function, numpy=np.mean):
    """Mean over `axis` of n elements: gradient ``g / n`` at every place, tangent ``mean(dx)``."""

    wide = True

    @staticmethod
    def forward(ctx: Context, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        ctx.axis, ctx.keepdims = axis, keepdims
        ctx.shape, ctx.kept = x.shape, kept_shape(x.shape, axis)
        ctx.count = math.prod(n for n, k in zip(x.shape, ctx.kept, strict=True) if n != k)
        if ctx.count == 0:
            raise ValueError(f"mean: expected at least one element, got shape {x.shape}")
        return np.mean(x, axis=axis, keepdims=keepdims)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return np.broadcast_to(spread(grad_out, ctx) / ctx.count, ctx.shape)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return np.mean(dx, axis=ctx.axis, keepdims=ctx.keepdims)


class Amax(Function, numpy=np.max):
    """Largest over `axis`: ``g`` goes to the largest elements, in equal shares."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        return _extreme(ctx, x, np.max, axis, keepdims)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return spread(grad_out, ctx) * ctx.share

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return np.sum(ctx.share * dx, axis=ctx.axis, keepdims=ctx.keepdims)


class Amin(Function, numpy=np.min):
    """Smallest over `axis`: ``g`` goes to the smallest elements, in equal shares."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        return _extreme(ctx, x, np.min, axis, keepdims)

    backward, jvp = Amax.backward, Amax.jvp  # both follow the shares


def _extreme(ctx: Context, x: Any, reduce: Any, axis: Axis, keepdims: bool) -> Any:
    ctx.axis, ctx.keepdims, ctx.kept = axis, keepdims, kept_shape(x.shape, axis)
    if math.prod(x.shape) == 0 and math.prod(ctx.kept) > 0:
        raise ValueError(f"{ctx.function.name}: no element to choose from in shape {x.shape}")
    out = reduce(x, axis=axis, keepdims=True)
    at = x == out
    dtype = x.dtype if x.dtype.kind == "f" else np.float32
    ctx.share = at.astype(dtype) / np.sum(at, axis=axis, keepdims=True, dtype=dtype)
    return out if keepdims else np.squeeze(out, axis=axis if axis is not None else None)


class Logsumexp(Function):
    """``z = log sum exp(x)`` over `axis`: gradient ``g softmax(x)``.

    Notes
    -----
    The tangent is ``sum(softmax(x) dx)``. The largest element is taken off before exp and added
    afterwards, so nothing overflows; nor is the softmax ``exp(x - z)``, as z is rounded by then.
    """

    wide = True

    @staticmethod
    def forward(ctx: Context, x: Any, *, axis: Axis, keepdims: bool = False) -> Any:
        ctx.axis, ctx.keepdims, ctx.kept = axis, keepdims, kept_shape(x.shape, axis)
        top = np.max(x, axis=axis, keepdims=True, initial=-np.inf)
        ctx.top = top = np.where(np.isfinite(top), top, 0).astype(x.dtype)
        with np.errstate(divide="ignore"):  # of nothing, or of minus infinity alone
            out = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
        out = np.reshape(out, ctx.kept)
        out = out if keepdims else np.sum(out, axis=axis)
        ctx.save(x)
        return out

    @staticmethod
    def _softmax(ctx: Context) -> Any:
        (x,) = ctx.saved
        exps = np.exp(x - ctx.top)
        return exps / np.sum(exps, axis=ctx.axis, keepdims=True)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return spread(grad_out, ctx) * Logsumexp._softmax(ctx)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return np.sum(Logsumexp._softmax(ctx) * dx, axis=ctx.axis, keepdims=ctx.keepdims)
