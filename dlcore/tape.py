"""The tape: the record of each call, the switch that records, and the one backward sweep.

A forward computation leaves a :class:`Context` behind for each primitive that it called. Each
output Tensor points at the Context that made it, and a Context points at its input Tensors: the
tape is this graph. :func:`sweep` walks it once, from the outputs to the leaves.
"""

import threading
from collections.abc import Sequence
from contextlib import ContextDecorator
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from dlcore.function import Function
    from dlcore.tensor import Tensor


class _Switch(threading.local):
    """Whether calls are recorded; each thread has its own, so threads cannot disturb another."""

    recording = True


_switch = _Switch()


def is_grad_enabled() -> bool:
    """Tell whether calls on Tensors that require a gradient are being recorded.

    Returns
    -------
    bool
        False inside :class:`no_grad`, True elsewhere.
    """
    return _switch.recording


class _SetRecording(ContextDecorator):
    """Switch recording to `mode` inside a `with` block or a decorated function."""

    mode: bool

    def __init__(self) -> None:
        self._before: list[bool] = []

    def __enter__(self) -> None:
        self._before.append(_switch.recording)
        _switch.recording = self.mode

    def __exit__(self, *exc: object) -> None:
        _switch.recording = self._before.pop()


class no_grad(_SetRecording):  # noqa: N801 (torch's name)
    """Record nothing inside a `with` block or a decorated function.

    Results have ``requires_grad=False``; evaluation is cheaper and parameters can be updated.

    Examples
    --------
    >>> import dlcore as dl
    >>> w = dl.tensor([1.0, 2.0], requires_grad=True)
    >>> with dl.no_grad():
    ...     y = w * 3
    >>> y.requires_grad
    False
    """

    mode = False


class enable_grad(_SetRecording):  # noqa: N801 (torch's name)
    """Record again inside a :class:`no_grad` block; the reverse of :class:`no_grad`."""

    mode = True


class Context:
    """The record of one call of a primitive: what its backward and tangent rules may read.

    Rules read the operands or the output that ``forward`` kept with :meth:`save`, and constants
    that it set as attributes (an axis, a shape, a mask). In an ordinary sweep ``saved`` holds
    arrays. When the sweep is itself recorded (``create_graph=True``) it holds Tensors, so that the
    rule, run unchanged, leaves a tape of its own.

    Attributes
    ----------
    function : type[Function]
        The primitive that was called.
    inputs : tuple of Tensor or None
        Its operands; None once the graph has been freed.
    needs_grad : tuple of bool
        For each operand, whether its gradient is wanted: a rule may return None for the others.
    recorded : bool
        Whether the rule now runs on Tensors rather than arrays.
    """

    __slots__ = ("__dict__", "function", "inputs", "needs_grad", "recorded", "saved")

    inputs: "tuple[Tensor, ...] | None"

    def __init__(self, function: "type[Function]", inputs: "tuple[Tensor, ...]" = ()) -> None:
        self.function = function
        self.inputs = inputs
        self.needs_grad: tuple[bool, ...] = ()
        self.recorded = False
        self.saved: tuple[Any, ...] = ()

    if TYPE_CHECKING:  # constants that a forward rule leaves for the others

        def __getattr__(self, name: str) -> Any: ...  # noqa: D105
        def __setattr__(self, name: str, value: Any) -> None: ...  # noqa: D105

    def save(self, *values: Any) -> None:
        """Keep operands or the output for the rules.

        Parameters
        ----------
        *values : numpy.ndarray
            The very arrays that ``forward`` was given or returns: the tape recognises them.
            An array that is neither makes the primitive differentiable once only.
        """
        self.saved = values

    def linked(self, inputs: "tuple[Tensor, ...]", out: "Tensor") -> "Context":
        """Return the same record with Tensors in the places of the saved arrays.

        Parameters
        ----------
        inputs : tuple of Tensor
            What stands for the operands.
        out : Tensor
            What stands for the output.

        Returns
        -------
        Context
            A copy on which the rules compute with Tensors.

        Raises
        ------
        NotImplementedError
            If the rule reads an intermediate result, whose dependence on the operands is unknown.
        """
        stands_for = {id(out.data): out} | {id(x.data): x for x in inputs}
        view = copy(self)
        view.__dict__ = self.__dict__
        view.recorded = True
        view.saved = tuple(stands_for.get(id(value), value) for value in self.saved)
        if any(isinstance(v, np.ndarray) and v.dtype.kind == "f" for v in view.saved):
            raise NotImplementedError(
                f"{self.function.name} cannot be differentiated twice: its backward rule reads an "
                "intermediate result. Write the expression with simpler primitives instead."
            )
        return view

    def free(self) -> None:
        """Forget operands, results and constants, so that their memory can be reused."""
        self.inputs = None
        self.saved = ()
        self.__dict__.clear()


