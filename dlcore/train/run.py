"""Run: a training run as it stands, from its first batch to its last, and its checkpoints."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from os import PathLike
from typing import Any, Literal

import numpy as np

from dlcore.nn import Module
from dlcore.nn.module import mode
from dlcore.optim import Optimizer, clip_grad_norm_
from dlcore.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau
from dlcore.tape import no_grad
from dlcore.tensor import Tensor
from dlcore.train.anomaly import find_anomaly
from dlcore.train.callbacks import Callback
from dlcore.train.checkpoint import Stateful, load_checkpoint, save_checkpoint
from dlcore.train.evaluate import Loss, evaluate, finite, split
from dlcore.train.loop import Loop
from dlcore.train.progress import Progress
from dlcore.train.scores import Metrics, Scores


@dataclass(kw_only=True)
class Run(Loop):
    """What :func:`dlcore.train.fit` works with, and hands to callbacks.

    Attributes
    ----------
    model, loader, loss, optimizer, validation, metrics
        As given to ``fit``; so are the next ones.
    schedule, step_schedule, accumulate, clip, penalty, callbacks, checkpoint, checkpoint_every
        As given to ``fit``.
    history : History
        The finished epochs.
    epoch : int
        The epoch at work; the first is 1.
    batch : int
        Batches done in it.
    stop : bool
        Set to end the run after this epoch.
    """

    model: Module
    loss: Loss
    optimizer: Optimizer
    validation: Iterable[Any] | None = None
    metrics: Metrics | None = None
    schedule: LRScheduler | None = None
    step_schedule: Literal["epoch", "batch"] = "epoch"
    accumulate: int = 1
    clip: float | Callable[[list[Tensor]], Any] | None = None
    penalty: Callable[[Module], Tensor | float] | None = None
    callbacks: Sequence[Callback] = ()
    checkpoint: str | PathLike[str] | None = None
    checkpoint_every: int | None = None
    scores: Scores | None = None  # of the epoch at work
    pending: int = 0  # samples whose gradients wait for a step

    def tell(self, moment: str) -> None:
        """Call a method of every callback.

        Parameters
        ----------
        moment : str
            Its name, such as ``"on_epoch_end"``.
        """
        for callback in self.callbacks:
            getattr(callback, moment)(self)

    def save(self) -> None:
        """Write the checkpoint, if one is kept."""
        if self.checkpoint is not None:
            extra = {
                "epoch": self.epoch, "batch": self.batch, "stop": self.stop,
                "history": self.history.epochs,
                "scores": self.scores.state_dict() if self.scores is not None else None,
            }  # fmt: skip
            save_checkpoint(self.checkpoint, self._parts(), extra)

    def resume(self) -> None:
        """Take over everything from the checkpoint."""
        assert self.checkpoint is not None
        extra = load_checkpoint(self.checkpoint, self._parts())
        self.epoch, self.batch, self.stop = extra["epoch"], extra["batch"], extra["stop"]
        self.history.epochs = extra["history"]
        if extra["scores"] is not None:
            self.scores = Scores(self.metrics)
            self.scores.load_state_dict(extra["scores"])

    def _parts(self) -> dict[str, Stateful]:
        parts: dict[str, Any] = {"model": self.model, "optimizer": self.optimizer}
        if self.schedule is not None:
            parts["schedule"] = self.schedule
        for name in ("loader", "validation"):
            if _has_position(getattr(self, name)):
                parts[name] = getattr(self, name)
        return parts | {f"callback{i}": callback for i, callback in enumerate(self.callbacks)}

    def _pass(self, display: Progress) -> dict[str, float]:
        if self.batch == 0:
            self.tell("on_epoch_begin")
        record = self._train(display)
        if record and self.validation is not None:
            record |= self._validate(self.validation)
        if record and self.schedule is not None:
            record["lr"] = float(self.optimizer.param_groups[0]["lr"])
        return record

    def _train(self, display: Progress) -> dict[str, float]:
        scores = self.scores = self.scores or Scores(self.metrics)
        with mode(self.model, training=True):
            for batch in self._batches():
                self.batch += 1
                *inputs, target = split(batch)
                if self.pending == 0:
                    self.optimizer.zero_grad()
                output, value = self._backward(inputs, target)
                stepped = self.batch % self.accumulate == 0
                if stepped:
                    self._step()
                scores.add(value, target, output)
                display.batch()
                self.tell("on_batch_end")
                every = self.checkpoint_every
                if stepped and every and self.batch // self.accumulate % every == 0:
                    self.save()
            if self.pending:
                self._step()
        return _numbers(scores.results()) if scores.samples else {}

    def _batches(self) -> Iterator[Any]:
        if self.batch and not _has_position(self.loader):
            return islice(iter(self.loader), self.batch, None)
        return iter(self.loader)

    def _backward(self, inputs: list[Any], target: Any) -> tuple[Tensor, float]:
        output = self.model(*inputs)
        error = self.loss(output, target)
        try:
            value = finite(error, f"epoch {self.epoch}, batch {self.batch}")
        except FloatingPointError as problem:
            if cause := self._cause(inputs, target):
                problem.add_note(cause)
            raise
        if self.penalty is not None:
            error = error + self.penalty(self.model)
        if self.accumulate > 1:  # a sum now, divided by the number of samples at the step
            error = error * len(target)
        error.backward()
        self.pending += len(target)
        return output, value

    def _cause(self, inputs: list[Any], target: Any) -> str | None:
        for kind, values in (("inputs", inputs), ("targets", [target])):
            for value in values:
                array = value.data if isinstance(value, Tensor) else np.asarray(value)
                if array.dtype.kind == "f" and not np.isfinite(array).all():
                    return f"The {kind} of this batch are not all finite."
        with no_grad():
            return find_anomaly(self.model, lambda: self.loss(self.model(*inputs), target))

    def _step(self) -> None:
        parameters = [p for group in self.optimizer.param_groups for p in group["params"]]
        if self.accumulate > 1:
            for p in parameters:
                if p.grad is not None:
                    p.grad.data /= self.pending
        self.pending = 0
        if callable(self.clip):
            self.clip(parameters)
        elif self.clip is not None:
            clip_grad_norm_(parameters, self.clip)
        self.optimizer.step()
        if self.schedule is not None and self.step_schedule == "batch":
            self.schedule.step()

    def _validate(self, loader: Iterable[Any]) -> dict[str, float]:
        try:
            scores = evaluate(self.model, loader, self.loss, self.metrics)
        except (ValueError, FloatingPointError) as problem:
            problem.add_note(f"in the validation after epoch {self.epoch}")
            raise
        return {f"val_{name}": score for name, score in _numbers(scores).items()}

    def _end_epoch(self, record: dict[str, float]) -> None:
        if isinstance(self.schedule, ReduceLROnPlateau):
            self.schedule.step(record.get("val_loss", record["loss"]))
        elif self.schedule is not None and self.step_schedule == "epoch":
            self.schedule.step()
        self.tell("on_epoch_end")
        super()._end_epoch(record)
        self.scores = None
        self.save()


def _has_position(loader: Any) -> bool:
    return hasattr(loader, "state_dict") and hasattr(loader, "load_state_dict")


def _numbers(scores: dict[str, Any]) -> dict[str, float]:
    for name, score in scores.items():
        if np.ndim(score) != 0:
            raise TypeError(
                f"metrics[{name!r}]: expected a single number for the history, "
                f"got shape {np.shape(score)}; use evaluate for it"
            )
    return {name: float(score) for name, score in scores.items()}
