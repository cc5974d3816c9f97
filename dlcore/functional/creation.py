"""Making Tensors from nothing: constants, ranges and random numbers."""

import operator
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from dlcore.function import Operand, array_of
from dlcore.methods import flat
from dlcore.random import default_rng
from dlcore.tensor import Tensor


def zeros(*shape: Any, dtype: DTypeLike = np.float32, requires_grad: bool = False) -> Tensor:
    """Make a Tensor of zeros.

    Parameters
    ----------
    *shape : int or tuple of int
        Length of each axis.
    dtype : dtype_like, default float32
        Kind of number.
    requires_grad : bool, default False
        Whether gradients with respect to the result are wanted.

    Returns
    -------
    Tensor
        Zeros of `shape`.
    """
    return Tensor(np.zeros(lengths_of(shape), dtype), requires_grad)


def ones(*shape: Any, dtype: DTypeLike = np.float32, requires_grad: bool = False) -> Tensor:
    """Make a Tensor of ones; parameters as in :func:`zeros`."""
    return Tensor(np.ones(lengths_of(shape), dtype), requires_grad)


def full(
    shape: tuple[int, ...],
    fill_value: float,
    dtype: DTypeLike = np.float32,
    requires_grad: bool = False,
) -> Tensor:
    """Make a Tensor of `shape` with `fill_value` at every place."""
    return Tensor(np.full(lengths_of((shape,)), fill_value, dtype), requires_grad)


def zeros_like(
    input: Operand, dtype: DTypeLike | None = None, requires_grad: bool = False
) -> Tensor:
    """Make a Tensor of zeros in the shape, and by default the dtype, of `input`."""
    return Tensor(np.zeros_like(array_of(input), dtype), requires_grad)


def ones_like(
    input: Operand, dtype: DTypeLike | None = None, requires_grad: bool = False
) -> Tensor:
    """Make a Tensor of ones in the shape, and by default the dtype, of `input`."""
    return Tensor(np.ones_like(array_of(input), dtype), requires_grad)


def eye(
    n: int, m: int | None = None, dtype: DTypeLike = np.float32, requires_grad: bool = False
) -> Tensor:
    """Make a matrix of `n` rows and `m` columns (`n` by default) with ones on its diagonal."""
    if n < 0 or (m is not None and m < 0):
        raise ValueError(f"eye: n and m must be at least 0, got {n} and {m}")
    return Tensor(np.eye(n, m, dtype=dtype), requires_grad)


def arange(
    start: float, end: float | None = None, step: float = 1, dtype: DTypeLike | None = None
) -> Tensor:
    """Make the numbers from `start` up to, not including, `end`; integers become int64."""
    low, high = (0, start) if end is None else (start, end)
    if not np.isfinite([low, high, step]).all() or step == 0 or (high - low) * step < 0:
        raise ValueError(f"arange: no numbers lead from {low} to {high} in steps of {step}")
    numbers: Any = np.arange(low, high, step)
    if dtype is None:
        dtype = np.float32 if numbers.dtype.kind == "f" else np.int64
    return Tensor(numbers.astype(dtype))


def rand(
    *shape: Any,
    rng: np.random.Generator | None = None,
    dtype: DTypeLike = np.float32,
    requires_grad: bool = False,
) -> Tensor:
    """Draw from the uniform distribution on [0, 1).

    The other parameters are those of :func:`zeros`.

    Parameters
    ----------
    rng : numpy.random.Generator, optional
        Source of randomness; the one that :func:`dlcore.seed` sets by default.
    dtype : dtype_like, default float32
        Either float32 or float64.

    Returns
    -------
    Tensor
        Independent samples of `shape`.
    """
    return Tensor(default_rng(rng).random(lengths_of(shape)).astype(dtype), requires_grad)


def randn(
    *shape: Any,
    rng: np.random.Generator | None = None,
    dtype: DTypeLike = np.float32,
    requires_grad: bool = False,
) -> Tensor:
    """Draw from the normal distribution with mean 0 and variance 1; parameters as in `rand`."""
    return Tensor(default_rng(rng).standard_normal(lengths_of(shape)).astype(dtype), requires_grad)


def lengths_of(sizes: tuple[Any, ...]) -> tuple[int, ...]:
    """Return the lengths of axes, given one by one or together, or say what is wrong with them."""
    given = flat(sizes)
    try:
        lengths = tuple(operator.index(n) for n in given)
    except TypeError:
        raise TypeError(f"shape: expected whole numbers, got {given}") from None
    if min(lengths, default=0) < 0:
        raise ValueError(f"shape: expected lengths of at least 0, got {given}")
    return lengths
