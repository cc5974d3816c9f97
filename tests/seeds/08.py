"""Further seeds of chapter 8: other first weights and batches, and other searches."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "digits-split", "network", "train", "forty-runs", "deep", "houses", "houses-run",
    "curvature", "grid-table", "optuna-fit", "optuna-objective", "optuna-run", "optuna-answer",
    "foretold",
)  # fmt: skip


@table(
    "houses-seeds",
    "Other seeds: training loss of the last of 18 epochs on the houses, in thousandths",
    "seed | SGD | momentum | nothing stored | Adam",
    0.6,
)
def houses(book: SimpleNamespace) -> Iterator[str]:
    for seed in range(2, 7):
        last = [1000 * book.houses_run(*rule, seed=seed)[-1] for rule in book.rules.values()]
        yield " | ".join([str(seed), *(f"{loss:.1f}" for loss in last)])


@table(
    "batches-seeds",
    "Other seeds: validation digits read with the rate 0.1 × batch / 32, in per cent",
    "seed | batch 8 | 32 | 128 | 512",
    4.0,
)
def batches(book: SimpleNamespace) -> Iterator[str]:
    for seed in range(1, 6):
        read = []
        for size in (8, 32, 128, 512):
            lr, steps = 0.1 * size / 32, 9600 // size
            _, net = book.train(book.optim.SGD, lr, seed, steps=steps, batch=size)
            read.append(f"{book.accuracy(net, book.x_valid, book.y_valid):.1%}"[:-1])
        yield " | ".join([str(seed), *read])


@table(
    "search-seeds",
    "Other searches of sixteen trials: test digits read by the found settings, in per cent",
    "search | width | rate | one cycle | old settings | found | spread of the found",
    1.5,
)
def searches(book: SimpleNamespace) -> Iterator[str]:
    old = book.results["Section 1.5"].mean()
    for seed in (3, 5, 7):
        book.sitting(seed, 8, f"other{seed}")
        s = book.sitting(seed + 1, 8, f"other{seed}").best_params
        right = [book.accuracy(book.fit(s, k), book.x_test, book.y_test) for k in range(10, 15)]
        cycle = "yes" if s["cycle"] else "no"
        yield (
            f"{seed} | {s['width']} | {s['lr']:.4f} | {cycle} | {100 * old:.1f}"
            f" | {100 * np.mean(right):.1f} | {100 * np.std(right, ddof=1):.1f}"
        )


@table(
    "foretold-seeds",
    "Other seeds: of forty runs, how many the conditions foretell rightly",
    "seed | 64-32-10, ReLU | 64-48-48-10, tanh",
    2.0,
)
def foretold(book: SimpleNamespace) -> Iterator[str]:
    for seed in range(1, 5):
        row = []
        for make in (book.network, book.wider):
            steep = book.largest_curvature(make(np.random.default_rng(seed)))
            right = 0
            for rule in book.RULES:
                for lr in book.RATES:
                    _, net = book.train(book.RULES[rule], lr, seed, make=make)
                    learns = book.accuracy(net, book.x_valid, book.y_valid) >= book.LEARNS
                    right += learns == book.foretell(rule, lr, steep, 0.125 / 3**0.5)
            row.append(str(right))
        yield " | ".join([str(seed), *row])
