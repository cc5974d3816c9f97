"""Further seeds of chapter 10: other folds, other first weights."""

from collections.abc import Iterator, Sequence
from functools import cache
from types import SimpleNamespace

import numpy as np

from dlcore.optim import SGD
from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "tools", "table", "sample", "leak", "baselines", "deep", "columns",
    "retrace", "adam-slider", "signs", "schedule", "described", "reversible", "network", "model",
)  # fmt: skip
SEEDS = range(5)
STEPS = {"glorot": "Glorot", "squares": "squares", "logs": "logarithms"}


@table("leak-seeds", "Other folds: R² of the resold houses", "folds | random | grouped", 0.02)
def leak(book: SimpleNamespace) -> Iterator[str]:
    for seed in SEEDS:
        random = book.KFold(8, shuffle=True, random_state=seed).split(book.X)
        grouped = book.GroupKFold(8, shuffle=True, random_state=seed).split(
            book.X, groups=book.houses["id"]
        )
        found = [
            book.cross_val_predict(book.nearest, book.X, book.price, cv=list(parts))[book.resold]
            for parts in (random, grouped)
        ]
        sold = book.price[book.resold]
        yield f"{seed} | " + " | ".join(f"{book.metrics.r2_score(sold, f):.2f}" for f in found)


def end_of_road(book: SimpleNamespace) -> dict[str, object]:
    """Return the options of the source's network at its best: all steps but the fence, and Adam."""
    steps = dict.fromkeys(["zeros", "glorot", "squares", "logs"], True)
    return steps | {"chosen": book.kept, "fenced": False, "optimizer": "adam", "lr": 0.001}


def momentum(parameters: list, lr: float, weight_decay: float) -> SGD:
    return SGD(parameters, lr, momentum=0.9)


def row(name: str, gains: Sequence[float], decimals: int) -> str:
    """Return a row: what is gained with each seed, and in the mean."""
    numbers = [*gains, np.mean(gains)]
    return " | ".join([name, *(f"{round(n, decimals) + 0.0:+.{decimals}f}" for n in numbers)])


@table(
    "road-seeds",
    "Other seeds: what a step gains in R², on four folds",
    "seed | 0 | 1 | 2 | 3 | 4 | mean",
    0.03,
)
def road(book: SimpleNamespace) -> Iterator[str]:
    slow = {"optimizer": "sgd", "lr": 0.01}
    steady = {"optimizer": momentum, "lr": 0.05}
    bare = dict.fromkeys(STEPS, False)

    @cache
    def scores(seed: int, **changes: object) -> np.ndarray:
        return book.retrace(**end_of_road(book) | changes, seed=seed).mean(axis=0)  # (3,)

    def compare(name: str, better: dict, worse: dict, column: int = 0) -> str:
        gains = [(scores(seed, **better) - scores(seed, **worse))[column] for seed in SEEDS]
        return row(name, gains, 2)

    yield compare("momentum 0.01 over SGD 0.1", steady | {"lr": 0.01}, slow | {"lr": 0.1})
    before = slow | bare
    for step in bare:
        after = before | {step: True}
        yield compare(f"{STEPS[step]}, under slow SGD", after, before)
        before = after
    for step in bare:
        yield compare(f"{STEPS[step]}, under Adam", {}, {step: False})
    yield compare("scales from all rows (a leak), under Adam", {"leak": True}, {})
    for column, where in enumerate(["all houses", "houses inside the fence"]):
        yield compare(f"fence, {where}", steady | {"fenced": True}, steady, column)


@table(
    "adam-seeds",
    "Other seeds: two faulty rules against the right one at 0.001",
    "seed | 0 | 1 | 2 | 3 | 4 | mean",
    0.01,
)
def adam(book: SimpleNamespace) -> Iterator[str]:
    def score(seed: int, **changes: object) -> float:
        return book.retrace(**end_of_road(book) | changes, seed=seed)[:, 0].mean()

    right = np.array([score(seed) for seed in SEEDS])
    forgets = {"optimizer": book.signs}
    misses = {"callbacks": [book.Schedule(book.unasked)]}
    for name, lr, fault in [
        ("no memory", 0.001, forgets),
        ("no memory", 0.0001, forgets),
        ("power missing", 0.001, misses),
        ("power missing", 0.00316, misses),
    ]:
        found = [score(seed, lr=lr, **fault) for seed in SEEDS]
        yield row(f"{name}, {lr:g}", found - right, 3)


@table(
    "final-seeds",
    "The final setting as printed, 300 epochs, fold by fold",
    "fold | R² | spread",
    0.05,
)
def final(book: SimpleNamespace) -> Iterator[str]:
    """Train at 0.001 on gradients summed over batches of 128: 0.128 on their mean."""
    printed = end_of_road(book) | {"optimizer": momentum, "lr": 0.128, "epochs": 300, "leak": True}
    found = [book.retrace(**printed, parts=[fold])[0] for fold in book.folds]
    for fold, (score, _, spread) in enumerate(found):
        yield f"{fold} | {score:.2f} | {spread:.2f}"
    score, _, spread = np.mean(found, axis=0)
    yield f"mean | {score:.2f} | {spread:.2f}"


@table(
    "paired-seeds",
    "Other seeds: what each part gains in R², on eight folds",
    "seed | 0 | 1 | 2 | mean",
    0.004,
)
def paired(book: SimpleNamespace) -> Iterator[str]:
    @cache
    def score(seed: int, waves: bool = True, zips: bool = True, logarithm: bool = True) -> float:
        changes = {"waves": 0} if not waves else {}
        changes |= {"zips": 0} if not zips else {}
        price_by = ["log", "standard"] if logarithm else ["standard"]
        model = book.valuer(seed=seed, price_by=price_by, **changes)
        found = book.cross_val_predict(model, book.X, book.price, cv=book.folds)
        return book.by_fold(found).mean()

    no_waves, no_zips = {"waves": False}, {"zips": False}
    for name, better, worse in [
        ("waves, beside zip codes", {}, no_waves),
        ("zip codes, beside waves", {}, no_zips),
        ("waves, without zip codes", no_zips, no_waves | no_zips),
        ("logarithm of the price", {}, {"logarithm": False}),
    ]:
        yield row(name, [score(seed, **better) - score(seed, **worse) for seed in range(3)], 3)
