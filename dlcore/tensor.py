"""Tensor: an array that remembers how it was computed."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from dlcore.hooks import Hookable
from dlcore.in_place import into_array
from dlcore.methods import NUMPY
from dlcore.tape import Context, sweep

if TYPE_CHECKING:
    from dlcore.function import Function

_KINDS = "fiub"  # floating, signed and unsigned integer, bool


class Tensor(Hookable):
    """An n-dimensional array of numbers that can carry a gradient.

    Parameters
    ----------
    data : array_like
        Numbers of any shape. A NumPy array is used as it is, without a copy, unless its bytes are
        in the other order, or it is read-only and a gradient is asked for, since a parameter is
        changed in place. Python floats become float32.
    requires_grad : bool, default False
        Whether calls on this Tensor are recorded, so that gradients with respect to it exist.

    Attributes
    ----------
    data : numpy.ndarray
        The numbers.
    grad : Tensor or None
        Gradient that :meth:`backward` has accumulated; only leaves keep one.
    requires_grad : bool
        Whether gradients flow to or through this Tensor.
    node : Context or None
        The record of the call that made this Tensor; None for a leaf.
    hooks : dict or None
        Functions that are shown the gradient, from :meth:`register_hook`.

    Raises
    ------
    TypeError
        If `data` holds anything but real numbers or booleans, or if a gradient is asked of
        integers.

    Notes
    -----
    Methods have the names, arguments and defaults of ``torch.Tensor``. Unlike there, ``dtype`` is
    NumPy's, and operands of different floating dtypes are refused rather than promoted. Where
    nothing is recorded, ``x += y`` and ``x[index] = value`` change the numbers in place. Derived in
    Chapter 6.

    Examples
    --------
    >>> from dlcore import Tensor
    >>> x = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    tensor([2., 4., 6.])
    """

    __slots__ = ("__weakref__", "data", "node", "requires_grad")

    data: NDArray[Any]
    level = 0  # forward-mode values (dlcore.forward.Dual) stand on level 1 and up

    def __init__(self, data: ArrayLike, requires_grad: bool = False) -> None:
        self.data = as_array(data)
        self.grad = None
        self.node: Context | None = None
        self.hooks = None
        if requires_grad and self.data.dtype.kind != "f":
            raise TypeError(f"requires_grad: expected floating-point data, got {self.data.dtype}")
        self.requires_grad = requires_grad
        if requires_grad:
            self._own()

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        return self.data.shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self.data.ndim

    @property
    def dtype(self) -> np.dtype[Any]:
        """NumPy dtype of the numbers."""
        return self.data.dtype

    @property
    def is_leaf(self) -> bool:
        """Whether this Tensor was made by hand rather than by a recorded call."""
        return self.node is None

    def numel(self) -> int:
        """Return the number of elements."""
        return self.data.size

    def item(self) -> Any:
        """Return the one element as a Python number.

        Returns
        -------
        float, int or bool
            As the dtype has it.

        Raises
        ------
        ValueError
            If there is not exactly one element.
        """
        if self.data.size != 1:
            raise ValueError(f"item: expected one element, got shape {self.shape}")
        return self.data.item()

    def numpy(self) -> NDArray[Any]:
        """Return the numbers as a NumPy array that shares their memory.

        Returns
        -------
        numpy.ndarray
            The array itself, not a copy.

        Raises
        ------
        RuntimeError
            If this Tensor requires a gradient: changes to the array would escape the tape.
        """
        if self.requires_grad:
            raise RuntimeError("numpy: this Tensor requires a gradient; use x.detach().numpy()")
        return self.data

    def tolist(self) -> Any:
        """Return the numbers as nested Python lists."""
        return self.data.tolist()

    def detach(self) -> "Tensor":
        """Return a Tensor with the same numbers (shared memory) and no history."""
        return Tensor(self.data.view())  # its own array, by which the tape tells operands apart

    def clone(self) -> "Tensor":
        """Return a copy in new memory; gradients flow through it."""
        return self * 1 if self.dtype.kind != "b" else Tensor(self.data.copy())

    def requires_grad_(self, requires_grad: bool = True) -> "Tensor":
        """Set `requires_grad` of a leaf in place and return it.

        Parameters
        ----------
        requires_grad : bool, default True
            The new setting.

        Returns
        -------
        Tensor
            This Tensor.

        Raises
        ------
        RuntimeError
            If this Tensor is not a leaf.
        TypeError
            If the data are not floating-point numbers.
        """
        if self.node is not None:
            raise RuntimeError("requires_grad_: only a leaf can be changed; use x.detach()")
        if requires_grad and self.data.dtype.kind != "f":
            raise TypeError(f"requires_grad_: expected floating-point data, got {self.dtype}")
        self.requires_grad = requires_grad
        if requires_grad:
            self._own()
        return self

    def _own(self) -> None:
        """Copy what is read-only: an optimiser could not change it."""
        if not self.data.flags.writeable:
            self.data = self.data.copy()

    def backward(
        self,
        gradient: "Tensor | ArrayLike | None" = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
    ) -> None:
        """Add the gradient of this Tensor to the ``grad`` of every leaf it depends on.

        Parameters
        ----------
        gradient : Tensor or array_like, optional
            Gradient of the final quantity with respect to this Tensor, in its shape. May be left
            out for a single number, whose gradient with respect to itself is 1.
        retain_graph : bool, optional
            Keep the graph for another sweep; by default, as `create_graph`.
        create_graph : bool, default False
            Record the sweep, so that the gradients can themselves be differentiated.

        Raises
        ------
        ValueError
            If this Tensor is not a single number and no `gradient` is given, or if its shape
            does not fit.
        RuntimeError
            If nothing was recorded, or if the graph was freed by an earlier sweep.
        """
        found = _run(
            [self], [gradient], None, retain_graph=retain_graph, create_graph=create_graph,
            caller="backward",
        )  # fmt: skip
        for leaf, grad in found:
            if leaf.grad is None:
                leaf.grad = grad
            else:
                leaf.grad = leaf.grad + grad if create_graph else Tensor(leaf.grad.data + grad.data)

    def __repr__(self) -> str:
        """Show numbers, dtype if it is unusual, and what the tape knows."""
        text = np.array2string(self.data, separator=", ", precision=4, prefix="tensor(")
        if self.dtype not in (np.float32, np.int64, np.bool_):
            text += f", dtype={self.dtype}"
        if self.node is not None:
            text += f", node={self.node.function.name}"
        elif self.requires_grad:
            text += ", requires_grad=True"
        return f"tensor({text})"

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Let ``numpy.asarray`` take the numbers, if no gradient would be lost by it."""
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Let NumPy's elementwise functions act on Tensors (NEP 13)."""
        if method == "__call__" and kwargs.keys() == {"out"}:
            return into_array(ufunc, inputs, kwargs["out"])
        function = NUMPY.get(ufunc)
        if method != "__call__" or kwargs or function is None:
            raise TypeError(
                f"numpy.{ufunc.__name__} ({method}) is not a primitive that dlcore can "
                "differentiate; for plain numbers use x.detach().numpy()"
            )
        return function.from_numpy(*inputs)

    def __array_function__(
        self, func: Callable[..., Any], types: Any, args: Any, kwargs: Any
    ) -> Any:
        """Let NumPy's other functions act on Tensors (NEP 18)."""
        if func in (np.shape, np.ndim, np.size):  # questions about the array, not computations
            return func(*[x.data if isinstance(x, Tensor) else x for x in args], **kwargs)
        function = NUMPY.get(func)
        if function is None:
            raise TypeError(
                f"numpy.{func.__name__} is not a primitive that dlcore can differentiate; "
                "for plain numbers use x.detach().numpy()"
            )
        return function.from_numpy(*args, **kwargs)

    def _wrap(self, array: Any) -> "Tensor":
        return Tensor(np.asarray(array))

    def lift(
        self, function: "type[Function]", inputs: "tuple[Tensor, ...]", options: dict[str, Any]
    ) -> "tuple[Tensor, Context]":
        """Call `function` at this Tensor's level; forward-mode values override this."""
        raise NotImplementedError


