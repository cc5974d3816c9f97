"""What generative models share: learn from points alone, step by step, and draw new ones."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore import nn
from dlcore.optim.lr_scheduler import LRScheduler
from dlcore.random import default_rng
from dlcore.tape import no_grad
from dlcore.tensor import Tensor
from dlcore.train.evaluate import finite_number
from dlcore.train.history import History
from dlcore.train.loop import Loop
from dlcore.train.progress import Progress


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
    ) -> History:
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
        if epochs < 1:
            raise ValueError(f"epochs: expected at least 1, got {epochs}")
        self.train()
        loop = _Loop(loader=loader, model=self, optimizer=optimizer, schedules=schedules, rng=rng)
        return loop.run(epochs, progress)


@dataclass(kw_only=True)
class _Loop(Loop):
    """The loop of :func:`dlcore.train.fit`, in which the model makes its steps itself."""

    model: GenerativeModel
    optimizer: Any
    schedules: Sequence[LRScheduler]
    rng: np.random.Generator | None

    def _pass(self, display: Progress) -> dict[str, float]:
        losses: dict[str, list[float]] = defaultdict(list)
        for batch in self.loader:
            self.batch += 1
            x = batch[0] if isinstance(batch, tuple | list) else batch
            where = f"epoch {self.epoch}, batch {self.batch}"
            for name, value in self.model.training_step(x, self.optimizer, self.rng).items():
                losses[name].append(finite_number(value, where, name))
            for schedule in self.schedules:
                schedule.step()
            display.batch()
        return {name: float(np.mean(values)) for name, values in losses.items()}
