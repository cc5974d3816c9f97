"""Positions: what tells a Transformer the order of its input. Torch has no such modules."""

import math

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dlcore.nn import init
from dlcore.nn.module import Module
from dlcore.nn.parameter import Parameter
from dlcore.tensor import Tensor


class _Position(Module):
    def __init__(self, max_len: int, embed_dim: int, batch_first: bool) -> None:
        super().__init__()
        if max_len < 1 or embed_dim < 1:
            raise ValueError(
                f"{type(self).__name__}: max_len and embed_dim must be at least 1, "
                f"got {max_len} and {embed_dim}"
            )
        self.max_len, self.embed_dim, self.batch_first = max_len, embed_dim, batch_first

    def _length(self, x: Tensor) -> int:
        length = x.shape[1 if self.batch_first and x.ndim == 3 else 0] if x.ndim else 0
        if x.ndim not in (2, 3) or x.shape[-1] != self.embed_dim or length > self.max_len:
            raise ValueError(
                f"{type(self).__name__}: x must hold at most {self.max_len} positions of "
                f"{self.embed_dim} features, got shape {x.shape}"
            )
        return length

    def _add(self, x: Tensor, table: Tensor) -> Tensor:
        return x + (table if x.ndim == 2 or self.batch_first else table.unsqueeze(1))

    def extra_repr(self) -> str:
        """Show the sizes."""
        return f"{self.max_len}, {self.embed_dim}, batch_first={self.batch_first}"


class SinusoidalPosition(_Position):
    """Waves of many lengths, added to the features: nothing is learnt.

    Parameters
    ----------
    max_len : int
        Largest number of positions.
    embed_dim : int
        Number E of features.
    batch_first : bool, default False
        Whether the axis of sequences comes before that of positions.
    dtype : dtype_like, default float32
        Kind of number.

    Attributes
    ----------
    waves : numpy.ndarray, shape (max_len, E)
        What is added; no part of the state, as it can be computed.

    Raises
    ------
    ValueError
        If a size is not positive or, when called, if x is too long or has other features.

    Notes
    -----
    Features 2i and 2i + 1 of position t hold the sine and the cosine of ``t / 10000**(2i / E)``, so
    that a shift by k positions turns each pair by an angle that depends on k alone. Derived in
    Chapter 15.

    References
    ----------
    A. Vaswani et al., "Attention is all you need", NeurIPS 2017.

    Examples
    --------
    >>> import dlcore as dl
    >>> dl.nn.SinusoidalPosition(10, 4)(dl.zeros(2, 4))
    tensor([[0.    , 1.    , 0.    , 1.    ],
            [0.8415, 0.5403, 0.01  , 0.9999]])
    """

    def __init__(
        self,
        max_len: int,
        embed_dim: int,
        batch_first: bool = False,
        dtype: DTypeLike = np.float32,
    ) -> None:
        super().__init__(max_len, embed_dim, batch_first)
        self.waves: NDArray[np.floating] = _waves(max_len, embed_dim).astype(dtype)

    def forward(self, x: Tensor) -> Tensor:
        """Add the waves to x of shape (T, N, E), (N, T, E) if batch_first, or (T, E)."""
        return self._add(x, Tensor(self.waves[: self._length(x)].astype(x.dtype, copy=False)))


class LearnedPosition(_Position):
    """A vector for each position, learnt and added to the features.

    The other parameters are those of :class:`SinusoidalPosition`.

    Parameters
    ----------
    dtype : dtype_like, default float32
        Kind of number of the weights.
    rng : numpy.random.Generator, optional
        Source of the starting values, normal with standard deviation 0.02.

    Attributes
    ----------
    weight : Parameter, shape (max_len, E)
        The vectors.

    Raises
    ------
    ValueError
        If a size is not positive or, when called, if x is too long or has other features.

    References
    ----------
    A. Radford et al., "Language models are unsupervised multitask learners", 2019.
    """

    def __init__(
        self,
        max_len: int,
        embed_dim: int,
        batch_first: bool = False,
        dtype: DTypeLike = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(max_len, embed_dim, batch_first)
        self.weight = Parameter(np.empty((max_len, embed_dim), dtype))
        init.normal_(self.weight, 0.0, 0.02, rng)

    def forward(self, x: Tensor) -> Tensor:
        """Add the vectors to x of shape (T, N, E), (N, T, E) if batch_first, or (T, E)."""
        return self._add(x, self.weight[: self._length(x)])


def _waves(max_len: int, embed_dim: int) -> NDArray[np.float64]:
    half = np.arange((embed_dim + 1) // 2)
    angles = np.arange(max_len)[:, None] * np.exp(half * (-2 * math.log(10000) / embed_dim))
    return np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(max_len, -1)[:, :embed_dim]
