"""DataLoader: batches of a dataset, in order or shuffled anew on every pass."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.data.dataset import Dataset, Subset
from dlcore.random import default_rng
from dlcore.tensor import Tensor


class DataLoader:
    """Iterate over a dataset in batches.

    Parameters
    ----------
    dataset : Dataset
        Anything with ``len(dataset)`` and ``dataset[index]``.
    batch_size : int
        Number of items in a batch; the last batch may be smaller.
    shuffle : bool
        Whether each pass visits the items in a new random order.
    drop_last : bool
        Whether to leave out a last batch that is smaller.
    rng : numpy.random.Generator, optional
        Source of the order. A generator of your own makes the passes reproducible; two loaders
        that share one draw from it in turn.
    collate_fn : callable, optional
        Turns the list of a batch's items into the batch; :func:`collate` by default.

    Raises
    ------
    TypeError
        If `dataset` has no length or no items, or `batch_size` is no integer.
    ValueError
        If `batch_size` is below 1.

    Notes
    -----
    The arguments are named as in ``torch.utils.data.DataLoader``, with `rng` in place of its
    ``generator``. As there, batches hold Tensors: ``x, y`` can go straight into a model and a loss.

    Examples
    --------
    >>> from dlcore.data import TensorDataset
    >>> pairs = TensorDataset(np.arange(5.0, dtype=np.float32), np.arange(5) % 2)
    >>> loader = DataLoader(pairs, batch_size=2, shuffle=True, rng=np.random.default_rng(0))
    >>> for x, y in loader:
    ...     print(x.tolist(), y.tolist())
    [2.0, 4.0] [0, 0]
    [3.0, 0.0] [1, 0]
    [1.0] [1]
    """

    def __init__(
        self,
        dataset: Dataset[Any],
        batch_size: int = 1,
        shuffle: bool = False,
        drop_last: bool = False,
        rng: np.random.Generator | None = None,
        *,
        collate_fn: Callable[[list[Any]], Any] | None = None,
    ) -> None:
        if not isinstance(dataset, Dataset):
            raise TypeError(
                "dataset: expected an object with __len__ and __getitem__, "
                f"got {type(dataset).__name__}; for arrays use TensorDataset(x, y)"
            )
        if not isinstance(batch_size, int | np.integer) or isinstance(batch_size, bool):
            raise TypeError(f"batch_size: expected an int, got {type(batch_size).__name__}")
        if batch_size < 1:
            raise ValueError(f"batch_size: expected at least 1, got {batch_size}")
        default_rng(rng)  # a bare seed is refused here rather than at the first pass
        self.dataset = dataset
        self.batch_size = int(batch_size)
        self.shuffle = shuffle
        self.drop_last = drop_last
        self.rng = rng
        self.collate_fn = collate_fn

    def __len__(self) -> int:
        """Return the number of batches in a pass."""
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[Any]:
        """Draw the order of a new pass and yield its batches."""
        order = np.arange(len(self.dataset))
        if self.shuffle:
            default_rng(self.rng).shuffle(order)
        for number in range(len(self)):
            yield self._batch(order[number * self.batch_size : (number + 1) * self.batch_size])

    def _batch(self, indices: NDArray[np.intp]) -> Any:
        dataset: Any = self.dataset
        while type(dataset) is Subset:  # gather straight from what it is a part of
            dataset, indices = dataset.dataset, dataset.indices[indices]
        gather = getattr(dataset, "batch", None)
        if gather is not None and self.collate_fn is None:
            return tuple(Tensor(array) for array in gather(indices))
        return (self.collate_fn or collate)([dataset[int(index)] for index in indices])


def collate(items: Sequence[Any]) -> Any:
    """Turn a list of items into one batch.

    Parameters
    ----------
    items : sequence
        Tuples, or single arrays or numbers, all of the same structure and shapes.

    Returns
    -------
    tuple of Tensor, or Tensor
        For tuples, a tuple with a Tensor for each place; otherwise one Tensor. The first axis runs
        over the items. Python floats become float32, arrays keep their dtype.

    Raises
    ------
    ValueError
        If the items are not all alike.

    Examples
    --------
    >>> x, y = collate([([1.0, 2.0], 0), ([3.0, 4.0], 1)])
    >>> print(x.shape, x.dtype, y.tolist())
    (2, 2) float32 [0, 1]
    """
    first = items[0]
    if isinstance(first, tuple):
        if len({len(item) for item in items}) != 1:
            raise ValueError("items: expected tuples of one length in a batch")
        return tuple(collate(column) for column in zip(*items, strict=True))
    if isinstance(first, Tensor):
        items = [item.data for item in items]
    try:
        made_by_numpy = isinstance(items[0], np.ndarray | np.generic)
        return Tensor(np.stack(items) if made_by_numpy else list(items))
    except ValueError as error:
        shapes = sorted({np.shape(item) for item in items})
        raise ValueError(f"items: expected one shape in a batch, got {shapes}") from error
