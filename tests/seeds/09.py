"""Further seeds of chapter 9: five other training sets for the means against overfitting."""

from collections.abc import Iterator
from types import SimpleNamespace

from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = ("imports", "digits", "learn", "dropout-build", "shifted")

SEEDS = range(5, 10)


@table(
    "tamed-seeds",
    "Other training sets: validation accuracy in per cent",
    "training set | 5 | 6 | 7 | 8 | 9 | mean",
    1.5,
)
def tamed(book: SimpleNamespace) -> Iterator[str]:
    train = book.train
    means = {
        "plain": (book.network, {}),
        "L2": (book.network, {"penalty": train.L2Penalty(0.01)}),
        "L1": (book.network, {"penalty": train.L1Penalty(0.003)}),
        "dropout 0.8": (book.dropping(0.8), {}),
        "early stopping": (book.network, {"callbacks": [train.EarlyStopping(patience=5)]}),
        "shifts": (book.network, {"loader": book.Shifted}),
    }
    for name, (build, more) in means.items():
        scores = []
        for seed in SEEDS:
            x, told, _ = book.sample(seed)
            model = build(seed)
            book.learn(model, x, told, seed, **more)
            scores.append(100 * book.right(model, book.x_valid, book.y_valid))
        scores.append(sum(scores) / len(scores))
        yield " | ".join([name, *(f"{score:.1f}" for score in scores)])
