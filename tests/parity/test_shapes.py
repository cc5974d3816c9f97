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
    "split",
    "chunk",
    "tril",
    "triu",
    "topk",
    "multinomial",
    "nn.functional.embedding",
    "nn.functional.one_hot",
    "arange",
    "eye",
    "full",
    "ones",
    "zeros",
    "ones_like",
    "zeros_like",
    "randn",
]


@pytest.mark.parametrize("name", NAMES)
def test_samples_of_torch(name: str) -> None:
    check(name)
