"""How far a run has come, on stderr: a bar where tqdm is installed, else a line an epoch."""

import importlib.util
import os
import sys
from collections.abc import Mapping
from typing import Any


class Progress:
    """A display of batches and epochs.

    Parameters
    ----------
    epochs : int
        Number of epochs.
    batches : int or None
        Batches in an epoch, if that is known.
    enabled : bool
        False shows nothing, and so does the environment variable ``DLCORE_PROGRESS=0``.
    """

    def __init__(self, epochs: int, batches: int | None, enabled: bool = True) -> None:
        self.epochs = epochs
        self.enabled = enabled and os.environ.get("DLCORE_PROGRESS") != "0"
        self.bar: Any = None
        if self.enabled and importlib.util.find_spec("tqdm") is not None:
            from tqdm import tqdm

            total = None if batches is None else epochs * batches
            self.bar = tqdm(total=total, unit="batch", file=sys.stderr, dynamic_ncols=True)

    def batch(self, n: int = 1) -> None:
        """Count batches.

        Parameters
        ----------
        n : int
            How many.
        """
        if self.bar is not None:
            self.bar.update(n)

    def epoch(self, record: Mapping[str, float]) -> None:
        """Show what an epoch measured.

        Parameters
        ----------
        record : mapping of str to float
            The record of the epoch, with its number under ``"epoch"``.
        """
        title = f"epoch {record['epoch']}/{self.epochs}"
        scores = "  ".join(f"{k} {v:.4g}" for k, v in record.items() if k != "epoch")
        if self.bar is not None:
            self.bar.set_description(title, refresh=False)
            self.bar.set_postfix_str(scores)
        elif self.enabled:
            print(f"{title}  {scores}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the display as it stands."""
        if self.bar is not None:
            self.bar.close()
