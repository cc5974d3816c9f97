"""DataLoader: batches of a dataset, in order or shuffled anew on every pass."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from copy import deepcopy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.data.dataset import Dataset, Subset
from dlcore.data.workers import in_background
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
    num_workers : int
        How many threads make batches in the background, ahead of their use. With 0 a batch is
        made when it is asked for.
    prefetch_factor : int
        How many batches each of them may be ahead.

    Raises
    ------
    TypeError
        If `dataset` has no length or no items, or `batch_size` is no integer.
    ValueError
        If `batch_size` or `prefetch_factor` is below 1, or `num_workers` below 0.

    Notes
    -----
    The arguments are named as in ``torch.utils.data.DataLoader``, with `rng` in place of its
    ``generator``. As there, batches hold Tensors: ``x, y`` can go straight into a model and a loss.

    Workers are threads where torch has processes. They help where items wait for a disk or a
    network, or are made by NumPy on large arrays, which lets other threads run meanwhile. Batches
    and their order do not depend on them, unless the items themselves draw random numbers.

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
        num_workers: int = 0,
        prefetch_factor: int = 2,
    ) -> None:
        _check_dataset(dataset)
        _check_count("batch_size", batch_size, least=1)
        _check_count("num_workers", num_workers, least=0)
        _check_count("prefetch_factor", prefetch_factor, least=1)
        default_rng(rng)  # a bare seed is refused here rather than at the first pass
        self.dataset = dataset
        self.batch_size = int(batch_size)
        self.shuffle = shuffle
        self.drop_last = drop_last
        self.rng = rng
        self.collate_fn = collate_fn
        self.num_workers = int(num_workers)
        self.prefetch_factor = int(prefetch_factor)
        self._given = 0  # batches of the current pass that have been handed out
        self._start: Any = None  # the generator's state before that pass
        self._resumed = False

    def __len__(self) -> int:
        """Return the number of batches in a pass."""
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[Any]:
        """Draw the order of a new pass and yield its batches."""
        order = self._order()
        batches = range(self._given, len(self))

        def make(number: int) -> Any:
            try:
                return self._batch(order[number * self.batch_size :][: self.batch_size])
            except Exception as error:
                error.add_note(f"while batch {number} of the pass was made (the first is 0)")
                raise

        made: Generator[Any, None, None] = (make(number) for number in batches)
        if self.num_workers:
            ahead = self.num_workers * self.prefetch_factor
            made = in_background(make, batches, self.num_workers, ahead)
        with closing(made):  # who stops early stops the workers
            for batch in made:
                self._given += 1
                yield batch
        self._given = 0

    def state_dict(self) -> dict[str, Any]:
        """Return the position in the pass, and the state of the generator.

        Returns
        -------
        dict
            ``"position"``: batches handed out in this pass; ``"start"``: the generator's state
            before its order was drawn; ``"rng"``: its state now. Numbers, strings and, with some
            generators, arrays.
        """
        return {
            "position": self._given,
            "start": self._start if self._given else None,
            "rng": default_rng(self.rng).bit_generator.state if self.shuffle else None,
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another loader of the same data stopped: the next pass is its rest.

        Parameters
        ----------
        state_dict : mapping
            As :meth:`state_dict` returns it.

        Raises
        ------
        ValueError
            If it is not the state of a loader of as many batches and the same kind of generator;
            nothing has been changed then.
        """
        missing = {"position", "start", "rng"} - set(state_dict)
        if missing:
            raise ValueError(f"state_dict: not the state of a DataLoader: no {sorted(missing)[0]}")
        position, now = state_dict["position"], state_dict["rng"]
        if not 0 <= position <= len(self) or (now is None) == self.shuffle:
            raise ValueError(
                f"state_dict: expected that of {len(self)} batches with shuffle={self.shuffle}, "
                f"got position {position} and shuffle={now is not None}"
            )
        if self.shuffle:
            default_rng(self.rng).bit_generator.state = now
        self._given, self._start = position, state_dict["start"]
        self._resumed = True

    def _order(self) -> NDArray[np.intp]:
        order = np.arange(len(self.dataset))
        rng = default_rng(self.rng)
        if self._resumed and self._given:
            rng = deepcopy(rng)  # the order has been drawn already: the real one stays as it is
            if self.shuffle:
                rng.bit_generator.state = self._start
        else:
            self._given = 0
            self._start = rng.bit_generator.state if self.shuffle else None
        self._resumed = False
        if self.shuffle:
            rng.shuffle(order)
        return order

    def _batch(self, indices: NDArray[np.intp]) -> Any:
        dataset: Any = self.dataset
        while type(dataset) is Subset:  # gather straight from what it is a part of
            dataset, indices = dataset.dataset, dataset.indices[indices]
        gather = getattr(dataset, "batch", None)
        if gather is not None and self.collate_fn is None:
            return tuple(Tensor(array) for array in gather(indices))
        return (self.collate_fn or collate)([dataset[int(index)] for index in indices])


