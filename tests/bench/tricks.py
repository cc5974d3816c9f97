"""What each trick of dlcore bought: a step with it, and with plain code in its place."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np


@dataclass(frozen=True)
class Trick:
    """A trick, the workload that shows it, and how it is switched off."""

    title: str
    plain: str  # what stands in its place
    workload: str
    off: Callable[[], AbstractContextManager[None]]


@contextmanager
def memory_handed_back() -> Iterator[None]:
    """Let dlcore believe that the reader has settings; the C library read its own at the start."""
    with patch.dict(os.environ, MALLOC_TRIM_THRESHOLD_="131072"):
        yield


@contextmanager
def optimiser_one_by_one() -> Iterator[None]:
    """Step every parameter by itself."""
    with patch("dlcore.optim.optimizer.SMALL", 0):
        yield


@contextmanager
def linear_in_three() -> Iterator[None]:
    """Turn the weight over, multiply, add."""

    def forward(self: Any, x: Any) -> Any:
        return x @ self.weight.T + self.bias

    with patch("dlcore.nn.Linear.forward", forward):
        yield


@contextmanager
def loss_in_pieces() -> Iterator[None]:
    """Compute cross-entropy from exp, sum and log."""

    def forward(self: Any, x: Any, target: Any) -> Any:
        shifted = x - x.detach().amax(-1, keepdim=True)
        chosen = shifted[np.arange(len(x)), target.data]
        return (shifted.exp().sum(-1).log() - chosen).mean()

    with patch("dlcore.nn.CrossEntropyLoss.forward", forward):
        yield


@contextmanager
def cell_by_cell() -> Iterator[None]:
    """Record every time of an LSTM as a call of its cell, and stack the states."""
    import dlcore as dl
    import dlcore.functional as F

    def forward(self: Any, x: Any) -> Any:
        h = c = dl.zeros(x.shape[1], self.hidden_size)
        seen = []
        for t in range(len(x)):
            z = F.linear(x[t], self.weight_ih_l0, self.bias_ih_l0)
            z = z + F.linear(h, self.weight_hh_l0, self.bias_hh_l0)
            i, f, g, o = (z[:, k * h.shape[1] : (k + 1) * h.shape[1]] for k in range(4))
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            seen.append(h)
        return dl.stack(seen), (h, c)

    with patch("dlcore.nn.LSTM.forward", forward):
        yield


@contextmanager
def attention_in_pieces() -> Iterator[None]:
    """Record scores, softmax and the weighted sum as calls of their own."""
    import dlcore.functional as F

    def attend(query: Any, key: Any, value: Any, *args: Any, **options: Any) -> Any:
        scores = (query * query.shape[-1] ** -0.5) @ key.mT
        return F.softmax(scores, dim=-1) @ value

    with patch("dlcore.functional.scaled_dot_product_attention", attend):
        yield


TRICKS = {
    "memory-lenet": Trick(
        "freed memory is kept", "the C library hands it back", "lenet", memory_handed_back
    ),
    "memory-lstm": Trick(
        "freed memory is kept", "the C library hands it back", "lstm", memory_handed_back
    ),
    "packs": Trick(
        "small parameters are packed for Adam", "each by itself", "circles", optimiser_one_by_one
    ),
    "linear": Trick("one primitive for a dense layer", "three", "circles", linear_in_three),
    "loss": Trick("one primitive for cross-entropy", "its parts", "xor", loss_in_pieces),
    "lstm": Trick("one primitive for a sequence", "a tape of every time", "lstm", cell_by_cell),
    "attention": Trick(
        "one primitive for attention", "two products and a softmax", "attention",
        attention_in_pieces,
    ),
}  # fmt: skip
