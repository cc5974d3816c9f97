"""Further seeds of chapter 16: other weights, other pieces of text."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from tests.seeds.author import taught_long
from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "text", "pair-table", "gpt-pieces", "gpt-written", "teach", "bits-measured",
    "gru", "parts-run",
)  # fmt: skip

SEEDS = (1, 2, 3)


@table(
    "compared-seeds",
    "Other seeds: bits per character on validation text",
    "network, steps | seed 1 | 2 | 3",
    0.2,
)
def compared(book: SimpleNamespace) -> Iterator[str]:
    def bits(name: str, seed: int) -> str:
        own = np.random.default_rng(seed)
        model = book.new_gpt(own) if name == "GPT" else book.new_gru(own)
        lr = 0.01 if name == "GPT" else 0.02
        book.teach(model, book.learnt_on, 1500, own, lr=lr)
        return f"{book.bits_of(model, book.held):.2f}"

    for name in ("GPT", "GRU"):
        yield " | ".join([f"{name}, 1,500", *(bits(name, seed) for seed in SEEDS)])


@table(
    "parts-seeds",
    "Other seeds, 1,500 steps: bits per character",
    "network | seed 1 | 2",
    0.2,
)
def parts(book: SimpleNamespace) -> Iterator[str]:
    def bits(part: str, seed: int) -> str:
        own = np.random.default_rng(seed)
        model = book.teach(book.changed_gpt(part, own), book.learnt_on, 1500, own)
        return f"{book.bits_of(model, book.held):.2f}"

    for part in ("control", *book.PARTS):
        yield " | ".join([part, *(bits(part, seed) for seed in (1, 2))])


@table(
    "long-seeds",
    "Long training: bits per character on validation text",
    "network, 6,000 steps | seed 1",
    0.1,
)
def long(book: SimpleNamespace) -> Iterator[str]:
    for name in ("GPT", "GRU"):
        model = taught_long(book, name, 1)
        yield f"{name} | {book.bits_of(model, book.held, 64):.2f}"
