"""Changing a Tensor in place: ``x += y``, ``x[index] = value``, and ``array -= x``.

The tape remembers calls, and a change in place is none. So a Tensor is changed only where nothing
is recorded; :func:`dlcore.tape.wrote` then lets the sweep notice what has become out of date.
"""

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from dlcore.methods import call, plain_index
from dlcore.selection import Selectable
from dlcore.tape import recorder, wrote

if TYPE_CHECKING:
    from dlcore.tensor import Tensor


class Writable(Selectable):
    """What a Tensor can do in place; where calls are recorded, operators make a new Tensor."""

    __slots__ = ()

    level: int
    node: Any
    requires_grad: bool

    def __iadd__(self, other: Any) -> "Tensor":
        """Add y to x."""
        return self._change("x += y", "add", other)

    def __isub__(self, other: Any) -> "Tensor":
        """Take y off x."""
        return self._change("x -= y", "sub", other)

    def __imul__(self, other: Any) -> "Tensor":
        """Multiply x by y."""
        return self._change("x *= y", "mul", other)

    def __itruediv__(self, other: Any) -> "Tensor":
        """Divide x by y."""
        return self._change("x /= y", "div", other)

    def __ipow__(self, other: Any) -> "Tensor":
        """Raise x to the power of y."""
        return self._change("x **= y", "pow", other)

    def __iand__(self, other: Any) -> "Tensor":
        """Keep of a mask x what y holds, too."""
        return self._put("x &= y", (self & other).data)

    def __ior__(self, other: Any) -> "Tensor":
        """Add to a mask x what y holds."""
        return self._put("x |= y", (self | other).data)

    def __setitem__(self, index: Any, value: Any) -> None:
        """Write `value` to the places of `index`, unless the call would have to be recorded."""
        if self._is_recorded() or (isinstance(value, Writable) and value._is_recorded()):
            raise RuntimeError(
                "x[index] = value: an assignment cannot be recorded; choose elements with "
                "where(condition, x, y), join parts with cat or stack, or assign inside "
                "no_grad(), where no gradient is wanted"
            )
        self._write("x[index] = value", plain_index(index), _fitting(value, self.data.dtype))

    def _change(self, what: str, name: str, other: Any) -> "Tensor":
        if self.node is None and self._is_recorded() and not self.level:
            raise RuntimeError(
                f"{what}: a leaf that requires a gradient cannot be changed in place where calls "
                "are recorded; for a step of learning write `with dl.no_grad(): w -= lr * w.grad`, "
                "and for a new Tensor y = x + z"
            )
        out = call(name, self, other)
        if self.level or out.level or out.requires_grad:
            return out  # recorded, as x = x + y is; the Tensor that was x stays as it was
        return self._put(what, out.data)

    def _put(self, what: str, out: NDArray[Any]) -> "Tensor":
        data = self.data
        if out.shape != data.shape or not np.can_cast(out.dtype, data.dtype, "same_kind"):
            raise ValueError(
                f"{what}: the result has shape {out.shape} and dtype {out.dtype}, and x, of "
                f"{data.shape} and {data.dtype}, has no room for it; write x = x + y and the like"
            )
        self._write(what, ..., out)
        return cast("Tensor", self)

    def _is_recorded(self) -> bool:
        return bool(self.level) or (recorder.recording and self.requires_grad)

    def _write(self, what: str, index: Any, value: Any) -> None:
        if not self.data.flags.writeable:
            raise ValueError(
                f"{what}: the numbers of x can only be read (they were stretched, or belong to an "
                "array that is so); write into x.clone()"
            )
        try:
            self.data[index] = value
        except (IndexError, ValueError) as error:
            raise type(error)(f"{what}: x has shape {self.data.shape}: {error}") from None
        wrote(self.data)


def into_array(ufunc: np.ufunc, inputs: tuple[Any, ...], out: tuple[Any, ...]) -> Any:
    """Let NumPy compute with the numbers of Tensors into an array: ``w.data -= lr * w.grad``.

    Parameters
    ----------
    ufunc : numpy.ufunc
        What is computed.
    inputs : tuple of Tensor, numpy.ndarray or number
        From what.
    out : tuple of numpy.ndarray
        Where the results go.

    Returns
    -------
    numpy.ndarray or tuple of numpy.ndarray
        The results.

    Raises
    ------
    TypeError
        If `out` holds a Tensor.
    RuntimeError
        If a gradient would be lost.
    """
    if any(isinstance(x, Writable) for x in out):
        raise TypeError(f"numpy.{ufunc.__name__}: out must be an array, got a Tensor; pass x.data")
    if any(isinstance(x, Writable) and x._is_recorded() for x in inputs):
        raise RuntimeError(
            f"numpy.{ufunc.__name__} into an array: the gradient of a Tensor would be lost; make a "
            "new Tensor (a = a + x), pass x.detach(), or compute inside no_grad()"
        )
    arrays = [x.data if isinstance(x, Writable) else x for x in inputs]
    result = ufunc(*arrays, out=out)
    for array in out:
        wrote(array)
    return result


def _fitting(value: Any, dtype: np.dtype[Any]) -> Any:
    """Return the numbers of `value`, unless `dtype` would cut them off."""
    own = value.data if isinstance(value, Writable) else value
    kind = np.asarray(own).dtype
    typed = isinstance(own, np.ndarray | np.generic)
    if kind.kind == "f" and (dtype.kind != "f" or (typed and kind != dtype and np.ndim(own))):
        raise TypeError(
            f"x[index] = value: expected values of dtype {dtype}, got {kind}; convert them, or x, "
            "with to(dtype)"
        )
    return own
