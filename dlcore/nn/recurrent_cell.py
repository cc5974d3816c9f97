"""Recurrent cells: one step at a time, for decoders and for loops written by hand."""

import math
from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from numpy.typing import DTypeLike

from dlcore import functional as F
from dlcore.functional.recurrent_cell import Nonlinearity, check_nonlinearity
from dlcore.nn import init
from dlcore.nn.module import Module
from dlcore.nn.parameter import Parameter
from dlcore.tensor import Tensor


class _Cell(Module):
    gates: ClassVar[int]

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        dtype: DTypeLike = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        check_sizes(self, input_size=input_size, hidden_size=hidden_size)
        self.input_size, self.hidden_size = input_size, hidden_size
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        register_weights(
            self, names, self.gates, inputs=input_size, hidden=hidden_size, bias=bias, dtype=dtype,
            rng=rng,
        )  # fmt: skip

    def _weights(self) -> tuple[Parameter, Parameter, Parameter | None, Parameter | None]:
        return self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh

    def _zeros(self, x: Tensor) -> Tensor:
        if x.ndim not in (1, 2) or x.shape[-1] != self.input_size:
            raise ValueError(
                f"{type(self).__name__}: x must have shape (N, {self.input_size}) or "
                f"({self.input_size},), got {x.shape}"
            )
        return Tensor(np.zeros((*x.shape[:-1], self.hidden_size), x.dtype))

    def _checked(self, name: str, state: Any, zeros: Tensor) -> Tensor:
        if not isinstance(state, Tensor) or state.shape != zeros.shape:
            raise ValueError(
                f"{type(self).__name__}: {name} must be a Tensor of shape {zeros.shape}, "
                f"got {getattr(state, 'shape', state)}"
            )
        return state

    def extra_repr(self) -> str:
        """Show the sizes."""
        bias = "" if self.bias_ih is not None else ", bias=False"
        return f"{self.input_size}, {self.hidden_size}{bias}"


class RNNCell(_Cell):
    """One step of a plain recurrent network, ``h' = φ(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh)``.

    Parameters
    ----------
    input_size : int
        Length of what is read.
    hidden_size : int
        Length of the state.
    bias : bool, default True
        Whether there are biases.
    nonlinearity : {"tanh", "relu"}, default "tanh"
        The function φ.
    dtype : dtype_like, default float32
        Kind of number of the weights.
    rng : numpy.random.Generator, optional
        Source of the starting values: uniform within ``±1 / sqrt(hidden_size)``, as in torch.

    Attributes
    ----------
    weight_ih, weight_hh : Parameter, shape (H, I) and (H, H)
        Weights of the input and of the state.
    bias_ih, bias_hh : Parameter, shape (H,), or None
        Biases.

    Raises
    ------
    ValueError
        If a size is not positive or the nonlinearity unknown or, when called, if shapes do not fit.
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: Nonlinearity = "tanh",
        dtype: DTypeLike = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        check_nonlinearity("RNNCell", nonlinearity)
        super().__init__(input_size, hidden_size, bias, dtype, rng)
        self.nonlinearity = nonlinearity

    def forward(self, x: Tensor, hx: Tensor | None = None) -> Tensor:
        """Return the state after reading x; the state before is zero unless given."""
        zeros = self._zeros(x)
        h = zeros if hx is None else self._checked("hx", hx, zeros)
        return F.rnn_cell(x, h, *self._weights(), nonlinearity=self.nonlinearity)


class LSTMCell(_Cell):
    """One step of a long short-term memory.

    The other parameters are those of :class:`RNNCell`.

    Parameters
    ----------
    hidden_size : int
        Length of each state.

    Attributes
    ----------
    weight_ih, weight_hh : Parameter, shape (4 H, I) and (4 H, H)
        Weights of the gates i, f, g, o, one below the other.
    bias_ih, bias_hh : Parameter, shape (4 H,), or None
        Biases.

    Raises
    ------
    ValueError
        If a size is not positive or, when called, if shapes do not fit.
    """

    gates = 4

    def forward(self, x: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, Tensor]:
        """Return the states (h, c) after reading x; those before are zero unless given."""
        zeros = self._zeros(x)
        h, c = (zeros, zeros) if hx is None else hx
        states = self._checked("hx[0]", h, zeros), self._checked("hx[1]", c, zeros)
        return F.lstm_cell(x, states, *self._weights())


class GRUCell(_Cell):
    """One step of a gated recurrent unit.

    The parameters are those of :class:`RNNCell`.

    Attributes
    ----------
    weight_ih, weight_hh : Parameter, shape (3 H, I) and (3 H, H)
        Weights of r, z, n, one below the other.
    bias_ih, bias_hh : Parameter, shape (3 H,), or None
        Biases.

    Raises
    ------
    ValueError
        If a size is not positive or, when called, if shapes do not fit.
    """

    gates = 3

    def forward(self, x: Tensor, hx: Tensor | None = None) -> Tensor:
        """Return the state after reading x; the state before is zero unless given."""
        zeros = self._zeros(x)
        h = zeros if hx is None else self._checked("hx", hx, zeros)
        return F.gru_cell(x, h, *self._weights())


def check_sizes(module: Module, **sizes: int) -> None:
    """Refuse sizes that are no whole numbers, or below one."""
    for name, size in sizes.items():
        if not isinstance(size, Integral) or isinstance(size, bool):
            raise TypeError(f"{type(module).__name__}: {name} must be a whole number, got {size!r}")
        if size < 1:
            raise ValueError(f"{type(module).__name__}: {name} must be at least 1, got {size}")


def check_switches(module: Module, **switches: bool) -> None:
    """Refuse what is neither True nor False: a place too far to the left, or a text."""
    for name, switch in switches.items():
        if not isinstance(switch, bool):
            raise TypeError(
                f"{type(module).__name__}: {name} must be True or False, got {switch!r}"
            )


def register_weights(
    module: Module,
    names: tuple[str, str, str, str],
    gates: int,
    *,
    inputs: int,
    hidden: int,
    bias: bool,
    dtype: DTypeLike,
    rng: np.random.Generator | None,
) -> None:
    """Give `module` the weights and biases of one cell, uniform within ``±1 / sqrt(hidden)``."""
    bound, rows = 1 / math.sqrt(hidden), gates * hidden
    shapes: tuple[tuple[int, ...], ...] = ((rows, inputs), (rows, hidden), (rows,), (rows,))
    for name, shape in zip(names, shapes, strict=True):
        wanted = bias or len(shape) > 1
        parameter = Parameter(np.empty(shape, dtype)) if wanted else None
        module.register_parameter(name, parameter)
        if parameter is not None:
            init.uniform_(parameter, -bound, bound, rng)
