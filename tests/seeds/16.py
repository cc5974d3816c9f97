"""Further seeds of chapter 16: other weights, other pieces of text, longer training."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from dlcore import models
from tests.seeds.author import taught_long
from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "text", "pair-table", "gpt-pieces", "gpt-written", "teach", "bits-measured",
    "gru", "near", "parts-run",
)  # fmt: skip


@table(
    "compared-seeds",
    "Other seeds: bits per character on validation text",
    "network, 1,500 steps | seed 1 | 2",
    0.2,
)
def compared(book: SimpleNamespace) -> Iterator[str]:
    def bits(name: str, seed: int) -> str:
        own = np.random.default_rng(seed)
        kinds = {"GPT": models.GPT, "GPT, neighbours": book.NearGPT}
        model = book.new_gru(own) if name == "GRU" else book.new_gpt(own, kind=kinds[name])
        lr = 0.02 if name == "GRU" else 0.01
        book.teach(model, book.learnt_on, 1500, own, lr=lr)
        return f"{book.bits_of(model, book.held):.2f}"

    for name in ("GPT", "GPT, neighbours", "GRU"):
        yield " | ".join([name, *(bits(name, seed) for seed in (1, 2))])


@table(
    "long-seeds",
    "Long training: bits per character on validation text",
    "network, 5,000 steps of 32 pieces | seed 0",
    0.1,
)
def long(book: SimpleNamespace) -> Iterator[str]:
    for name in ("GPT, neighbours", "GRU"):
        model = taught_long(book, name, 0)
        yield f"{name} | {book.bits_of(model, book.held):.2f}"


@table(
    "parts-seeds",
    "Longer, and another seed: bits per character on validation text",
    "network, 1,500 steps | seed 1",
    0.2,
)
def parts(book: SimpleNamespace) -> Iterator[str]:
    for part in ("control", *book.PARTS):
        own = np.random.default_rng(1)
        model = book.teach(book.changed_gpt(part, own), book.learnt_on, 1500, own)
        yield f"{part} | {book.bits_of(model, book.held):.2f}"
