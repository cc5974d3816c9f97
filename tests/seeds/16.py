"""Further seeds of chapter 16: rates, other weights, other pieces of text, longer training."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from dlcore import models
from dlcore.nn import Module
from tests.seeds.author import taught_long
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
        return models.CharRNN(49, 64, 157, cell="gru", rng=own)
    return book.new_gpt(own, layers=2, kind=book.NearGPT if "nearness" in name else models.GPT)


@table(
    "compared-seeds",
    "Equal steps: bits per character on validation text, by learning rate",
    "network, 1,500 steps | 0.005 | 0.01 | 0.02",
    0.2,
)
def compared(book: SimpleNamespace) -> Iterator[str]:
    def bits(name: str, lr: float) -> str:
        own = np.random.default_rng(1)
        model = book.teach(network(book, name, own), book.learnt_on, STEPS, own, lr=lr)
        return f"{book.bits_of(model, book.held):.2f}"

    for name in ("GPT, two blocks", "the same, nearness built in", "GRU"):
        yield " | ".join([name, *(bits(name, lr) for lr in RATES)])


@table(
    "long-seeds",
    "Other weights and other pieces: bits per character on validation text",
    "network, 10,000 steps | seed 1",
    0.05,
)
def long(book: SimpleNamespace) -> Iterator[str]:
    for kind in ("author", "rival"):
        yield f"{kind} | {book.bits_of(taught_long(book, kind, 1), book.held, 64):.2f}"


@table(
    "parts-seeds",
    "Longer, and another seed: bits per character on validation text",
    "network, 1,500 steps | seed 1",
    0.2,
)
def parts(book: SimpleNamespace) -> Iterator[str]:
    for part in ("control", *book.PARTS):
        own = np.random.default_rng(1)
        model = book.teach(book.changed_gpt(part, own), book.learnt_on, STEPS, own)
        yield f"{part} | {book.bits_of(model, book.held):.2f}"
