"""One recurrent layer over whole sequences, in one direction.

Each is fused into one primitive, which is many times faster than a loop over the cells of
:mod:`dlcore.functional.recurrent_cell`, and can be differentiated once.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dlcore.function import Operand, array_of
from dlcore.functional.recurrent_cell import Nonlinearity, check_nonlinearity
from dlcore.ops import recurrent
from dlcore.tensor import Tensor


def rnn(
    input: Operand,
    h0: Operand,
    w_ih: Operand,
    w_hh: Operand,
    b_ih: Operand | None = None,
    b_hh: Operand | None = None,
    nonlinearity: Nonlinearity = "tanh",
    lengths: ArrayLike | Tensor | None = None,
    reverse: bool = False,
) -> tuple[Tensor, Tensor]:
    """Run a plain recurrent layer over sequences.

    Parameters
    ----------
    input : Tensor, shape (T, N, I)
        N sequences of T steps.
    h0 : Tensor, shape (N, H)
        Starting state.
    w_ih, w_hh : Tensor, shape (H, I) and (H, H)
        Weights of the input and of the state.
    b_ih, b_hh : Tensor, shape (H,), optional
        Biases; both or none.
    nonlinearity : {"tanh", "relu"}, default "tanh"
        The function φ.
    lengths : array_like of int, shape (N,), optional
        Steps that count; beyond them the output is zero and the state stands still.
    reverse : bool, default False
        Read each sequence from its last step to its first.

    Returns
    -------
    output : Tensor, shape (T, N, H)
        State at every step.
    h_n : Tensor, shape (N, H)
        State after the last step that was read.

    Raises
    ------
    ValueError
        If shapes or lengths do not fit, or if the nonlinearity is unknown.
    """
    check_nonlinearity("rnn", nonlinearity)
    operands = _operands("rnn", 1, input, (h0,), w_ih=w_ih, w_hh=w_hh, b_ih=b_ih, b_hh=b_hh)
    options = {"lengths": _lengths("rnn", lengths, input), "reverse": reverse}
    out = recurrent.Rnn.apply(*operands, nonlinearity=nonlinearity, **options)
    return out[:-1], out[-1]


def lstm(
    input: Operand,
    hx: tuple[Operand, Operand],
    w_ih: Operand,
    w_hh: Operand,
    b_ih: Operand | None = None,
    b_hh: Operand | None = None,
    lengths: ArrayLike | Tensor | None = None,
    reverse: bool = False,
) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """Run a layer of long short-term memory over sequences.

    The other parameters are those of :func:`rnn`.

    Parameters
    ----------
    hx : (Tensor, Tensor), shape (N, H) each
        Starting states h and c.
    w_ih, w_hh : Tensor, shape (4 H, I) and (4 H, H)
        Weights of the gates i, f, g, o, one below the other.
    b_ih, b_hh : Tensor, shape (4 H,), optional
        Biases; both or none.
    lengths : array_like of int, shape (N,), optional
        Steps that count; beyond them the output is zero and the states stand still.

    Returns
    -------
    output : Tensor, shape (T, N, H)
        Hidden state at every step.
    hx : (Tensor, Tensor), shape (N, H) each
        States h and c after the last step that was read.

    Raises
    ------
    ValueError
        If shapes or lengths do not fit.
    """
    operands = _operands("lstm", 4, input, hx, w_ih=w_ih, w_hh=w_hh, b_ih=b_ih, b_hh=b_hh)
    options = {"lengths": _lengths("lstm", lengths, input), "reverse": reverse}
    out = recurrent.Lstm.apply(*operands, **options)
    return out[:-2], (out[-2], out[-1])


def gru(
    input: Operand,
    h0: Operand,
    w_ih: Operand,
    w_hh: Operand,
    b_ih: Operand | None = None,
    b_hh: Operand | None = None,
    lengths: ArrayLike | Tensor | None = None,
    reverse: bool = False,
) -> tuple[Tensor, Tensor]:
    """Run a layer of gated recurrent units over sequences.

    The other parameters are those of :func:`rnn`.

    Parameters
    ----------
    w_ih, w_hh : Tensor, shape (3 H, I) and (3 H, H)
        Weights of r, z, n, one below the other.
    b_ih, b_hh : Tensor, shape (3 H,), optional
        Biases; both or none.

    Returns
    -------
    output : Tensor, shape (T, N, H)
        State at every step.
    h_n : Tensor, shape (N, H)
        State after the last step that was read.

    Raises
    ------
    ValueError
        If shapes or lengths do not fit.
    """
    operands = _operands("gru", 3, input, (h0,), w_ih=w_ih, w_hh=w_hh, b_ih=b_ih, b_hh=b_hh)
    options = {"lengths": _lengths("gru", lengths, input), "reverse": reverse}
    out = recurrent.Gru.apply(*operands, **options)
    return out[:-1], out[-1]


def _operands(
    name: str,
    gates: int,
    input: Operand,
    states: tuple[Operand, ...],
    *,
    w_ih: Operand,
    w_hh: Operand,
    b_ih: Operand | None,
    b_hh: Operand | None,
) -> list[Operand]:
    if (b_ih is None) != (b_hh is None):
        raise ValueError(f"{name}: expected both biases or none")
    shape = np.shape(array_of(input))
    if len(shape) != 3 or not shape[0]:
        raise ValueError(f"{name}: input must be (T, N, I) with at least one step, got {shape}")
    rows, size = gates * np.shape(array_of(w_hh))[-1], np.shape(array_of(w_hh))[-1]
    named: list[tuple[str, Any, tuple[int, ...]]] = [
        *((label, s, (shape[1], size)) for label, s in zip(("h0", "c0"), states, strict=False)),
        ("w_ih", w_ih, (rows, shape[2])),
        ("w_hh", w_hh, (rows, size)),
    ]
    if b_ih is not None:
        named += [("b_ih", b_ih, (rows,)), ("b_hh", b_hh, (rows,))]
    for label, operand, wanted in named:
        got = np.shape(array_of(operand))
        if got != wanted:
            raise ValueError(f"{name}: {label} must have shape {wanted}, got {got}")
    return [input, *(operand for _, operand, _ in named)]


def _lengths(name: str, lengths: ArrayLike | Tensor | None, input: Operand) -> Any:
    if lengths is None:
        return None
    steps, count = np.shape(array_of(input))[:2]
    ends = array_of(lengths)
    if ends.dtype.kind not in "iu" or ends.shape != (count,):
        raise ValueError(f"{name}: lengths must be {count} integers, got {ends!r}")
    if count and (ends.min() < 0 or ends.max() > steps):
        raise ValueError(f"{name}: lengths must lie between 0 and {steps}, got {ends!r}")
    return ends
