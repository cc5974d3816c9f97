"""How far a cell has come, under tqdm's name: said beside the cell, and not among its outputs."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

import live_runner

EVERY = 0.25  # seconds between two things said


class tqdm:  # noqa: N801 - tqdm's name
    """A loop that tells how far it has come; arguments that say how a bar looks are not heeded."""

    def __init__(
        self, iterable: Iterable[Any] = (), desc: str = "", total: Any = None, **_: Any
    ) -> None:
        self.iterable, self.desc, self.n = iterable, desc, 0
        self.total = (
            total if total is not None or not hasattr(iterable, "__len__") else len(iterable)
        )
        self._told = time.monotonic()

    def __iter__(self) -> Iterator[Any]:
        for item in self.iterable:
            yield item
            self.update()
        self.close()

    def __enter__(self) -> "tqdm":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def update(self, n: int = 1) -> None:
        """Count steps."""
        self.n += n
        if time.monotonic() - self._told > EVERY:
            self._told = time.monotonic()
            share = f"{100 * self.n / self.total:.0f} %" if self.total else str(self.n)
            live_runner.tell(", ".join(filter(None, (self.desc, share))))

    def set_description(self, desc: str = "", refresh: bool = True) -> None:
        """Name what is counted."""
        self.desc = desc

    def set_postfix_str(self, text: str = "", refresh: bool = True) -> None:
        """Take anything: there is no room for it beside the cell."""

    def set_postfix(self, *_: Any, **__: Any) -> None:
        """Take anything: there is no room for it beside the cell."""

    @staticmethod
    def write(text: str, *_: Any, **__: Any) -> None:
        """Print."""
        print(text)

    def close(self) -> None:
        """Say no more."""
        live_runner.tell("")


def trange(*limits: int, **options: Any) -> tqdm:
    """Count as range does."""
    return tqdm(range(*limits), **options)


sys.modules |= dict.fromkeys(("tqdm.auto", "tqdm.notebook"), sys.modules[__name__])
