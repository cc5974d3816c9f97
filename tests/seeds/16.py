"""Further seeds of chapter 16: rates, other weights, other pieces of text, longer training."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from dlcore import models
from dlcore.nn import Module
from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "text", "pair-table", "gpt-pieces", "gpt-written", "gpt-checked", "teach",
    "bits-measured", "near", "leaky", "parts-run",
)  # fmt: skip
STEPS = 1500
RATES = (0.005, 0.01, 0.02)


def network(book: SimpleNamespace, name: str, own: np.random.Generator) -> Module:
    """Return an untaught network; those compared have about as many parameters."""
    if name == "GRU":
        return models.CharRNN(49, 64, 158, cell="gru", rng=own)
    return book.new_gpt(own, layers=2, kind=book.NearGPT if "neighbours" in name else models.GPT)


@table(
    "compared-seeds",
    "Equal steps: bits per character on validation text, by learning rate",
    "network, 1,500 steps | 0.005 | 0.01 | 0.02 | best rate, seed 2",
    0.2,
)
def compared(book: SimpleNamespace) -> Iterator[str]:
    def bits(name: str, lr: float, seed: int) -> float:
        own = np.random.default_rng(seed)
        model = book.teach(network(book, name, own), book.learnt_on, STEPS, own, lr=lr)
        return float(book.bits_of(model, book.held))

    for name in ("GPT, two blocks", "GPT, two blocks, neighbours", "GRU"):
        by_rate = {lr: bits(name, lr, 1) for lr in RATES}
        best = min(RATES, key=by_rate.__getitem__)
        found = [*by_rate.values(), bits(name, best, 2)]
        yield " | ".join([name, *(f"{one:.2f}" for one in found)])


@table(
    "parts-seeds",
    "Longer, and two seeds: bits per character on validation text",
    "network, 1,500 steps | seed 1 | 2",
    0.2,
)
def parts(book: SimpleNamespace) -> Iterator[str]:
    def bits(part: str, seed: int) -> str:
        own = np.random.default_rng(seed)
        model = book.teach(book.changed_gpt(part, own), book.learnt_on, STEPS, own)
        return f"{book.bits_of(model, book.held):.2f}"

    for part in ("control", *book.PARTS):
        yield " | ".join([part, bits(part, 1), bits(part, 2)])
