"""Elements moved, chosen, joined and made."""

import pytest

from tests.parity.ops import check

NAMES = [
    "expand",
    "permute",
    "reshape",
    "flatten",
    "transpose",
    "T",
    "mT",
    "squeeze",
    "unsqueeze",
    "__getitem__",
    "cat",
    "stack",
    "nn.functional.embedding",
    "nn.functional.one_hot",
    "arange",
    "eye",
    "full",
    "ones",
    "zeros",
    "randn",
]


@pytest.mark.parametrize("name", NAMES)
def test_samples_of_torch(name: str) -> None:
    check(name)
