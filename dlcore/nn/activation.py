"""Nonlinearities as modules."""

from dlcore import functional as F
from dlcore.nn.module import Module
from dlcore.tensor import Tensor


class ReLU(Module):
    """Rectifier, ``max(x, 0)``, element by element."""

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.relu` of x."""
        return F.relu(x)


class Tanh(Module):
    """Hyperbolic tangent, element by element."""

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.tanh` of x."""
        return F.tanh(x)


class Sigmoid(Module):
    """Logistic function, ``1 / (1 + exp(-x))``, element by element."""

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.sigmoid` of x."""
        return F.sigmoid(x)


class Softmax(Module):
    """Probabilities that sum to 1 over axis `dim`.

    Parameters
    ----------
    dim : int
        The axis of the classes.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.softmax` of x."""
        return F.softmax(x, self.dim)

    def extra_repr(self) -> str:
        """Show the axis."""
        return f"dim={self.dim}"
