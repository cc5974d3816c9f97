"""Recurrent layers over whole sequences; arguments, defaults and state are torch's.

Where torch takes a ``PackedSequence``, these take `lengths` beside a padded batch, in any order:
beyond its length a sequence gives zeros and keeps its state, and a reversed layer starts at its own
last step. Results are those of torch for the packed batch. ``proj_size`` is left out.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from dlcore import functional as F
from dlcore.functional.recurrent_cell import Nonlinearity, check_nonlinearity
from dlcore.nn.recurrent_base import Recurrent, Weights
from dlcore.tensor import Tensor


class RNN(Recurrent):
    """Plain recurrent network, ``h_t = φ(x_t W_ihᵀ + b_ih + h_{t-1} W_hhᵀ + b_hh)``.

    Parameters
    ----------
    input_size : int
        The length I of what is read at each step.
    hidden_size : int
        The length H of the state.
    num_layers : int, default 1
        Layers on top of each other; each reads the output of the one below.
    nonlinearity : {"tanh", "relu"}, default "tanh"
        The function φ.
    bias : bool, default True
        Whether there are biases.
    batch_first : bool, default False
        Whether the axis of sequences comes before that of time, in x and in the output.
    dropout : float, default 0
        Probability with which outputs of all layers but the last are set to zero in training.
    bidirectional : bool, default False
        Whether each layer also reads from the end; the outputs of both stand side by side.
    dtype : dtype_like, default float32
        Kind of number of the weights.
    rng : numpy.random.Generator, optional
        Source of the starting values, uniform within ``±1 / sqrt(hidden_size)``, and of dropout.

    Attributes
    ----------
    weight_ih_l0, weight_hh_l0 : Parameter, shape (H, I) and (H, H)
        Weights of layer 0; ``_l1`` and so on for others, ``_reverse`` behind it for those from the
        end. I is H for higher layers, or 2 H if bidirectional.
    bias_ih_l0, bias_hh_l0 : Parameter, shape (H,), or None
        Biases, likewise.

    Raises
    ------
    ValueError
        If an option is out of range or, when called, if shapes do not fit.

    Notes
    -----
    The gradient runs back through all steps in one primitive. Derived in Chapter 13.

    Examples
    --------
    >>> import dlcore as dl
    >>> layer = dl.nn.RNN(3, 4, num_layers=2)
    >>> output, h_n = layer(dl.ones(5, 2, 3))
    >>> output.shape, h_n.shape
    ((5, 2, 4), (2, 2, 4))
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: Nonlinearity = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: DTypeLike = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        check_nonlinearity("RNN", nonlinearity)
        super().__init__(
            input_size, hidden_size, num_layers, bias=bias, batch_first=batch_first,
            dropout=dropout, bidirectional=bidirectional, dtype=dtype, rng=rng,
        )  # fmt: skip
        self.nonlinearity = nonlinearity

    def _one(
        self, x: Tensor, states: Sequence[Tensor], weights: Weights, lengths: Any, reverse: bool
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        out, h = F.rnn(
            x, states[0], *weights, nonlinearity=self.nonlinearity, lengths=lengths, reverse=reverse
        )
        return out, (h,)

    def forward(
        self,
        x: Tensor,
        hx: Tensor | None = None,
        lengths: ArrayLike | Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return the states at every step and the last of each layer."""
        output, (h_n,) = self._run(x, None if hx is None else (hx,), lengths)
        return output, h_n


class LSTM(Recurrent):
    """Long short-term memory: a cell that gates fill, keep and show.

    The other parameters are those of :class:`RNN`.

    Parameters
    ----------
    hidden_size : int
        The length H of each state.

    Attributes
    ----------
    weight_ih_l0, weight_hh_l0 : Parameter, shape (4 H, I) and (4 H, H)
        Weights of layer 0, gates i, f, g, o one below the other; ``_l1`` and so on for others,
        ``_reverse`` behind it for those from the end.
    bias_ih_l0, bias_hh_l0 : Parameter, shape (4 H,), or None
        Biases, likewise.

    Raises
    ------
    ValueError
        If an option is out of range or, when called, if shapes do not fit.

    Notes
    -----
    The gradient runs back through all steps in one primitive. Derived in Chapter 14.

    Examples
    --------
    >>> import dlcore as dl
    >>> layer = dl.nn.LSTM(3, 4, bidirectional=True, batch_first=True)
    >>> output, (h_n, c_n) = layer(dl.ones(2, 5, 3), lengths=[5, 2])
    >>> output.shape, h_n.shape, c_n.shape
    ((2, 5, 8), (2, 2, 4), (2, 2, 4))
    """

    gates = 4
    states = ("hx[0]", "hx[1]")

    def _one(
        self, x: Tensor, states: Sequence[Tensor], weights: Weights, lengths: Any, reverse: bool
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        return F.lstm(x, (states[0], states[1]), *weights, lengths=lengths, reverse=reverse)

    def forward(
        self,
        x: Tensor,
        hx: tuple[Tensor, Tensor] | None = None,
        lengths: ArrayLike | Tensor | None = None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Return h at every step, and the last (h, c) of each layer."""
        output, (h_n, c_n) = self._run(x, hx, lengths)
        return output, (h_n, c_n)


class GRU(Recurrent):
    """Gated recurrent unit: a state that gates reset and carry over.

    The parameters are those of :class:`RNN`.

    Attributes
    ----------
    weight_ih_l0, weight_hh_l0 : Parameter, shape (3 H, I) and (3 H, H)
        Weights of layer 0, r, z, n one below the other; ``_l1`` and so on for others, ``_reverse``
        behind it for those from the end.
    bias_ih_l0, bias_hh_l0 : Parameter, shape (3 H,), or None
        Biases, likewise.

    Raises
    ------
    ValueError
        If an option is out of range or, when called, if shapes do not fit.

    Notes
    -----
    The gradient runs back through all steps in one primitive. Derived in Chapter 14.
    """

    gates = 3

    def _one(
        self, x: Tensor, states: Sequence[Tensor], weights: Weights, lengths: Any, reverse: bool
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        out, h = F.gru(x, states[0], *weights, lengths=lengths, reverse=reverse)
        return out, (h,)

    def forward(
        self,
        x: Tensor,
        hx: Tensor | None = None,
        lengths: ArrayLike | Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return the states at every step and the last of each layer."""
        output, (h_n,) = self._run(x, None if hx is None else (hx,), lengths)
        return output, h_n
