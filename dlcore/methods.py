"""How a Tensor is written in formulas: operators and methods, each one primitive or a few.

The primitives stand further up, in :mod:`dlcore.ops`; each enters itself by name into
`PRIMITIVES` when it is defined, and methods call it by that name.
"""

import math
from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, cast

import numpy as np
from numpy.typing import DTypeLike

from dlcore.torch_names import Unlisted

if TYPE_CHECKING:
    from dlcore.function import Function
    from dlcore.tensor import Tensor

PRIMITIVES: "dict[str, type[Function]]" = {}  # by name: "mul" -> Mul
NUMPY: "dict[Callable[..., Any], type[Function]]" = {}  # by NumPy's function: np.multiply -> Mul

P = ParamSpec("P")
Dim = int | tuple[int, ...] | list[int] | None


def call(name: str, *operands: Any, **options: Any) -> "Tensor":
    """Call a primitive by its name."""
    return PRIMITIVES[name].apply(*operands, **options)


def is_half(x: Any) -> bool:
    """Tell whether numbers are float16."""
    return getattr(getattr(x, "dtype", None), "char", None) == "e"


def wide(compute: "Callable[P, Tensor]") -> "Callable[P, Tensor]":
    """Let a composition take float16 in float32 and round at the end, as wide primitives do."""

    @wraps(compute)
    def computed(*args: P.args, **kwargs: P.kwargs) -> "Tensor":
        if not is_half(args[0]):
            return compute(*args, **kwargs)
        given = [call("cast", x, dtype=np.float32) if is_half(x) else x for x in args]
        named = {
            k: call("cast", x, dtype=np.float32) if is_half(x) else x for k, x in kwargs.items()
        }
        return compute(*given, **named).to(np.float16)  # type: ignore[arg-type]

    return computed


