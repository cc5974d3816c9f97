"""Recurrent networks: a whole sequence in one primitive, forward and back through time.

x is (T, N, I), a step for each of T times and N sequences. The products with x do not wait for each
other, so they are one matrix product for all times; only ``h W_hhᵀ`` has to be computed step by
step. The way back is the same: the loop carries the gradient of the state from step to step, and
the gradients of weights and inputs are one product each, afterwards. Gates are (T, G, N, H), each
one piece of memory, which is faster than side by side, (T, N, G H).

All three primitives have these operands and options.

- ``x`` (T, N, I), starting states ``h0`` (and ``c0``) (N, H), ``w_ih`` (G H, I), ``w_hh`` (G H, H)
  and, unless left out, ``b_ih, b_hh`` (G H,), where G is the number of gates.
- `lengths`, an array (N,) or None: beyond its length a sequence keeps its state and gives zeros.
- `reverse`: from the last step to the first. A short sequence then starts at its own last step.

The result is (T + 1, N, H), or (T + 2, N, H) if there is a c: the hidden state at every time, and
behind them the final states. The gates of the forward pass are kept, so these primitives can be
differentiated once; the cells of :mod:`dlcore.functional` have derivatives of any order.
"""

from typing import Any, Literal

import numpy as np

from dlcore.function import Function
from dlcore.ops.special import logistic
from dlcore.ops.through_time import (
    by_gate,
    first,
    gradients,
    in_order,
    incoming,
    negated,
    oifg,
    output,
    project,
    stand_still,
    start,
    step_back,
    sum_of_products,
    tangent_in,
    tangent_rec,
)
from dlcore.tape import Context


class Rnn(Function):
    """Plain recurrence, ``h' = φ(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh)`` with φ tanh or relu.

    Notes
    -----
    With z the argument of φ, and dh the gradient of h' from the output and from the next step,
    ``dz = dh φ'(z)`` and ``dh = dz W_hh`` one step back; ``φ' = 1 - h'²`` or ``h' > 0``. The
    tangent runs forward, ``dh' = φ'(z) (dx W_ihᵀ + x dW_ihᵀ + db + dh W_hhᵀ + h dW_hhᵀ)``. Derived
    in Chapter 13.

    References
    ----------
    P. J. Werbos, "Backpropagation through time", Proc. IEEE 78(10), 1990.
    """

    wide = True

    @staticmethod
    def forward(
        ctx: Context,
        x: Any,
        h0: Any,
        w_ih: Any,
        w_hh: Any,
        *bias: Any,
        nonlinearity: Literal["tanh", "relu"],
        lengths: Any,
        reverse: bool,
    ) -> Any:
        ctx.nonlinearity = nonlinearity
        x, hs = start(ctx, x, h0, lengths, reverse)
        zs = project(in_order(ctx, x), *(by_gate(w, 1) for w in (w_ih, *bias)))[:, 0]
        w_rec = w_hh.T.copy()
        for t, z in enumerate(zs):
            z += hs[t] @ w_rec
            if nonlinearity == "tanh":
                np.tanh(z, out=hs[t + 1])
            else:
                np.maximum(z, 0, out=hs[t + 1])
            stand_still(ctx, t, hs)
        ctx.save(x, w_ih, w_hh, hs)
        return output(ctx, hs, hs[-1])

    @staticmethod
    def _slopes(ctx: Context) -> Any:
        """Return φ'(z), zero where a sequence has ended."""
        h = ctx.saved[3][1:]
        slopes = 1 - h * h if ctx.nonlinearity == "tanh" else (h > 0).astype(h.dtype)
        if ctx.idle is not None:
            slopes *= ~ctx.idle
        return slopes

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        grad_h, (dh,) = incoming(ctx, grad_out)
        w_hh = ctx.saved[2]
        dz = Rnn._slopes(ctx)
        for t in reversed(range(len(dz))):
            dh += grad_h[t]
            dz[t] *= dh
            dh = step_back(ctx, t, dz[t] @ w_hh, dh)
        return gradients(ctx, [dh], dz[:, None])

    @staticmethod
    def jvp(ctx: Context, dx: Any, dh0: Any, dw_ih: Any, dw_hh: Any, *dbias: Any) -> Any:
        w_hh = ctx.saved[2]
        dz = tangent_in(ctx, 1, dx, dw_ih, *dbias[:1]) + tangent_rec(ctx, 1, dw_hh, *dbias[1:])
        dz = dz[:, 0]
        dz *= (slopes := Rnn._slopes(ctx))
        dhs = first(dz, dh0)
        for t in range(len(dz)):
            dhs[t + 1] = dz[t] + slopes[t] * (dhs[t] @ w_hh.T)
            stand_still(ctx, t, dhs)
        return output(ctx, dhs, dhs[-1])


