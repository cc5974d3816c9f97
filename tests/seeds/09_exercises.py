"""Further sets for an exercise of chapter 9: means against wrong labels, one at a time."""

from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlcore import data, nn, optim, tensor, train
from tests.seeds.tables import table

# The cells of the solutions whose code makes the tables.
CELLS = (
    "imports", "ex-9-11-given", "ex-9-11-shifts", "ex-9-11-measure", "ex-9-11-answer",
)  # fmt: skip

SETS = range(4, 14)


@table(
    "ex-9-11-means",
    "Ten other sets: shares of the test digits and of the wrong labels, and a standard error",
    "means | digits read | its standard error | wrong labels said",
    0.02,
)
def means(book: SimpleNamespace) -> Iterator[str]:
    learners = {
        "none, 30 epochs": book.untamed,
        "batch norm": learner(normed),
        "label smoothing 0.2": learner(book.large, smoothing=0.2),
        "width 16": learner(partial(book.large, width=16)),
        "width 32": learner(partial(book.large, width=32)),
        "weight decay 1.0": learner(book.large, decay=1.0),
        "L1, λ = 0.0003": learner(book.large, penalty=train.L1Penalty(0.0003)),
        "best weights of 30 epochs": learner(
            book.large, callbacks=[train.EarlyStopping(patience=30)]
        ),
        "dropout 0.5": learner(dropping),
        "dropout 0.5, 60 epochs": learner(dropping, epochs=60),
        "shifts of half the pictures": learner(book.large, moved=partial(HalfMoved, book.shifted)),
        "dropout, shifts, decay 0.3, best weights": book.tamed,
    }
    for name, learn in learners.items():
        read, said = np.transpose([book.shares(learn, (number,)) for number in SETS])
        error = read.std(ddof=1) / len(SETS) ** 0.5
        yield f"{name} | {read.mean():.3f} | {error:.3f} | {said.mean():.3f}"


def learner(
    build: Callable[[np.random.Generator], nn.Module],
    epochs: int = 30,
    smoothing: float = 0.0,
    decay: float = 0.0,
    moved: Callable[..., Any] = lambda batches, _: batches,
    **more: Any,
) -> Callable[..., nn.Module]:
    """Return what trains as the exercise's network without any means does, but for one thing."""

    def learn(x: Any, y: Any, x_valid: Any, y_valid: Any, rng: np.random.Generator) -> nn.Module:
        net = build(rng)
        batches = data.DataLoader(data.TensorDataset(x, y), batch_size=30, shuffle=True, rng=rng)
        loss = nn.CrossEntropyLoss(label_smoothing=smoothing)
        optimizer = optim.AdamW(net.parameters(), lr=0.002, weight_decay=decay)
        told = {"validation": [(tensor(x_valid), tensor(y_valid))], "progress": False, **more}
        train.fit(net, moved(batches, rng), loss, optimizer, epochs, **told)
        return net

    return learn


def normed(rng: np.random.Generator) -> nn.Module:
    """Return the network with batch norm before both bends."""
    return nn.Sequential(
        *(nn.Linear(64, 256, rng=rng), nn.BatchNorm1d(256), nn.ReLU()),
        *(nn.Linear(256, 256, rng=rng), nn.BatchNorm1d(256), nn.ReLU()),
        nn.Linear(256, 10, rng=rng),
    )


def dropping(rng: np.random.Generator) -> nn.Module:
    """Return the network with dropout behind both bends."""
    return nn.Sequential(
        *(nn.Linear(64, 256, rng=rng), nn.ReLU(), nn.Dropout(0.5, rng)),
        *(nn.Linear(256, 256, rng=rng), nn.ReLU(), nn.Dropout(0.5, rng)),
        nn.Linear(256, 10, rng=rng),
    )


class HalfMoved:
    """Batches of which about half the pictures are moved, anew each epoch."""

    def __init__(self, shifted: Callable[..., Any], batches: Any, rng: np.random.Generator) -> None:
        self.shifted, self.batches, self.rng = shifted, batches, rng

    def __iter__(self) -> Iterator[Any]:
        for x, y in self.batches:
            seen = x.numpy()
            chosen = self.rng.random((len(seen), 1)) < 0.5
            yield tensor(np.where(chosen, self.shifted(seen, self.rng), seen)), y