def from_array(array: NDArray[Any]) -> Tensor:
    """Make a leaf of an array that is known to be fit, with none of the checks."""
    out = Tensor.__new__(Tensor)
    out.data, out.requires_grad = array, False
    out.grad = out.node = out.hooks = None
    return out


def as_array(data: ArrayLike) -> NDArray[Any]:
    """Turn numbers into an array, Python floats into float32."""
    if isinstance(data, Tensor):
        raise TypeError("data: expected numbers or an array, got a Tensor; use x.detach()")
    if isinstance(data, tuple) and any(isinstance(part, Tensor) for part in data):
        raise TypeError(
            "data: expected numbers or an array, got a tuple of Tensors, such as the output and "
            "the state of a recurrent layer; take one of them, or join them with stack()"
        )
    array = np.asarray(data)
    if array.dtype.kind not in _KINDS:
        raise TypeError(f"data: expected real numbers or booleans, got dtype {array.dtype}")
    if array.dtype == np.float64 and not isinstance(data, np.ndarray | np.generic):
        array = array.astype(np.float32)
    return native(array)


def native(array: NDArray[Any]) -> NDArray[Any]:
    """Put the bytes of numbers into the order of this machine, if they are in the other one."""
    if array.dtype.isnative:
        return array
    return array.astype(array.dtype.newbyteorder("="))


