"""State as text and arrays: what JSON cannot hold is written so that it comes back the same."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.tensor import Tensor

_KIND = "__kind__"  # marks an object that stands for something else than a dict


def pack(state: Any, path: str, arrays: dict[str, NDArray[Any]]) -> Any:
    """Turn a state into what JSON can hold, and put its arrays aside.

    Parameters
    ----------
    state : object
        Dicts with keys of any plain kind, lists, tuples, numbers, strings, bools, None, arrays
        and Tensors, inside one another.
    path : str
        Its name, the beginning of the names of its arrays.
    arrays : dict of str to ndarray
        Where the arrays go.

    Returns
    -------
    object
        For :func:`unpack`.

    Raises
    ------
    TypeError
        If something else is in it, with its place.

    Examples
    --------
    >>> arrays = {}
    >>> print(pack({"step": 3, "average": np.ones(2)}, "state", arrays), list(arrays))
    {'step': 3, 'average': {'__kind__': 'array', 'name': 'state.average'}} ['state.average']
    """
    if isinstance(state, Tensor):
        state = state.data
    if isinstance(state, np.ndarray) and state.dtype.kind in "biufc":
        while path in arrays:  # two ways to one name: "b.c" in a, "c" in a.b
            path += "'"
        arrays[path] = state
        return {_KIND: "array", "name": path}
    if isinstance(state, np.generic):
        state = state.item()
    if isinstance(state, float) and not math.isfinite(state):
        return {_KIND: "float", "value": repr(state)}
    if state is None or isinstance(state, bool | int | float | str):
        return state
    if isinstance(state, list):
        return [pack(value, f"{path}.{i}", arrays) for i, value in enumerate(state)]
    if isinstance(state, tuple):
        return {_KIND: "tuple", "items": pack(list(state), path, arrays)}
    if isinstance(state, Mapping):
        items = {key: pack(value, f"{path}.{key}", arrays) for key, value in state.items()}
        if all(isinstance(key, str) for key in items) and _KIND not in items:
            return items
        return {_KIND: "dict", "items": [[key, value] for key, value in items.items()]}
    raise TypeError(f"{path}: {type(state).__name__} cannot be kept in a checkpoint")


def unpack(packed: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    """Turn what :func:`pack` returned into the state again.

    Parameters
    ----------
    packed : object
        What JSON held.
    arrays : mapping of str to ndarray
        The arrays that were put aside.

    Returns
    -------
    object
        The state; Tensors have become arrays.

    Examples
    --------
    >>> arrays = {}
    >>> packed = pack({0: (1, float("inf"))}, "state", arrays)
    >>> unpack(packed, arrays)
    {0: (1, inf)}
    """
    if isinstance(packed, list):
        return [unpack(value, arrays) for value in packed]
    if not isinstance(packed, dict):
        return packed
    kind = packed.get(_KIND)
    if kind == "array":
        return arrays[packed["name"]]
    if kind == "float":
        return float(packed["value"])
    if kind == "tuple":
        return tuple(unpack(packed["items"], arrays))
    if kind == "dict":
        return {key: unpack(value, arrays) for key, value in packed["items"]}
    return {key: unpack(value, arrays) for key, value in packed.items()}
