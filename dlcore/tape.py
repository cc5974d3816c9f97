"""The tape: the record of each call, the switch that records, and the one backward sweep.

A forward computation leaves a :class:`Context` behind for each primitive that it called. Each
output Tensor points at the Context that made it, and a Context points at its input Tensors: the
tape is this graph. :func:`sweep` walks it once, from the outputs to the leaves.
"""

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, ContextDecorator, nullcontext
from copy import copy
from itertools import count
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from dlcore.function import Function
    from dlcore.tensor import Tensor


class _Recorder(threading.local):
    """Whether calls are recorded, and who looks on; each thread has its own, undisturbed."""

    recording = True
    observer: "Observer | None" = None

    def __init__(self) -> None:
        self.before: list[bool] = []  # what `recording` was outside of each block that is open


class _Written:
    """Which memory was written to in place, and when, counted as calls are."""

    last = -1
    room = 10_000  # beyond it, the older half is forgotten

    def __init__(self) -> None:
        self.when: dict[int, int] = {}  # by the id of the array that owns the memory


recorder = _Recorder()
_written = _Written()
_numbers = count()  # of calls, in the order in which they are made


def is_grad_enabled() -> bool:
    """Tell whether calls on Tensors that require a gradient are being recorded.

    Returns
    -------
    bool
        False inside :class:`no_grad`, True elsewhere.
    """
    return recorder.recording


class _SetRecording(ContextDecorator):
    """Switch recording to `mode` inside a `with` block or a decorated function."""

    mode: bool

    def __enter__(self) -> None:
        recorder.before.append(recorder.recording)
        recorder.recording = self.mode

    def __exit__(self, *exc: object) -> None:
        recorder.recording = recorder.before.pop()


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


class Observer:
    """Is told what its thread computes inside a `with` block; a subclass says what it does then."""

    def __enter__(self) -> Self:
        """Look on, in the place of the observer so far."""
        self.before = recorder.observer
        recorder.observer = self
        return self

    def __exit__(self, *exc: object) -> None:
        """Look away."""
        recorder.observer = self.before

    def called(self, ctx: "Context", out: "Tensor") -> None:
        """Be told that a primitive has been called."""

    def swept(self, ctx: "Context", grad_out: Any, grads: tuple[Any, ...]) -> None:
        """Be told that a backward rule has been called."""

    def inside(self, module: Any) -> AbstractContextManager[None]:
        """Surround a call of a module."""
        return nullcontext()


