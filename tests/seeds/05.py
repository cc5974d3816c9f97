"""Further seeds of chapter 5: other dots, and other splits of the digits."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "and-gate", "rule-written", "two-hundred", "squeeze", "overlap-tried",
    "three-learnt", "three-chosen",
)  # fmt: skip


@table(
    "dots-seeds",
    "Other seeds: 200 dots as they are drawn, with what the line allows and what the rule needed",
    "seed | margin of the line | mistakes allowed | mistakes | passes",
    0.001,
)
def dots(book: SimpleNamespace) -> Iterator[str]:
    for seed in range(10):
        x, y = book.dots(seed=seed)
        margin, _, bound = book.promise(x, y, np.array([1, 1, 0]))
        passes = book.models.Perceptron(2).fit(x, y, lr=1)
        count = len(book.learn(x, y)) - 1
        yield f"{seed} | {margin:.4f} | {bound:,.0f} | {count} | {len(passes)}"


@table(
    "three-seeds",
    "Other splits of the digits: right on the test pictures in per cent",
    "seed | 2 | 3 | 4 | 5 | 6",
    0.5,
)
def threes(book: SimpleNamespace) -> Iterator[str]:
    shares: dict[str, list[float]] = {"nearest mean": [], "mean, moved": [], "perceptron": []}
    for seed in range(2, 7):
        known, chosen_by, (x_test, y_test) = book.parts(seed)
        score = book.mean_score(chosen_by[0], *known)
        moved = max(book.places, key=lambda place: book.right(score > place, chosen_by[1]))
        score = book.mean_score(x_test, *known)
        w = book.learn_longer(*known, 10)["averaged"]
        answers = (score > 0, score > moved, book.answer(w, x_test))
        for name, said in zip(shares, answers, strict=True):
            shares[name].append(book.right(said, y_test))
    for name, found in shares.items():
        yield " | ".join([name, *(f"{100 * share:.1f}" for share in found)])
