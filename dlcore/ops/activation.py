"""Nonlinearities between layers, and the softmax family."""

from typing import Any

import numpy as np

from dlcore.function import Function
from dlcore.tape import Context


class Relu(Function):
    """Rectifier, ``max(x, 0)``: gradient ``g`` where ``x > 0``, else 0."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any) -> Any:
        out = np.maximum(x, 0)
        ctx.save(out)
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (out,) = ctx.saved
        return grad_out * (out > 0)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        (out,) = ctx.saved
        return dx * (out > 0)


class Sigmoid(Function):
    """Logistic function, ``s = 1 / (1 + exp(-x))``: gradient ``g s (1 - s)``.

    Notes
    -----
    The tangent is ``s (1 - s) dx``. Computed as ``(1 + tanh(x/2)) / 2``, which is the same and
    never overflows.
    """

    @staticmethod
    def forward(ctx: Context, x: Any) -> Any:
        out = 0.5 * (1 + np.tanh(0.5 * x))
        ctx.save(out)
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (out,) = ctx.saved
        return grad_out * out * (1 - out)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        (out,) = ctx.saved
        return out * (1 - out) * dx


class Tanh(Function, numpy=np.tanh):
    """Hyperbolic tangent, ``t = tanh x``: gradient ``g (1 - t²)``, tangent ``(1 - t²) dx``."""

    @staticmethod
    def forward(ctx: Context, x: Any) -> Any:
        out = np.tanh(x)
        ctx.save(out)
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (out,) = ctx.saved
        return grad_out * (1 - out * out)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        (out,) = ctx.saved
        return (1 - out * out) * dx


class Softmax(Function):
    """Distribution from scores, ``p = exp(x) / sum exp(x)`` over `axis`.

    Notes
    -----
    Gradient ``p (g - <g, p>)`` and tangent ``p (dx - <dx, p>)``, the sum running over `axis`: the
    Jacobian, diag(p) - p pᵀ, is symmetric. The largest score is taken off first, which changes
    nothing but keeps exp from overflowing.
    """

    @staticmethod
    def forward(ctx: Context, x: Any, *, axis: int) -> Any:
        ctx.axis = axis
        out = np.exp(x - np.max(x, axis=axis, keepdims=True, initial=-np.inf))
        out /= np.sum(out, axis=axis, keepdims=True)
        ctx.save(out)
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (out,) = ctx.saved
        return out * (grad_out - np.sum(grad_out * out, axis=ctx.axis, keepdims=True))

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return Softmax.backward(ctx, dx)


class LogSoftmax(Function):
    """Logarithm of the softmax, ``x - log sum exp(x)`` over `axis`.

    Notes
    -----
    With p the softmax, gradient ``g - p sum(g)`` and tangent ``dx - <p, dx>``.
    """

    @staticmethod
    def forward(ctx: Context, x: Any, *, axis: int) -> Any:
        ctx.axis = axis
        shifted = x - np.max(x, axis=axis, keepdims=True, initial=-np.inf)
        out = shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))
        ctx.save(out)
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (out,) = ctx.saved
        return grad_out - np.exp(out) * np.sum(grad_out, axis=ctx.axis, keepdims=True)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        (out,) = ctx.saved
        return dx - np.sum(np.exp(out) * dx, axis=ctx.axis, keepdims=True)
