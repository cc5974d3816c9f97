"""What the recurrent primitives share: the order of work, states that stand still, big products.

Arrays of states hold the state before the first step and after each: T + 1 of them, in the order of
work, which is that of time unless the sequences are read in reverse.
"""

from typing import Any

import numpy as np

from dlcore.tape import Context


def by_gate(weight: Any, count: int) -> Any:
    """View a weight (G H, I), or a bias (G H,), as that of each of `count` gates (G, H, I)."""
    return weight.reshape(count, len(weight) // count, *weight.shape[1:])


def negated(gates: Any, count: int) -> Any:
    """Copy weights by gate, the first `count` negated: once for all times, as `logistic` needs."""
    gates = gates.copy()
    np.negative(gates[:count], out=gates[:count])
    return gates


def oifg(weight: Any) -> Any:
    """Copy a weight (4 H, I), or a bias, of i, f, g, o by gate: the sigmoids first, as a piece."""
    return np.roll(by_gate(weight, 4), 1, axis=0)


def sum_of_products(a: Any, x: Any, b: Any, y: Any, out: Any) -> Any:
    """Compute ``a x + b y`` into `out`; with an array more, an LSTM's forward took 4 % longer."""
    np.multiply(a, x, out=out)
    out += b * y
    return out


def first(like: Any, state: Any) -> Any:
    """Make room for the states before, between and after T steps, and enter the first."""
    states = np.empty((len(like) + 1, *state.shape), like.dtype)
    states[0] = state
    return states


def start(ctx: Context, x: Any, h0: Any, lengths: Any, reverse: bool) -> tuple[Any, Any]:
    """Note the options, and return what is read, and room for the hidden states."""
    ctx.reverse = reverse
    ctx.idle = None  # (T, N, 1): which sequences have ended, or not begun, in the order of work
    if lengths is not None and np.min(lengths, initial=len(x)) < len(x):
        ended = (np.arange(len(x))[:, None] >= lengths)[..., None]
        ctx.idle = in_order(ctx, ended)
        x = np.where(ended, x.dtype.type(0), x)  # NaN times a slope of 0 would be NaN
    return x, first(x, h0)


def in_order(ctx: Context, x: Any) -> Any:
    """Put times into the order of work, or such an order back into time."""
    return x[::-1] if ctx.reverse else x


def stand_still(ctx: Context, t: int, *states: Any) -> None:
    """Keep the states of sequences that have ended."""
    if ctx.idle is not None:
        for state in states:
            np.copyto(state[t + 1], state[t], where=ctx.idle[t])


def step_back(ctx: Context, t: int, through: Any, dh: Any) -> Any:
    """Add to the gradient that came through z what a state that stood still hands back whole."""
    return through if ctx.idle is None else through + ctx.idle[t] * dh


def output(ctx: Context, hs: Any, *finals: Any) -> Any:
    """Put hidden states into the order of time, and the final states behind them."""
    steps = len(hs) - 1
    out = np.empty((steps + len(finals), *hs.shape[1:]), hs.dtype)
    out[:steps] = in_order(ctx, hs[1:])
    if ctx.idle is not None:
        out[:steps] *= ~in_order(ctx, ctx.idle)
    for i, state in enumerate(finals):
        out[steps + i] = state
    return out


def incoming(ctx: Context, grad_out: Any) -> tuple[Any, Any]:
    """Undo `output`: gradients at every step, in the order of work, and of the final states."""
    steps = len(ctx.saved[0])
    grad_h = in_order(ctx, grad_out[:steps])
    if ctx.idle is not None:
        grad_h = grad_h * ~ctx.idle
    return grad_h, grad_out[steps:].copy()


def project(x: Any, weight: Any, *bias: Any) -> Any:
    """Compute ``x Wᵀ + b`` (T, G, N, H) for all times and gates, where W is (G, H, I)."""
    # The bias is the weight of one more input, a 1: adding it to (50, 4, 32, 64) products took half
    # as long as making them.
    if bias:
        x = np.concatenate([x, np.ones((*x.shape[:2], 1), x.dtype)], axis=2)
        weight = np.concatenate([weight, sum(bias[1:], bias[0])[..., None]], axis=2)
    return x[:, None] @ weight.swapaxes(1, 2).copy()


def tangent_in(ctx: Context, count: int, dx: Any, *dw_ih: Any) -> Any:
    """Compute ``dx W_ihᵀ + x dW_ihᵀ + db_ih`` by gate."""
    x, w_ih = ctx.saved[:2]
    dx, x = in_order(ctx, dx), in_order(ctx, x)
    return project(dx, by_gate(w_ih, count)) + project(x, *(by_gate(d, count) for d in dw_ih))


def tangent_rec(ctx: Context, count: int, *dw_hh: Any) -> Any:
    """Compute ``h dW_hhᵀ + db_hh`` by gate, the part of the recurrence that is known beforehand."""
    return project(ctx.saved[3][:-1], *(by_gate(d, count) for d in dw_hh))


def gradients(
    ctx: Context, starts: list[Any], du: Any, dv: Any = None, places: Any = None
) -> tuple[Any, ...]:
    """Compute the gradients of all operands, ``u = x W_ihᵀ + b_ih`` and ``v = h W_hhᵀ + b_hh``.

    Where only the sum of u and v counts, their gradients are the same, and dv is left out. `places`
    says where in them the gates of the weights stand, if in another order. Gate by gate, as rows
    are a copy: of all gates together, it was the largest array of a step.
    """
    x, w_ih, _, hs, *_ = ctx.saved
    count, size = x.shape[0] * x.shape[1], hs.shape[2]  # a row for each time and sequence
    x_rows, h_rows = in_order(ctx, x).reshape(count, x.shape[2]), hs[:-1].reshape(count, size)
    ones = np.ones(count, x.dtype)
    grad_x = np.zeros_like(x_rows) if ctx.needs_grad[0] else None
    parts = []
    gates = range(du.shape[1]) if places is None else places
    for k, weight in zip(gates, by_gate(w_ih, du.shape[1]), strict=True):
        u = du[:, k].reshape(count, size)
        v = u if dv is None else dv[:, k].reshape(count, size)
        bias_u = ones @ u  # a product with ones takes half the time of a sum
        parts.append((u.T @ x_rows, v.T @ h_rows, bias_u, bias_u if v is u else ones @ v))
        if grad_x is not None:
            grad_x += u @ weight
    grad_x = None if grad_x is None else in_order(ctx, grad_x.reshape(x.shape))
    grads = (grad_x, *starts, *(np.concatenate(found) for found in zip(*parts, strict=True)))
    return grads[: len(ctx.needs_grad)]
