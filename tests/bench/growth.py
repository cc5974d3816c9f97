"""How the time of a step grows with batch, length and depth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from tests.bench.workloads import WORKLOADS, Dense, Model, Workload


@dataclass(frozen=True)
class Curve:
    """One workload in several sizes."""

    title: str
    sizes: tuple[int, ...]
    make: Callable[[int], Workload]

    def workloads(self) -> list[Workload]:
        """Return the workload of each size; few steps, as a large one takes long."""
        return [self.make(size) for size in self.sizes]


def _batch(name: str, examples: int) -> Workload:
    workload = WORKLOADS[name].of(examples)
    assert isinstance(workload, Dense | Model)
    return replace(workload, steps=9)


def _length(name: str, length: int) -> Workload:
    workload = WORKLOADS[name]
    assert isinstance(workload, Model)
    return replace(workload, batch=partial(workload.batch, length=length), steps=9)


def _depth(layers: int) -> Dense:
    return Dense("", (128,) * (layers + 1), "ReLU", 128, 9, 1.0)


CURVES = {
    "mlp-batch": Curve("MLP, batch", (128, 256, 512, 1024, 2048), partial(_batch, "mlp")),
    "lenet-batch": Curve("LeNet, batch", (16, 32, 64, 128, 256), partial(_batch, "lenet")),
    "lstm-batch": Curve("LSTM, batch", (16, 32, 64, 128, 256), partial(_batch, "lstm")),
    "attention-batch": Curve(
        "attention block, batch", (8, 16, 32, 64, 128), partial(_batch, "attention")
    ),
    "lstm-length": Curve("LSTM, length T", (25, 50, 100, 200, 400), partial(_length, "lstm")),
    "attention-length": Curve(
        "attention block, length T", (32, 64, 128, 256, 512), partial(_length, "attention")
    ),
    "depth": Curve("MLP of width 128, layers", (4, 8, 16, 32, 64), _depth),
}


def slope(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Slope of the straight line through log time over log size: 1 is linear growth."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def squared_share(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Share of ``c n²`` in the longest time, where ``a + b n + c n²`` has no negative part."""
    from scipy.optimize import nnls  # here, as every worker reads this file

    n = np.array(sizes, float) / sizes[-1]
    t = np.array(times)
    powers = np.stack([n**0, n, n**2], axis=1)
    parts, _ = nnls(powers / t[:, None], np.ones(len(t)))  # so that each size counts alike
    return float(parts[2] / parts.sum())
