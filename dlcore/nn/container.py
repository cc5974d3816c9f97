"""Modules that hold other modules, and those that change the shape between them."""

import math
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from itertools import count
from typing import Any, Self

from dlcore.function import Operand
from dlcore.methods import place
from dlcore.nn.module import Module
from dlcore.tensor import Tensor, as_tensor


class _Row(Module):
    def append(self, module: Module) -> Self:
        """Add a module at the end and return this container."""
        free = (str(i) for i in count(len(self)) if str(i) not in self._modules)
        self.add_module(next(free), self._checked(module))
        return self

    def extend(self, modules: Iterable[Module]) -> Self:
        """Add modules at the end and return this container."""
        for module in modules:
            self.append(module)
        return self

    def __len__(self) -> int:
        """Return the number of modules."""
        return len(self._modules)

    def __setitem__(self, index: int, module: Module) -> None:
        """Put a module in the place of the one at `index`."""
        self.add_module(list(self._modules)[index], self._checked(module))

    def __iter__(self) -> Iterator[Module]:
        """Yield the modules in order."""
        return self.children()

    def _checked(self, module: Any) -> Module:
        if not isinstance(module, Module):
            raise TypeError(f"{type(self).__name__}: expected a Module, got {module!r}")
        return module


class Sequential(_Row):
    """Modules applied one after the other.

    Parameters
    ----------
    *modules : Module, or one mapping of str to Module
        In the order of application; a mapping gives them names of their own.

    Raises
    ------
    TypeError
        If an argument is no module; ``nn.ReLU`` without brackets, for instance.

    Examples
    --------
    >>> from dlcore import nn
    >>> nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    Sequential(
      (0): Linear(in_features=2, out_features=3, bias=True)
      (1): ReLU()
    )
    """

    def __init__(self, *modules: Module | Mapping[str, Module]) -> None:
        super().__init__()
        first = modules[0] if len(modules) == 1 else None
        named = first if isinstance(first, Mapping) else {str(i): m for i, m in enumerate(modules)}
        for name, module in named.items():
            if not isinstance(module, Module):
                raise TypeError(f"Sequential: argument {name} must be a Module, got {module!r}")
            self.add_module(name, module)

    def forward(self, x: Any) -> Any:
        """Pass x through every module in turn."""
        for module in self._modules.values():
            if module is not None:
                x = module(x)
        return x

    def __getitem__(self, index: int | slice) -> Module:
        """Return one module, or a Sequential of a slice of them, which keep their names."""
        named = list(self.named_children())
        return Sequential(dict(named[index])) if isinstance(index, slice) else named[index][1]


class ModuleList(_Row):
    """Modules in a list, for a forward method of your own.

    Parameters
    ----------
    modules : iterable of Module, optional
        The first modules.

    Raises
    ------
    TypeError
        If a member is no module.

    Examples
    --------
    >>> from dlcore import nn
    >>> layers = nn.ModuleList(nn.Linear(4, 4) for _ in range(3))
    >>> len(layers), len(list(layers.parameters()))
    (3, 6)
    """

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        super().__init__()
        self.extend(modules)

    def __getitem__(self, index: int | slice) -> Module:
        """Return one module, or a ModuleList of a slice of them."""
        modules = list(self.children())
        return ModuleList(modules[index]) if isinstance(index, slice) else modules[index]


class ModuleDict(Module):
    """Modules by name, for a forward method of your own.

    Parameters
    ----------
    modules : mapping of str to Module, optional
        The first modules.

    Raises
    ------
    TypeError
        If a member is no module.
    """

    def __init__(self, modules: Mapping[str, Module] | None = None) -> None:
        super().__init__()
        for name, module in (modules or {}).items():
            self[name] = module

    def __setitem__(self, name: str, module: Module) -> None:
        """Keep a module under `name`."""
        if not isinstance(module, Module):
            raise TypeError(f"ModuleDict: {name!r} must be a Module, got {module!r}")
        self.add_module(name, module)

    def __getitem__(self, name: str) -> Module:
        """Return the module of that name."""
        module = self._modules[name]
        assert module is not None  # __setitem__ takes modules alone
        return module

    def __delitem__(self, name: str) -> None:
        """Remove the module of that name."""
        del self._modules[name]

    def __len__(self) -> int:
        """Return the number of modules."""
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        """Yield the names in order."""
        return iter(self._modules)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is a module of that name."""
        return name in self._modules

    def keys(self) -> KeysView[str]:
        """Return the names."""
        return self._modules.keys()

    def values(self) -> ValuesView[Module]:
        """Return the modules."""
        return dict(self.named_children()).values()

    def items(self) -> ItemsView[str, Module]:
        """Return names and modules."""
        return dict(self.named_children()).items()


class Flatten(Module):
    """Axes `start_dim` to `end_dim` joined into one.

    Parameters
    ----------
    start_dim : int, default 1
        First axis; 1 leaves the axis of examples alone.
    end_dim : int, default -1
        Last axis.
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, x: Operand) -> Tensor:
        """Return x in fewer axes."""
        return as_tensor(x).flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """Show the axes."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """One axis divided into several: the reverse of :class:`Flatten`.

    Parameters
    ----------
    dim : int
        The axis.
    unflattened_size : tuple of int
        What it becomes; one length may be -1.

    Raises
    ------
    ValueError
        When called, if the axis is not as long as the product of the lengths.
    """

    def __init__(self, dim: int, unflattened_size: tuple[int, ...]) -> None:
        super().__init__()
        self.dim, self.unflattened_size = dim, tuple(unflattened_size)

    def forward(self, x: Tensor) -> Tensor:
        """Return x in more axes."""
        axis, sizes = place(self.dim, x.ndim), self.unflattened_size
        if -1 not in sizes and math.prod(sizes) != x.shape[axis]:
            raise ValueError(
                f"Unflatten: axis {self.dim} must have length {math.prod(sizes)}, got {x.shape}"
            )
        return x.reshape(*x.shape[:axis], *sizes, *x.shape[axis + 1 :])

    def extra_repr(self) -> str:
        """Show the axis and its parts."""
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
