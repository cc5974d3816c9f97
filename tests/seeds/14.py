"""Further seeds of chapter 14: other weights, other batches."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from dlcore import nn
from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "task-drawn", "recaller", "practise", "forget-bias", "fixed", "prepared",
    "corpus", "translator-written", "write", "teach", "units", "whole-right",
)  # fmt: skip

SEEDS = (1, 2, 3)


def bias_rows(book: SimpleNamespace, **task: int) -> Iterator[str]:
    def needed(value: float, seed: int) -> str:
        own = np.random.default_rng(seed)
        net = book.Recaller(nn.LSTM, 16, own)
        book.forget_bias(net.cell, value)
        found = str(book.solved_after(book.practise(net, 50, own, steps=600, **task)))
        return found.removeprefix("solved ")

    for value in (0, 1, 3, 5):
        yield " | ".join([f"bias {value}", *(needed(value, seed) for seed in SEEDS)])


@table(
    "bias-seeds",
    "Other seeds: batches until 50 steps are solved",
    "start of the eraser | seed 1 | 2 | 3",
    150,
)
def biases(book: SimpleNamespace) -> Iterator[str]:
    yield from bias_rows(book)


@table(
    "control-seeds",
    "Other seeds: the same with the mark always at step 1",
    "start of the eraser | seed 1 | 2 | 3",
    150,
)
def control(book: SimpleNamespace) -> Iterator[str]:
    yield from bias_rows(book, place=0)


@table(
    "without-seeds",
    "Other seeds: errors with one mark, with two",
    "without | seed 1 | 2 | 3",
    0.3,
)
def without(book: SimpleNamespace) -> Iterator[str]:
    def error(gate: int | None, marks: int, seed: int) -> str:
        own = np.random.default_rng(seed)
        net = book.Recaller(nn.LSTM, 16, own)
        book.forget_bias(net.cell, 3)
        fix = None if gate is None else book.fixed(gate)
        book.practise(net, 30, own, steps=400, fix=fix, marks=marks)
        return f"{book.mean_error(net, 30, own, marks=marks):.3f}"

    for name, gate in (("nothing", None), ("the eraser", 1), ("the pencil", 0), ("the lamp", 3)):
        both = (f"{error(gate, 1, seed)}, {error(gate, 2, seed)}" for seed in SEEDS)
        yield " | ".join([name, *both])


@table(
    "hundred-seeds",
    "Other seeds: error with the clue at step 1 of 100",
    "cell | seed 1 | 2 | 3",
    0.3,
)
def hundred(book: SimpleNamespace) -> Iterator[str]:
    def error(name: str, seed: int) -> str:
        net, own = book.prepared(name, seed)
        book.practise(net, 100, own)
        return f"{book.mean_error(net, 100, own, place=0):.3f}"

    for name in ("RNN", "GRU", "LSTM"):
        yield " | ".join([name, *(error(name, seed) for seed in SEEDS)])


@table(
    "unit-seeds",
    "Other seeds: validation sentences written whole",
    "unit, passes | seed 1 | 2 | 3",
    5,
)
def units(book: SimpleNamespace) -> Iterator[str]:
    def share(unit: str, passes: int, seed: int) -> str:
        own = np.random.default_rng(seed)
        model = book.Translator(len(book.english), len(book.french[unit]), own)
        book.teach(model, *book.numbers_of("training", unit), passes, own)
        return f"{book.whole_right(model, *book.numbers_of('validation', unit)):.1%}"

    for unit in ("letters", "words"):
        for passes in (8, 12):
            row = (share(unit, passes, seed) for seed in SEEDS)
            yield " | ".join([f"{unit}, {passes} passes", *row])


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
