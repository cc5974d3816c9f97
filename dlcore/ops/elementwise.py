"""Primitives that act on each element by itself, after broadcasting.

In the equations g is the gradient of the final quantity with respect to the result, and dx, dy
are tangents of the operands.
"""

from typing import Any

import numpy as np

from dlcore.function import Function, array_of
from dlcore.tape import Context


class Neg(Function, numpy=np.negative):
    """Negation, ``-x``: gradient ``-g``, tangent ``-dx``."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any) -> Any:
        if x.dtype.kind == "b":
            raise TypeError("neg: booleans have no negative; use ~x")
        return -x

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return -grad_out

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return -dx


class Add(Function, numpy=np.add):
    """Sum, ``x + y``: gradients ``g, g``, tangent ``dx + dy``."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, y: Any) -> Any:
        return x + y

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return grad_out, grad_out

    @staticmethod
    def jvp(ctx: Context, dx: Any, dy: Any) -> Any:
        return dx + dy


class Sub(Function, numpy=np.subtract):
    """Difference, ``x - y``: gradients ``g, -g``, tangent ``dx - dy``."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, y: Any) -> Any:
        return x - y

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return grad_out, -grad_out

    @staticmethod
    def jvp(ctx: Context, dx: Any, dy: Any) -> Any:
        return dx - dy


class Mul(Function, numpy=np.multiply):
    """Product, ``x y``: gradients ``g y, g x``, tangent ``dx y + x dy``."""

    floating = False
    multilinear = True

    @staticmethod
    def forward(ctx: Context, x: Any, y: Any) -> Any:
        ctx.save(x, y)
        return x * y

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        x, y = ctx.saved
        need_x, need_y = ctx.needs_grad
        return grad_out * y if need_x else None, grad_out * x if need_y else None

    @staticmethod
    def jvp(ctx: Context, dx: Any, dy: Any) -> Any:
        x, y = ctx.saved
        return dx * y + x * dy


class Div(Function, numpy=np.divide):
    """Quotient, ``z = x / y``: gradients ``g / y, -g z / y``, tangent ``(dx - z dy) / y``."""

    @staticmethod
    def forward(ctx: Context, x: Any, y: Any) -> Any:
        out = x / y
        ctx.save(y, out)
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        y, out = ctx.saved
        grad_x = grad_out / y
        return grad_x, -grad_x * out if ctx.needs_grad[1] else None

    @staticmethod
    def jvp(ctx: Context, dx: Any, dy: Any) -> Any:
        y, out = ctx.saved
        return (dx - out * dy) / y


class Pow(Function, numpy=np.power):
    """Power, ``z = x ** y``: gradients ``g y x**(y-1), g z log x``.

    Notes
    -----
    The tangent is ``y x**(y-1) dx + z log x dy``. Where ``y`` is 0 the first slope is 0 for every
    ``x``; where ``x`` is not positive the second is taken to be 0, as in torch.
    """

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, y: Any) -> Any:
        out = x**y
        ctx.save(x, y, out)
        return out

    @staticmethod
    def _slope_x(x: Any, y: Any) -> Any:
        return y * x ** (y - np.where(array_of(y) == 0, 0, 1).astype(array_of(y).dtype))

    @staticmethod
    def _slope_y(x: Any, out: Any) -> Any:
        return out * np.log(np.where(array_of(x) > 0, x, 1.0))

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        x, y, out = ctx.saved
        need_x, need_y = ctx.needs_grad
        return (
            grad_out * Pow._slope_x(x, y) if need_x else None,
            grad_out * Pow._slope_y(x, out) if need_y else None,
        )

    @staticmethod
    def jvp(ctx: Context, dx: Any, dy: Any) -> Any:
        x, y, out = ctx.saved
        return Pow._slope_x(x, y) * dx + Pow._slope_y(x, out) * dy


class Exp(Function, numpy=np.exp):
    """Exponential, ``z = exp(x)``: gradient ``g z``, tangent ``z dx``."""

    @staticmethod
    def forward(ctx: Context, x: Any) -> Any:
        out = np.exp(x)
        ctx.save(out)
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (out,) = ctx.saved
        return grad_out * out

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        (out,) = ctx.saved
        return out * dx


class Log(Function, numpy=np.log):
    """Natural logarithm, ``log x``: gradient ``g / x``, tangent ``dx / x``."""

    @staticmethod
    def forward(ctx: Context, x: Any) -> Any:
        ctx.save(x)
        return np.log(x)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (x,) = ctx.saved
        return grad_out / x

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        (x,) = ctx.saved
        return dx / x


class Sqrt(Function, numpy=np.sqrt):
    """Square root, ``z = sqrt x``: gradient ``g / (2 z)``, tangent ``dx / (2 z)``."""

    @staticmethod
    def forward(ctx: Context, x: Any) -> Any:
        out = np.sqrt(x)
        ctx.save(out)
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (out,) = ctx.saved
        return grad_out / (2 * out)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        (out,) = ctx.saved
        return dx / (2 * out)


class Sin(Function, numpy=np.sin):
    """Sine, ``sin x``: gradient ``g cos x``, tangent ``cos x dx``."""

    @staticmethod
    def forward(ctx: Context, x: Any) -> Any:
        ctx.save(x)
        return np.sin(x)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (x,) = ctx.saved
        return grad_out * np.cos(x)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        (x,) = ctx.saved
        return np.cos(x) * dx


class Cos(Function, numpy=np.cos):
    """Cosine, ``cos x``: gradient ``-g sin x``, tangent ``-sin x dx``."""

    @staticmethod
    def forward(ctx: Context, x: Any) -> Any:
        ctx.save(x)
        return np.cos(x)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        (x,) = ctx.saved
        return -grad_out * np.sin(x)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        (x,) = ctx.saved
        return -np.sin(x) * dx


class Abs(Function, numpy=np.absolute):
    """Absolute value, ``|x|``: gradient ``g sign x``, tangent ``sign x dx``; 0 at ``x = 0``."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any) -> Any:
        ctx.sign = np.sign(x)  # constant wherever it is defined
        return np.abs(x)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return grad_out * ctx.sign

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return ctx.sign * dx