def as_tensor(data: "Tensor | ArrayLike", dtype: DTypeLike | None = None) -> Tensor:
    """Return a Tensor as it is, and wrap anything else without a history.

    Parameters
    ----------
    data : Tensor or array_like
        What a function was handed where a Tensor may stand.
    dtype : dtype_like, optional
        The dtype of what is wrapped; a Tensor keeps its own.

    Returns
    -------
    Tensor
        `data` itself, or a leaf that shares the memory of an array.
    """
    if isinstance(data, Tensor):
        return data
    return Tensor(data if dtype is None else np.asarray(data, dtype))


def as_floating(data: "Tensor | ArrayLike") -> Tensor:
    """Return :func:`as_tensor` of `data`, with integers and booleans turned into float32.

    Parameters
    ----------
    data : Tensor or array_like
        What a function was handed where a Tensor of fractions may stand.

    Returns
    -------
    Tensor
        `data` itself, if it holds floating-point numbers.
    """
    x = as_tensor(data)
    return x if x.dtype.kind == "f" else Tensor(x.data.astype(np.float32))


def stored_array(name: str, value: Any) -> NDArray[Any]:
    """Turn one value of a saved state into an array of real numbers, or say that it is none.

    Parameters
    ----------
    name : str
        Its name in the state.
    value : array_like, Tensor or torch.Tensor
        The value.

    Returns
    -------
    numpy.ndarray
        The numbers; bfloat16, which NumPy has not, as float32.

    Raises
    ------
    ValueError
        If there are no real numbers.
    """
    if isinstance(value, Tensor):
        return value.data
    if hasattr(value, "detach"):  # a tensor of torch, which may ask for a gradient
        value = value.detach()
        value = value.float() if "bfloat16" in str(value.dtype) else value
    try:
        array = np.asarray(value)
        array = array.astype(np.float32) if array.dtype.name == "bfloat16" else array
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: expected an array of real numbers: {error}") from error
    if array.dtype.kind not in "biuf":
        got = type(value).__name__ if array.dtype.kind == "O" else array.dtype
        raise ValueError(f"{name}: expected an array of real numbers, got {got}")
    return array


def tensor(
    data: "ArrayLike | Tensor", dtype: DTypeLike | None = None, requires_grad: bool = False
) -> Tensor:
    """Make a leaf Tensor from a copy of `data`.

    Parameters
    ----------
    data : array_like
        Numbers of any shape. Python floats become float32; NumPy arrays keep their dtype.
    dtype : dtype_like, optional
        The dtype of the copy.
    requires_grad : bool, default False
        Whether gradients with respect to the Tensor are wanted.

    Returns
    -------
    Tensor
        A leaf of the shape of `data`.

    Raises
    ------
    TypeError
        If `data` are no real numbers, or if gradients of integers are asked for.

    Examples
    --------
    >>> import dlcore as dl
    >>> dl.tensor([[1, 2], [3, 4]], dtype="float32").sum(dim=0)
    tensor([4., 6.])
    """
    if dtype is not None and not isinstance(data, Tensor):
        data = np.asarray(data)  # Python floats reach float64 whole, not by way of float32
    array = data.data if isinstance(data, Tensor) else as_array(data)
    return Tensor(np.array(array, dtype=dtype), requires_grad)


