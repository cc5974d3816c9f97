"""One training step for each workload and framework, from the same starting weights.

Every framework gets the same arrays, float32, and trains with Adam. dlcore has torch's names, so
one text builds and trains a network in both; the others, with names of their own, train the dense
networks (:mod:`tests.bench.peers`).
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from tests.bench import models, peers

Step = Callable[[], list[Any]]  # trains once, and returns the losses that it went down


class Workload(Protocol):
    """What dlcore and torch need to know."""

    title: str
    steps: int
    target: float

    def batch(self) -> tuple[np.ndarray, ...]:
        """Return the arrays of one batch."""

    def build(self, nn: Any) -> models.Built:
        """Build networks and losses from the layers of either library."""

    def of(self, examples: int) -> "Workload":
        """Return the same work on a batch of another size."""


@dataclass(frozen=True)
class Dense:
    """Dense layers with an activation between them, trained on cross-entropy."""

    title: str
    sizes: tuple[int, ...]
    activation: str
    examples: int
    steps: int
    target: float  # dlcore's time over torch's that the design asks for

    def of(self, examples: int) -> "Dense":
        """Return the same work on a batch of another size."""
        return replace(self, examples=examples)

    def batch(self) -> tuple[np.ndarray, ...]:
        """Inputs and class indices."""
        return models.labelled(self.examples, self.sizes[0], classes=self.sizes[-1])

    def build(self, nn: Any) -> models.Built:
        """One network and its loss."""
        layers: list[Any] = []
        for n, m in pairwise(self.sizes):
            layers += [nn.Linear(n, m), getattr(nn, self.activation)()]
        return models.classifier(nn, *layers[:-1])

    def weights(self) -> list[np.ndarray]:
        """Weight (m, n) and bias (m,) of each layer in turn."""
        rng = np.random.default_rng(1)
        shapes = [shape for n, m in pairwise(self.sizes) for shape in ((m, n), (m,))]
        return [starting(rng, shape) for shape in shapes]


@dataclass(frozen=True)
class Model:
    """Other layers, in dlcore and torch: see :mod:`tests.bench.models`."""

    title: str
    batch: Callable[..., tuple[np.ndarray, ...]]
    build: Callable[[Any], models.Built]
    steps: int
    target: float

    def of(self, examples: int) -> "Model":
        """Return the same work on a batch of another size."""
        return replace(self, batch=partial(self.batch, examples))


WORKLOADS: dict[str, Workload] = {
    "xor": Dense("XOR 2-3-2, batch 4", (2, 3, 2), "Tanh", 4, 600, 0.25),
    "circles": Dense(
        "circles 2-8×6-2, batch 1000", (2, 8, 8, 8, 8, 8, 8, 2), "ReLU", 1000, 200, 0.45
    ),
    "mlp": Dense("MLP 784-256-128-10, batch 128", (784, 256, 128, 10), "ReLU", 128, 100, 1.0),
    "lenet": Model("LeNet on 28×28, batch 64", models.digits, models.lenet, 40, 1.0),
    "lstm": Model("LSTM T=50, batch 32, 32→64", models.sequences, models.lstm, 60, 0.6),
    "attention": Model(
        "attention block, batch 32, T=64, 4 heads, width 32",
        models.positions, models.attention, 60, 1.1,
    ),
    "gan": Model("GAN 16-64-2 and 2-64-1, batch 128", models.points, models.gan, 200, 0.4),
}  # fmt: skip


def starting(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Draw a starting weight or bias: a weight within one over the root of its inputs."""
    bound = float(np.prod(shape[1:])) ** -0.5 if len(shape) > 1 else 0.1
    return rng.uniform(-bound, bound, shape).astype(np.float32)


def _start(library: Any, network: Any, rng: np.random.Generator) -> None:
    """Set the weights; a state holds arrays in dlcore and tensors in torch."""
    native = np.asarray if library.__name__ == "dlcore" else library.tensor
    state = network.state_dict()
    network.load_state_dict({k: native(starting(rng, tuple(v.shape))) for k, v in state.items()})


def layered_step(name: str, workload: Workload) -> Step:
    """Build a step in dlcore, or in PyTorch (eager)."""
    library, optim = importlib.import_module(name), importlib.import_module(f"{name}.optim")
    batch = [library.tensor(array) for array in workload.batch()]
    networks, losses = workload.build(library.nn)
    rng = np.random.default_rng(1)
    for network in networks:
        _start(library, network, rng)
    optimizers = {network: optim.Adam(network.parameters(), lr=1e-3) for network in networks}

    def step() -> list[Any]:
        found = []
        for network, loss in losses(*batch):
            optimizers[network].zero_grad()
            loss.backward()
            optimizers[network].step()
            found.append(loss)
        return found

    return step


STEPS: dict[str, Callable[[Any], Step]] = {
    "dlcore": lambda workload: layered_step("dlcore", workload),
    "torch": lambda workload: layered_step("torch", workload),
    "autograd": peers.autograd_step,
    "tinygrad": peers.tinygrad_step,
    "micrograd": peers.micrograd_step,
}
