"""Nonlinearities between layers, and the softmax family."""

from typing import Any

import numpy as np

from dlcore.function import Function
from dlcore.ops.special import Erf, logistic
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
    The tangent is ``s (1 - s) dx``.
    """

    wide = True

    @staticmethod
    def forward(ctx: Context, x: Any) -> Any:
        out = np.asarray(-x)
        with np.errstate(over="ignore"):
            logistic(out)
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


class LeakyRelu(Function):
    """Leaky rectifier, ``x`` if ``x > 0`` else ``a x``: gradient ``g`` or ``a g``."""

    @staticmethod
    def forward(ctx: Context, x: Any, *, negative_slope: float) -> Any:
        ctx.slope = np.where(x > 0, 1, negative_slope).astype(x.dtype)
        return x * ctx.slope

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return grad_out * ctx.slope

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return dx * ctx.slope


class Elu(Function):
    """Exponential linear unit, ``z = x`` if ``x > 0`` else ``a (exp(x) - 1)``.

    Notes
    -----
    The slope is 1 where ``x > 0``, else ``a exp(x)``, which is ``z + a`` but for what z rounds off.
    """

    wide = True

    @staticmethod
    def forward(ctx: Context, x: Any, *, alpha: float) -> Any:
        ctx.alpha, ctx.positive = alpha, x > 0
        ctx.save(x)
        return np.where(ctx.positive, x, alpha * np.expm1(np.minimum(x, 0)))

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (x,) = ctx.saved
        return grad_out * np.where(ctx.positive, 1.0, ctx.alpha * np.exp(np.minimum(x, 0)))

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return Elu.backward(ctx, dx)


class Silu(Function):
    """Sigmoid-weighted unit (swish), ``x s``, ``s = sigmoid(x)``: slope ``s (1 + x (1 - s))``."""

    wide = True

    @staticmethod
    def forward(ctx: Context, x: Any) -> Any:
        ctx.save(x)
        return x * Sigmoid.on(x)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (x,) = ctx.saved
        s = Sigmoid.on(x)
        return grad_out * s * (1 + x * (1 - s))

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return Silu.backward(ctx, dx)


class Gelu(Function):
    """Gaussian error linear unit, ``x Φ(x)``: slope ``Φ(x) + x φ(x)``.

    Notes
    -----
    Φ is the distribution function of the normal distribution and φ its density. With `tanh`, Φ is
    replaced by ``(1 + tanh u) / 2``, ``u = sqrt(2/π) (x + 0.044715 x³)``.
    """

    wide = True

    @staticmethod
    def forward(ctx: Context, x: Any, *, tanh: bool) -> Any:
        ctx.tanh = tanh
        ctx.save(x)
        ctx.phi = Gelu._phi(x, tanh)
        return x * ctx.phi

    @staticmethod
    def _phi(x: Any, tanh: bool) -> Any:
        if tanh:
            return 0.5 * (1 + np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x * x * x)))
        return 0.5 * (1 + Erf.on(x / 2**0.5))

    @staticmethod
    def _density(x: Any, phi: Any, tanh: bool) -> Any:
        if tanh:  # with t = 2 Φ - 1, 1 - t² = 4 Φ (1 - Φ)
            inner = (2 / np.pi) ** 0.5 * (1 + 3 * 0.044715 * x * x)
            return 2 * phi * (1 - phi) * inner
        return np.exp(-0.5 * x * x) * (2 * np.pi) ** -0.5

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (x,) = ctx.saved
        phi = Gelu._phi(x, ctx.tanh) if ctx.recorded else ctx.phi
        return grad_out * (phi + x * Gelu._density(x, phi, ctx.tanh))

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return Gelu.backward(ctx, dx)


class Softplus(Function):
    """Smooth rectifier, ``log(1 + exp(b x)) / b``: slope ``sigmoid(b x)``.

    Notes
    -----
    Where ``b x`` exceeds `threshold` the result is ``x`` itself, with slope 1.
    """

    wide = True

    @staticmethod
    def forward(ctx: Context, x: Any, *, beta: float, threshold: float) -> Any:
        ctx.beta, ctx.linear = beta, beta * x > threshold
        ctx.save(x)
        return np.where(ctx.linear, x, np.logaddexp(0, beta * x) / beta).astype(x.dtype)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (x,) = ctx.saved
        return grad_out * np.where(ctx.linear, 1.0, Sigmoid.on(ctx.beta * x))

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return Softplus.backward(ctx, dx)


class Softmax(Function):
    """Distribution from scores, ``p = exp(x) / sum exp(x)`` over `axis`.

    Notes
    -----
    Gradient ``p (g - <g, p>)`` and tangent ``p (dx - <dx, p>)``, the sum running over `axis`: the
    Jacobian, diag(p) - p pᵀ, is symmetric. The largest score is taken off first, which changes
    nothing but keeps exp from overflowing.
    """

    wide = True

    @staticmethod
    def forward(ctx: Context, x: Any, *, axis: int) -> Any:
        ctx.axis = axis if x.ndim else None  # of a single number, which NumPy takes for a row
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

    wide = True

    @staticmethod
    def forward(ctx: Context, x: Any, *, axis: int) -> Any:
        ctx.axis = axis if x.ndim else None
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
