"""The weights of a network, copied by name between the two libraries."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dlcore import nn
from dlcore.interop.torch.tensors import array_of, to_torch
from dlcore.nn.state import LATER, where_the_names_are
from dlcore.tensor import Tensor, stored_array

Weights = nn.Module | torch.nn.Module | Mapping[str, Any]
Keys = tuple[list[str], list[str]]


def load_from_torch(module: nn.Module, source: Weights, strict: bool = True) -> Keys:
    """Copy weights and buffers from torch into a module of dlcore.

    Parameters
    ----------
    module : Module
        What is written, in place.
    source : torch.nn.Module or mapping of str to torch.Tensor
        What is read: a module with the same names, or its ``state_dict()``.
    strict : bool, default True
        Refuse names that are missing or unexpected.

    Returns
    -------
    missing_keys, unexpected_keys : list of str
        Names that only `module` has, and names that only `source` has.

    Raises
    ------
    ValueError
        If names or shapes do not match, or one weight that layers share here has two values there.
        All that is wrong is named, and nothing has been changed.

    Notes
    -----
    Numbers take the dtype of `module`, as in torch's ``load_state_dict``.

    Examples
    --------
    >>> there, here = torch.nn.Linear(3, 2), nn.Linear(3, 2)
    >>> print(load_from_torch(here, there))
    ([], [])
    >>> print(np.array_equal(here.weight.data, there.weight.detach().numpy()))
    True
    """
    return _copy(_arrays(source, "source"), module, strict)


def load_into_torch(module: torch.nn.Module, source: Weights, strict: bool = True) -> Keys:
    """Copy weights and buffers from dlcore into a module of torch.

    The other parameters are those of :func:`load_from_torch`.

    Parameters
    ----------
    module : torch.nn.Module
        What is written, in place, on whatever device it is.
    source : Module or mapping of str to ndarray
        What is read: a module with the same names, or its ``state_dict()``.

    Returns
    -------
    missing_keys, unexpected_keys : list of str
        Names that only `module` has, and names that only `source` has.

    Raises
    ------
    ValueError
        If names or shapes do not match, or one weight that layers share there has two values here.
        All that is wrong is named, and nothing has been changed.

    Notes
    -----
    Numbers take the dtype of `module`, as in torch's ``load_state_dict``.

    Examples
    --------
    >>> load_into_torch(torch.nn.Linear(3, 2), nn.Linear(3, 1, bias=False))
    Traceback (most recent call last):
        ...
    ValueError: weights do not fit Linear:
      missing names: bias
      weight: expected shape (2, 3), got (1, 3)
    """
    return _copy(_arrays(source, "source"), module, strict)


def _copy(source: dict[str, Any], target: nn.Module | torch.nn.Module, strict: bool) -> Keys:
    own: dict[str, Any] = dict(target.state_dict())
    if elsewhere := where_the_names_are(own, source):
        raise ValueError(f"weights do not fit {type(target).__name__}: {elsewhere}")
    source = {name: stored_array(name, v) if name in own else v for name, v in source.items()}
    shared = [name for name in own if name in source]
    places = {_place(own[name]) for name in shared}  # what is there under another name is no gap
    absent = [
        name for name in own
        if name not in source and _place(own[name]) not in places and not name.endswith(LATER)
    ]  # fmt: skip
    unexpected = [name for name in source if name not in own]
    faults = [
        f"{name}: expected shape {tuple(own[name].shape)}, got {source[name].shape}"
        for name in shared if tuple(own[name].shape) != source[name].shape
    ]  # fmt: skip
    faults = faults or _split_ties(source, own, shared)
    if strict and unexpected:
        faults.insert(0, f"unexpected names: {', '.join(unexpected)}")
    if strict and absent:
        faults.insert(0, f"missing names: {', '.join(absent)}")
    if faults:
        title = f"weights do not fit {type(target).__name__}:"
        raise ValueError("\n  ".join([title, *faults]))
    with torch.no_grad():
        for name in shared:
            if isinstance(own[name], torch.Tensor):
                own[name].copy_(to_torch(source[name]))
            else:
                own[name][...] = source[name]
    return absent, unexpected


def _split_ties(
    source: dict[str, NDArray[Any]], own: dict[str, Any], shared: list[str]
) -> list[str]:
    first: dict[tuple[int, int], str] = {}
    faults = []
    for name in shared:
        other = first.setdefault(_place(own[name]), name)
        if other != name and not np.array_equal(source[name], source[other], equal_nan=True):
            faults.append(f"{name}: is one weight with {other}, got two different ones")
    return faults


def _place(value: Any) -> tuple[int, int]:
    """Tell arrays apart by where they lie, or as objects if they have no elements."""
    is_tensor = isinstance(value, torch.Tensor)
    empty = not (value.numel() if is_tensor else value.size)
    address = value.data_ptr() if is_tensor else value.ctypes.data
    return (address, 0) if not empty else (0, id(value))


def _arrays(source: Weights, argument: str) -> dict[str, Any]:
    state = source.state_dict() if isinstance(source, nn.Module | torch.nn.Module) else source
    if not isinstance(state, Mapping):
        raise TypeError(
            f"{argument}: expected a module or its state dict, got {type(state).__name__}"
        )
    known = torch.Tensor | Tensor | np.ndarray  # of anything else, stored_array asks what it is
    return {name: array_of(v) if isinstance(v, known) else v for name, v in state.items()}
