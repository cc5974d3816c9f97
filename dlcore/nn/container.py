"""Modules that hold other modules, and the one that flattens between them."""

from collections.abc import Iterator
from typing import Any

from dlcore.nn.module import Module
from dlcore.tensor import Tensor


class Sequential(Module):
    """Modules applied one after the other.

    Parameters
    ----------
    *modules : Module
        In the order of application.

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

    def __init__(self, *modules: Module) -> None:
        super().__init__()
        for i, module in enumerate(modules):
            if not isinstance(module, Module):
                raise TypeError(f"Sequential: argument {i} must be a Module, got {module!r}")
            self.add_module(str(i), module)

    def forward(self, x: Any) -> Any:
        """Pass x through every module in turn."""
        for module in self.children():
            x = module(x)
        return x

    def __len__(self) -> int:
        """Return the number of modules."""
        return len(self._modules)

    def __getitem__(self, index: int | slice) -> Module:
        """Return one module, or a Sequential of a slice of them."""
        modules = list(self.children())
        return Sequential(*modules[index]) if isinstance(index, slice) else modules[index]

    def __iter__(self) -> Iterator[Module]:
        """Yield the modules in order."""
        return self.children()


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

    def forward(self, x: Tensor) -> Tensor:
        """Return x in fewer axes."""
        return x.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """Show the axes."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"
