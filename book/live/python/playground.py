"""Train a small network in slices, and describe what a page must draw after each.

A page calls `start` with a set-up, then `advance` again and again. Pictures are bytes in base64: a
map is a grid of int8 with 127 for the largest value, its first row the top of the square.
"""

import base64
import math
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import playground_code
from numpy.typing import NDArray

import dlcore as dl
from dlcore import nn

HALF = 3.0  # the square goes from -3 to 3
FINE, COARSE = 48, 24  # points a side of the decision surface, and of the map of a neuron

Array = NDArray[Any]
_sessions: dict[str, "Session"] = {}


def start(settings: playground_code.Settings) -> dict[str, Any]:
    """Set up a network that has not learnt yet, and describe it."""
    _sessions["page"] = session = Session(settings)
    return session.scene() | session.frame()


def advance(seconds: float, most: int) -> dict[str, Any]:
    """Train for about so long, `most` steps at most, and describe the network."""
    session = _sessions["page"]
    session.train(seconds, most)
    return session.frame()


def code(settings: playground_code.Settings, steps: int) -> str:
    """Return the cell that does the same."""
    return playground_code.cell(playground_code.checked(settings), steps)


class Session:
    """A set-up that was run, and how far its training has come."""

    def __init__(self, settings: playground_code.Settings) -> None:
        self.settings = playground_code.checked(settings)
        self.space: dict[str, Any] = {"__name__": "playground"}
        with np.errstate(all="ignore"):
            exec(playground_code.setup(settings), self.space)
        self.model: nn.Sequential = self.space["model"]
        self.batches: Iterator[Array] = self.space["batches"](settings["batch"])
        self.grid: Array = self.space["inputs"](square(FINE))
        self.steps = 0
        self.broken = False

    @property
    def layers(self) -> list[nn.Linear]:
        """The layers that have weights."""
        return [layer for layer in self.model if isinstance(layer, nn.Linear)]

    def train(self, seconds: float, most: int) -> None:
        """Make steps until the time is up, or a weight is no longer a number."""
        end = time.perf_counter() + seconds
        with np.errstate(all="ignore"):
            for _ in range(0 if self.broken else most):
                self.space["step"](next(self.batches))
                self.steps += 1
                if time.perf_counter() > end:
                    break
        weights = (p.data for p in self.model.parameters())
        self.broken = not all(np.isfinite(w).all() for w in weights)

    def scene(self) -> dict[str, Any]:
        """Describe what stays: the points, those to train on first, and their classes."""
        x = np.concatenate([self.space["x_train"], self.space["x_test"]]).astype(np.float32)
        y = np.concatenate([self.space["y_train"], self.space["y_test"]])
        return {
            "points": packed(x),
            "labels": y.tolist(),
            "training": len(self.space["x_train"]),
        }

    def frame(self) -> dict[str, Any]:
        """Describe what changes: scores, weights, gradients and maps."""
        with np.errstate(all="ignore"):
            *hidden, out = self.outputs(self.grid)
            train = self.space["scores"](self.space["z_train"], self.space["y_train"])
            test = self.space["scores"](self.space["z_test"], self.space["y_test"])
            neurons = [h.T.reshape(-1, FINE, FINE) for h in hidden]
            return {
                "steps": self.steps,
                "epoch": self.steps * self.settings["batch"] / len(self.space["z_train"]),
                "broken": self.broken,
                "loss": [number(train[0]), number(test[0])],
                "accuracy": [train[1], test[1]],
                "lr": self.space["optimizer"].param_groups[0]["lr"],
                "gradients": [number(size(layer.weight.grad)) for layer in self.layers],
                "weights": packed(self.weights()),
                "silent": self.silent(),
                "surface": packed(self.certainty(out)),
                "maps": [packed(maps(h)) for h in neurons],
            }

    def outputs(self, z: Array) -> list[Array]:
        """Return the values of each hidden layer after its activation, and the output."""
        found: list[Array] = []
        value = dl.tensor(z)
        self.model.eval()
        with dl.no_grad():
            for layer in self.model:
                value = layer(value)
                found += [] if isinstance(layer, nn.Linear | nn.Dropout) else [value.data]
        self.model.train()
        return [*found, value.data]

    def certainty(self, out: Array) -> Array:
        """Return the output on the grid, from -127 for class 0 to 127 for class 1."""
        scaled = np.tanh(out / 2) if self.settings["loss"] == "bce" else np.clip(out, -1, 1)
        return coded(scaled.reshape(FINE, FINE))

    def weights(self) -> Array:
        """Return all weights and biases, layer by layer, in one row."""
        rows = [p.data.ravel() for layer in self.layers for p in (layer.weight, layer.bias)]
        row: Array = np.nan_to_num(np.concatenate(rows), posinf=0, neginf=0)
        return row.astype(np.float32)

    def silent(self) -> list[list[int]]:
        """Return, for each hidden layer, the neurons that say the same of every training point."""
        *hidden, _ = self.outputs(self.space["z_train"])
        spread = [np.ptp(h, axis=0) for h in hidden]
        return [np.flatnonzero(~(s > 1e-6)).tolist() for s in spread]


def square(side: int) -> Array:
    """Return a grid of points, row by row from the top left."""
    ends = np.linspace(-HALF, HALF, side, dtype=np.float32)
    x1, x2 = np.meshgrid(ends, ends[::-1])
    return np.stack([x1.ravel(), x2.ravel()], axis=1)


def maps(values: Array) -> Array:
    """Return a small map of each grid of values, scaled by its own largest magnitude."""
    step = FINE // COARSE
    values = np.nan_to_num(values[:, ::step, ::step], posinf=0, neginf=0)
    most = np.abs(values).max(axis=(1, 2), keepdims=True)
    return coded(values / np.maximum(most, 1e-12))


def coded(values: Array) -> Array:
    """Return values from -1 to 1 as int8."""
    rounded: Array = np.rint(127 * np.nan_to_num(values))
    return rounded.astype(np.int8)


def size(gradient: dl.Tensor | None) -> float:
    """Return the root mean square of a gradient; 0 before the first step."""
    return 0.0 if gradient is None else math.sqrt(float(np.mean(gradient.data**2)))


def number(value: float) -> float | None:
    """Return a number that JSON can hold, or None."""
    return value if math.isfinite(value) else None


def packed(values: Array) -> str:
    """Return the bytes of an array in base64."""
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
