"""Hooks: functions of your own that are called when a value or a gradient passes by."""

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcore.in_place import Writable
from dlcore.tape import no_grad

if TYPE_CHECKING:
    from dlcore.tensor import Tensor

Hooks = dict[int, Callable[..., Any]]
RETAIN = -1  # in a table of hooks, the mark that the gradient is kept
_numbers = count()


class RemovableHandle:
    """What registering a hook returns: :meth:`remove` takes the hook away again.

    Parameters
    ----------
    hooks : dict
        The table that holds the hook.
    hook : callable
        The hook.
    prepend : bool, default False
        Whether it is called before those that are there.

    Examples
    --------
    >>> import dlcore as dl
    >>> x = dl.tensor(3.0, requires_grad=True)
    >>> with x.register_hook(lambda grad: 10 * grad):
    ...     (x * x).backward()
    >>> x.grad.item()
    60.0
    """

    def __init__(self, hooks: Hooks, hook: Callable[..., Any], prepend: bool = False) -> None:
        if not callable(hook):
            raise TypeError(f"hook: expected a function, got {hook!r}")
        self._hooks, self._number = hooks, next(_numbers)
        others = dict(hooks) if prepend else {}
        if prepend:
            hooks.clear()
        hooks[self._number] = hook
        hooks.update(others)

    def remove(self) -> None:
        """Take the hook away; a second call does nothing."""
        self._hooks.pop(self._number, None)

    def __enter__(self) -> "RemovableHandle":
        """Return this handle."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Take the hook away."""
        self.remove()


class Hookable(Writable):
    """What a Tensor has to do with hooks."""

    __slots__ = ("grad", "hooks")

    grad: "Tensor | None"
    hooks: Hooks | None
    requires_grad: bool
    node: Any

    def register_hook(self, hook: Callable[["Tensor"], "Tensor | None"]) -> RemovableHandle:
        """Call `hook` with the gradient of this Tensor whenever a sweep has computed it.

        Parameters
        ----------
        hook : callable
            Takes the gradient, which it must not change in place, and returns None or the gradient
            that is to be used in its stead.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` takes the hook away; a `with` block does so at its end.

        Raises
        ------
        RuntimeError
            If this Tensor requires no gradient.

        Examples
        --------
        >>> import dlcore as dl
        >>> x = dl.tensor([1.0, 2.0], requires_grad=True)
        >>> h = x * 3
        >>> handle = h.register_hook(lambda grad: print("gradient of h:", grad.tolist()))
        >>> (h * h).sum().backward()
        gradient of h: [6.0, 12.0]
        """
        if not self.requires_grad:
            raise RuntimeError("register_hook: this Tensor has requires_grad=False")
        if self.hooks is None:
            self.hooks = {}
        return RemovableHandle(self.hooks, hook)

    def retain_grad(self) -> None:
        """Keep the gradient of this intermediate result in ``grad``, as leaves do.

        Raises
        ------
        RuntimeError
            If this Tensor requires no gradient.
        """
        if not self.requires_grad:
            raise RuntimeError("retain_grad: this Tensor has requires_grad=False")
        if self.node is not None:
            if self.hooks is None:
                self.hooks = {}
            self.hooks[RETAIN] = callable  # a mark; the sweep keeps the gradient itself

    def through_hooks(self, grad: Any, create_graph: bool) -> Any:
        """Show a gradient to the hooks of this Tensor, each of which may put another in its place.

        Parameters
        ----------
        grad : numpy.ndarray or Tensor
            The gradient; a Tensor if `create_graph`.
        create_graph : bool
            Whether the sweep, and with it what the hooks compute, is recorded.

        Returns
        -------
        numpy.ndarray or Tensor
            The gradient that the sweep goes on with, of the kind that was given.

        Raises
        ------
        TypeError
            If a hook returns neither None nor a Tensor of the same dtype.
        ValueError
            If it returns a gradient of another shape.
        """
        if create_graph:
            return self._shown(grad)
        shown = np.asarray(grad).view()  # others may have the same array: it can only be read
        shown.flags.writeable = False
        with no_grad():
            changed = self._shown(self._wrap(shown)).data
        return grad if changed is shown else changed

    def _shown(self, grad: "Tensor") -> "Tensor":
        hooks = dict(self.hooks or {})
        retains = hooks.pop(RETAIN, None)
        for hook in hooks.values():
            changed = hook(grad)
            if changed is not None:
                self._check(changed)
                grad = changed
        if retains is not None:  # after all hooks, whenever it was asked for
            kept = grad if grad.requires_grad else grad.clone()
            self.grad = kept if self.grad is None else self.grad + kept
        return grad

    def _check(self, grad: Any) -> None:
        """Refuse what a hook returned, unless it can stand for a gradient of this Tensor."""
        dtype, shape = self.data.dtype, self.data.shape
        if not isinstance(grad, Hookable) or grad.data.dtype != dtype:
            raise TypeError(f"hook: expected None or a {dtype} Tensor, got {grad!r}")
        if grad.data.shape != shape:
            raise ValueError(f"hook: expected a gradient of {shape}, got {grad.data.shape}")
