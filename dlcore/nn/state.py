"""State of modules: their buffers, and what goes into a file."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from numpy.typing import NDArray

from dlcore.tape import wrote
from dlcore.tensor import Tensor, stored_array

_WRAPPERS = ("module.", "_orig_mod.")  # what DataParallel and torch.compile put before each name
LATER = "num_batches_tracked"  # states from before PyTorch 0.4.1 do not have it


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
            As :meth:`state_dict` gives it; Tensors of torch on the CPU serve too, and bfloat16 is
            taken as float32. ``num_batches_tracked`` may be missing, as in old states.
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
            If names or shapes do not match, or a value is no array of real numbers; nothing has
            been changed then.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(
                "state_dict: expected arrays by name, as module.state_dict() returns them, "
                f"got {type(state_dict).__name__}"
            )
        own = self.state_dict()
        missing = [n for n in own if n not in state_dict and not n.endswith(LATER)]
        unknown = [n for n in state_dict if n not in own]
        elsewhere = where_the_names_are(own, state_dict)
        if elsewhere:
            raise ValueError(f"load_state_dict: {elsewhere}")
        if strict and (missing or unknown):
            raise ValueError(
                f"load_state_dict: missing names {missing}, unknown names {unknown}; "
                "pass strict=False to load what matches"
            )
        arrays = {name: stored_array(name, v) for name, v in state_dict.items() if name in own}
        for name, array in arrays.items():
            if array.shape != own[name].shape:
                raise ValueError(
                    f"load_state_dict: {name} must have shape {own[name].shape}, got {array.shape}"
                )
        for name, array in arrays.items():
            own[name][...] = array
        wrote(*(own[name] for name in arrays))
        return Names(missing, unknown)


def where_the_names_are(own: Mapping[str, Any], state: Mapping[str, Any]) -> str:
    """Say where the names of a module are, if a state has none of them on top.

    Parameters
    ----------
    own : mapping
        What the module has, by name.
    state : mapping
        What is to be loaded.

    Returns
    -------
    str
        A sentence, or nothing if there is nothing to say.
    """
    if not own or set(own) & set(state):
        return ""
    for key, value in state.items():
        if isinstance(value, Mapping) and set(own) & set(value):
            return f"the state lies inside, under {key!r}; pass state_dict[{key!r}]"
    for prefix in _WRAPPERS:
        if any(name.removeprefix(prefix) in own for name in state):
            return (
                f"every name begins with {prefix!r}, which a wrapper has put there; pass "
                f"{{name.removeprefix({prefix!r}): value for name, value in state_dict.items()}}"
            )
    return ""


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
