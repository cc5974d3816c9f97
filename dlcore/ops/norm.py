"""Normalisation: subtract the mean, divide by the spread, and let weights scale the result.

Batch, layer and group norm differ in the axes whose elements are taken together, and in nothing
else; one primitive serves all three. It keeps the standardised x̂ and the inverse spread r of the
forward pass, so that its gradient takes a few passes over the data. When the sweep is recorded,
both are computed anew with simpler primitives, and derivatives of any order exist.
"""

import math
from itertools import pairwise
from typing import Any

import numpy as np

from dlcore.function import Function
from dlcore.tape import Context

Axes = tuple[int, ...]


def _count(shape: tuple[int, ...], axes: Axes) -> int:
    return math.prod(shape[a] for a in axes)


def _tail(ndim: int, axes: Axes) -> int:
    tail = 0
    while tail < ndim and ndim - 1 - tail in axes:
        tail += 1
    return tail


def _as_it_lies(x: Any) -> Axes | None:
    """Axes from the outermost in memory to the innermost, or None if that is their order.

    Convolutions leave the examples innermost. Read in this order, sums for batch norm run along
    contiguous lines.
    """
    strides = [s for s, n in zip(x.strides, x.shape, strict=True) if n > 1]
    if all(a >= b for a, b in pairwise(strides)):
        return None
    return tuple(sorted(range(x.ndim), key=lambda a: -x.strides[a]))


def _moved(order: Axes, axes: Axes) -> Axes:
    return tuple(i for i, a in enumerate(order) if a in axes)


def _sum(x: Any, axes: Axes) -> Any:
    order = _as_it_lies(x)
    if order is not None:
        return _sum(x.transpose(order), _moved(order, axes)).transpose(np.argsort(order))
    tail = _tail(x.ndim, axes)
    if tail:  # rows of 64: BLAS took a quarter of the time of np.add.reduce for a product with ones
        x = x.reshape(*x.shape[: x.ndim - tail], math.prod(x.shape[x.ndim - tail :]))
        x = np.matmul(x, np.ones(x.shape[-1], x.dtype))
        x = x.reshape(x.shape + (1,) * tail)
    rest = tuple(a for a in axes if a < x.ndim - tail)
    return np.add.reduce(x, rest, keepdims=True) if rest else x


def _sum_product(x: Any, y: Any, axes: Axes) -> Any:
    """Sum of x y over `axes`, without an array for x y."""
    order = _as_it_lies(x)
    if order is not None:
        total = _sum_product(x.transpose(order), y.transpose(order), _moved(order, axes))
        return total.transpose(np.argsort(order))
    tail = _tail(x.ndim, axes)
    if not tail:
        names = list(range(x.ndim))
        kept = tuple(1 if a in axes else n for a, n in enumerate(x.shape))
        return np.einsum(x, names, y, names, [a for a in names if a not in axes]).reshape(kept)
    lines = (*x.shape[: x.ndim - tail], math.prod(x.shape[x.ndim - tail :]))
    out = np.vecdot(x.reshape(lines), y.reshape(lines))
    out = out.reshape(out.shape + (1,) * tail)
    rest = tuple(a for a in axes if a < x.ndim - tail)
    return np.add.reduce(out, rest, keepdims=True) if rest else out


