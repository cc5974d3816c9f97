"""Module: the base of every layer and model."""

from collections.abc import Iterator, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dlcore.nn.hooks import ForwardHooks
from dlcore.nn.parameter import Parameter
from dlcore.tensor import Tensor


class Module(ForwardHooks):
    """Base of layers and models: keeps parameters, buffers and inner modules in order.

    A subclass assigns them as attributes in ``__init__`` and says in ``forward`` how it computes.

    Attributes
    ----------
    training : bool
        True after :meth:`train`, False after :meth:`eval`; dropout and normalisation read it.

    Notes
    -----
    Names and order in :meth:`state_dict` are torch's, so weights move both ways. Unlike there,
    the values are NumPy arrays.

    Examples
    --------
    >>> from dlcore import nn
    >>> class Affine(nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.scale = nn.Parameter([2.0])
    ...
    ...     def forward(self, x):
    ...         return self.scale * x
    >>> list(Affine().state_dict())
    ['scale']
    """

    training: bool
    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, NDArray[Any] | None]
    _modules: dict[str, "Module | None"]

    def __init__(self) -> None:
        for name, value in (
            ("training", True),
            ("_parameters", {}),
            ("_buffers", {}),
            ("_modules", {}),
        ):
            object.__setattr__(self, name, value)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output; every subclass says how."""
        raise NotImplementedError(f"{type(self).__name__}: no forward method is defined")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run :meth:`forward`, with the hooks before and after it."""
        if self._forward_pre_hooks is None and self._forward_hooks is None:
            return self.forward(*args, **kwargs)
        return self._call_with_hooks(args, kwargs)

    def __setattr__(self, name: str, value: Any) -> None:
        """Enter parameters and modules into their tables, everything else as usual."""
        if "_modules" not in self.__dict__:
            raise AttributeError(
                f"{type(self).__name__}: call super().__init__() before assigning {name!r}"
            )
        tables: list[tuple[type, dict[str, Any]]] = [
            (Parameter, self._parameters),
            (Module, self._modules),
        ]
        for _, table in tables:
            table.pop(name, None)
        for kind, table in tables:
            if isinstance(value, kind):
                self.__dict__.pop(name, None)
                table[name] = value
                return
        if name in self._buffers:
            self._buffers[name] = None if value is None else np.asarray(value)
        else:
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        """Find parameters, buffers and modules by attribute."""
        own = self.__dict__
        for table in ("_parameters", "_buffers", "_modules"):
            if table in own and name in own[table]:
                return own[table][name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def __delattr__(self, name: str) -> None:
        """Remove an attribute, wherever it is kept."""
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                return
        object.__delattr__(self, name)

    def register_parameter(self, name: str, parameter: Parameter | None) -> None:
        """Keep a parameter, or remember that there is none, under `name`."""
        if parameter is None:
            self._parameters[name] = None
        else:
            setattr(self, name, parameter)

    def register_buffer(self, name: str, array: NDArray[Any] | None) -> None:
        """Keep an array that belongs to the state but is not learnt."""
        self._buffers[name] = array

    def add_module(self, name: str, module: "Module | None") -> None:
        """Keep an inner module under `name`, which may be a number."""
        if not name or "." in name:
            raise ValueError(f"add_module: expected a name without dots, got {name!r}")
        self._modules[name] = module

    def named_modules(
        self, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, "Module"]]:
        """Yield this module and all inside it, with dotted names.

        Parameters
        ----------
        prefix : str
            What stands before every name.
        remove_duplicate : bool, default True
            Yield a module that is used in several places under its first name only.

        Yields
        ------
        tuple of (str, Module)
            Name and module, each before what is inside it.
        """
        seen: set[int] = set()
        stack: list[tuple[str, Module]] = [(prefix, self)]
        while stack:
            path, module = stack.pop()
            if remove_duplicate and id(module) in seen:
                continue
            seen.add(id(module))
            yield path, module
            inner = [(_join(path, n), m) for n, m in module._modules.items() if m is not None]
            stack.extend(reversed(inner))

    def modules(self) -> Iterator["Module"]:
        """Yield this module and all inside it."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, "Module"]]:
        """Yield the modules directly inside this one, with their names."""
        return ((n, m) for n, m in self._modules.items() if m is not None)

    def children(self) -> Iterator["Module"]:
        """Yield the modules directly inside this one."""
        return (module for _, module in self.named_children())

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Parameter]]:
        """Yield every parameter once, with its dotted name."""
        seen: set[int] = set()
        for path, module in self.named_modules(prefix):
            for name, parameter in module._parameters.items():
                if parameter is not None and id(parameter) not in seen:
                    seen.add(id(parameter))
                    yield _join(path, name), parameter

    def parameters(self) -> Iterator[Parameter]:
        """Yield every parameter once."""
        return (parameter for _, parameter in self.named_parameters())

    def named_buffers(self, prefix: str = "") -> Iterator[tuple[str, NDArray[Any]]]:
        """Yield every buffer, with its dotted name."""
        for path, module in self.named_modules(prefix):
            for name, array in module._buffers.items():
                if array is not None:
                    yield _join(path, name), array

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """Return parameters and buffers by dotted name.

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
                    state[_join(path, name)] = parameter.data
            for name, array in module._buffers.items():
                if array is not None:
                    state[_join(path, name)] = array
        return state

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> None:
        """Copy values into parameters and buffers of the same names.

        Parameters
        ----------
        state_dict : mapping of str to array_like
            As :meth:`state_dict` gives it; Tensors of torch on the CPU serve too.
        strict : bool, default True
            Refuse names that are missing or unknown.

        Raises
        ------
        ValueError
            If names or shapes do not match; nothing has been changed then.
        """
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

    def train(self, mode: bool = True) -> Self:
        """Switch this module and all inside it to training, or away from it."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Switch to evaluation: no dropout, running statistics."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Learn or freeze every parameter."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self) -> None:
        """Forget every parameter's gradient."""
        for parameter in self.parameters():
            parameter.grad = None

    def to(self, dtype: DTypeLike) -> Self:
        """Convert floating parameters and buffers to `dtype`, in place."""
        for module in self.modules():
            for parameter in module._parameters.values():
                if parameter is not None:
                    parameter.data = parameter.data.astype(dtype, copy=False)
                    parameter.grad = None
            for name, array in module._buffers.items():
                if array is not None and array.dtype.kind == "f":
                    module._buffers[name] = array.astype(dtype, copy=False)
        return self

    def extra_repr(self) -> str:
        """Return what stands between the brackets of the representation."""
        return ""

    def __repr__(self) -> str:
        """Show the tree of modules, as torch does."""
        lines = [f"({n}): {m!r}".replace("\n", "\n  ") for n, m in self.named_children()]
        name, extra = type(self).__name__, self.extra_repr()
        if not lines:
            return f"{name}({extra})"
        inner = "\n  ".join([extra, *lines] if extra else lines)
        return f"{name}(\n  {inner}\n)"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
