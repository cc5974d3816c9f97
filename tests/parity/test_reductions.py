"""Axes that become one number."""

import pytest

from tests.parity.ops import check

NAMES = [
    "all",
    "any",
    "amax",
    "amin",
    "argmax",
    "argmin",
    "mean",
    "std",
    "var",
    "sum",
    "logsumexp",
]


@pytest.mark.parametrize("name", NAMES)
def test_samples_of_torch(name: str) -> None:
    check(name)
