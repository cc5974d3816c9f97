"""Hooks: functions of your own that are called when a value or a gradient passes by."""

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

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


class Hookable:
    """What a Tensor has to do with hooks."""

    __slots__ = ("hooks",)

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


def through_hooks(tensor: "Tensor", grad: Any, create_graph: bool) -> Any:
    """Show a gradient to the hooks of its Tensor, each of which may put another in its place.

    Parameters
    ----------
    tensor : Tensor
        Has hooks.
    grad : numpy.ndarray or Tensor
        Its gradient; a Tensor if `create_graph`.
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
    from dlcore.tensor import Tensor

    if not create_graph:
        with no_grad():
            return _shown(tensor, Tensor(grad)).data
    return _shown(tensor, grad)


def _shown(tensor: "Tensor", grad: "Tensor") -> "Tensor":
    from dlcore.tensor import Tensor

    hooks = dict(tensor.hooks or {})
    retains = hooks.pop(RETAIN, None)
    for hook in hooks.values():
        changed = hook(grad)
        if changed is None:
            continue
        if not isinstance(changed, Tensor) or changed.dtype != tensor.dtype:
            raise TypeError(f"hook: expected None or a {tensor.dtype} Tensor, got {changed!r}")
        if changed.shape != tensor.shape:
            raise ValueError(f"hook: expected a gradient of {tensor.shape}, got {changed.shape}")
        grad = changed
    if retains is not None:  # after all hooks, whenever it was asked for
        kept = grad if grad.requires_grad else grad.clone()
        tensor.grad = kept if tensor.grad is None else tensor.grad + kept
    return grad