class Clamp(Function):
    """Limit to an interval, ``min(max(x, low), high)``: gradient ``g`` inside, 0 outside."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, *, min: float | None, max: float | None) -> Any:
        if min is None and max is None:
            raise ValueError("clamp: expected min, max or both, got neither")
        out = np.clip(x, min, max)
        ctx.inside = out == x
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return grad_out * ctx.inside

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return dx * ctx.inside


class Maximum(Function, numpy=np.maximum):
    """Larger of two, ``max(x, y)``: ``g`` goes to the larger; equal ones get half each."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, y: Any) -> Any:
        ctx.share = _share(x > y, x == y, x)
        return np.maximum(x, y)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return grad_out * ctx.share, grad_out * (1 - ctx.share)

    @staticmethod
    def jvp(ctx: Context, dx: Any, dy: Any) -> Any:
        return ctx.share * dx + (1 - ctx.share) * dy


class Minimum(Function, numpy=np.minimum):
    """Smaller of two, ``min(x, y)``: ``g`` goes to the smaller; equal ones get half each."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, y: Any) -> Any:
        ctx.share = _share(x < y, x == y, x)
        return np.minimum(x, y)

    backward, jvp = Maximum.backward, Maximum.jvp  # both follow the shares


def _share(wins: Any, ties: Any, like: Any) -> Any:
    """1 where an operand wins, one half where it ties, 0 where it loses."""
    dtype = like.dtype if like.dtype.kind == "f" else np.float32
    return np.where(ties, 0.5, wins).astype(dtype)


class Where(Function, numpy=np.where):
    """Choice, ``x`` where `condition` holds and ``y`` elsewhere: ``g`` goes to the one chosen."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, y: Any, *, condition: Any) -> Any:
        ctx.condition = condition
        return np.where(condition, x, y)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        zero = np.zeros((), array_of(grad_out).dtype)
        return np.where(ctx.condition, grad_out, zero), np.where(ctx.condition, zero, grad_out)

    @staticmethod
    def jvp(ctx: Context, dx: Any, dy: Any) -> Any:
        return np.where(ctx.condition, dx, dy)

    @classmethod
    def from_numpy(cls, *args: Any, **kwargs: Any) -> Any:
        """Take ``numpy.where(condition, x, y)``."""
        condition, x, y = args
        return cls.apply(x, y, condition=array_of(condition), **kwargs)


class Cast(Function):
    """Change of dtype: ``g`` and ``dx`` change theirs along with it."""

    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, *, dtype: Any) -> Any:
        if np.dtype(dtype).kind not in "fiub":
            raise TypeError(f"to: expected a dtype of real numbers or booleans, got {dtype}")
        dtype = np.dtype(dtype).newbyteorder("=")
        ctx.before, ctx.after = x.dtype, dtype
        return x.astype(dtype)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return Cast.on(grad_out, dtype=ctx.before)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return Cast.on(dx, dtype=ctx.after)
