"""Dense layers."""

import math

import numpy as np
from numpy.typing import DTypeLike

from dlcore import functional as F
from dlcore.function import Operand
from dlcore.nn import init
from dlcore.nn.module import Module
from dlcore.nn.parameter import Parameter
from dlcore.tensor import Tensor, as_tensor


class Linear(Module):
    """Affine map of the last axis, ``y = x Wᵀ + b``.

    Parameters
    ----------
    in_features : int
        Length of the last axis of the input.
    out_features : int
        Length of the last axis of the output.
    bias : bool, default True
        Whether b is learnt; otherwise there is none.
    dtype : dtype_like, default float32
        Kind of number of the weights.
    rng : numpy.random.Generator, optional
        Source of the starting values: uniform within ``±1 / sqrt(in_features)``, as in torch.

    Attributes
    ----------
    weight : Parameter, shape (out_features, in_features)
        The matrix W.
    bias : Parameter, shape (out_features,), or None
        The vector b.

    Raises
    ------
    ValueError
        If a size is not positive or, when called, if the last axis has another length.

    Notes
    -----
    With g the gradient of y, those of x, W and b are ``g W``, ``gᵀ x`` and the sum of g over the
    examples. Derived in Chapter 7.

    Examples
    --------
    >>> import numpy as np, dlcore as dl
    >>> layer = dl.nn.Linear(3, 2, rng=np.random.default_rng(0))
    >>> layer(dl.ones(4, 3)).shape
    (4, 2)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        dtype: DTypeLike = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if in_features < 1 or out_features < 1:
            raise ValueError(
                f"Linear: in_features and out_features must be at least 1, "
                f"got {in_features} and {out_features}"
            )
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(np.empty((out_features, in_features), dtype))
        self.register_parameter("bias", Parameter(np.empty(out_features, dtype)) if bias else None)
        bound = 1 / math.sqrt(in_features)
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound, rng)

    def forward(self, x: Operand) -> Tensor:
        """Map x of shape (..., in_features) to shape (..., out_features)."""
        x = as_tensor(x)
        got = x.shape
        if not got or got[-1] != self.in_features:
            raise ValueError(
                f"Linear: last axis of x must be {self.in_features} (in_features), got shape {got}"
            )
        return F.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        """Show the sizes."""
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )


class Bilinear(Module):
    """Product of two inputs with a matrix for each output, ``y_k = x1ᵀ W_k x2 + b_k``.

    Parameters
    ----------
    in1_features, in2_features : int
        Lengths of the last axes of the inputs.
    out_features : int
        Length of the last axis of the output.
    bias : bool, default True
        Whether b is learnt; otherwise there is none.
    dtype : dtype_like, default float32
        Kind of number of the weights.
    rng : numpy.random.Generator, optional
        Source of the starting values: uniform within ``±1 / sqrt(in1_features)``, as in torch.

    Attributes
    ----------
    weight : Parameter, shape (out_features, in1_features, in2_features)
        The matrices W.
    bias : Parameter, shape (out_features,), or None
        The vector b.

    Raises
    ------
    ValueError
        If a size is not positive or, when called, if shapes do not fit.
    """

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        dtype: DTypeLike = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        sizes = (out_features, in1_features, in2_features)
        if min(sizes) < 1:
            raise ValueError(f"Bilinear: sizes must be at least 1, got weight of shape {sizes}")
        self.out_features, self.in1_features, self.in2_features = sizes
        self.weight = Parameter(np.empty(sizes, dtype))
        self.register_parameter("bias", Parameter(np.empty(out_features, dtype)) if bias else None)
        bound = 1 / math.sqrt(in1_features)
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound, rng)

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.bilinear` of x1 and x2."""
        return F.bilinear(x1, x2, self.weight, self.bias)

    def extra_repr(self) -> str:
        """Show the sizes."""
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )


class Identity(Module):
    """The input as it is; arguments are taken and forgotten, so that it can stand for any layer.

    Parameters
    ----------
    *args, **kwargs : object
        Whatever the layer takes that it stands for.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__()

    def forward(self, x: Tensor) -> Tensor:
        """Return x."""
        return x
