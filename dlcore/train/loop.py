"""Loop: pass after pass over the data; what one pass does, a subclass says."""

from collections.abc import Iterable, Sized
from dataclasses import dataclass, field
from typing import Any

from dlcore.train.history import History
from dlcore.train.progress import Progress


@dataclass(kw_only=True)
class Loop:
    """Passes over data, with their history, progress, and an end by Ctrl-C.

    Attributes
    ----------
    loader : iterable
        Gives the batches of a pass each time it is iterated.
    history : History
        The finished epochs.
    epoch : int
        The epoch at work; the first is 1.
    batch : int
        Batches done in it.
    stop : bool
        Set to end the run after this epoch.
    """

    loader: Iterable[Any]
    history: History = field(default_factory=History)
    epoch: int = 1
    batch: int = 0
    stop: bool = False

    def run(self, epochs: int, progress: bool) -> History:
        """Go on until the last epoch is done.

        Parameters
        ----------
        epochs : int
            Its number.
        progress : bool
            Whether progress is shown on stderr.

        Returns
        -------
        History
            The finished epochs; ``interrupted`` is set if Ctrl-C ended the run.

        Raises
        ------
        ValueError
            If `loader` gives no batch.
        """
        batches = len(self.loader) if isinstance(self.loader, Sized) else None
        display = Progress(epochs, batches, progress)
        display.batch((self.epoch - 1) * (batches or 0) + self.batch)
        try:
            while self.epoch <= epochs and not self.stop:
                self._run_epoch(display)
        except KeyboardInterrupt:
            self.history.interrupted = True
        finally:
            display.close()
        return self.history

    def _run_epoch(self, display: Progress) -> None:
        scores = self._pass(display)
        if not scores:
            raise ValueError(
                f"loader: gave no batch in epoch {self.epoch}; is the dataset empty, smaller than "
                "a batch with drop_last, or a generator that is used up?"
            )
        record: dict[str, float] = {"epoch": self.epoch, **scores}
        self.history.epochs.append(record)
        display.epoch(record)
        self._end_epoch(record)

    def _pass(self, display: Progress) -> dict[str, float]:
        """Learn from every batch, and return the scores of the epoch; none if no batch came."""
        raise NotImplementedError

    def _end_epoch(self, record: dict[str, float]) -> None:
        self.epoch, self.batch = self.epoch + 1, 0