def _check_dataset(dataset: Any) -> None:
    """Refuse what has no items, or items by other names than their numbers."""
    kind = type(dataset).__name__
    if hasattr(dataset, "to_numpy") or hasattr(dataset, "to_pandas"):  # a table, or its column
        raise TypeError(
            f"dataset: expected items by number, got a {kind}, whose items are columns or go by "
            "labels; write TensorDataset(x.to_numpy(), y.to_numpy())"
        )
    if isinstance(dataset, Mapping) and set(dataset) != set(range(len(dataset))):
        raise TypeError(
            f"dataset: expected items by number, got a {kind} with {list(dataset)[:3]}; "
            "write TensorDataset(*dataset.values())"
        )
    if not isinstance(dataset, Dataset):
        raise TypeError(
            f"dataset: expected an object with __len__ and __getitem__, got {kind}; "
            "for arrays use TensorDataset(x, y)"
        )


def _check_count(name: str, value: Any, least: int) -> None:
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        raise TypeError(f"{name}: expected an int, got {type(value).__name__}")
    if value < least:
        raise ValueError(f"{name}: expected at least {least}, got {value}")


def collate(items: Sequence[Any]) -> Any:
    """Turn a list of items into one batch.

    Parameters
    ----------
    items : sequence
        Tuples or dicts, or single arrays, numbers or lists of numbers, all of the same structure
        and shapes.

    Returns
    -------
    tuple or dict of Tensor, or Tensor
        For tuples, a tuple with a Tensor for each place, for dicts one for each name; otherwise one
        Tensor. The first axis runs over the items. Python floats become float32, arrays keep their
        dtype.

    Raises
    ------
    TypeError
        If the items are no numbers.
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
        if {len(item) if isinstance(item, tuple) else -1 for item in items} != {len(first)}:
            raise ValueError("items: expected tuples of one length in a batch")
        return tuple(collate(column) for column in zip(*items, strict=True))
    if isinstance(first, dict):
        if any(not isinstance(item, dict) or item.keys() != first.keys() for item in items):
            raise ValueError("items: expected dicts of the same names in a batch")
        return {name: collate([item[name] for item in items]) for name in first}
    if isinstance(first, list) and any(not isinstance(part, int | float | list) for part in first):
        raise TypeError(
            "items: a list is taken as numbers of one kind, got one with "
            f"{', '.join(sorted({type(part).__name__ for part in first}))}; "
            "return a tuple such as (x, y), or give collate_fn"
        )
    if isinstance(first, Tensor):
        items = [item.data for item in items]
    try:
        made_by_numpy = isinstance(items[0], np.ndarray | np.generic)
        return Tensor(np.stack(items) if made_by_numpy else list(items))
    except TypeError as error:
        raise TypeError(f"items: {error}; to make batches of others, give collate_fn") from error
    except ValueError as error:
        shapes = sorted({np.shape(item) for item in items})
        raise ValueError(f"items: expected one shape in a batch, got {shapes}") from error
