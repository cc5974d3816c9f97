"""What the tests of models that train share: small digits, a recipe to learn them, one thread."""

from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from dlcore import data, metrics, nn, optim
from dlcore.train import fit, predict

# Products this small gain nothing from more; on a busy machine they wait for one another.
one_thread = threadpool_limits.wrap(limits=1)


def digits(rng: np.random.Generator) -> list[np.ndarray]:
    """Images and labels to train on and to validate with: x, x_val, y, y_val."""
    images, labels = data.load_digits()
    return data.train_test_split(images[:, None], labels, test_size=0.25, rng=rng, stratify=labels)


@one_thread
def accuracy_after(
    make: Callable[[np.random.Generator], nn.Module],
    parts: list[np.ndarray],
    epochs: int,
    lr: float,
    rng: np.random.Generator,
) -> float:
    """Train with Adam and one cycle of the rate, and return the accuracy on held-out images."""
    x, x_val, y, y_val = parts
    model = make(rng)
    loader = data.DataLoader(data.TensorDataset(x, y), 64, shuffle=True, rng=rng)
    optimizer = optim.Adam(model.parameters(), lr=lr)
    cycle = optim.lr_scheduler.OneCycleLR(optimizer, lr, epochs=epochs, steps_per_epoch=len(loader))
    fit(
        model, loader, nn.CrossEntropyLoss(), optimizer, epochs,
        schedule=cycle, step_schedule="batch", progress=False,
    )  # fmt: skip
    return metrics.accuracy(y_val, predict(model, x_val))


def used_once(
    make: Callable[[np.random.Generator], nn.Module], *shape: int
) -> Callable[[np.random.Generator], nn.Module]:
    """Make models whose normalisations have seen a batch, so that their statistics count."""

    def make_and_use(rng: np.random.Generator) -> nn.Module:
        model = make(rng)
        model(nn.Parameter(rng.standard_normal(shape).astype(np.float32)))
        return model

    return make_and_use
