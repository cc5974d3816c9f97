"""Tensors, to PyTorch and back."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dlcore.tensor import Tensor


def to_torch(x: Tensor | NDArray[Any]) -> torch.Tensor:
    """Return a tensor of torch with the same numbers.

    Parameters
    ----------
    x : Tensor or ndarray
        Numbers.

    Returns
    -------
    torch.Tensor
        It shares the memory of `x`, unless that cannot be: where `x` is read-only, runs backwards
        or has another byte order, it is a copy. A leaf that requires a gradient if `x` does.

    Raises
    ------
    TypeError
        If `x` is neither, or torch has no such dtype.

    Examples
    --------
    >>> import dlcore as dl
    >>> x = dl.zeros(2)
    >>> to_torch(x)[0] = 5.0
    >>> x
    tensor([5., 0.])
    """
    if not isinstance(x, Tensor | np.ndarray):
        raise TypeError(f"x: expected a Tensor of dlcore or an array, got {type(x).__name__}")
    array = x.data if isinstance(x, Tensor) else x
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    if not array.flags.writeable or any(step < 0 for step in array.strides):
        array = array.copy()
    out = torch.from_numpy(array)
    return out.requires_grad_() if isinstance(x, Tensor) and x.requires_grad else out


def from_torch(x: torch.Tensor) -> Tensor:
    """Return a Tensor of dlcore with the same numbers.

    Parameters
    ----------
    x : torch.Tensor
        Real numbers or booleans, on any device.

    Returns
    -------
    Tensor
        It shares the memory of `x` on the CPU; from another device, or from bfloat16, which NumPy
        has not and which becomes float32, it is a copy. A leaf that requires a gradient if `x`
        does.

    Raises
    ------
    TypeError
        If `x` is no tensor of torch, or holds something else.

    Examples
    --------
    >>> from_torch(torch.arange(3))
    tensor([0, 1, 2])
    """
    if not isinstance(x, torch.Tensor):
        raise TypeError(f"x: expected a torch.Tensor, got {type(x).__name__}")
    return Tensor(array_of(x), requires_grad=x.requires_grad)


def array_of(value: Any) -> NDArray[Any]:
    """Return the numbers of a tensor of either library.

    Parameters
    ----------
    value : torch.Tensor, Tensor or array_like
        Numbers.

    Returns
    -------
    ndarray
        It shares their memory where it can.
    """
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().resolve_conj().resolve_neg()
        value = value.float() if value.dtype == torch.bfloat16 else value
        return np.asarray(value.numpy())
    return value.data if isinstance(value, Tensor) else np.asarray(value)