class Lstm(Function):
    """Long short-term memory: gates i, f, o in (0, 1) decide what a cell c takes, keeps and shows.

    Notes
    -----
    ``z = x W_ihᵀ + b_ih + h W_hhᵀ + b_hh`` holds z_i, z_f, z_g, z_o side by side. With
    ``i, f, o = sigmoid(z_i, z_f, z_o)`` and ``g = tanh(z_g)``: ``c' = f c + i g`` and
    ``h' = o tanh(c')``. One step back, ``dc += dh o (1 - tanh²c')``, then
    ``dz_i = dc g i (1 - i)``, ``dz_f = dc c f (1 - f)``, ``dz_g = dc i (1 - g²)``,
    ``dz_o = dh tanh(c') o (1 - o)``, ``dc = dc f`` and ``dh = dz W_hh``: each is a slope, known
    before the sweep, times dc or dh. The tangent uses the same slopes, forward. Inside, the gates
    stand in the order o, i, f, g. Derived in Chapter 14.

    References
    ----------
    S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9(8), 1997.
    """

    wide = True

    @staticmethod
    def forward(
        ctx: Context,
        x: Any,
        h0: Any,
        c0: Any,
        w_ih: Any,
        w_hh: Any,
        *bias: Any,
        lengths: Any,
        reverse: bool,
    ) -> Any:
        x, hs = start(ctx, x, h0, lengths, reverse)
        cs = first(hs[1:], c0)
        ctx.shown = np.empty_like(cs[1:])  # tanh(c)
        weights = [negated(oifg(w), 3) for w in (w_ih, w_hh, *bias)]
        gates = project(in_order(ctx, x), weights[0], *weights[2:])  # (T, 4, N, H)
        w_rec = weights[1].swapaxes(1, 2).copy()  # (4, H, H)
        of_gates = zip(gates, gates[:, :3], *gates.swapaxes(0, 1), strict=True)
        with np.errstate(over="ignore"):
            for t, (z, oif, o, i, f, g) in enumerate(of_gates):  # o, i, f, g in the place of z
                z += hs[t] @ w_rec
                logistic(oif)
                np.tanh(g, out=g)
                c = sum_of_products(f, cs[t], i, g, out=cs[t + 1])  # c = f c + i g
                tanh_c = np.tanh(c, out=ctx.shown[t])
                np.multiply(o, tanh_c, out=hs[t + 1])  # h = o tanh c
                stand_still(ctx, t, hs, cs)
        ctx.save(x, w_ih, w_hh, hs, cs, gates)
        return output(ctx, hs, hs[-1], cs[-1])

    @staticmethod
    def _slopes(ctx: Context) -> tuple[Any, Any, Any]:
        """Return the slopes (T, 4, N, H) of c' (of h' for o) in z, of h' in c', and of c' in c."""
        *_, cs, gates = ctx.saved
        o, i, f, g = gates.swapaxes(0, 1)
        in_z = gates * gates
        np.subtract(1, in_z[:, 3], out=in_z[:, 3])  # 1 - g²
        np.subtract(gates[:, :3], in_z[:, :3], out=in_z[:, :3])  # s - s² = s (1 - s)
        for k, factor in enumerate((ctx.shown, g, cs[:-1], i)):
            in_z[:, k] *= factor
        in_c = ctx.shown * ctx.shown
        np.subtract(1, in_c, out=in_c)
        in_c *= o
        if ctx.idle is None:
            return in_z, in_c, f
        in_z *= ~ctx.idle[:, None]
        in_c *= ~ctx.idle
        return in_z, in_c, np.where(ctx.idle, 1, f)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        grad_h, (dh, dc) = incoming(ctx, grad_out)
        w_hh = oifg(ctx.saved[2])
        dz, in_c, forget = Lstm._slopes(ctx)
        for t in reversed(range(len(dz))):
            dh += grad_h[t]
            dc += dh * in_c[t]
            dz[t, 0] *= dh
            dz[t, 1:] *= dc
            dc *= forget[t]
            dh = step_back(ctx, t, (dz[t] @ w_hh).sum(axis=0), dh)
        return gradients(ctx, [dh, dc], dz, places=(1, 2, 3, 0))  # of i, f, g, o in o, i, f, g

    @staticmethod
    def jvp(ctx: Context, dx: Any, dh0: Any, dc0: Any, dw_ih: Any, dw_hh: Any, *dbias: Any) -> Any:
        w_rec = oifg(ctx.saved[2]).swapaxes(1, 2)
        in_z, in_c, forget = Lstm._slopes(ctx)
        dz = tangent_in(ctx, 4, dx, dw_ih, *dbias[:1]) + tangent_rec(ctx, 4, dw_hh, *dbias[1:])
        dz = np.roll(dz, 1, axis=1)
        dhs, dc = first(in_c, dh0), dc0
        for t in range(len(dz)):
            parts = in_z[t] * (dz[t] + dhs[t] @ w_rec)  # (4, N, H)
            dc = forget[t] * dc + parts[1:].sum(axis=0)
            dhs[t + 1] = parts[0] + in_c[t] * dc
            stand_still(ctx, t, dhs)
        return output(ctx, dhs, dhs[-1], dc)


