"""Datasets: anything with a length and an item for each index."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.tensor import Tensor, as_array

Item = TypeVar("Item", covariant=True)


@runtime_checkable
class Dataset(Protocol[Item]):
    """What a :class:`DataLoader` can read: ``len(dataset)`` and ``dataset[index]``.

    Notes
    -----
    A list of tuples is a dataset. One that can gather a whole batch faster than item by item may
    add a method ``batch(indices)``, which gets an array of indices and returns the batch, a tuple
    of arrays: :class:`TensorDataset` does.
    """

    def __len__(self) -> int:
        """Return the number of items."""
        ...

    def __getitem__(self, index: int, /) -> Item:
        """Return the item at `index`."""
        ...


class TensorDataset:
    """Arrays of the same length, read row by row together.

    Parameters
    ----------
    *arrays : array_like or Tensor, shape (n, ...)
        For instance images and labels. They are kept as they are, without a copy; Python floats
        become float32.

    Attributes
    ----------
    arrays : tuple of ndarray
        The arrays.

    Raises
    ------
    ValueError
        If there is no array, or if the lengths differ.

    Examples
    --------
    >>> pairs = TensorDataset(np.eye(3), np.array([7, 8, 9]))
    >>> x, y = pairs[1]
    >>> print(len(pairs), x, y)
    3 [0. 1. 0.] 8
    """

    def __init__(self, *arrays: ArrayLike | Tensor) -> None:
        if not arrays:
            raise ValueError("arrays: expected at least one")
        self.arrays: tuple[NDArray[Any], ...] = tuple(
            array.data if isinstance(array, Tensor) else as_array(array) for array in arrays
        )
        if any(array.ndim == 0 for array in self.arrays):
            raise ValueError("arrays: expected at least one axis each, got a scalar")
        lengths = [len(array) for array in self.arrays]
        if len(set(lengths)) != 1:
            raise ValueError(f"arrays: expected the same length, got {lengths}")

    def __len__(self) -> int:
        """Return the common length of the arrays."""
        return len(self.arrays[0])

    def __getitem__(self, index: int, /) -> tuple[Any, ...]:
        """Return row `index` of each array."""
        return tuple(array[index] for array in self.arrays)

    def batch(self, indices: NDArray[np.intp]) -> tuple[NDArray[Any], ...]:
        """Gather a batch: the rows at `indices` of each array, copied.

        Parameters
        ----------
        indices : ndarray of int, shape (batch,)
            Which rows, in which order.

        Returns
        -------
        tuple of ndarray, shape (batch, ...)
            One an array.
        """
        return tuple(array[indices] for array in self.arrays)


class Subset:
    """Some items of a dataset, in a given order.

    Parameters
    ----------
    dataset : Dataset
        Where the items come from.
    indices : sequence of int
        Which items.

    Raises
    ------
    IndexError
        If an index lies outside the dataset.
    TypeError
        If `indices` is a mask.

    Examples
    --------
    >>> odd = Subset([10, 11, 12, 13], [1, 3])
    >>> print(len(odd), odd[0], odd[1])
    2 11 13
    """

    def __init__(self, dataset: Dataset[Any], indices: Sequence[int] | NDArray[np.intp]) -> None:
        self.dataset = dataset
        if np.asarray(indices).dtype == np.bool_:
            raise TypeError("indices: expected numbers of items, got bools; use np.flatnonzero")
        self.indices = np.asarray(indices, dtype=np.intp)
        if self.indices.ndim != 1:
            raise ValueError(f"indices: expected one axis, got shape {self.indices.shape}")
        n = len(dataset)
        outside = self.indices[(self.indices < -n) | (self.indices >= n)]
        if outside.size:
            raise IndexError(f"indices: {outside[0]} lies outside a dataset of {n} items")

    def __len__(self) -> int:
        """Return the number of chosen items."""
        return len(self.indices)

    def __getitem__(self, index: int, /) -> Any:
        """Return the chosen item at `index`."""
        return self.dataset[int(self.indices[index])]
