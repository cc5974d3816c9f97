"""Further seeds of chapter 3: other examples drawn by the walkers."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = ("imports", "two-ways", "surface", "descend", "too-fast", "race")
SEEDS = range(5)


@table(
    "thrown-seeds",
    "Other seeds: of twenty walkers at a rate of 1.5, how many end further than 1,000 away",
    "seed | mini-batch | single | single, without noise",
    0.0,
)
def thrown(book: SimpleNamespace) -> Iterator[str]:
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        walks = [
            book.descend(1.5, book.at_random(32, rng)),
            book.descend(1.5, book.at_random(1, rng)),
            book.descend(1.5, book.at_random(1, rng), y=book.X @ book.lowest),
        ]
        lost = [str(np.sum(book.ends(walk) > 1000)) for walk in walks]
        yield f"{seed} | " + " | ".join(lost)


@table(
    "race-seeds",
    "Other seeds: steps until the excess stays below 1 %, median of twenty walkers (best rate)",
    "seed | full | mini-batch | single | momentum",
    0.1,
)
def race(book: SimpleNamespace) -> Iterator[str]:
    for seed in SEEDS:
        found = book.race(np.random.default_rng(seed)).values()
        yield f"{seed} | " + " | ".join(f"{steps:.1f} ({lr:g})" for steps, lr, _ in found)
