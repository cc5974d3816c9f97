"""Batches, networks and losses of the workloads.

`nn` is the namespace of layers of dlcore or of torch; nothing here tells them apart. Losses come
one by one, each with the network to train on it before the next is asked for.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Losses = Iterator[tuple[Any, Any]]
Built = tuple[tuple[Any, ...], Callable[..., Losses]]


def labelled(*shape: int, classes: int = 10) -> tuple[np.ndarray, ...]:
    """Inputs, and a class for each of `shape[0]` examples."""
    rng = np.random.default_rng(0)
    return rng.normal(size=shape).astype(np.float32), rng.integers(0, classes, shape[0])


def classifier(nn: Any, *layers: Any) -> Built:
    """Layers one after the other, trained on cross-entropy."""
    network, loss = nn.Sequential(*layers), nn.CrossEntropyLoss()

    def losses(x: Any, target: Any) -> Losses:
        yield network, loss(network(x), target)

    return (network,), losses


def digits(examples: int = 64) -> tuple[np.ndarray, ...]:
    """Images of 28 by 28, and classes."""
    return labelled(examples, 1, 28, 28)


def lenet(nn: Any) -> Built:
    """Two convolutions with pooling, three dense layers."""
    return classifier(
        nn,
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def sequences(examples: int = 32, length: int = 50) -> tuple[np.ndarray, ...]:
    """Sequences of 32 features, time first, and classes."""
    x, target = labelled(examples, length, 32)
    return np.ascontiguousarray(x.swapaxes(0, 1)), target


def lstm(nn: Any) -> Built:
    """One layer, and a dense layer that reads its last state."""
    network = nn.ModuleDict({"lstm": nn.LSTM(32, 64), "head": nn.Linear(64, 10)})
    loss = nn.CrossEntropyLoss()

    def losses(x: Any, target: Any) -> Losses:
        output, _ = network["lstm"](x)
        yield network, loss(network["head"](output[-1]), target)

    return (network,), losses


def positions(examples: int = 32, length: int = 64) -> tuple[np.ndarray, ...]:
    """Sequences of positions with 32 features, and what they should become."""
    rng = np.random.default_rng(0)
    x, target = rng.normal(size=(2, examples, length, 32)).astype(np.float32)
    return x, target


def attention(nn: Any) -> Built:
    """Attention in four heads, added to what it read, and the norm behind it."""
    heads = nn.MultiheadAttention(32, 4, batch_first=True)
    network, loss = nn.ModuleDict({"heads": heads, "norm": nn.LayerNorm(32)}), nn.MSELoss()

    def losses(x: Any, target: Any) -> Losses:
        seen, _ = network["heads"](x, x, x, need_weights=False)
        yield network, loss(network["norm"](x + seen), target)

    return (network,), losses


def points(examples: int = 128) -> tuple[np.ndarray, ...]:
    """Points on a ring, noise for the generator, and the labels of real and fake."""
    rng = np.random.default_rng(0)
    angle = rng.uniform(0, 2 * np.pi, examples)
    real = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    labels = np.ones((examples, 1)), np.zeros((examples, 1))
    arrays = real, rng.normal(size=(examples, 16)), *labels
    return tuple(array.astype(np.float32) for array in arrays)


def gan(nn: Any) -> Built:
    """A generator of points against a discriminator."""
    generator = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 2))
    discriminator = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
    loss = nn.BCEWithLogitsLoss()

    def losses(x: Any, noise: Any, real: Any, fake: Any) -> Losses:
        made = generator(noise)
        judged = loss(discriminator(x), real) + loss(discriminator(made.detach()), fake)
        yield discriminator, judged
        yield generator, loss(discriminator(made), real)

    return (generator, discriminator), losses