class Operators(Unlisted):
    """Operators and methods of :class:`dlcore.Tensor`; names and arguments are torch's."""

    __slots__ = ()

    data: Any
    shape: Any
    ndim: Any

    __hash__ = object.__hash__  # by identity, although == compares elements

    # Arithmetic
    def __neg__(self) -> "Tensor":
        """Return -x."""
        return call("neg", self)

    def __add__(self, other: Any) -> "Tensor":
        """Return x + y."""
        return call("add", self, other)

    def __radd__(self, other: Any) -> "Tensor":
        """Return y + x."""
        return call("add", other, self)

    def __sub__(self, other: Any) -> "Tensor":
        """Return x - y."""
        return call("sub", self, other)

    def __rsub__(self, other: Any) -> "Tensor":
        """Return y - x."""
        return call("sub", other, self)

    def __mul__(self, other: Any) -> "Tensor":
        """Return x * y."""
        return call("mul", self, other)

    def __rmul__(self, other: Any) -> "Tensor":
        """Return y * x."""
        return call("mul", other, self)

    def __truediv__(self, other: Any) -> "Tensor":
        """Return x / y."""
        return call("div", self, other)

    def __rtruediv__(self, other: Any) -> "Tensor":
        """Return y / x."""
        return call("div", other, self)

    def __pow__(self, other: Any) -> "Tensor":
        """Return x ** y."""
        return call("pow", self, other)

    def __rpow__(self, other: Any) -> "Tensor":
        """Return y ** x."""
        return call("pow", other, self)

    def __matmul__(self, other: Any) -> "Tensor":
        """Return x @ y."""
        return call("matmul", self, other)

    def __rmatmul__(self, other: Any) -> "Tensor":
        """Return y @ x."""
        return call("matmul", other, self)

    def __abs__(self) -> "Tensor":
        """Return abs(x)."""
        return call("abs", self)

    def __getitem__(self, index: Any) -> "Tensor":
        """Return x[index], with NumPy's basic and advanced indexing."""
        return call("getitem", self, index=plain_index(index))

    # As a sequence and as a number
    def __len__(self) -> int:
        """Return the length of the first axis."""
        if not self.shape:
            raise TypeError("len: a Tensor without axes has no length")
        return int(self.shape[0])

    def __iter__(self) -> "Iterator[Tensor]":
        """Yield what lies along the first axis."""
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        """Return the truth of a single element; more than one is ambiguous."""
        if self.data.size != 1:
            raise ValueError(
                f"bool: expected one element, got shape {self.shape}; use all() or any()"
            )
        return bool(self.data.item())

    def __float__(self) -> float:
        """Return the one element as a float."""
        return float(cast("Tensor", self).item())

    def __int__(self) -> int:
        """Return the one element as an int, cut off behind the point."""
        return int(cast("Tensor", self).item())

    def __index__(self) -> int:
        """Return the one integer of a Tensor without axes: it may count and stand in an index."""
        if self.data.dtype.kind not in "iu" or self.ndim:
            raise TypeError(
                f"index: expected a single integer, got shape {self.shape} of {self.data.dtype}; "
                "take one element with x.item(), or convert with int(x)"
            )
        return int(self.data)

    def __format__(self, spec: str) -> str:
        """Format the one element as a number; without a format, show the Tensor."""
        return format(cast("Tensor", self).item(), spec) if spec else repr(self)

    # Comparisons: booleans, without a gradient
    def __eq__(self, other: object) -> "Tensor":  # type: ignore[override]
        """Return x == y, element by element."""
        return self._compare(np.equal, other)

    def __ne__(self, other: object) -> "Tensor":  # type: ignore[override]
        """Return x != y, element by element."""
        return self._compare(np.not_equal, other)

    def __lt__(self, other: Any) -> "Tensor":
        """Return x < y, element by element."""
        return self._compare(np.less, other)

    def __le__(self, other: Any) -> "Tensor":
        """Return x <= y, element by element."""
        return self._compare(np.less_equal, other)

    def __gt__(self, other: Any) -> "Tensor":
        """Return x > y, element by element."""
        return self._compare(np.greater, other)

    def __ge__(self, other: Any) -> "Tensor":
        """Return x >= y, element by element."""
        return self._compare(np.greater_equal, other)

    # Masks: bit by bit for integers, without a gradient
    def __and__(self, other: Any) -> "Tensor":
        """Return x & y, element by element."""
        return self._compare(np.bitwise_and, other)

    def __or__(self, other: Any) -> "Tensor":
        """Return x | y, element by element."""
        return self._compare(np.bitwise_or, other)

    def __xor__(self, other: Any) -> "Tensor":
        """Return x ^ y, element by element."""
        return self._compare(np.bitwise_xor, other)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __invert__(self) -> "Tensor":
        """Return ~x, element by element."""
        return self._wrap(np.invert(self.data))

    def all(self, dim: Dim = None, keepdim: bool = False) -> "Tensor":
        """Return whether all elements over axes `dim` are true."""
        return self._reduced(np.all, dim, keepdim)

    def any(self, dim: Dim = None, keepdim: bool = False) -> "Tensor":
        """Return whether at least one element over axes `dim` is true."""
        return self._reduced(np.any, dim, keepdim)

    def _reduced(
        self, reduce: Callable[..., Any], dim: Dim, keepdim: bool, dtype: DTypeLike = np.bool_
    ) -> "Tensor":
        axes = plain_axes(dim)
        for axis in () if axes is None else axes if isinstance(axes, tuple) else (axes,):
            place(axis, max(self.ndim, 1))
        return self._wrap(np.asarray(reduce(self.data, axis=axes, keepdims=keepdim), dtype))

    def _compare(self, ufunc: np.ufunc, other: Any) -> "Tensor":
        return self._wrap(ufunc(self.data, other.data if isinstance(other, Operators) else other))

    def _wrap(self, array: Any) -> "Tensor":
        """Make a plain Tensor of `array`, which has no history; the Tensor says how."""
        raise NotImplementedError

    # Elementwise functions
    def exp(self) -> "Tensor":
        """Return e to the power of each element."""
        return call("exp", self)

    def log(self) -> "Tensor":
        """Return the natural logarithm of each element."""
        return call("log", self)

    def sqrt(self) -> "Tensor":
        """Return the square root of each element."""
        return call("sqrt", self)

    def sin(self) -> "Tensor":
        """Return the sine of each element, in radians."""
        return call("sin", self)

    def cos(self) -> "Tensor":
        """Return the cosine of each element, in radians."""
        return call("cos", self)

    def abs(self) -> "Tensor":
        """Return the absolute value of each element."""
        return call("abs", self)

    def pow(self, exponent: Any) -> "Tensor":
        """Return each element to the power of `exponent`."""
        return call("pow", self, exponent)

    def clamp(self, min: Any = None, max: Any = None) -> "Tensor":
        """Limit each element to the interval from `min` to `max`, numbers or Tensors."""
        if not isinstance(min, Operators) and not isinstance(max, Operators):
            return call("clamp", self, min=min, max=max)
        x: Any = self  # at a bound, the gradient goes to x; where min exceeds max, to max
        if min is not None:
            x = call(
                "where", min, x, condition=np.less(x.data, low := plain_index(min)) | (low != low)
            )
        if max is not None:
            x = call(
                "where",
                max,
                x,
                condition=np.greater(x.data, top := plain_index(max)) | (top != top),
            )
        return cast("Tensor", x)

    def relu(self) -> "Tensor":
        """Return the larger of each element and zero."""
        return call("relu", self)

    def sigmoid(self) -> "Tensor":
        """Return 1 / (1 + exp(-x)) for each element."""
        return call("sigmoid", self)

    def tanh(self) -> "Tensor":
        """Return the hyperbolic tangent of each element."""
        return call("tanh", self)

    def softmax(self, dim: int, dtype: DTypeLike | None = None) -> "Tensor":
        """Return exp(x) divided by its sum over axis `dim`, computed in `dtype` (its own)."""
        axis = place(dim, max(self.ndim, 1))
        return call("softmax", self if dtype is None else self.to(dtype), axis=axis)

    def log_softmax(self, dim: int, dtype: DTypeLike | None = None) -> "Tensor":
        """Return the logarithm of :meth:`softmax`."""
        axis = place(dim, max(self.ndim, 1))
        return call("log_softmax", self if dtype is None else self.to(dtype), axis=axis)

    # Reductions
    def sum(self, dim: Dim = None, keepdim: bool = False) -> "Tensor":
        """Return the sum over axes `dim` (all by default)."""
        return call("sum", self, axis=plain_axes(dim), keepdims=keepdim)

    def mean(self, dim: Dim = None, keepdim: bool = False) -> "Tensor":
        """Return the mean over axes `dim` (all by default)."""
        return call("mean", self, axis=plain_axes(dim), keepdims=keepdim)

    def var(self, dim: Dim = None, correction: int = 1, keepdim: bool = False) -> "Tensor":
        """Return the variance over axes `dim`; `correction` is taken off the divisor."""
        if is_half(self):  # whose squares overflow at 256
            return self.to(np.float32).var(dim, correction, keepdim).to(np.float16)
        mean = self.mean(dim, keepdim=True)
        deviation = cast("Tensor", self) - mean
        squares = (deviation * deviation).sum(dim, keepdim)
        if not isinstance(correction, int | float):
            raise TypeError(f"correction: expected a number, got {correction!r}")
        count: int = math.prod(n for n, one in zip(self.shape, mean.shape, strict=True) if n != one)
        if count <= correction:
            raise ValueError(f"var: expected more than {correction} elements, got {count}")
        return squares / (count - correction)

    def std(self, dim: Dim = None, correction: int = 1, keepdim: bool = False) -> "Tensor":
        """Return the square root of :meth:`var`; its slope at equal numbers is taken to be 0."""
        if is_half(self):
            return self.to(np.float32).std(dim, correction, keepdim).to(np.float16)
        var = self.var(dim, correction, keepdim)
        equal = (var.data == 0).astype(var.dtype)
        if not equal.any():
            return var.sqrt()
        root: Tensor = (var + equal).sqrt() * (1 - equal)
        return root

    def logsumexp(self, dim: Dim, keepdim: bool = False) -> "Tensor":
        """Return log(sum(exp(x))) over axes `dim`, without overflow."""
        return call("logsumexp", self, axis=plain_axes(dim), keepdims=keepdim)

    def amax(self, dim: Dim = None, keepdim: bool = False) -> "Tensor":
        """Return the largest element over axes `dim`; ties share the gradient."""
        return call("amax", self, axis=plain_axes(dim), keepdims=keepdim)

    def amin(self, dim: Dim = None, keepdim: bool = False) -> "Tensor":
        """Return the smallest element over axes `dim`; ties share the gradient."""
        return call("amin", self, axis=plain_axes(dim), keepdims=keepdim)

    def argmax(self, dim: int | None = None, keepdim: bool = False) -> "Tensor":
        """Return the index of the largest element over axis `dim`, as int64."""
        return self._reduced(np.argmax, dim, keepdim, np.int64)

    def argmin(self, dim: int | None = None, keepdim: bool = False) -> "Tensor":
        """Return the index of the smallest element over axis `dim`, as int64."""
        return self._reduced(np.argmin, dim, keepdim, np.int64)

    # Shape and dtype
    def reshape(self, *shape: Any) -> "Tensor":
        """Return the same elements in another shape; one axis may be -1."""
        return call("reshape", self, shape=flat(shape))

    def flatten(self, start_dim: int = 0, end_dim: int = -1) -> "Tensor":
        """Join the axes from `start_dim` to `end_dim` into one."""
        start, end = (place(dim, max(self.ndim, 1)) for dim in (start_dim, end_dim))
        if start > end:
            raise ValueError(f"flatten: start_dim {start_dim} lies behind end_dim {end_dim}")
        joined = math.prod(self.shape[start : end + 1])
        return self.reshape(*self.shape[:start], joined, *self.shape[end + 1 :])

    def permute(self, *dims: Any) -> "Tensor":
        """Return the axes in the order `dims`."""
        return call("transpose", self, axes=flat(dims))

    def transpose(self, dim0: int, dim1: int) -> "Tensor":
        """Exchange two axes."""
        axes = list(range(self.ndim))
        first, second = place(dim0, self.ndim), place(dim1, self.ndim)
        axes[first], axes[second] = second, first
        return call("transpose", self, axes=tuple(axes))

    @property
    def T(self) -> "Tensor":  # noqa: N802 (NumPy's and torch's name)
        """The axes in reverse order."""
        return call("transpose", self, axes=None)

    @property
    def mT(self) -> "Tensor":  # noqa: N802 (NumPy's and torch's name)
        """The last two axes exchanged."""
        return self.transpose(-2, -1)

    def squeeze(self, dim: Dim = None) -> "Tensor":
        """Drop axes of length one: all, or those of `dim` whose length is one."""
        dims = range(self.ndim) if dim is None else dim if isinstance(dim, tuple | list) else [dim]
        axes = {place(axis, self.ndim) for axis in dims}
        kept = [n for i, n in enumerate(self.shape) if not (n == 1 and i in axes)]
        return self.reshape(*kept)

    def unsqueeze(self, dim: int) -> "Tensor":
        """Insert an axis of length one at position `dim`."""
        at = place(dim, self.ndim + 1)
        return self.reshape(*self.shape[:at], 1, *self.shape[at:])

    def expand(self, *sizes: Any) -> "Tensor":
        """Repeat axes of length one to `sizes`; -1 keeps an axis as it is."""
        sizes = flat(sizes)
        if len(sizes) < self.ndim:
            raise ValueError(f"expand: expected at least {self.ndim} sizes, got {sizes}")
        own = (1,) * (len(sizes) - self.ndim) + tuple(self.shape)
        shape = tuple(n if size == -1 else size for n, size in zip(own, sizes, strict=True))
        return call("broadcast_to", self, shape=shape)

    def to(self, dtype: DTypeLike) -> "Tensor":
        """Return the elements in another dtype; gradients flow between floating dtypes."""
        return call("cast", self, dtype=plain_dtype(dtype))


