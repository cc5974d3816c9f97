"""Losses for classes, numbers, distributions and directions."""

import pytest

from tests.parity.ops import check

NAMES = [
    "nn.functional.binary_cross_entropy",
    "nn.functional.binary_cross_entropy_with_logits",
    "nn.functional.cosine_embedding_loss",
    "nn.functional.cross_entropy",
    "nn.functional.huber_loss",
    "nn.functional.kl_div",
    "nn.functional.l1_loss",
    "nn.functional.mse_loss",
    "nn.functional.nll_loss",
    "nn.functional.smooth_l1_loss",
]


@pytest.mark.parametrize("name", NAMES)
def test_samples_of_torch(name: str) -> None:
    check(name)
