"""Further seeds of chapter 17: other first weights and draws for every game and model."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from tests.seeds.tables import table

# The cells of the chapter whose code makes the tables.
CELLS = (
    "imports", "mixture", "answers", "moves", "rulers", "slopes", "pair", "learn", "play",
    "trained", "ring", "suspects", "critic-trained", "four-made",
)  # fmt: skip


@table(
    "gan-seeds",
    "Other seeds: the GAN of two modes after 5,000 steps",
    "seed | within 3σ, % | smaller share | sliced | expert | forger",
    3.0,
)
def games(book: SimpleNamespace) -> Iterator[str]:
    for seed in range(1, 6):
        losses, sample, own = book.one_game(seed)
        share, shares = book.coverage(sample)
        far = book.sliced(sample, book.true_points(2000, own), own)
        expert, forger = losses[-100:].mean(axis=0)
        yield (
            f"seed {seed} | {100 * share:.1f} | {shares.min():.2f} | {far:.2f}"
            f" | {expert:.2f} | {forger:.2f}"
        )


@table(
    "ring-seeds",
    "Other seeds: modes of eight that are drawn",
    "change | seed 1 | 2 | 3",
    4.0,
)
def rings(book: SimpleNamespace) -> Iterator[str]:
    for name, changed in book.trials.items():
        hits = [book.modes_hit(book.on_ring(seed, **changed)[0]) for seed in (1, 2, 3)]
        yield " | ".join([name, *(f"{hit:.1f}" for hit in hits)])
    hits = [book.modes_hit(book.critic_on_ring(seed)) for seed in (1, 2, 3)]
    yield " | ".join(["WGAN-GP", *(f"{hit:.1f}" for hit in hits)])


@table(
    "four-seeds",
    "Other seeds: sliced distance from the source",
    "model | seed 1 | 2 | 3 | 4 | 5 | mean | std",
    0.3,
)
def four(book: SimpleNamespace) -> Iterator[str]:
    half = book.true_points(1000, book.dice(99))
    goal = np.concatenate([half, half * np.float32([-1, 1])])
    for kind in book.STEPS:
        far = [book.sliced(book.compared(kind, s)[1], goal, book.dice(0)) for s in range(1, 6)]
        yield " | ".join([kind, *(f"{value:.2f}" for value in [*far, np.mean(far), np.std(far)])])
