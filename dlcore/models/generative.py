"""What generative models share: learn from points alone, step by step, and draw new ones."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence, Sized
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dlcore import nn
from dlcore.optim.lr_scheduler import LRScheduler
from dlcore.random import default_rng
from dlcore.tape import no_grad
from dlcore.tensor import Tensor

if TYPE_CHECKING:
    from dlcore.train import History


class GenerativeModel(nn.Module):
    """Base of the models that learn to draw what looks like their data.

    A subclass says in ``training_step`` what it does with a batch, and in ``draw`` how it makes
    samples. :meth:`fit` and :meth:`sample` are then as here.
    """

    def training_step(
        self, x: Tensor, optimizer: Any, rng: np.random.Generator | None = None
    ) -> dict[str, float]:
        """Learn from one batch; every subclass says how.

        Parameters
        ----------
        x : Tensor, shape (n, ...)
            The batch.
        optimizer : Optimizer or tuple of Optimizer
            What makes the steps.
        rng : numpy.random.Generator, optional
            Source of what is drawn.

        Returns
        -------
        dict of str to float
            Losses by name.
        """
        raise NotImplementedError(f"{type(self).__name__}: no training_step method is defined")

    def draw(self, n: int, rng: np.random.Generator) -> Tensor:
        """Make samples; every subclass says how.

        Parameters
        ----------
        n : int
            How many.
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        Tensor, shape (n, ...)
            The samples.
        """
        raise NotImplementedError(f"{type(self).__name__}: no draw method is defined")

    def sample(self, n: int, *, rng: np.random.Generator | None = None) -> NDArray[Any]:
        """Draw new points from the model, without a tape.

        Parameters
        ----------
        n : int
            How many.
        rng : numpy.random.Generator, optional
            Source of randomness.

        Returns
        -------
        ndarray, shape (n, ...)
            The points.

        Raises
        ------
        ValueError
            If `n` is below 1.
        """
        if n < 1:
            raise ValueError(f"n: expected at least 1, got {n}")
        with no_grad():
            return self.draw(n, default_rng(rng)).data

    def fit(
        self,
        loader: Iterable[Any],
        optimizer: Any,
        epochs: int,
        *,
        schedules: Sequence[LRScheduler] = (),
        rng: np.random.Generator | None = None,
        progress: bool = True,
    ) -> "History":
        """Learn from pass after pass over the data.

        Parameters
        ----------
        loader : iterable of (x, ...)
            Gives the batches of a pass each time it is iterated; what follows x is not used.
        optimizer : Optimizer or tuple of Optimizer
            What makes the steps, as ``training_step`` of the model expects it.
        epochs : int
            Number of passes.
        schedules : sequence of LRScheduler
            Change the learning rates, after each batch.
        rng : numpy.random.Generator, optional
            Source of what is drawn in training.
        progress : bool, default True
            Whether to show progress on stderr.

        Returns
        -------
        History
            A record an epoch: the means of what ``training_step`` returned. Ctrl-C ends the run
            after which the history so far is returned, with ``interrupted`` set; call again to go
            on.

        Raises
        ------
        ValueError
            If `epochs` is below 1 or `loader` gives no batch.
        FloatingPointError
            If a loss is NaN or infinite.
        """
        from dlcore.train import History
        from dlcore.train.progress import Progress

        if epochs < 1:
            raise ValueError(f"epochs: expected at least 1, got {epochs}")
        history = History()
        display = Progress(epochs, len(loader) if isinstance(loader, Sized) else None, progress)
        self.train()
        try:
            for epoch in range(1, epochs + 1):
                losses: dict[str, list[float]] = defaultdict(list)
                for number, batch in enumerate(loader, start=1):
                    x = batch[0] if isinstance(batch, tuple | list) else batch
                    for name, value in self.training_step(x, optimizer, rng).items():
                        losses[name].append(_finite(name, value, epoch, number))
                    for schedule in schedules:
                        schedule.step()
                    display.batch()
                if not losses:
                    raise ValueError(f"loader: gave no batch in epoch {epoch}")
                record = {name: float(np.mean(values)) for name, values in losses.items()}
                history.epochs.append({"epoch": epoch, **record})
                display.epoch(history.epochs[-1])
        except KeyboardInterrupt:
            history.interrupted = True
        finally:
            display.close()
        return history


def _finite(name: str, value: float, epoch: int, batch: int) -> float:
    if not math.isfinite(value):
        raise FloatingPointError(
            f"{name}: {value} in epoch {epoch}, batch {batch}. A smaller learning rate may help"
        )
    return value
