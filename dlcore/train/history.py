"""History: what a training run measured, epoch by epoch."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dlcore import plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 10  # epochs in a repr; of more, the first and the last


class History:
    """Records of a training run, one an epoch.

    Attributes
    ----------
    epochs : list of dict of str to float
        One record an epoch: ``epoch``, ``loss``, the metrics, and those of validation with
        ``val_`` before their names.
    interrupted : bool
        Whether Ctrl-C ended the run before its last epoch.

    Examples
    --------
    >>> history = History()
    >>> history.epochs += [{"epoch": 1, "loss": 2.30}, {"epoch": 2, "loss": 1.25}]
    >>> history
    epoch  loss
        1   2.3
        2  1.25
    >>> print(f"{history['loss'].min():.2f}")
    1.25
    """

    def __init__(self) -> None:
        self.epochs: list[dict[str, float]] = []
        self.interrupted = False

    @property
    def columns(self) -> dict[str, NDArray[Any]]:
        """The records by name.

        Returns
        -------
        dict of str to ndarray, shape (len(epochs),)
            NaN where an epoch has no such value.
        """
        names = dict.fromkeys(name for record in self.epochs for name in record)
        return {
            name: np.array([record.get(name, np.nan) for record in self.epochs]) for name in names
        }

    def __len__(self) -> int:
        """Return the number of finished epochs."""
        return len(self.epochs)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return the column `name`."""
        columns = self.columns
        if name not in columns:
            raise KeyError(f"{name!r}: the history has {', '.join(columns) or 'no epoch yet'}")
        return columns[name]

    def plot(self, ax: "Axes | None" = None, *, yscale: str = "linear") -> "Figure":
        """Draw loss and metrics over the epochs.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw the loss, and nothing else; a panel for each quantity by default.
        yscale : {"linear", "log"}
            The scale of the loss.

        Returns
        -------
        matplotlib.figure.Figure
            The figure.

        Raises
        ------
        ValueError
            If no epoch has been finished.
        """
        return plot.curves(self.columns, yscale=yscale, ax=ax)

    def __repr__(self) -> str:
        """Show a table of the epochs."""
        if not self.epochs:
            return "History: no epoch yet"
        names = list(self.columns)
        rows = [[f"{record.get(name, np.nan):.4g}" for name in names] for record in self.epochs]
        if len(rows) > SHOWN:
            rows = [*rows[: SHOWN // 2], ["…"] * len(names), *rows[-SHOWN // 2 :]]
        widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in [names, *rows]
        ]
        return "\n".join([*lines, "(interrupted)"] if self.interrupted else lines)
