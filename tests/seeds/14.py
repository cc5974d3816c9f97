"""Further seeds of chapter 14: other weights, other batches."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from dlcore import nn
from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "task-drawn", "recaller", "practise", "forget-bias", "prepared",
    "corpus", "translator-written", "write", "teach", "units", "whole-right",
)  # fmt: skip

SEEDS = (1, 2, 3)


@table(
    "bias-seeds",
    "Other seeds: batches until 50 steps are solved",
    "start of the eraser | seed 1 | 2 | 3",
    150,
)
def biases(book: SimpleNamespace) -> Iterator[str]:
    def needed(value: float, seed: int) -> str:
        own = np.random.default_rng(seed)
        net = book.Recaller(nn.LSTM, 16, own)
        book.forget_bias(net.cell, value)
        return str(book.solved_after(book.practise(net, 50, own, steps=800))).strip()

    for value in (0, 1, 3, 5):
        yield " | ".join([f"bias {value}", *(needed(value, seed) for seed in SEEDS)])


@table(
    "hundred-seeds",
    "Other seeds: error with the clue at step 1 of 100",
    "cell | seed 1 | 2 | 3",
    0.3,
)
def hundred(book: SimpleNamespace) -> Iterator[str]:
    def error(name: str, seed: int) -> str:
        net, own = book.prepared(name, seed)
        book.practise(net, 100, own, 0.003 if name == "RNN" else 0.01)
        return f"{book.mean_error(net, 100, own, place=0):.3f}"

    for name in ("RNN", "GRU", "LSTM"):
        yield " | ".join([name, *(error(name, seed) for seed in SEEDS)])


@table(
    "test-seeds",
    "Other seeds: test sentences written whole",
    "translator | seed 1 | 2 | 3",
    3,
)
def translators(book: SimpleNamespace) -> Iterator[str]:
    def share(slips: float, seed: int) -> str:
        own = np.random.default_rng(seed)
        model = book.Translator(len(book.english), len(book.french["words"]), own)
        book.teach(model, *book.numbers_of("training", "words"), 12, own, slips=slips)
        return f"{book.whole_right(model, *book.numbers_of('test', 'words')):.1%}"

    for name, slips in (("no slips in training", 0.0), ("with slips", 0.3)):
        yield " | ".join([name, *(share(slips, seed) for seed in SEEDS)])
