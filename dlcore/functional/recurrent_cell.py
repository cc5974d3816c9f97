"""One step of a recurrent network: compositions that can be differentiated any number of times."""

from typing import Literal

from dlcore.function import Operand
from dlcore.functional.linalg import linear
from dlcore.tensor import Tensor

Nonlinearity = Literal["tanh", "relu"]


def rnn_cell(
    input: Operand,
    hx: Operand,
    w_ih: Operand,
    w_hh: Operand,
    b_ih: Operand | None = None,
    b_hh: Operand | None = None,
    nonlinearity: Nonlinearity = "tanh",
) -> Tensor:
    """Take one step of a plain recurrent network.

    The other parameters are those of :func:`rnn`.

    Parameters
    ----------
    input : Tensor, shape (N, I) or (I,)
        What is read.
    hx : Tensor, shape (N, H) or (H,)
        State before the step.
    b_ih, b_hh : Tensor, shape (H,), optional
        Biases.

    Returns
    -------
    Tensor, shape (N, H) or (H,)
        ``φ(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh)``.

    Raises
    ------
    ValueError
        If shapes do not fit, or if the nonlinearity is unknown.
    """
    check_nonlinearity("rnn_cell", nonlinearity)
    z = linear(input, w_ih, b_ih) + linear(hx, w_hh, b_hh)
    return z.tanh() if nonlinearity == "tanh" else z.relu()


def lstm_cell(
    input: Operand,
    hx: tuple[Operand, Operand],
    w_ih: Operand,
    w_hh: Operand,
    b_ih: Operand | None = None,
    b_hh: Operand | None = None,
) -> tuple[Tensor, Tensor]:
    """Take one step of a long short-term memory.

    The other parameters are those of :func:`rnn_cell`.

    Parameters
    ----------
    hx : (Tensor, Tensor), shape (N, H) or (H,) each
        Hidden state h and cell state c before the step.
    w_ih, w_hh : Tensor, shape (4 H, I) and (4 H, H)
        Weights of the gates i, f, g, o, one below the other.
    b_ih, b_hh : Tensor, shape (4 H,), optional
        Biases.

    Returns
    -------
    h : Tensor, shape (N, H) or (H,)
        ``o tanh(c)``.
    c : Tensor, shape (N, H) or (H,)
        ``f c + i g``.

    Raises
    ------
    ValueError
        If shapes do not fit.
    """
    h, c = hx
    z = linear(input, w_ih, b_ih) + linear(h, w_hh, b_hh)
    i, f, g, o = _gates(z, 4)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def gru_cell(
    input: Operand,
    hx: Operand,
    w_ih: Operand,
    w_hh: Operand,
    b_ih: Operand | None = None,
    b_hh: Operand | None = None,
) -> Tensor:
    """Take one step of a gated recurrent unit.

    The other parameters are those of :func:`rnn_cell`.

    Parameters
    ----------
    w_ih, w_hh : Tensor, shape (3 H, I) and (3 H, H)
        Weights of r, z, n, one below the other.
    b_ih, b_hh : Tensor, shape (3 H,), optional
        Biases; that of n in `b_hh` is inside the product with r.

    Returns
    -------
    Tensor, shape (N, H) or (H,)
        ``(1 - z) n + z h``.

    Raises
    ------
    ValueError
        If shapes do not fit.
    """
    u_r, u_z, u_n = _gates(linear(input, w_ih, b_ih), 3)
    v_r, v_z, v_n = _gates(linear(hx, w_hh, b_hh), 3)
    r, z = (u_r + v_r).sigmoid(), (u_z + v_z).sigmoid()
    n = (u_n + r * v_n).tanh()
    return n - z * (n - hx)


def check_nonlinearity(name: str, nonlinearity: str) -> None:
    """Refuse a nonlinearity that a plain recurrent network does not have."""
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f"{name}: nonlinearity must be 'tanh' or 'relu', got {nonlinearity!r}")


def _gates(z: Tensor, count: int) -> list[Tensor]:
    size = z.shape[-1] // count
    return [z[..., k * size : (k + 1) * size] for k in range(count)]