class Gru(Function):
    """Gated recurrent unit: gates r and z in (0, 1) decide what is forgotten and what is kept.

    Notes
    -----
    With ``u = x W_ihᵀ + b_ih`` and ``v = h W_hhᵀ + b_hh``, each three parts side by side:
    ``r, z = sigmoid(u_r + v_r, u_z + v_z)``, ``n = tanh(u_n + r v_n)``, ``h' = (1 - z) n + z h``.
    r acts on the product ``v_n``, bias and all, as in torch, and not on h. One step back,
    ``du_n = dh (1 - z) (1 - n²)``, ``dv_n = du_n r``, ``du_r = dv_r = du_n v_n r (1 - r)``,
    ``du_z = dv_z = dh (h - n) z (1 - z)`` and ``dh = dv W_hh + z dh``. The tangent uses the same
    slopes, forward. Derived in Chapter 14.

    References
    ----------
    K. Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical
    machine translation", EMNLP 2014.
    """

    wide = True

    @staticmethod
    def forward(
        ctx: Context, x: Any, h0: Any, w_ih: Any, w_hh: Any, *bias: Any, lengths: Any, reverse: bool
    ) -> Any:
        x, hs = start(ctx, x, h0, lengths, reverse)
        w_in, w_rec, *b = [negated(by_gate(w, 3), 2) for w in (w_ih, w_hh, *bias)]
        gates = project(in_order(ctx, x), w_in, *b[:1])
        ctx.v_n = np.empty_like(hs[1:])
        w_rec = w_rec.swapaxes(1, 2).copy()  # (3, H, H)
        b_rec = [part[:, None] for part in b[1:]]
        of_gates = zip(gates[:, :2], *gates.swapaxes(0, 1), strict=True)
        with np.errstate(over="ignore"):
            for t, (rz, r, z, n) in enumerate(
                of_gates
            ):  # u_r, u_z, u_n, and r, z, n in their place
                v = hs[t] @ w_rec
                for part in b_rec:
                    v += part
                rz += v[:2]
                logistic(rz)
                ctx.v_n[t] = v[2]
                n += r * v[2]
                np.tanh(n, out=n)
                np.subtract(hs[t], n, out=hs[t + 1])
                hs[t + 1] *= z
                hs[t + 1] += n  # n + z (h - n)
                stand_still(ctx, t, hs)
        ctx.save(x, w_ih, w_hh, hs, gates)
        return output(ctx, hs, hs[-1])

    @staticmethod
    def _slopes(ctx: Context) -> tuple[Any, Any, Any]:
        """Return the slopes of h' in u and in v, both (T, 3, N, H), and in h directly."""
        *_, hs, gates = ctx.saved
        r, z, n = gates.swapaxes(0, 1)
        in_n = (1 - z) * (1 - n * n)
        in_z = (hs[:-1] - n) * z * (1 - z)
        if ctx.idle is not None:
            in_n, in_z, z = in_n * ~ctx.idle, in_z * ~ctx.idle, np.where(ctx.idle, 1, z)
        in_r = in_n * ctx.v_n * r * (1 - r)
        return np.stack([in_r, in_z, in_n], axis=1), np.stack([in_r, in_z, in_n * r], axis=1), z

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        grad_h, (dh,) = incoming(ctx, grad_out)
        w_hh = by_gate(ctx.saved[2], 3)
        du, dv, keep = Gru._slopes(ctx)
        for t in reversed(range(len(du))):
            dh += grad_h[t]
            du[t] *= dh
            dv[t] *= dh
            dh = (dv[t] @ w_hh).sum(axis=0) + keep[t] * dh
        return gradients(ctx, [dh], du, dv)

    @staticmethod
    def jvp(ctx: Context, dx: Any, dh0: Any, dw_ih: Any, dw_hh: Any, *dbias: Any) -> Any:
        w_rec = by_gate(ctx.saved[2], 3).swapaxes(1, 2)
        in_u, in_v, keep = Gru._slopes(ctx)
        du = tangent_in(ctx, 3, dx, dw_ih, *dbias[:1])
        dv = tangent_rec(ctx, 3, dw_hh, *dbias[1:])
        dhs = first(keep, dh0)
        for t, dh in enumerate(dhs[:-1]):
            dhs[t + 1] = (in_u[t] * du[t] + in_v[t] * (dv[t] + dh @ w_rec)).sum(axis=0)
            dhs[t + 1] += keep[t] * dh
        return output(ctx, dhs, dhs[-1])
