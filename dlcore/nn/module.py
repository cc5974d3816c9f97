"""Module: the base of every layer and model."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dlcore.methods import plain_dtype
from dlcore.nn.hooks import ForwardHooks
from dlcore.nn.parameter import Parameter
from dlcore.nn.state import Stateful, join
from dlcore.tape import recorder
from dlcore.tensor import Tensor
from dlcore.torch_names import advice


class Module(ForwardHooks, Stateful):
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
        if recorder.observer is not None:
            with recorder.observer.inside(self):
                return self._call_with_hooks(args, kwargs)
        if self._forward_pre_hooks is None and self._forward_hooks is None:
            return self.forward(*args, **kwargs)
        return self._call_with_hooks(args, kwargs)

    def __setattr__(self, name: str, value: Any) -> None:
        """Enter parameters and modules into their tables, everything else as usual."""
        if "_modules" not in self.__dict__:
            raise AttributeError(
                f"{type(self).__name__}: call super().__init__() before assigning {name!r}"
            )
        table = self._table(name, value)
        for other in (self._parameters, self._modules, self._buffers):
            if other is not table:
                other.pop(name, None)
        if table is None:
            object.__setattr__(self, name, value)
            return
        self.__dict__.pop(name, None)
        if table is self._buffers and value is not None:
            value = np.asarray(value)
        table[name] = value  # in the place of what bore the name: the order of a state stays

    def _table(self, name: str, value: Any) -> dict[str, Any] | None:
        """Choose where an attribute is kept; None where every object keeps its own."""
        if isinstance(value, Parameter):
            return self._parameters
        if isinstance(value, Module):
            return self._modules
        if name in self._parameters and isinstance(value, Tensor):
            raise TypeError(
                f"{name}: expected a Parameter, got a Tensor, which would not be learnt; "
                f"write nn.Parameter(...), or {name}.data[...] = numbers"
            )
        for table in (self._parameters, self._modules):
            if value is None and name in table:
                return table
        return self._buffers if name in self._buffers else None

    def __getattr__(self, name: str) -> Any:
        """Find parameters, buffers and modules by attribute."""
        own = self.__dict__
        for table in ("_parameters", "_buffers", "_modules"):
            if table in own and name in own[table]:
                return own[table][name]
        said = advice("Module", name, {})
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}{said}")

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
        elif isinstance(parameter, Parameter):
            setattr(self, name, parameter)
        else:
            raise TypeError(f"{name}: expected a Parameter, got {type(parameter).__name__}")

    def add_module(self, name: str, module: "Module | None") -> None:
        """Keep an inner module under `name`, which may be a number."""
        if not name or "." in name:
            raise ValueError(f"add_module: expected a name without dots, got {name!r}")
        if not isinstance(module, Module | None):
            raise TypeError(f"{name}: expected a Module, got {module!r}")
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
            inner = [(join(path, n), m) for n, m in module._modules.items() if m is not None]
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
                    yield join(path, name), parameter

    def parameters(self) -> Iterator[Parameter]:
        """Yield every parameter once."""
        return (parameter for _, parameter in self.named_parameters())

    def apply(self, fn: "Callable[[Module], Any]") -> Self:
        """Call `fn` with every module inside this one, then with itself: to initialise them."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

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

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget every parameter's gradient, or fill it with zeros, which keeps its memory."""
        for parameter in self.parameters():
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad.data[...] = 0

    def to(self, dtype: DTypeLike) -> Self:
        """Convert floating parameters and buffers to the floating `dtype`, in place."""
        if plain_dtype(dtype).kind != "f":
            raise TypeError(f"to: expected a floating dtype, got {plain_dtype(dtype)}")
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


@contextmanager
def mode(model: Module, training: bool) -> Iterator[None]:
    """Put a model into one mode inside a `with` block; afterwards each layer has its own again.

    Parameters
    ----------
    model : Module
        The model.
    training : bool
        True for training, False for evaluation.

    Yields
    ------
    None
        Nothing.
    """
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, was_training in before:
            module.training = was_training