class Standardize(Function):
    """Mean 0 and variance 1 over `axis`, then scaled and shifted: ``y = w x̂ + b``.

    Notes
    -----
    ``x̂ = r (x - mean(x))`` with ``r = 1 / sqrt(var(x) + eps)``; w, or w and b, may be left out, and
    broadcast. With ``h = g w`` the gradients are ``r (h - mean(h) - x̂ mean(h x̂))``, ``g x̂`` and
    ``g``: the two means are what flows back through the mean and the variance. The tangent is
    ``w r (dx - mean(dx) - x̂ mean(dx x̂)) + dw x̂ + db``. After a call, ``ctx.mean`` and ``ctx.var``
    hold the statistics. Derived in Chapter 9.
    """

    wide = True

    @staticmethod
    def forward(ctx: Context, x: Any, *affine: Any, axis: Axes, eps: float) -> Any:
        ctx.axis, ctx.eps, ctx.count = axis, eps, _count(x.shape, axis)
        ctx.save(x, *affine[:1])
        ctx.mean = _sum(x, axis) / ctx.count
        x_hat = x - ctx.mean
        ctx.var = _sum_product(x_hat, x_hat, axis) / ctx.count
        ctx.inverse = 1 / np.sqrt(ctx.var + eps)
        x_hat *= ctx.inverse
        ctx.x_hat = x_hat
        return _affine(x_hat, affine)

    @staticmethod
    def _parts(ctx: Context) -> tuple[Any, Any]:
        """Return x̂ and r: kept from the forward pass, or computed anew on the tape."""
        if not ctx.recorded:
            return ctx.x_hat, ctx.inverse
        centred = ctx.saved[0] - np.mean(ctx.saved[0], axis=ctx.axis, keepdims=True)
        var = np.mean(centred * centred, axis=ctx.axis, keepdims=True)
        inverse = 1 / np.sqrt(var + ctx.eps)
        return centred * inverse, inverse

    @staticmethod
    def _project(ctx: Context, h: Any) -> Any:
        """Take from h its mean and its part along x̂, and scale by r: the map dx to dx̂."""
        x_hat, inverse = Standardize._parts(ctx)
        if ctx.recorded:
            along = np.mean(h * x_hat, axis=ctx.axis, keepdims=True)
            return inverse * (h - np.mean(h, axis=ctx.axis, keepdims=True) - x_hat * along)
        sums = _sum_product(h, x_hat, ctx.axis), _sum(h, ctx.axis)
        return _projected(ctx, h, *sums, scale=inverse)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        need_x, *need_affine = ctx.needs_grad
        weight = ctx.saved[1:]
        if need_x and need_affine and not ctx.recorded and _is_shared(ctx):
            return _by_channel(ctx, grad_out)
        h = grad_out * weight[0] if weight and need_x else grad_out
        grads = [Standardize._project(ctx, h) if need_x else None]
        if any(need_affine):
            x_hat = Standardize._parts(ctx)[0]
            grads.append(_for_weight(ctx, grad_out, x_hat) if need_affine[0] else None)
            grads.append(_for_bias(ctx, grad_out))
        return (*grads, None, None)[: len(ctx.needs_grad)]

    @staticmethod
    def jvp(ctx: Context, dx: Any, *daffine: Any) -> Any:
        dy = Standardize._project(ctx, dx)
        if not daffine:
            return dy
        dy = dy * ctx.saved[1] + Standardize._parts(ctx)[0] * daffine[0]
        return dy + daffine[1] if len(daffine) > 1 else dy


def _projected(ctx: Context, h: Any, along: Any, total: Any, scale: Any) -> Any:
    """Compute ``scale (h - mean(h) - x̂ mean(h x̂))`` in place, from the sums of h x̂ and of h."""
    out = ctx.x_hat * (along / -ctx.count)
    out += h
    out -= total / ctx.count
    out *= scale
    return out


def _is_shared(ctx: Context) -> bool:
    """Whether elements that are standardised together share one weight, as in batch norm."""
    return set(ctx.axis) <= set(_stretched(ctx.x_hat, ctx.saved[1].shape))


def _by_channel(ctx: Context, grad_out: Any) -> Any:
    """Gradients for shared weights: the sums over g that x needs are those of w and b."""
    along, total = _sum_product(grad_out, ctx.x_hat, ctx.axis), _sum(grad_out, ctx.axis)
    scale = ctx.inverse * ctx.saved[1]
    grad_x = _projected(ctx, grad_out, along, total, scale)
    return (grad_x, along, total)[: len(ctx.needs_grad)]


