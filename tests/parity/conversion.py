"""From torch's values to dlcore's: Tensors, dtypes, and whatever holds them."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

import dlcore as dl

# Arguments that say where numbers lie: dlcore has one place for them.
PLACES = {"device", "layout", "pin_memory", "memory_format"}


def mapped(value: Any, leaf: Callable[[torch.Tensor], Any]) -> Any:
    """Rebuild a nest of tuples, lists and dicts with `leaf` applied to each of its tensors."""
    if isinstance(value, torch.Tensor):
        return leaf(value)
    if isinstance(value, dict):
        return {key: mapped(part, leaf) for key, part in value.items()}
    if type(value) in (list, tuple, torch.Size):
        return (list if type(value) is list else tuple)(mapped(part, leaf) for part in value)
    return value


def tensors_in(value: Any) -> Iterator[Any]:
    """Yield the tensors, of torch or of dlcore, in a nest of tuples, lists and dicts."""
    if isinstance(value, torch.Tensor | dl.Tensor):
        yield value
    elif isinstance(value, dict):
        yield from tensors_in(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from tensors_in(part)


def plain(value: Any) -> Any:
    """Return what is no tensor as dlcore takes it: dtypes are NumPy's."""
    if isinstance(value, torch.dtype):
        return np.dtype(str(value).removeprefix("torch."))
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items() if key not in PLACES}
    if type(value) in (list, tuple):
        return type(value)(plain(part) for part in value)
    return value


def array_of(tensor: torch.Tensor) -> np.ndarray:
    """Copy the numbers of a torch tensor, axes in memory as they lie there."""
    return tensor.numpy(force=True).copy(order="K")


def tensor_of(tensor: torch.Tensor) -> dl.Tensor:
    """Make a dlcore Tensor with the same numbers, which asks for a gradient if `tensor` does."""
    return dl.Tensor(array_of(tensor), requires_grad=tensor.requires_grad)


def converted(value: Any) -> Any:
    """Turn a nest of torch's values into dlcore's."""
    return plain(mapped(value, tensor_of))
