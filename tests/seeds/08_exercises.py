"""Further starts and searches for the exercises of chapter 8."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

from tests.seeds.tables import table

# The cells of the solutions whose code makes the tables.
CELLS = (
    "imports", "ex-8-7-network", "ex-8-7-answer", "ex-8-12-surface", "ex-8-12-train",
    "ex-8-12-judge", "ex-8-12-answer",
)  # fmt: skip

Setting = dict[str, Any]


@table(
    "ex-8-7-starts",
    "Twenty new starts, each rule with its own rate: loss after 150 steps",
    "rule | rate | median | greatest | starts above 0.1",
    0.01,
)
def starts(book: SimpleNamespace) -> Iterator[str]:
    # Plain descent is left out: its rate of 10 is so near the edge that at one of these starts the
    # rounding of the machine decides the loss.
    for name in ("momentum", "Nesterov", "RMSprop"):
        lr = book.tuned(name)
        ends = [
            book.loss_at(book.descend(name, book.slope_at, book.start(seed), lr, 150))
            for seed in range(10, 30)
        ]
        high = sum(loss > 0.1 for loss in ends)
        yield f"{name} | {lr:g} | {np.median(ends):.3f} | {max(ends):.3f} | {high}"


@table(
    "ex-8-12-grid",
    "Rates of 0.003, 0.01, 0.03, 0.1 and 0.3: distance from the clean surface",
    "loss | rule | best rate | its distance | that of the worst rate",
    0.03,
)
def grid(book: SimpleNamespace) -> Iterator[str]:
    losses = {"squared error": np.inf, "`delta` 1": 1.0, "`delta` 0.1": 0.1}
    for name, delta in losses.items():
        for rule in ("momentum", "Adam", "AdaBound"):
            off = {}
            for lr in (0.003, 0.01, 0.03, 0.1, 0.3):
                setting = {"delta": delta, "rule": rule, "lr": lr}
                off[lr] = book.judged(lambda _, __, found=setting: found)[1]
            best = min(off, key=off.get)
            yield f"{name} | {rule} | {best:g} | {off[best]:.2f} | {max(off.values()):.2f}"


@table(
    "ex-8-12-searches",
    "Twelve other searches: distance from the clean surface",
    "rules | mean | least | most",
    0.02,
)
def searches(book: SimpleNamespace) -> Iterator[str]:
    for name, fixed in (("all three", {}), ("Adam alone", {"rule": "Adam"})):
        off = [book.judged(search(book, seed, fixed))[1] for seed in range(12)]
        yield f"{name} | {np.mean(off):.3f} | {min(off):.3f} | {max(off):.3f}"


def search(book: SimpleNamespace, seed: int, fixed: Setting) -> Callable[..., Setting]:
    """Return the solution's search, with another seed and some parts of its settings held fixed."""

    def tune(attempt: Callable[[Setting], float], _: object) -> Setting:
        rng = np.random.default_rng(seed)
        return {**book.tune(lambda setting: attempt({**setting, **fixed}), rng), **fixed}

    return tune
