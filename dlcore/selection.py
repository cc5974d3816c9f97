"""What chooses among the elements of a Tensor: masks, parts, triangles and the largest."""

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dlcore.methods import Operators, call, place, plain_index

if TYPE_CHECKING:
    from dlcore.tensor import Tensor


class TopK(NamedTuple):
    """What :func:`dlcore.topk` returns.

    Attributes
    ----------
    values : Tensor
        The elements.
    indices : Tensor of int64
        Where they were found.
    """

    values: "Tensor"
    indices: "Tensor"


class Selectable(Operators):
    """Methods of :class:`dlcore.Tensor` that choose elements; names and arguments are torch's."""

    __slots__ = ()

    def masked_fill(self, mask: Any, value: Any) -> "Tensor":
        """Return a copy with `value`, a single number, wherever the boolean `mask` holds."""
        condition, number = plain_index(mask), plain_index(value)
        if np.asarray(condition).dtype != np.bool_:
            raise TypeError(f"mask: expected booleans, got {np.asarray(condition).dtype}")
        if np.ndim(number):
            raise ValueError(
                f"value: expected a single number, got shape {np.shape(number)}; "
                "use where(mask, value, x)"
            )
        if self.data.dtype.kind != "f" and np.asarray(number).dtype.kind == "f":
            raise TypeError(f"value: {number} cannot stand among {self.data.dtype}; use to(dtype)")
        return call("where", value, self, condition=np.asarray(condition))

    def split(self, split_size: int | Sequence[int], dim: int = 0) -> "tuple[Tensor, ...]":
        """Cut axis `dim` into parts of `split_size`, the last the rest; or of the sizes listed."""
        length = self.shape[at := place(dim, self.ndim)]
        if isinstance(split_size, int | np.integer):
            if split_size < 1:
                raise ValueError(f"split_size: expected at least 1, got {split_size}")
            sizes = [split_size] * max(-(-length // split_size), 1)
        else:
            sizes = list(split_size)
            if sum(sizes) != length or min(sizes, default=0) < 0:
                raise ValueError(f"split_size: expected sizes that sum to {length}, got {sizes}")
        ends = itertools.accumulate(sizes)
        before = (slice(None),) * at
        return tuple(
            self[(*before, slice(end - n, end))] for n, end in zip(sizes, ends, strict=True)
        )

    def chunk(self, chunks: int, dim: int = 0) -> "tuple[Tensor, ...]":
        """Cut axis `dim` into at most `chunks` parts of one length; the last may be shorter."""
        if chunks < 1:
            raise ValueError(f"chunks: expected at least 1, got {chunks}")
        return self.split(max(-(-self.shape[place(dim, self.ndim)] // chunks), 1), dim)

    def tril(self, diagonal: int = 0) -> "Tensor":
        """Keep each matrix (of the last two axes) on and below a diagonal; zeros above it."""
        return self._triangle("tril", diagonal, lower=True)

    def triu(self, diagonal: int = 0) -> "Tensor":
        """Keep each matrix (of the last two axes) on and above a diagonal; zeros below it."""
        return self._triangle("triu", diagonal, lower=False)

    def _triangle(self, name: str, diagonal: int, *, lower: bool) -> "Tensor":
        if self.ndim < 2:
            raise ValueError(f"{name}: expected at least two axes, got shape {self.shape}")
        rows, columns = self.shape[-2:]
        below = np.tri(rows, columns, diagonal if lower else diagonal - 1, dtype=bool)
        zero = np.zeros((), self.data.dtype)
        return call("where", self, zero, condition=below if lower else ~below)

    def topk(self, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> "TopK":
        """Return the `k` largest (or smallest) elements along axis `dim`, and their places."""
        at = place(dim, self.ndim)
        length = self.shape[at]
        if not 0 <= k <= length:
            raise ValueError(f"k: expected from 0 to {length}, the length of axis {dim}, got {k}")
        keys = np.flip(self.data, at) if largest else self.data
        order = np.argsort(keys, axis=at, kind="stable")
        order = length - 1 - np.flip(order, at) if largest else order
        order = np.take(order, np.arange(k), axis=at).astype(np.int64)
        index = list(np.ogrid[tuple(slice(n) for n in order.shape)])
        index[at] = order
        return TopK(call("getitem", self, index=tuple(index)), self._wrap(order))
