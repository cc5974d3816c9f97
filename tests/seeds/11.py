"""Further seeds of chapter 11: other first weights, other orders of the digits."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "window-2d", "minus-five", "edge-slider", "out-size", "two-channels", "two-filters",
    "conv-loops", "cat-pictures", "cat-step",
    "cat-train", "cat-dlcore", "cat-unseen", "dead-starts", "networks", "train", "first-run",
    "equivariance", "confusion-matrix", "confusion-look", "close-gap",
)  # fmt: skip
SEEDS = range(4, 9)
EPOCHS = {"lenet": (6,), "dense": (6, 20, 42)}


@table(
    "cat-seeds",
    "Other first weights: what the networks that learn take for a cat",
    "picture | networks",
    0,
)
def cats(book: SimpleNamespace) -> Iterator[str]:
    learnt = [ends for (ends, _), lost in zip(book.runs, book.stuck, strict=True) if not lost]
    for name, picture in book.unseen.items():
        called = sum(book.cat_forward(picture, *ends)[0] > 0.5 for ends in learnt)
        yield f"{name} | {called} of {len(learnt)}"


@table(
    "dead-seeds",
    "Other starts: how many of forty get stuck, and how many of these with a silent filter",
    "starts | stuck | silent",
    0,
)
def dead(book: SimpleNamespace) -> Iterator[str]:
    for first in range(40, 200, 40):
        runs = [book.cat_train(book.cat_start(seed)) for seed in range(first, first + 40)]
        lost = [ends for ends, history in runs if history[-1] > 0.6]
        silent = sum(
            all((book.correlate2d(x, kernel) + b <= 0).all() for x in book.pictures)
            for kernel, b, _, _ in lost
        )
        yield f"{first} to {first + 39} | {len(lost)} | {silent}"


@table(
    "epochs-seeds",
    "Other lengths of training: accuracy on the validation digits in per cent",
    "seed | 0 | 1 | 2 | 3 | 4 | mean",
    1.5,
)
def lengths(book: SimpleNamespace) -> Iterator[str]:
    for name, several in EPOCHS.items():
        for epochs in several:
            found = [
                book.accuracy(
                    book.trained_net(
                        getattr(book, name), book.x_fit, book.y_fit, 0.008, 0.2, epochs, seed
                    ),
                    book.x_valid,
                    book.y_valid,
                )
                for seed in range(5)
            ]
            shown = " | ".join(f"{100 * share:.1f}" for share in (*found, np.mean(found)))
            yield f"{name}, {epochs} epochs | {shown}"


def networks(book: SimpleNamespace, name: str) -> list:
    """Return the networks of a kind, one a seed, trained as in the chapter and kept."""
    kept = book.__dict__.setdefault("kept", {})
    if name not in kept:
        make, epochs = (book.lenet, 6) if name == "LeNet" else (book.dense, 20)
        kept[name] = [
            book.trained_net(make, book.x_rest, book.y_rest, 0.008, 0.2, epochs, seed)
            for seed in SEEDS
        ]
    return kept[name]


def row(name: str, shares: list[float]) -> str:
    return " | ".join([name, *(f"{100 * share:.1f}" for share in shares)])


@table(
    "test-seeds",
    "Other seeds: accuracy on the test digits in per cent",
    "seed | 4 | 5 | 6 | 7 | 8",
    1.5,
)
def tested(book: SimpleNamespace) -> Iterator[str]:
    for name in ("LeNet", "dense"):
        yield row(name, [book.accuracy(m, book.x_test, book.y_test) for m in networks(book, name)])


@table(
    "shift-seeds",
    "Other seeds: accuracy on shifted test digits in per cent",
    "seed | 4 | 5 | 6 | 7 | 8",
    8.0,
)
def shifted(book: SimpleNamespace) -> Iterator[str]:
    for right in (2, 4):
        moved = book.shift(book.x_test, right)
        for name in ("LeNet", "dense"):
            found = [book.accuracy(m, moved, book.y_test) for m in networks(book, name)]
            yield row(f"{name}, {right} pixels", found)


@table(
    "gap-seeds",
    "Other seeds: digits with a bar that LeNet reads as nines, in per cent",
    "seed | 4 | 5 | 6 | 7 | 8",
    15.0,
)
def gaps(book: SimpleNamespace) -> Iterator[str]:
    for digit, which, place in ((4, 0, "top"), (7, -1, "hook")):
        for down, name in ((0, f"{digit}, {place} closed"), (8, f"{digit}, same bar, lower")):
            x = book.closed(digit, which, down)
            scores = [book.predict(model, x) for model in networks(book, "LeNet")]
            yield row(name, list((np.array(scores).argmax(axis=2) == 9).mean(axis=1)))
