"""Further seeds of chapter 2: other first weights, other orders of the training digits."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = ("imports", "layers", "match-layers", "build-layers", "forecast", "train-digits")
SEEDS = range(3, 8)


@table(
    "passes-seeds",
    "Other seeds: digits read in three passes in place, in per cent",
    "seed | first | second | third",
    6.0,
)
def passes(book: SimpleNamespace) -> Iterator[str]:
    for seed in SEEDS:
        network = book.train(seed)
        held_out = book.pixels[1437:].copy()
        found = [book.one_pass(network, held_out, book.in_place) for _ in range(3)]
        yield " | ".join([str(seed), *(f"{100 * share:.1f}" for share in np.array(found))])
