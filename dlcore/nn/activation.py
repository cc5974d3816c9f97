"""Nonlinearities as modules; arguments and defaults are torch's."""

from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike

from dlcore import functional as F
from dlcore.nn.module import Module
from dlcore.nn.parameter import Parameter
from dlcore.tensor import Tensor


class ReLU(Module):
    """Rectifier, ``max(x, 0)``, element by element."""

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.relu` of x."""
        return F.relu(x)


class LeakyReLU(Module):
    """Leaky rectifier, ``x`` where it is positive, else ``negative_slope * x``.

    Parameters
    ----------
    negative_slope : float, default 0.01
        Slope below zero.
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__()
        self.negative_slope = negative_slope

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.leaky_relu` of x."""
        return F.leaky_relu(x, self.negative_slope)

    def extra_repr(self) -> str:
        """Show the slope."""
        return f"negative_slope={self.negative_slope}"


class PReLU(Module):
    """Leaky rectifier whose slope is learnt.

    Parameters
    ----------
    num_parameters : int, default 1
        One slope for all, or one for each channel (axis 1).
    init : float, default 0.25
        Where the slopes start.
    dtype : dtype_like, default float32
        Kind of number of the slopes.

    Attributes
    ----------
    weight : Parameter, shape (num_parameters,)
        The slopes.
    """

    def __init__(
        self, num_parameters: int = 1, init: float = 0.25, dtype: DTypeLike = np.float32
    ) -> None:
        super().__init__()
        self.num_parameters = num_parameters
        self.weight = Parameter(np.full(num_parameters, init, dtype))

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.prelu` of x."""
        return F.prelu(x, self.weight)

    def extra_repr(self) -> str:
        """Show the number of slopes."""
        return f"num_parameters={self.num_parameters}"


class ELU(Module):
    """Exponential linear unit, ``x`` where it is positive, else ``alpha (exp(x) - 1)``.

    Parameters
    ----------
    alpha : float, default 1
        The value that it approaches on the left, negated.
    """

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        self.alpha = alpha

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.elu` of x."""
        return F.elu(x, self.alpha)

    def extra_repr(self) -> str:
        """Show alpha."""
        return f"alpha={self.alpha}"


class SiLU(Module):
    """Sigmoid-weighted linear unit (swish), ``x sigmoid(x)``."""

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.silu` of x."""
        return F.silu(x)


class GELU(Module):
    """Gaussian error linear unit, x times the probability of a normal number below it.

    The parameters are those of :func:`dlcore.functional.gelu`.
    """

    def __init__(self, approximate: Literal["none", "tanh"] = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.gelu` of x."""
        return F.gelu(x, self.approximate)

    def extra_repr(self) -> str:
        """Show the approximation."""
        return f"approximate={self.approximate!r}"


class Softplus(Module):
    """Smooth rectifier, ``log(1 + exp(beta x)) / beta``.

    The parameters are those of :func:`dlcore.functional.softplus`.
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.softplus` of x."""
        return F.softplus(x, self.beta, self.threshold)

    def extra_repr(self) -> str:
        """Show beta and threshold."""
        return f"beta={self.beta}, threshold={self.threshold}"


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


class _OverClasses(Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, x: Any) -> Tensor:
        raise NotImplementedError

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softmax(_OverClasses):
    """Probabilities that sum to 1 over axis `dim`.

    The parameters are those of :func:`dlcore.functional.softmax`.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.softmax` of x."""
        return F.softmax(x, self.dim)


class LogSoftmax(_OverClasses):
    """Logarithms of probabilities that sum to 1 over axis `dim`.

    The parameters are those of :func:`dlcore.functional.softmax`.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.log_softmax` of x."""
        return F.log_softmax(x, self.dim)
