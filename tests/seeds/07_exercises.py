"""Further draws for the exercises of chapter 7: bends of a deep network on two spirals."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

from tests.seeds.tables import table

# The cells of the solutions whose code makes the tables.
CELLS = ("imports", "ex-7-11-spirals", "ex-7-11-answer")


Scaled = Callable[[Any], Any]


def by_layer(x: Any) -> Any:
    """Divide by one size for the whole layer."""
    return x / ((x * x).mean() + 1e-8).sqrt()


def by_unit(x: Any) -> Any:
    """Take the mean of each unit away, and divide by its spread."""
    x = x - x.mean(0, keepdim=True)
    return x / ((x * x).mean(0, keepdim=True) + 1e-5).sqrt()


def relu_of(scaled: Scaled, book: SimpleNamespace) -> Callable[[], Any]:
    """Return a module that scales what comes in, and then is a ReLU."""

    class Bend(book.nn.Module):
        def forward(self, x: Any) -> Any:
            return book.F.relu(scaled(x))

    return Bend


@table(
    "ex-7-11-bends",
    "Bends that are known: share of the 600 held-out dots that is right",
    "bend | weights ÷ 5 | weights × 10",
    0.05,
)
def bends(book: SimpleNamespace) -> Iterator[str]:
    makers = {
        "sigmoid": book.nn.Sigmoid,
        "tanh": book.nn.Tanh,
        "ReLU": book.nn.ReLU,
        "Swish": book.nn.SiLU,
        "ReLU with a learnt slope below zero": lambda: book.nn.PReLU(dtype="float64"),
    }
    for name, make in makers.items():
        shares = [book.spiral_share(make, scale, 2)[0] for scale in (0.2, 10.0)]
        yield " | ".join([name, *(f"{share:.2f}" for share in shares)])


@table(
    "ex-7-11-draws",
    "Ten other draws of dots and weights: share of the worse start",
    "bend | mean | least | most",
    0.03,
)
def draws(book: SimpleNamespace) -> Iterator[str]:
    makers = {
        "mean and spread of each unit, learnt slope": book.Adaptive,
        "mean and spread of each unit, ReLU": relu_of(by_unit, book),
        "one size for the whole layer, ReLU": relu_of(by_layer, book),
    }
    for name, make in makers.items():
        shares = [book.worse_start(make, seed)[0] for seed in range(3, 13)]
        yield f"{name} | {np.mean(shares):.2f} | {min(shares):.2f} | {max(shares):.2f}"