def wrote(*arrays: Any) -> None:
    """Note that arrays have been written to: what was recorded with their numbers is out of date.

    Parameters
    ----------
    *arrays : numpy.ndarray
        The arrays, or any views of their memory.
    """
    when = _written.when
    now = _written.last = next(_numbers)
    for array in arrays:
        when[id(array if array.base is None else owner(array))] = now
    if len(when) > _written.room:
        for key in sorted(when, key=when.__getitem__)[: _written.room // 2]:
            del when[key]


def owner(array: Any) -> Any:
    """Return the array that all views of the same memory go back to.

    Parameters
    ----------
    array : numpy.ndarray
        Any array.

    Returns
    -------
    numpy.ndarray
        `array` itself, unless it is a view.
    """
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


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
    number : int
        Its place in the order of all calls: a call has a higher number than those it builds on.
    recorded : bool
        Whether the rule now runs on Tensors rather than arrays.
    """

    __slots__ = ("__dict__", "function", "inputs", "needs_grad", "number", "recorded", "saved")

    inputs: "tuple[Tensor, ...] | None"

    def __init__(
        self,
        function: "type[Function]",
        inputs: "tuple[Tensor, ...]" = (),
        needs_grad: tuple[bool, ...] = (),
    ) -> None:
        self.function = function
        self.inputs = inputs
        self.needs_grad = needs_grad
        self.number = next(_numbers)
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
            If the rule reads an intermediate result, whose dependence on the operands is unknown,
            or an array that belongs to two operands.
        """
        stands_for = {id(out.data): out} | {id(x.data): x for x in inputs}
        saved = {id(value) for value in self.saved}
        if any(id(x.data) in saved and stands_for[id(x.data)] is not x for x in inputs):
            raise NotImplementedError(
                f"{self.function.name} cannot be differentiated twice: two operands are one array, "
                "which leaves open on which of them it depends. Give it a clone() of one."
            )
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

    def is_stale(self) -> bool:
        """Tell whether numbers that the backward rule reads have been written to since the call."""
        read = [v for v in self.saved if self._reads(v)]
        for value in self.__dict__.values():
            read += value if isinstance(value, tuple) else (value,)
        # What is kept here lives since the call, so a later note of its id speaks of it.
        return any(
            _written.when.get(id(owner(value)), -1) > self.number
            for value in read
            if isinstance(value, np.ndarray)
        )

    def _reads(self, value: Any) -> bool:
        """Tell whether a gradient that is wanted depends on a saved array."""
        if not self.function.multilinear:
            return True
        arrays = [x.data for x in self.inputs or ()]
        saved = {id(v) for v in self.saved}
        others = [
            array
            for i, x in enumerate(arrays)
            if self.needs_grad[i] and id(x) in saved
            for array in arrays[:i] + arrays[i + 1 :]
        ]
        return any(value is array for array in others)

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
    axes = (*range(new), *stretched)
    if grad.dtype.char == "e" and isinstance(grad, np.ndarray):  # sums of float16 need more digits
        return np.sum(grad, axis=axes, dtype=np.float32).astype(grad.dtype).reshape(shape)
    return np.reshape(np.sum(grad, axis=axes), shape)


def history(roots: "Sequence[Tensor]") -> "tuple[dict[int, Tensor], dict[int, Tensor]]":
    """Find every Tensor that `roots` depend on and that requires a gradient.

    Parameters
    ----------
    roots : sequence of Tensor
        Where the sweep starts.

    Returns
    -------
    made : dict of int to Tensor
        The results of recorded calls, by the number of the call. A call is made after those it
        builds on, so falling numbers are a topological order, and no other search is needed.
    leaves : dict of int to Tensor
        The others, by their ``id``.

    Raises
    ------
    RuntimeError
        If a part of the graph was freed by an earlier sweep.
    """
    made: dict[int, Tensor] = {}
    leaves: dict[int, Tensor] = {}
    stack = list(roots)
    while stack:
        tensor = stack.pop()
        node = tensor.node
        if node is None:
            leaves[id(tensor)] = tensor
        elif node.number not in made:
            made[node.number] = tensor
            if node.inputs is None:
                raise RuntimeError(
                    f"the graph behind {node.function.name} was freed by an earlier "
                    "backward(); to sweep it again, pass retain_graph=True the first time"
                )
            stack.extend([x for x in node.inputs if x.requires_grad])
    return made, leaves


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
        The targets that were reached, with their gradients; an array is nobody else's.

    References
    ----------
    S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT 16, 1976.
    """
    made, leaves = history(roots)
    order = sorted(made, reverse=True)
    if order and _written.last > order[-1]:
        _refuse_stale(made)
    wanted = None if targets is None else {id(t) for t in targets}
    leading = None if wanted is None else _leading_to(wanted, made, leaves)
    grads: dict[int, Any] = {}
    for root, seed in zip(roots, seeds, strict=True):
        _add(grads, root, seed, create_graph)
    found: list[tuple[Tensor, Any]] = []
    for number in order:
        tensor = made.pop(number)  # so that its memory goes as soon as its record does
        grad = grads.pop(id(tensor), None)
        if grad is None:
            continue
        if tensor.hooks:
            grad = tensor.through_hooks(grad, create_graph)
        if wanted is not None and id(tensor) in wanted:
            found.append((tensor, grad if create_graph else np.array(grad)))
        node: Any = tensor.node
        if node.inputs is None or not (leading is None or id(tensor) in leading):
            continue
        ctx = node.linked(node.inputs, tensor) if create_graph else node
        keep = create_graph or node.function.fresh
        for x, grad_x in zip(node.inputs, _call_backward(ctx, grad), strict=True):
            if grad_x is not None and (x.requires_grad if leading is None else id(x) in leading):
                _add(grads, x, grad_x, keep)
        if not retain_graph:
            node.free()
    for leaf in leaves.values():
        if id(leaf) in grads and (wanted is None or id(leaf) in wanted):
            grad = grads[id(leaf)]
            if leaf.hooks:
                grad = leaf.through_hooks(grad, create_graph)
                grad = grad if create_graph else np.array(grad)  # a hook may have kept it
            found.append((leaf, grad))
    return found


def _refuse_stale(made: "dict[int, Tensor]") -> None:
    for tensor in made.values():
        ctx: Any = tensor.node
        if ctx.is_stale():
            raise RuntimeError(
                f"backward: numbers that {ctx.function.name} was recorded with have been changed "
                "in place since, by an optimiser's step or an assignment; sweep before the change, "
                "or compute the forward pass again after it"
            )


def _add(grads: dict[int, Any], x: "Tensor", grad: Any, keep: bool) -> None:
    """Add one share of a gradient to the others of `x`; without `keep`, a leaf gets a copy.

    Most rules may hand one array to several operands, or a view; what a leaf keeps must be its own.
    """
    if grad.shape != x.data.shape:
        grad = unbroadcast(grad, x.data.shape)  # the one place where broadcasting is undone
    key = id(x)
    if key in grads:
        grads[key] = grads[key] + grad
    else:
        grads[key] = grad if keep or x.node is not None else np.array(grad)


def _leading_to(
    wanted: set[int], made: "dict[int, Tensor]", leaves: "dict[int, Tensor]"
) -> set[int]:
    """Which Tensors are wanted or depend on a wanted one."""
    leading = wanted & set(leaves)
    for number in sorted(made):
        tensor = made[number]
        inputs = tensor.node.inputs if tensor.node is not None else None
        if id(tensor) in wanted or any(id(x) in leading for x in inputs or ()):
            leading.add(id(tensor))
    return leading


def _call_backward(ctx: Context, grad_out: Any) -> tuple[Any, ...]:
    grads = ctx.function.backward(ctx, grad_out)
    grads = grads if isinstance(grads, tuple) else (grads,)
    if recorder.observer is not None:
        recorder.observer.swept(ctx, grad_out, grads)
    return grads
