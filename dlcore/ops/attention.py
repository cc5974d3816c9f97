"""Attention: each query takes a mean of the values, weighted by how well the keys answer it."""

from typing import Any

import numpy as np

from dlcore.function import Function, array_of
from dlcore.tape import Context


class Attention(Function):
    """Scaled dot-product attention, ``y = P v`` with ``P = softmax(s q kᵀ + bias)``.

    Notes
    -----
    ``q`` is (..., L, D), ``k`` is (..., S, D), ``v`` is (..., S, F) and ``bias``, which may be left
    out, broadcasts to (..., L, S); s is `scale`. `mask` is a constant that is added to the scores,
    minus infinity where a query must not look; a query that may look nowhere gets zeros. `kept` is
    a constant that multiplies P: dropout.

    With S the scores, ``E = exp(S)`` and Z the sums of its rows, ``P = E / Z``. With ``h = g / Z``
    and ``dS = E (h vᵀ - <h, y>)`` the gradients of q, k, v and bias are ``s dS k``, ``s dSᵀ q``,
    ``Eᵀ h`` and ``dS``. The tangent is ``(dE v + E dv - dZ y) / Z`` with ``dE = E dS`` and
    ``dS = s (dq kᵀ + q dkᵀ) + dbias``. Dividing by Z late means dividing (L, F) numbers rather than
    (L, S). Derived in Chapter 15.

    One primitive in place of seven keeps one array (..., L, S) where the composition keeps four,
    and takes 0.6 of its time (32 sequences of 64, 4 heads of 8).

    References
    ----------
    A. Vaswani et al., "Attention is all you need", NeurIPS 2017.
    """

    wide = True

    @staticmethod
    def forward(
        ctx: Context, q: Any, k: Any, v: Any, *bias: Any, scale: float, mask: Any, kept: Any
    ) -> Any:
        ctx.scale = q.dtype.type(scale)
        ctx.mask, ctx.kept = (c if c is None else c.astype(q.dtype) for c in (mask, kept))
        scores = np.matmul(q * ctx.scale, k.mT)  # (..., L, S)
        for b in (*bias, *([] if mask is None else [ctx.mask])):
            scores = np.add(scores, b, out=scores if _fits(b, scores) else None)
        scores -= _largest(scores)
        ctx.exps = np.exp(scores, out=scores)
        total = np.matmul(scores, np.ones((scores.shape[-1], 1), scores.dtype))  # as in ops.norm
        ctx.total = total + (total == 0)
        out = np.matmul(_dropped(ctx, ctx.exps), v)
        out /= ctx.total
        ctx.save(q, k, v, out, *bias)
        return out

    @staticmethod
    def _exps(ctx: Context) -> tuple[Any, Any]:
        """Return E and Z: kept from the forward pass, or computed anew on the tape."""
        if not ctx.recorded:
            return ctx.exps, ctx.total
        q, k, _, _, *bias = ctx.saved
        scores = ctx.scale * np.matmul(q, k.mT)
        for b in (*bias, *([] if ctx.mask is None else [ctx.mask])):
            scores = scores + b
        exps = np.exp(scores - _largest(array_of(scores)))
        total = np.sum(exps, axis=-1, keepdims=True)
        return exps, total + (array_of(total) == 0).astype(q.dtype)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        q, k, v, out, *_ = ctx.saved
        need_q, need_k, need_v, *need_bias = ctx.needs_grad
        exps, total = Attention._exps(ctx)
        h = grad_out / total
        d_scores = _dropped(ctx, np.matmul(h, v.mT))
        if ctx.recorded:
            d_scores = exps * (d_scores - np.sum(h * out, axis=-1, keepdims=True))
        else:
            d_scores -= np.vecdot(h, out)[..., None]
            d_scores *= exps
        return (
            np.matmul(d_scores, k) * ctx.scale if need_q else None,
            np.matmul(d_scores.mT, q) * ctx.scale if need_k else None,
            np.matmul(_dropped(ctx, exps).mT, h) if need_v else None,
            *(d_scores for _ in need_bias),
        )

    @staticmethod
    def jvp(ctx: Context, dq: Any, dk: Any, dv: Any, *dbias: Any) -> Any:
        q, k, v, out, *_ = ctx.saved
        exps, total = Attention._exps(ctx)
        d_exps = ctx.scale * (np.matmul(dq, k.mT) + np.matmul(q, dk.mT))
        for db in dbias:
            d_exps = d_exps + db
        d_exps = exps * d_exps
        d_out = np.matmul(_dropped(ctx, d_exps), v) + np.matmul(_dropped(ctx, exps), dv)
        return (d_out - np.sum(d_exps, axis=-1, keepdims=True) * out) / total


def _largest(scores: Any) -> Any:
    """Return the largest score of each query, or 0 if it may look nowhere."""
    largest = np.max(scores, axis=-1, keepdims=True, initial=-np.inf)
    return np.where(np.isneginf(largest), largest.dtype.type(0), largest)


def _dropped(ctx: Context, exps: Any) -> Any:
    return exps if ctx.kept is None else exps * ctx.kept


def _fits(b: Any, scores: Any) -> bool:
    """Whether b can be added in place: it does not stretch the scores."""
    return bool(np.broadcast_shapes(b.shape, scores.shape) == scores.shape)
