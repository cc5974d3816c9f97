"""Further seeds of chapter 15: other draws, other first weights, more steps."""

from collections.abc import Iterable, Iterator
from types import SimpleNamespace

import numpy as np

from dlcore import data, models
from dlcore.models import SumMod, attention_maps
from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "tools", "reversal-tools", "train-sums", "suspects-tools",
    "suspects-listed", "curriculum", "running-tools", "short-first", "running-forced",
    "scratchpad-tools", "scratchpad-trained", "scratchpad-map",
)  # fmt: skip


AT_ONCE = [(1167, 16, 96)]  # as many digits in all as in the plan with short sums first


def row(name: object, shares: Iterable[float]) -> str:
    """Return a row of shares in per cent."""
    return " | ".join([str(name), *(f"{share:.1%}" for share in shares)])


@table(
    "reversal-seeds",
    "Other seeds: whole sequences right",
    "sequences, network | seed 16 | 17 | 18",
    10,
)
def reversal(book: SimpleNamespace) -> Iterator[str]:
    def score(kind: str, count: int, seed: int) -> float:
        rng = np.random.default_rng(seed)
        source, target = book.reversal_pairs(count, rng)
        test = book.reversal_pairs(500, rng)
        if kind == "Transformer":
            model = models.Transformer(13, 13, max_len=10, num_layers=1, rng=rng)
        else:
            attention = "additive" if kind == "GRUs, attention" else None
            model = models.Seq2Seq(13, 13, attention=attention, rng=rng)
        book.teach(model, source, target, 8, rng)
        return book.whole_right(model, *test)

    for kind, count in (
        ("GRUs alone", 1000),
        ("GRUs, attention", 1000),
        ("Transformer", 1000),
        ("GRUs alone", 8000),
    ):
        yield row(f"{count:,}, {kind}", (score(kind, count, seed) for seed in (16, 17, 18)))


@table(
    "suspects-seeds",
    "Other seeds, more steps: sums right",
    "steps, suspect | seed 1 | 2",
    3,
)
def suspects(book: SimpleNamespace) -> Iterator[str]:
    lessons = [(1000, name) for name in book.SUSPECTS] + [(10000, "as published")]
    for steps, name in lessons:
        found = (book.try_suspect(**book.SUSPECTS[name], steps=steps, seed=seed) for seed in (1, 2))
        yield row(f"{steps:,}, {name}", (right for _, right in found))


@table(
    "at-once-seeds",
    "Shorter sums taught directly, for 600 steps: sums right",
    "positions, seed | 2 digits | 3 | 4 | 5 | 6",
    25,
)
def at_once(book: SimpleNamespace) -> Iterator[str]:
    for name, options in (("with", book.SOURCE), ("without", book.BLIND)):
        for seed in (1, 2):
            ends = (book.climb((length,) * 3, options, seed)[1][-1] for length in range(2, 7))
            yield row(f"{name}, {seed}", ends)


@table(
    "ladder-seeds",
    "Other seeds: sums right after the last rung",
    "rungs | seed 1 | 2 | 3 | 4",
    20,
)
def ladder(book: SimpleNamespace) -> Iterator[str]:
    for name, rungs, options in (
        ("2 to 6, no positions", (2, 4, 6), book.BLIND),
        ("2 to 6, positions", (2, 4, 6), book.SOURCE),
        ("6 at once, no positions", (6, 6, 6), book.BLIND),
        ("2 to 16, no positions", range(2, 17, 2), book.BLIND),
    ):
        yield row(name, (book.climb(rungs, options, seed)[1][-1] for seed in range(1, 5)))


@table(
    "running-seeds",
    "Other seeds: place 16 right, and what is left when a block is forced to the plain mean",
    "seed | at once | short first | block 1 forced | block 2 forced",
    30,
)
def running(book: SimpleNamespace) -> Iterator[str]:
    def last(model: SumMod) -> float:
        return book.by_place(model, book.test_x, book.test_y)[-1]

    for seed in range(1, 6):
        at_once, _ = book.train_adder(AT_ONCE, seed)
        adder, _ = book.train_adder(book.SHORT_FIRST, seed)
        forced = [book.with_plain_mean(adder, block) for block in (0, 1)]
        yield row(seed, map(last, (at_once, adder, *forced)))


@table(
    "scratchpad-seeds",
    "Other seeds of the writer",
    "seed | 16 digits | 64 digits | weight on the last remainder | lie believed",
    10,
)
def scratchpad(book: SimpleNamespace) -> Iterator[str]:
    for seed in range(1, 5):
        rng = np.random.default_rng(seed)
        writer = SumMod(**book.WRITER, rng=rng)
        book.train_sums(writer, book.written_out, 250, 1e-2, rng)
        shares = []
        for length in (16, 64):
            x, y = data.sum_mod(500, length=length, rng=rng)
            shares.append((book.add_up(writer, x)[:, -1] - 10 == y).mean())
        tokens, _ = book.written_out(500, rng)
        look = attention_maps(writer, tokens)["blocks.0.self_attn"].mean((0, 1))
        digits = np.arange(2, 16, 2)
        weight = look[digits, digits - 1].mean()
        yield row(seed, (*shares, weight, book.lied_to(writer, rng)))
