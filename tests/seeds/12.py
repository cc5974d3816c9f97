"""Further seeds of chapter 12: other first weights, other orders of the digits."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "digits", "pair", "deep", "learn", "block-numpy", "block-class", "heun-blocks",
    "bodies", "architecture", "table", "budget-code", "at-budget", "warp", "movers", "borrowed",
)  # fmt: skip
SEEDS = (2, 3)


def rows(name: str, shares: list[float]) -> str:
    return " | ".join([name, *(f"{100 * share:.1f}" for share in shares)])


@table("depth-seeds", "Other seeds: training loss after five epochs", "layers, seed | 2 | 3", 0.35)
def depth(book: SimpleNamespace) -> Iterator[str]:
    for kind, make in (("plain", book.Pair), ("residual", book.Block)):
        for layers in (8, 20, 32):
            found = [book.learn(book.deep(layers, make, seed), seed)[-1] for seed in SEEDS]
            yield " | ".join([f"{kind} {layers}", *(f"{loss:.2f}" for loss in found)])


@table(
    "heun-seeds",
    "Four seeds: training loss of Euler and Heun at equal evaluations",
    "blocks, seed | 1 | 2 | 3 | 4",
    0.35,
)
def heun(book: SimpleNamespace) -> Iterator[str]:
    for name, (layers, make) in book.trials.items():
        found = [book.learn(book.deep(layers, make, seed), seed)[-1] for seed in (1, 2, 3, 4)]
        yield " | ".join([name, *(f"{loss:.2f}" for loss in found)])


@table(
    "budget-seeds",
    "Costs, and validation accuracy at equal products in per cent: three seeds and their mean",
    "architecture | parameters | products | seed 1 | 2 | 3 | mean",
    2.5,
)
def budget(book: SimpleNamespace) -> Iterator[str]:
    for kind, (parameters, products) in book.costs.items():
        shares = [book.at_budget(kind, seed) for seed in (1, *SEEDS)]
        yield rows(f"{kind} | {parameters:,} | {products:,}", [*shares, float(np.mean(shares))])


@table(
    "augment-seeds",
    "Other seeds: validation accuracy after training with changes, in per cent",
    "training, seed | 2 | 3 | 2, moved 2 px | 3, moved 2 px",
    4.0,
)
def augment(book: SimpleNamespace) -> Iterator[str]:
    for name, change in book.changes.items():
        models = [
            book.trained(book.lenet(seed), book.x_fit, book.y_fit, 0.008, 8, seed, change)
            for seed in SEEDS
        ]
        shares = [
            book.accuracy(model, book.moved(book.x_valid, right), book.y_valid)
            for right in (0, 2)
            for model in models
        ]
        yield rows(name, shares)


@table(
    "transfer-seeds",
    "Other draws: accuracy on the digits 5 to 9, in per cent",
    "images a class, draw | 5, 2 | 5, 3 | 20, 2 | 20, 3 | 100, 2 | 100, 3",
    8.0,
)
def transfer(book: SimpleNamespace) -> Iterator[str]:
    for way in book.rates:
        yield rows(way, [book.borrowed(way, n, draw) for n in (5, 20, 100) for draw in SEEDS])


@table(
    "choose-seeds",
    "Three seeds: validation accuracy after eight epochs of warped digits, in per cent",
    "filters, seed | 1 | 2 | 3",
    1.5,
)
def choose(book: SimpleNamespace) -> Iterator[str]:
    for channels, lr in (((6, 12), 0.008), ((16, 32), 0.004)):
        models = [
            book.trained(book.lenet(seed, channels), book.x_fit, book.y_fit, lr, 8, seed, book.warp)
            for seed in (1, *SEEDS)
        ]
        shares = [book.accuracy(model, book.x_valid, book.y_valid) for model in models]
        yield rows("{} and {}".format(*channels), shares)


@table(
    "result-seeds",
    "Other seeds: accuracy on the test digits in per cent",
    "digits, seed | 2 | 3",
    1.0,
)
def result(book: SimpleNamespace) -> Iterator[str]:
    models = [
        book.trained(
            book.lenet(seed, (16, 32)), book.x_rest, book.y_rest, 0.004, 20, seed, book.warp
        )
        for seed in SEEDS
    ]
    for right, name in ((0, "as they are"), (2, "moved by 2 pixels")):
        x = np.ascontiguousarray(book.moved(book.x_test, right))
        yield rows(name, [book.accuracy(model, x, book.y_test) for model in models])
