"""Dropout as modules: they act in training, and let everything through in evaluation."""

import numpy as np

from dlcore import functional as F
from dlcore.nn.module import Module
from dlcore.tensor import Tensor


class _Dropout(Module):
    def __init__(self, p: float = 0.5, rng: np.random.Generator | None = None) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"{type(self).__name__}: p must lie between 0 and 1, got {p}")
        self.p, self.rng = p, rng

    def extra_repr(self) -> str:
        """Show the probability."""
        return f"p={self.p}"


class Dropout(_Dropout):
    """Elements set to zero with probability `p` in training, the others scaled up.

    The parameters are those of :func:`dlcore.functional.dropout`.

    Raises
    ------
    ValueError
        If `p` is no probability.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.dropout` of x."""
        return F.dropout(x, self.p, self.training, self.rng)


class Dropout2d(_Dropout):
    """Channels set to zero as a whole with probability `p` in training, the others scaled up.

    The parameters are those of :func:`dlcore.functional.dropout2d`.

    Raises
    ------
    ValueError
        If `p` is no probability or, when called, if x is no batch of images.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.dropout2d` of x."""
        return F.dropout2d(x, self.p, self.training, self.rng)
