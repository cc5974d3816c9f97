"""How far a class has been graded, on stderr: a bar on a terminal, else a line now and then."""

import math
import os
import sys
from typing import Any

from tqdm import tqdm

_LINE = "{n_fmt} of {total_fmt} notebooks graded, {remaining} left"


class _Lines(tqdm):  # type: ignore[misc]
    """Progress as lines, for a log or a pipe, where a bar would be one long line."""

    def display(self, msg: str | None = None, pos: int | None = None) -> bool:
        """Write a line.

        Parameters
        ----------
        msg : str, optional
            What a bar writes to clear itself; lines are not cleared.
        pos : int, optional
            The place of a bar on the terminal; not used.

        Returns
        -------
        bool
            False: there is nothing to be wiped.
        """
        if msg is None:
            self.fp.write(f"{self}\n")
            self.fp.flush()
        return False


def progress(total: int, done: int) -> Any:
    """Return what shows how far the work is, and how much time is left.

    Parameters
    ----------
    total : int
        Notebooks of the class.
    done : int
        Those whose result is known already.

    Returns
    -------
    tqdm
        A bar on a terminal. Elsewhere a line at the start and at each tenth of the work. Nothing
        with ``DLCORE_PROGRESS=0`` in the environment, and where nothing is left to do.
    """
    hidden = os.environ.get("DLCORE_PROGRESS") == "0" or done >= total
    if sys.stderr.isatty():
        return tqdm(total=total, initial=done, unit="notebook", dynamic_ncols=True, disable=hidden)
    every = {"miniters": math.ceil((total - done) / 10), "mininterval": 0, "maxinterval": math.inf}
    return _Lines(total=total, initial=done, bar_format=_LINE, leave=False, disable=hidden, **every)
