"""Primitives that move elements without changing them."""

import math
from typing import Any

import numpy as np

from dlcore.function import Function
from dlcore.methods import place
from dlcore.tape import Context


class Reshape(Function, numpy=np.reshape):
    """Same elements in another shape: ``g`` goes back into the old one."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, *, shape: tuple[int, ...]) -> Any:
        ctx.before = x.shape
        try:
            out = x.reshape(shape)
        except (ValueError, TypeError):
            raise ValueError(
                f"reshape: expected a shape of {math.prod(x.shape)} elements "
                f"to hold {x.shape}, got {shape}"
            ) from None
        ctx.after = out.shape
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return np.reshape(grad_out, ctx.before)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return np.reshape(dx, ctx.after)


class Transpose(Function, numpy=np.transpose):
    """Axes in another order, reversed by default: ``g`` goes through the inverse order."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, *, axes: tuple[int, ...] | None = None) -> Any:
        ctx.axes = tuple(reversed(range(x.ndim))) if axes is None else axes
        if sorted(a % max(x.ndim, 1) for a in ctx.axes) != list(range(x.ndim)):
            raise ValueError(f"transpose: expected each of {x.ndim} axes once, got {ctx.axes}")
        return x.transpose(ctx.axes)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        order = [a % len(ctx.axes) for a in ctx.axes]
        return np.transpose(grad_out, tuple(int(a) for a in np.argsort(order)))

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return np.transpose(dx, ctx.axes)


class BroadcastTo(Function, numpy=np.broadcast_to):
    """Elements repeated along axes of length one: their gradients are summed by the sweep."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, *, shape: tuple[int, ...]) -> Any:
        ctx.shape = shape
        try:
            return np.broadcast_to(x, shape)
        except ValueError:
            raise ValueError(f"broadcast_to: {x.shape} does not stretch to {shape}") from None

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return grad_out

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return np.broadcast_to(dx, ctx.shape)


class Concatenate(Function, numpy=np.concatenate):
    """Arrays joined along `axis`: each gets back its own stretch of ``g``."""

    floating = False

    @staticmethod
    def forward(ctx: Context, *arrays: Any, axis: int = 0) -> Any:
        ctx.axis = place(axis, min(a.ndim for a in arrays))
        ctx.sizes = [a.shape[ctx.axis] for a in arrays]
        if len({(a.shape[: ctx.axis], a.shape[ctx.axis + 1 :]) for a in arrays}) > 1:
            raise ValueError(
                f"cat: expected shapes that are equal but for axis {ctx.axis}, got "
                f"{', '.join(str(a.shape) for a in arrays)}"
            )
        return np.concatenate(arrays, ctx.axis)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        ends = np.cumsum(ctx.sizes)
        before = (slice(None),) * ctx.axis
        return tuple(
            grad_out[(*before, slice(int(end) - n, int(end)))]
            for end, n in zip(ends, ctx.sizes, strict=True)
        )

    @staticmethod
    def jvp(ctx: Context, *tangents: Any) -> Any:
        return np.concatenate(tangents, ctx.axis)
