"""Matrix products, attention and normalisation."""

import pytest

from tests.parity.ops import check

NAMES = [
    "matmul",
    "__rmatmul__",
    "nn.functional.linear",
    "nn.functional.bilinear",
    "nn.functional.scaled_dot_product_attention",
    "nn.functional.batch_norm",
    "nn.functional.group_norm",
    "nn.functional.layer_norm",
    "nn.functional.rms_norm",
    "nn.functional.normalize",
    "nn.functional.cosine_similarity",
]


@pytest.mark.parametrize("name", NAMES)
def test_samples_of_torch(name: str) -> None:
    check(name)
