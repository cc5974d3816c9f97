"""Stream: the base of every score that takes in batch after batch."""

from typing import Any, Generic, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike

Score = TypeVar("Score")
State = tuple[Any, ...]


class Stream(Generic[Score]):
    """Score of a stream of batches; it ends where one shot over all of them would.

    A subclass says what it keeps of a batch (``_measure``), how it joins that of two batches
    (``_join``; their sums, unless it says otherwise) and what the score is (``_score``).
    """

    _state: State | None

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget every batch."""
        self._state = None

    def update(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None = None) -> Self:
        """Take in a batch.

        Parameters
        ----------
        y_true : array_like or Tensor
            What is true, in the form that the function of the same score takes.
        y_pred : array_like or Tensor
            What was predicted, likewise.
        sample_weight : array_like, shape (n,), optional
            How much each sample counts.

        Returns
        -------
        Stream
            The object itself.
        """
        return self._take(self._measure(y_true, y_pred, sample_weight))

    def merge(self, other: Self) -> Self:
        """Take in all that another stream has seen, in another process for instance.

        Parameters
        ----------
        other : Stream
            One of the same kind; it stays as it is.

        Returns
        -------
        Stream
            The object itself.

        Raises
        ------
        TypeError
            If `other` is of another kind.
        """
        if type(other) is not type(self):
            raise TypeError(f"other: expected {type(self).__name__}, got {type(other).__name__}")
        return self if other._state is None else self._take(other._state)

    def compute(self) -> Score:
        """Return the score so far.

        Returns
        -------
        float or ndarray
            What the function of the same score would return for everything seen.

        Raises
        ------
        ValueError
            If no batch came yet.
        """
        if self._state is None:
            raise ValueError(f"{type(self).__name__}: no batch yet; call update first")
        return self._score(self._state)

    def _take(self, state: State) -> Self:
        self._state = state if self._state is None else self._join(self._state, state)
        return self

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        raise NotImplementedError(f"{type(self).__name__}: no _measure is defined")

    def _join(self, a: State, b: State) -> State:
        return tuple(x + y for x, y in zip(a, b, strict=True))

    def _score(self, state: State) -> Score:
        raise NotImplementedError(f"{type(self).__name__}: no _score is defined")


class MeanStream(Stream[float]):
    """A stream whose score is a mean over samples: a total, over the total weight."""

    def _score(self, state: State) -> float:
        total, weight = state
        return float(total / weight)


class CollectedStream(Stream[Score]):
    """A stream whose score needs all samples at once, such as their order; it keeps them."""

    def _join(self, a: State, b: State) -> State:
        return tuple(np.concatenate([x, y]) for x, y in zip(a, b, strict=True))