def grad(
    outputs: "Tensor | Sequence[Tensor]",
    inputs: "Tensor | Sequence[Tensor]",
    grad_outputs: "Tensor | NDArray[Any] | Sequence[Tensor | None] | None" = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> tuple[Tensor, ...]:
    """Return the gradients of `outputs` with respect to `inputs`; no ``grad`` is touched.

    Parameters
    ----------
    outputs : Tensor or sequence of Tensor
        What is differentiated; the gradients of several outputs are summed.
    inputs : Tensor or sequence of Tensor
        With respect to what. Intermediate results are allowed.
    grad_outputs : Tensor, ndarray or sequence of them, optional
        Gradient of the final quantity with respect to each output; 1 for single numbers.
    retain_graph : bool, optional
        Keep the graph for another sweep; by default, as `create_graph`.
    create_graph : bool, default False
        Record the sweep, so that the gradients can be differentiated again.
    allow_unused : bool, default False
        Give zeros for an input that the outputs do not depend on, instead of an error.

    Returns
    -------
    tuple of Tensor
        For each input, a gradient of its shape.

    Raises
    ------
    ValueError
        If an output is not a single number and has no gradient given, or if an input is unused.
    RuntimeError
        If nothing was recorded, or if the graph was freed.

    Examples
    --------
    >>> import dlcore as dl
    >>> x = dl.tensor(3.0, requires_grad=True)
    >>> (slope,) = dl.grad(x**3, x, create_graph=True)
    >>> (curvature,) = dl.grad(slope, x)
    >>> slope.item(), curvature.item()
    (27.0, 18.0)
    """
    roots = [outputs] if isinstance(outputs, Tensor) else list(outputs)
    targets = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    if grad_outputs is None or isinstance(grad_outputs, Tensor | np.ndarray):
        grad_outputs = [as_tensor(grad_outputs) if grad_outputs is not None else None] * len(roots)
    for i, target in enumerate(targets):
        if not target.requires_grad:
            raise ValueError(f"inputs[{i}]: expected a Tensor with requires_grad=True")
    found = _run(
        roots, list(grad_outputs), targets, retain_graph=retain_graph, create_graph=create_graph,
        caller="grad",
    )  # fmt: skip
    grads = {id(t): g for t, g in found}
    for i, target in enumerate(targets):
        if id(target) not in grads:
            if not allow_unused:
                raise ValueError(
                    f"inputs[{i}]: the outputs do not depend on it; "
                    "pass allow_unused=True to get zeros"
                )
            grads[id(target)] = Tensor(np.zeros_like(target.data))
    return tuple(grads[id(target)] for target in targets)


def _run(
    roots: list[Tensor],
    gradients: Sequence[Any],
    targets: list[Tensor] | None,
    *,
    retain_graph: bool | None,
    create_graph: bool,
    caller: str,
) -> list[tuple[Tensor, Tensor]]:
    """Sweep from `roots` and return the gradients as Tensors that own their memory."""
    seeds = []
    for root, gradient in zip(roots, gradients, strict=True):
        if root.level:
            raise TypeError(f"{caller}: a forward-mode value has no tape; sweep its primal part")
        if not root.requires_grad:
            raise RuntimeError(
                f"{caller}: nothing was recorded; no input has requires_grad=True, "
                "or the computation ran under no_grad()"
            )
        seed = _seed(root, gradient, caller)
        seeds.append(seed if create_graph else seed.data)
    retain = create_graph if retain_graph is None else retain_graph
    found = sweep(roots, seeds, targets, retain_graph=retain, create_graph=create_graph)
    if create_graph:  # several may have got one Tensor, and each may be changed in place
        return [(t, g if g.requires_grad else g.clone()) for t, g in found]
    return [(t, from_array(np.asarray(g))) for t, g in found]


def _seed(root: Tensor, gradient: Any, caller: str) -> Tensor:
    if gradient is None:
        if root.numel() != 1:
            raise ValueError(
                f"{caller}: expected a single number to start from, got shape {root.shape}; "
                "reduce it with sum() or mean(), or pass a gradient of that shape"
            )
        return from_array(np.ones(root.data.shape, root.data.dtype))
    seed = as_tensor(gradient, root.dtype)
    if seed.shape != root.shape:
        raise ValueError(f"gradient: expected shape {root.shape}, got {seed.shape}")
    if seed.dtype != root.dtype:
        raise TypeError(f"gradient: expected dtype {root.dtype}, got {seed.dtype}")
    return seed
