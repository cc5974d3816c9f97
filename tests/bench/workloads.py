"""One training step for each workload and framework, from the same starting weights.

A workload is a dense network: sizes of its layers, the activation between them, the batch. Every
framework gets the same arrays, float32, and trains with Adam on cross-entropy.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Step = Callable[[], None]


@dataclass(frozen=True)
class Workload:
    """A dense network and its batch."""

    title: str
    sizes: tuple[int, ...]
    activation: str
    batch: int
    steps: int

    def arrays(self) -> tuple[np.ndarray, np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
        """Inputs, class indices and starting weights."""
        rng = np.random.default_rng(0)
        x = rng.normal(size=(self.batch, self.sizes[0])).astype(np.float32)
        y = rng.integers(0, self.sizes[-1], self.batch)
        weights = []
        for n, m in zip(self.sizes, self.sizes[1:], strict=False):
            bound = n**-0.5
            weights.append(
                (
                    rng.uniform(-bound, bound, (m, n)).astype(np.float32),
                    rng.uniform(-bound, bound, m).astype(np.float32),
                )
            )
        return x, y, weights


WORKLOADS = {
    "xor": Workload("XOR 2-3-2, batch 4, Adam", (2, 3, 2), "Tanh", 4, 400),
    "circles": Workload(
        "circles 2-8×6-2, batch 1000, Adam", (2, 8, 8, 8, 8, 8, 8, 2), "ReLU", 1000, 150
    ),
    "mlp": Workload("MLP 784-256-128-10, batch 128, Adam", (784, 256, 128, 10), "ReLU", 128, 60),
}


def dlcore_step(workload: Workload) -> Step:
    """Build the network in dlcore."""
    import dlcore as dl
    from dlcore import nn, optim

    x, y, weights = workload.arrays()
    layers: list[nn.Module] = []
    for n, m in zip(workload.sizes, workload.sizes[1:], strict=False):
        layers += [nn.Linear(n, m), getattr(nn, workload.activation)()]
    model = nn.Sequential(*layers[:-1])
    flat = [array for pair in weights for array in pair]
    model.load_state_dict(dict(zip(model.state_dict(), flat, strict=True)))
    optimizer, loss = optim.Adam(model.parameters(), lr=1e-3), nn.CrossEntropyLoss()
    inputs, target = dl.Tensor(x), dl.Tensor(y)

    def step() -> None:
        optimizer.zero_grad()
        loss(model(inputs), target).backward()
        optimizer.step()

    return step


def torch_step(workload: Workload) -> Step:
    """Build the network in PyTorch (eager)."""
    import torch

    x, y, weights = workload.arrays()
    layers: list[torch.nn.Module] = []
    for n, m in zip(workload.sizes, workload.sizes[1:], strict=False):
        layers += [torch.nn.Linear(n, m), getattr(torch.nn, workload.activation)()]
    model = torch.nn.Sequential(*layers[:-1])
    flat = [torch.tensor(array) for pair in weights for array in pair]
    model.load_state_dict(dict(zip(model.state_dict(), flat, strict=True)))
    optimizer, loss = torch.optim.Adam(model.parameters(), lr=1e-3), torch.nn.CrossEntropyLoss()
    inputs, target = torch.tensor(x), torch.tensor(y)

    def step() -> None:
        optimizer.zero_grad()
        loss(model(inputs), target).backward()
        optimizer.step()

    return step


STEPS: dict[str, Callable[[Workload], Step]] = {"dlcore": dlcore_step, "torch": torch_step}
