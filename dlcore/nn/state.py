"""State of modules: their buffers, and what goes into a file."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcore.tensor import Tensor


class Names(NamedTuple):
    """Names that did not match when a state was loaded."""

    missing_keys: list[str]
    unexpected_keys: list[str]


class Stateful:
    """What a :class:`~dlcore.nn.Module` has to do with buffers and its state."""

    _parameters: dict[str, Any]
    _buffers: dict[str, NDArray[Any] | None]
    _passing: frozenset[str] = frozenset()  # names of the buffers that are no part of the state
    named_modules: Callable[..., Iterator[tuple[str, Any]]]

    def register_buffer(
        self, name: str, array: NDArray[Any] | Tensor | None, persistent: bool = True
    ) -> None:
        """Keep an array that is not learnt.

        Parameters
        ----------
        name : str
            The attribute.
        array : numpy.ndarray or Tensor, or None
            The array; that of a Tensor is taken out.
        persistent : bool, default True
            Whether it belongs to the state; False for what ``__init__`` makes anew, such as a mask.
        """
        self._buffers[name] = array.data if isinstance(array, Tensor) else array
        passing = self._passing - {name} if persistent else self._passing | {name}
        object.__setattr__(self, "_passing", passing)

    def named_buffers(self, prefix: str = "") -> Iterator[tuple[str, NDArray[Any]]]:
        """Yield every buffer, with its dotted name."""
        for path, module in self.named_modules(prefix):
            for name, array in module._buffers.items():
                if array is not None:
                    yield join(path, name), array

    def buffers(self) -> Iterator[NDArray[Any]]:
        """Yield every buffer."""
        return (array for _, array in self.named_buffers())

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """Return parameters and persistent buffers by dotted name.

        Returns
        -------
        dict of str to numpy.ndarray
            The arrays themselves, not copies, in torch's order: module by module, parameters
            before buffers. What is used in several places has a name for each.
        """
        state: dict[str, NDArray[Any]] = {}
        for path, module in self.named_modules(remove_duplicate=False):
            for name, parameter in module._parameters.items():
                if parameter is not None:
                    state[join(path, name)] = parameter.data
            for name, array in module._buffers.items():
                if array is not None and name not in module._passing:
                    state[join(path, name)] = array
        return state

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> Names:
        """Copy values into parameters and buffers of the same names.

        Parameters
        ----------
        state_dict : mapping of str to array_like
            As :meth:`state_dict` gives it; Tensors of torch on the CPU serve too.
        strict : bool, default True
            Refuse names that are missing or unknown.

        Returns
        -------
        missing_keys, unexpected_keys : list of str
            Names that only this module has, and names that only `state_dict` has.

        Raises
        ------
        TypeError
            If `state_dict` is no mapping.
        ValueError
            If names or shapes do not match; nothing has been changed then.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(
                "state_dict: expected arrays by name, as module.state_dict() returns them, "
                f"got {type(state_dict).__name__}"
            )
        own = self.state_dict()
        missing = [n for n in own if n not in state_dict]
        unknown = [n for n in state_dict if n not in own]
        if strict and (missing or unknown):
            raise ValueError(
                f"load_state_dict: missing names {missing}, unknown names {unknown}; "
                "pass strict=False to load what matches"
            )
        arrays = {
            name: np.asarray(value.data if isinstance(value, Tensor) else value)
            for name, value in state_dict.items()
            if name in own
        }
        for name, array in arrays.items():
            if array.shape != own[name].shape:
                raise ValueError(
                    f"load_state_dict: {name} must have shape {own[name].shape}, got {array.shape}"
                )
        for name, array in arrays.items():
            own[name][...] = array
        return Names(missing, unknown)


def join(path: str, name: str) -> str:
    """Put a name behind the path of its module.

    Parameters
    ----------
    path : str
        Dotted; empty for the outermost module.
    name : str
        Of a parameter, a buffer or a module.

    Returns
    -------
    str
        The dotted name.
    """
    return f"{path}.{name}" if path else name
