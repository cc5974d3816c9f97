"""Callbacks: what happens besides training, at the ends of batches and epochs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from dlcore.train.run import Run


class Callback:
    """Base of callbacks; a subclass overrides the moments that it wants to know of.

    Notes
    -----
    Each method gets the :class:`Run`: its ``model``, ``optimizer``, ``history``, ``epoch`` and
    ``batch``. Setting ``run.stop = True`` ends the run after the epoch. What must survive an
    interruption goes into ``state_dict``.

    Examples
    --------
    >>> class Tell(Callback):
    ...     def on_epoch_end(self, run):
    ...         print(f"epoch {run.epoch}: {run.history['loss'][-1]:.2f}")
    """

    def on_train_begin(self, run: "Run") -> None:
        """Be told that the run begins, or begins again."""

    def on_epoch_begin(self, run: "Run") -> None:
        """Be told that an epoch begins."""

    def on_batch_end(self, run: "Run") -> None:
        """Be told that a batch is done, and its step if one was due."""

    def on_epoch_end(self, run: "Run") -> None:
        """Be told that an epoch, its validation among it, is in the history."""

    def on_train_end(self, run: "Run") -> None:
        """Be told that the run has ended, also by Ctrl-C."""

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint must keep."""
        return {}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what a checkpoint kept."""


class EarlyStopping(Callback):
    """End a run when a score has stopped getting better, and go back to the best weights.

    Parameters
    ----------
    monitor : str
        The score: a column of the history.
    patience : int
        How many epochs that are no better are borne; at the next one the run ends.
    min_delta : float
        How much better than the best is better.
    mode : {"min", "max"}
        Whether lower or higher is better.
    restore_best_weights : bool
        Whether the model has its best weights at the end, however the run ends.

    Attributes
    ----------
    best : float or None
        The best score so far.
    best_epoch : int or None
        Its epoch.

    Raises
    ------
    ValueError
        If an option is out of range.

    Notes
    -----
    NaN is never better. A validation set that chose the epoch has been learnt from: test on
    another one. Derived in Chapter 9.

    References
    ----------
    .. [1] L. Prechelt, "Early stopping - but when?", in *Neural Networks: Tricks of the Trade*,
       Springer, 1998, doi 10.1007/3-540-49430-8_3.
    """

    best: float | None
    best_epoch: int | None
    weights: dict[str, NDArray[Any]]

    def __init__(
        self,
        monitor: str = "val_loss",
        patience: int = 0,
        min_delta: float = 0.0,
        mode: Literal["min", "max"] = "min",
        restore_best_weights: bool = True,
    ) -> None:
        if mode not in ("min", "max"):
            raise ValueError(f"mode: expected 'min' or 'max', got {mode!r}")
        if patience < 0:
            raise ValueError(f"patience: expected at least 0, got {patience}")
        if not min_delta >= 0:
            raise ValueError(f"min_delta: expected a number of at least 0, got {min_delta}")
        self.monitor = monitor
        self.patience = patience
        self.min_delta = min_delta
        self.mode = mode
        self.restore_best_weights = restore_best_weights
        self._forget()

    def on_train_begin(self, run: "Run") -> None:
        """Forget an earlier run."""
        self._forget()

    def on_epoch_end(self, run: "Run") -> None:
        """Look at the score of the epoch."""
        record = run.history.epochs[-1]
        if self.monitor not in record:
            raise ValueError(
                f"monitor: the history has no {self.monitor!r}, it has {', '.join(record)}"
            )
        score = record[self.monitor]
        if self._is_better(score):
            self.best, self.best_epoch, self.wait = score, run.epoch, 0
            if self.restore_best_weights:
                self.weights = {k: np.copy(v) for k, v in run.model.state_dict().items()}
        else:
            self.wait += 1
            run.stop = run.stop or self.wait > self.patience

    def on_train_end(self, run: "Run") -> None:
        """Give the model its best weights."""
        if self.weights:
            run.model.load_state_dict(self.weights)

    def state_dict(self) -> dict[str, Any]:
        """Return the best score, its epoch and weights, and how long it has been.

        Returns
        -------
        dict
            The attributes that change.
        """
        names = ("best", "best_epoch", "wait", "weights")
        return {name: getattr(self, name) for name in names}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over a state.

        Parameters
        ----------
        state_dict : mapping
            As :meth:`state_dict` returns it.
        """
        for name in self.state_dict():
            setattr(self, name, state_dict[name])

    def _forget(self) -> None:
        self.best = self.best_epoch = None
        self.wait = 0
        self.weights = {}

    def _is_better(self, score: float) -> bool:
        if self.best is None:
            return bool(np.isfinite(score))
        gain = self.best - score if self.mode == "min" else score - self.best
        return bool(gain > self.min_delta)
