"""The sweep itself: nothing is left out, it finds faults, and the page says what differs."""

import importlib
from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
import dlcore.functional as F
from dlcore.function import array_of
from tests.parity.comparison import EQUAL, REFUSED, UNCLEAR, WRONG, judge
from tests.parity.differences import DIFFERENCES, PAGE
from tests.parity.ops import names

SUBJECTS = (
    "activations", "elementwise", "images", "losses", "products", "reductions", "shapes",
)  # fmt: skip


def test_everything_of_the_same_name_is_swept() -> None:
    swept = [
        name
        for subject in SUBJECTS
        for name in importlib.import_module(f"tests.parity.test_{subject}").NAMES
    ]
    assert len(swept) == len(set(swept))
    assert set(names()) - set(swept) == set(), "to be put into one of the files of tests/parity"
    assert set(swept) - set(names()) == set(), "not in dlcore, or not in torch's table"


@pytest.mark.parametrize("known", DIFFERENCES, ids=lambda known: known.phrase)
def test_the_page_of_differences_says_so(known: Any) -> None:
    assert known.phrase in PAGE.read_text(encoding="utf-8")


class Square(dl.Function):
    """The square, whose slope the sweep's record does not see: right once, wrong twice."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save(x)
        return x * x

    @staticmethod
    def backward(ctx: Any, grad_out: Any) -> Any:
        return grad_out * 2 * array_of(ctx.saved[0])

    @staticmethod
    def jvp(ctx: Any, dx: Any) -> Any:
        return 2 * ctx.saved[0] * dx


class Rushed(Square):
    """The square, whose tangent is half of what it should be."""

    @staticmethod
    def jvp(ctx: Any, dx: Any) -> Any:
        return ctx.saved[0] * dx


SAMPLES = [
    (lambda x: x**2, EQUAL, ""),
    (lambda x: x**3, WRONG, "value: "),
    (lambda x: (x**2).to("float32"), WRONG, "value: float32"),
    (lambda x: (x**2).detach(), WRONG, "gradient: nothing was recorded"),
    (lambda x: x * x.detach(), WRONG, "gradient: "),
    (Square.apply, WRONG, "second derivative: "),
    (Rushed.apply, WRONG, "tangent: "),
    (lambda x: F.softmax(x, dim=2), REFUSED, "AxisError: dim: expected from -2 to 1, got 2"),
    (lambda x: F.softmax(x, axis=1), REFUSED, "unexpected keyword argument 'axis'"),
    (lambda x: dl.Tensor(np.sqrt("two")), UNCLEAR, "ufunc 'sqrt' not supported"),
    (lambda x: x.absent, UNCLEAR, "AttributeError"),
]


@pytest.mark.parametrize(("square", "verdict", "says"), SAMPLES)
def test_a_fault_is_found_and_named(square: Any, verdict: str, says: str) -> None:
    x = torch.tensor([[0.5, -1.0], [2.0, 0.25]], dtype=torch.float64, requires_grad=True)
    found = judge(lambda points: points[0] ** 2, lambda points: square(points[0]), [x])
    assert found.verdict == verdict, found
    assert says in found.text