class RmsNorm(Function):
    """Root mean square 1 over `axis`, then scaled: ``y = w x̂``.

    Notes
    -----
    ``x̂ = r x`` with ``r = 1 / sqrt(mean(x²) + eps)``; w may be left out, and broadcasts. With
    ``h = g w`` the gradients are ``r (h - x̂ mean(h x̂))`` and ``g x̂``, and the tangent is
    ``w r (dx - x̂ mean(dx x̂)) + dw x̂``. Derived in Chapter 16.

    References
    ----------
    B. Zhang and R. Sennrich, "Root mean square layer normalization", NeurIPS 2019.
    """

    wide = True

    @staticmethod
    def forward(ctx: Context, x: Any, *weight: Any, axis: Axes, eps: float) -> Any:
        ctx.axis, ctx.eps, ctx.count = axis, eps, _count(x.shape, axis)
        ctx.save(x, *weight)
        ctx.inverse = 1 / np.sqrt(_sum_product(x, x, axis) / ctx.count + eps)
        ctx.x_hat = x * ctx.inverse
        return _affine(ctx.x_hat, weight)

    @staticmethod
    def _parts(ctx: Context) -> tuple[Any, Any]:
        """Return x̂ and r: kept from the forward pass, or computed anew on the tape."""
        if not ctx.recorded:
            return ctx.x_hat, ctx.inverse
        x = ctx.saved[0]
        inverse = 1 / np.sqrt(np.mean(x * x, axis=ctx.axis, keepdims=True) + ctx.eps)
        return x * inverse, inverse

    @staticmethod
    def _project(ctx: Context, h: Any) -> Any:
        """Take from h its part along x̂, and scale by r: the map from dx to dx̂."""
        x_hat, inverse = RmsNorm._parts(ctx)
        if ctx.recorded:
            return inverse * (h - x_hat * np.mean(h * x_hat, axis=ctx.axis, keepdims=True))
        out = x_hat * (_sum_product(h, x_hat, ctx.axis) / -ctx.count)
        out += h
        out *= inverse
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        need_x, *need_weight = ctx.needs_grad
        grad_x = grad_weight = None
        if need_x:
            weight = ctx.saved[1:]
            grad_x = RmsNorm._project(ctx, grad_out * weight[0] if weight else grad_out)
        if need_weight and need_weight[0]:
            grad_weight = _for_weight(ctx, grad_out, RmsNorm._parts(ctx)[0])
        return (grad_x, grad_weight)[: len(ctx.needs_grad)]

    @staticmethod
    def jvp(ctx: Context, dx: Any, *dweight: Any) -> Any:
        dy = RmsNorm._project(ctx, dx)
        return dy * ctx.saved[1] + RmsNorm._parts(ctx)[0] * dweight[0] if dweight else dy


def _affine(x_hat: Any, affine: tuple[Any, ...]) -> Any:
    if not affine:
        return x_hat.copy()  # x̂ is kept for the gradient, and y may be changed by its owner
    out = x_hat * affine[0]
    for b in affine[1:]:
        out += b
    return out


def _stretched(x: Any, shape: tuple[int, ...]) -> Axes:
    shape = (1,) * (x.ndim - len(shape)) + shape
    return tuple(a for a, n in enumerate(shape) if n == 1)


def _for_weight(ctx: Context, grad_out: Any, x_hat: Any) -> Any:
    """Gradient of w: ``g x̂``, summed here, so that the sweep need not do it."""
    if ctx.recorded:
        return grad_out * x_hat
    return _sum_product(grad_out, x_hat, _stretched(x_hat, ctx.saved[1].shape))


def _for_bias(ctx: Context, grad_out: Any) -> Any:
    """Gradient of b, which has the shape of w: ``g``, summed likewise."""
    if ctx.recorded:
        return grad_out
    return _sum(grad_out, _stretched(grad_out, ctx.saved[1].shape))
