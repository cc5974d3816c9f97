"""Losses that are primitives of their own, because fusing them is stabler and faster."""

from typing import Any

import numpy as np

from dlcore.function import Function
from dlcore.ops.activation import LogSoftmax
from dlcore.tape import Context


class CrossEntropy(Function):
    """Cross-entropy of scores against a target distribution, ``-sum q log softmax(x)``.

    Notes
    -----
    The sum runs over `axis`, which is reduced. With p the softmax, the gradients are
    ``g (p sum(q) - q)`` and ``-g log p``: for a true distribution q the first is ``g (p - q)``.
    The tangent is ``<p sum(q) - q, dx> - <log p, dq>``.
    """

    @staticmethod
    def forward(ctx: Context, x: Any, target: Any, *, axis: int) -> Any:
        ctx.axis = axis
        ctx.log_p = LogSoftmax.on(x, axis=axis)
        ctx.save(x, target)
        return -np.sum(target * ctx.log_p, axis=axis)

    @staticmethod
    def _log_p(ctx: Context) -> Any:
        """Log-softmax of x: kept from the forward pass, or computed anew on the tape."""
        return LogSoftmax.on(ctx.saved[0], axis=ctx.axis) if ctx.recorded else ctx.log_p

    @staticmethod
    def _slope(ctx: Context) -> Any:
        target = ctx.saved[1]
        return np.exp(CrossEntropy._log_p(ctx)) * np.sum(target, ctx.axis, keepdims=True) - target

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        need_x, need_target = ctx.needs_grad
        shape = list(ctx.saved[0].shape)
        shape[ctx.axis] = 1
        grad_out = np.reshape(grad_out, tuple(shape))
        return (
            grad_out * CrossEntropy._slope(ctx) if need_x else None,
            -grad_out * CrossEntropy._log_p(ctx) if need_target else None,
        )

    @staticmethod
    def jvp(ctx: Context, dx: Any, dtarget: Any) -> Any:
        slope, log_p = CrossEntropy._slope(ctx), CrossEntropy._log_p(ctx)
        return np.sum(slope * dx - log_p * dtarget, axis=ctx.axis)