def unbroadcast(grad: Any, shape: tuple[int, ...]) -> Any:
    """Sum a gradient over the axes along which an operand had been broadcast.

    Parameters
    ----------
    grad : numpy.ndarray or Tensor
        Gradient in the shape of the result of the broadcast.
    shape : tuple of int
        The operand's own shape.

    Returns
    -------
    numpy.ndarray or Tensor
        The gradient in `shape`.

    Notes
    -----
    Broadcasting copies one number to many places. Each copy passes its gradient back, so the
    number receives their sum. Derived in Chapter 6.
    """
    if grad.shape == shape:
        return grad
    new = grad.ndim - len(shape)
    stretched = [new + i for i, n in enumerate(shape) if n == 1 != grad.shape[new + i]]
    return np.reshape(np.sum(grad, axis=(*range(new), *stretched)), shape)


def topological_order(roots: "Sequence[Tensor]") -> "list[Tensor]":
    """List every Tensor that `roots` depend on and that requires a gradient, inputs first.

    Parameters
    ----------
    roots : sequence of Tensor
        Where the sweep starts.

    Returns
    -------
    list of Tensor
        Each Tensor once, after all Tensors that it was computed from.

    Raises
    ------
    RuntimeError
        If a part of the graph was freed by an earlier sweep.
    """
    order: list[Tensor] = []
    seen: set[int] = set()
    stack = [(root, False) for root in roots]
    while stack:
        tensor, inputs_done = stack.pop()
        if inputs_done:
            order.append(tensor)
        elif id(tensor) not in seen:
            seen.add(id(tensor))
            stack.append((tensor, True))
            if tensor.node is not None:
                if tensor.node.inputs is None:
                    raise RuntimeError(
                        f"the graph behind {tensor.node.function.name} was freed by an earlier "
                        "backward(); to sweep it again, pass retain_graph=True the first time"
                    )
                stack.extend((x, False) for x in tensor.node.inputs if x.requires_grad)
    return order


def sweep(
    roots: "Sequence[Tensor]",
    seeds: Sequence[Any],
    targets: "Sequence[Tensor] | None",
    *,
    retain_graph: bool,
    create_graph: bool,
) -> "list[tuple[Tensor, Any]]":
    """Carry gradients from `roots` back to `targets`, each recorded call once.

    Parameters
    ----------
    roots : sequence of Tensor
        Outputs of the computation.
    seeds : sequence of numpy.ndarray or Tensor
        Gradient of the final quantity with respect to each root; Tensors if `create_graph`.
    targets : sequence of Tensor or None
        Whose gradients are wanted; None means every leaf.
    retain_graph : bool
        Keep the records for another sweep.
    create_graph : bool
        Record the sweep itself, so that its results can be differentiated again.

    Returns
    -------
    list of (Tensor, numpy.ndarray or Tensor)
        The targets that were reached, with their gradients.

    References
    ----------
    S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT 16, 1976.
    """
    order = topological_order(roots)
    wanted = {id(t) for t in (targets if targets is not None else order)}
    leading = _leading_to(wanted, order)
    grads: dict[int, Any] = {}
    for root, seed in zip(roots, seeds, strict=True):
        grads[id(root)] = grads[id(root)] + seed if id(root) in grads else seed
    found: list[tuple[Tensor, Any]] = []
    for tensor in reversed(order):
        if id(tensor) not in leading or id(tensor) not in grads:
            continue
        grad = grads.pop(id(tensor))
        if tensor.hooks:
            grad = _through_hooks(tensor, grad, create_graph)
        node = tensor.node
        if (targets is None and node is None) or (targets is not None and id(tensor) in wanted):
            found.append((tensor, grad))
        if node is None or node.inputs is None:
            continue
        ctx = node.linked(node.inputs, tensor) if create_graph else node
        for x, grad_x in zip(node.inputs, _call_backward(ctx, grad), strict=True):
            if grad_x is None or id(x) not in leading:
                continue
            grad_x = unbroadcast(grad_x, x.shape)  # the one place where broadcasting is undone
            grads[id(x)] = grads[id(x)] + grad_x if id(x) in grads else grad_x
        if not retain_graph:
            node.free()
    return found


def _leading_to(wanted: set[int], order: "list[Tensor]") -> set[int]:
    """Which Tensors of `order` are wanted or depend on a wanted one."""
    leading: set[int] = set()
    for tensor in order:
        inputs = tensor.node.inputs if tensor.node is not None else None
        if id(tensor) in wanted or any(id(x) in leading for x in inputs or ()):
            leading.add(id(tensor))
    return leading


def _through_hooks(tensor: "Tensor", grad: Any, create_graph: bool) -> Any:
    from dlcore.hooks import through_hooks  # rarely needed, and it stands on Tensors

    return through_hooks(tensor, grad, create_graph)


def _call_backward(ctx: Context, grad_out: Any) -> tuple[Any, ...]:
    grads = ctx.function.backward(ctx, grad_out)
    return grads if isinstance(grads, tuple) else (grads,)