def flat(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Let ``f(2, 3)`` and ``f((2, 3))`` mean the same."""
    return tuple(args[0]) if len(args) == 1 and isinstance(args[0], tuple | list) else args


def plain_axes(dim: Dim) -> int | tuple[int, ...] | None:
    """Let ``x.mean([2, 3])`` and ``x.mean((2, 3))`` mean the same."""
    return tuple(dim) if isinstance(dim, list) else dim


def plain_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """Make a dtype of its name, or say that a device is none."""
    try:
        return np.dtype(dtype)
    except TypeError:
        raise TypeError(
            f'to: expected a dtype such as "float64", got {dtype!r}; there are no devices here, so '
            "x.to(device) is left out"
        ) from None


def place(dim: int, ndim: int) -> int:
    """Count an axis from the front, or say that there is no such axis."""
    if type(dim) is not int and not isinstance(dim, np.integer):
        raise TypeError(f"dim: expected the number of an axis, got {dim!r}")
    if not -ndim <= dim < ndim:
        found = f"from {-ndim} to {ndim - 1}" if ndim else "no axis (of a single number)"
        raise np.exceptions.AxisError(f"dim: expected {found}, got {dim}")
    return dim % ndim


def plain_index(index: Any) -> Any:
    """Replace Tensors in an index by their arrays."""
    if isinstance(index, tuple):
        return tuple(plain_index(i) for i in index)
    return index.data if isinstance(index, Operators) else index
