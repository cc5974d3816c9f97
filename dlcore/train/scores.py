"""Loss and metrics of one pass over the data."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from dlcore.tensor import Tensor


@runtime_checkable
class Metric(Protocol):
    """A metric that takes in batches, such as those of ``dlcore.metrics``."""

    def update(self, y_true: Any, y_pred: Any, /) -> object:
        """Take in a batch."""
        ...

    def compute(self) -> Any:
        """Return the score so far."""
        ...

    def reset(self) -> None:
        """Forget every batch."""
        ...


Metrics = Mapping[str, Metric | Callable[[Any, Any], Any]]


class Scores:
    """Averages over the batches of a pass.

    Parameters
    ----------
    metrics : mapping of str to Metric or callable, optional
        A streaming metric is updated batch by batch. A function of ``(y_true, y_pred)`` is called
        once at the end with everything, so it is exact even where an average of batches is not.

    Attributes
    ----------
    samples : int
        How many have been seen.
    """

    def __init__(self, metrics: Metrics | None = None) -> None:
        if metrics is not None and not isinstance(metrics, Mapping):
            raise TypeError(f"metrics: expected metrics by name, a dict, got {metrics!r}")
        self.metrics: dict[str, Metric] = {}
        for name, metric in (metrics or {}).items():
            if isinstance(metric, type) or not (isinstance(metric, Metric) or callable(metric)):
                raise TypeError(
                    f"metrics[{name!r}]: expected a metric object or a function of "
                    f"(y_true, y_pred), got {metric!r}"
                )
            self.metrics[name] = metric if isinstance(metric, Metric) else _Collected(metric)
            self.metrics[name].reset()
        self.samples = 0
        self.total = 0.0

    def add(self, loss: float | None, target: Any, output: Tensor) -> None:
        """Take in a batch.

        Parameters
        ----------
        loss : float or None
            Its mean loss.
        target : Tensor or array_like, shape (batch, ...)
            What was wanted.
        output : Tensor, shape (batch, ...)
            What the model gave.
        """
        size = len(target)
        self.samples += size
        self.total += size * (loss or 0.0)
        output = output.detach()
        for metric in self.metrics.values():
            metric.update(target, output)

    def results(self, with_loss: bool = True) -> dict[str, Any]:
        """Return the mean loss of a sample, and the metrics.

        Parameters
        ----------
        with_loss : bool
            Whether there was a loss.

        Returns
        -------
        dict of str to float
            The scores by name; what a metric computes is left as it is, a matrix too.
        """
        scores: dict[str, Any] = {}
        if with_loss:
            scores["loss"] = self.total / self.samples
        for name, metric in self.metrics.items():
            scores[name] = metric.compute()
        return scores

    def state_dict(self) -> dict[str, Any]:
        """Return the sums so far, and what the metrics remember.

        Returns
        -------
        dict
            Numbers, and the attributes of each metric.
        """
        metrics = {name: _attributes(metric) for name, metric in self.metrics.items()}
        return {"samples": self.samples, "total": self.total, "metrics": metrics}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over a state.

        Parameters
        ----------
        state_dict : mapping
            As :meth:`state_dict` returns it.
        """
        self.samples, self.total = state_dict["samples"], state_dict["total"]
        for name, attributes in state_dict["metrics"].items():
            _adopt(self.metrics[name], attributes)


def _attributes(metric: Any) -> dict[str, Any]:
    return {
        name: _attributes(value) if isinstance(value, Metric) else value
        for name, value in vars(metric).items()
        if isinstance(value, Metric) or not callable(value)
    }


def _adopt(metric: Any, attributes: Mapping[str, Any]) -> None:
    for name, value in attributes.items():
        inner = getattr(metric, name, None)
        if isinstance(inner, Metric):
            _adopt(inner, value)
        else:
            setattr(metric, name, value)


class _Collected:
    """A function of all targets and outputs, in the form of a streaming metric."""

    def __init__(self, function: Callable[[Any, Any], Any]) -> None:
        self.function = function
        self.reset()

    def reset(self) -> None:
        self.targets: list[NDArray[Any]] = []
        self.outputs: list[NDArray[Any]] = []

    def update(self, y_true: Any, y_pred: Any, /) -> None:
        self.targets.append(y_true.data if isinstance(y_true, Tensor) else np.asarray(y_true))
        self.outputs.append(y_pred.data)

    def compute(self) -> Any:
        return self.function(np.concatenate(self.targets), np.concatenate(self.outputs))
