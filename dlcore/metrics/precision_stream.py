"""Precision, recall and F-beta of a stream of batches."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dlcore.metrics.labels import as_labels, as_weights, check_range
from dlcore.metrics.precision import Average, Counts, Value, averaged
from dlcore.metrics.stream import State, Stream


class FBeta(Stream[Value]):
    """F-beta of a stream of batches.

    Parameters
    ----------
    num_classes : int, default 2
        The classes are 0 to num_classes-1; every batch must keep to them.
    beta : float
        How many times more recall counts than precision.
    average : {"binary", "micro", "macro", "weighted"} or None, default "binary"
        As in :func:`precision_score`. A mean is over the classes that have come up so far; None
        gives an array with an entry for every class.
    pos_label : int, default 1
        The class to score where `average` is "binary".
    zero_division : float, default 0.0
        The score of a class with nothing to divide by.

    Examples
    --------
    >>> score = FBeta(beta=2)
    >>> print(f"{score.update([0, 1, 1], [0, 1, 0]).update([0, 1], [0, 1]).compute():.2f}")
    0.71
    """

    def __init__(
        self,
        num_classes: int = 2,
        *,
        beta: float,
        average: Average | None = "binary",
        pos_label: int = 1,
        zero_division: float = 0.0,
    ) -> None:
        if not beta >= 0:
            raise ValueError(f"beta: expected a number at least 0, got {beta}")
        if average == "binary" and (num_classes != 2 or pos_label not in (0, 1)):
            raise ValueError(
                "average: 'binary' needs num_classes=2 and a pos_label of 0 or 1, "
                f"got {num_classes} and {pos_label}"
            )
        self.num_classes = num_classes
        self.beta = beta
        self.average = average
        self.pos_label = pos_label
        self.zero_division = zero_division
        super().__init__()

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        true, pred = (y.astype(np.intp) for y in self._labels(y_true, y_pred))
        weight = as_weights(sample_weight, len(true))
        hits, predicted, actual = (
            np.bincount(y, weights=w, minlength=self.num_classes)
            for y, w in ((true, weight * (true == pred)), (pred, weight), (true, weight))
        )
        seen = np.bincount(np.concatenate([true, pred]), minlength=self.num_classes)
        return hits, predicted, actual, seen

    def _labels(self, y_true: Any, y_pred: Any) -> tuple[Any, Any]:
        true, pred = as_labels(y_true, y_pred)
        check_range(true, pred, self.num_classes)
        return true, pred

    def _score(self, state: State) -> Value:
        *sums, seen = state
        if self.average == "binary":
            chosen = np.arange(self.num_classes) == self.pos_label
        else:
            chosen = np.full(self.num_classes, True) if self.average is None else seen > 0
        counts = Counts(*(x[chosen] for x in sums))
        return averaged(counts, self.beta, self.average, self.zero_division)


class F1(FBeta):
    """F1 of a stream of batches.

    Parameters
    ----------
    num_classes : int, default 2
        The classes are 0 to num_classes-1; every batch must keep to them.
    average, pos_label, zero_division : optional
        As in :class:`FBeta`.

    Examples
    --------
    >>> score = F1()
    >>> print(f"{score.update([0, 1, 1], [0, 1, 0]).update([0, 1], [0, 1]).compute():.2f}")
    0.80
    """

    def __init__(
        self,
        num_classes: int = 2,
        *,
        average: Average | None = "binary",
        pos_label: int = 1,
        zero_division: float = 0.0,
    ) -> None:
        super().__init__(
            num_classes, beta=1.0, average=average, pos_label=pos_label,
            zero_division=zero_division,
        )  # fmt: skip


class Precision(FBeta):
    """Precision of a stream of batches.

    Parameters
    ----------
    num_classes : int, default 2
        The classes are 0 to num_classes-1; every batch must keep to them.
    average, pos_label, zero_division : optional
        As in :class:`FBeta`.

    Examples
    --------
    >>> score = Precision()
    >>> print(f"{score.update([0, 1, 1], [0, 1, 0]).update([0, 1], [1, 1]).compute():.2f}")
    0.67
    """

    def __init__(
        self,
        num_classes: int = 2,
        *,
        average: Average | None = "binary",
        pos_label: int = 1,
        zero_division: float = 0.0,
    ) -> None:
        super().__init__(
            num_classes, beta=0.0, average=average, pos_label=pos_label,
            zero_division=zero_division,
        )  # fmt: skip


class Recall(FBeta):
    """Recall of a stream of batches.

    Parameters
    ----------
    num_classes : int, default 2
        The classes are 0 to num_classes-1; every batch must keep to them.
    average, pos_label, zero_division : optional
        As in :class:`FBeta`.

    Examples
    --------
    >>> score = Recall()
    >>> print(f"{score.update([0, 1, 1], [0, 1, 0]).update([1, 1], [1, 1]).compute():.2f}")
    0.75
    """

    def __init__(
        self,
        num_classes: int = 2,
        *,
        average: Average | None = "binary",
        pos_label: int = 1,
        zero_division: float = 0.0,
    ) -> None:
        super().__init__(
            num_classes, beta=np.inf, average=average, pos_label=pos_label,
            zero_division=zero_division,
        )  # fmt: skip
