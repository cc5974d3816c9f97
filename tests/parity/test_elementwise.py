"""Elements taken one by one: arithmetic, comparisons, masks and functions."""

import pytest

from tests.parity.ops import check

NAMES = [
    "abs",
    "add",
    "bitwise_and",
    "bitwise_not",
    "bitwise_or",
    "clamp",
    "clone",
    "cos",
    "eq",
    "exp",
    "ge",
    "gt",
    "heaviside",
    "item",
    "le",
    "log",
    "lt",
    "masked_fill",
    "maximum",
    "minimum",
    "mul",
    "ne",
    "neg",
    "pow",
    "sigmoid",
    "sin",
    "sqrt",
    "sub",
    "tanh",
    "to",
    "true_divide",
    "where",
    "__radd__",
    "__rmul__",
    "__rpow__",
    "__rsub__",
    "__rand__",
    "__ror__",
    "__rxor__",
]


@pytest.mark.parametrize("name", NAMES)
def test_samples_of_torch(name: str) -> None:
    check(name)
