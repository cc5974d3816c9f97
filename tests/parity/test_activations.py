"""Nonlinearities between layers, the softmax family and dropout."""

import pytest

from tests.parity.ops import check

NAMES = [
    "softmax",
    "log_softmax",
    "nn.functional.relu",
    "nn.functional.leaky_relu",
    "nn.functional.prelu",
    "nn.functional.elu",
    "nn.functional.silu",
    "nn.functional.gelu",
    "nn.functional.softplus",
    "nn.functional.dropout",
    "nn.functional.dropout2d",
]


@pytest.mark.parametrize("name", NAMES)
def test_samples_of_torch(name: str) -> None:
    check(name)
