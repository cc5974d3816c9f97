"""Depthwise separable convolutions: what they save, their weights in torch, and their digits."""

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore.models import DepthwiseSeparable, SeparableNet
from tests.models.learning import accuracy_after, digits, used_once
from tests.models.twins import same_both_ways, the_generator_decides

IMAGES = np.random.default_rng(3).standard_normal((4, 1, 8, 8)).astype(np.float32)


def conv_twin(n_in, n_out, kernel, **options):
    return [
        torch.nn.Conv2d(n_in, n_out, kernel, bias=False, **options),
        torch.nn.BatchNorm2d(n_out),
        torch.nn.ReLU(),
    ]


def block_twin(n_in, n_out, stride):
    depthwise = conv_twin(n_in, n_in, 3, stride=stride, padding=1, groups=n_in)
    return torch.nn.Sequential(*depthwise, *conv_twin(n_in, n_out, 1))


class Twin(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = torch.nn.Sequential(*conv_twin(1, 4, 3, padding=1))
        self.blocks = torch.nn.Sequential(block_twin(4, 6, 1), block_twin(6, 8, 2))
        self.fc = torch.nn.Linear(8, 10)

    def forward(self, x):
        return self.fc(self.blocks(self.stem(x)).mean((2, 3)))


def make(rng):
    return SeparableNet(widths=(4, 6, 8), rng=rng)


def test_shapes():
    model = SeparableNet(in_channels=3, classes=5, widths=(4, 6, 8, 8), strides=(2, 1, 2))
    assert model(dl.zeros(2, 3, 16, 12)).shape == (2, 5)
    assert model.blocks(dl.zeros(2, 4, 16, 12)).shape == (2, 8, 4, 3)


def test_it_needs_the_promised_share_of_the_weights():
    block = DepthwiseSeparable(16, 32)
    weights = block[0].weight.numel() + block[3].weight.numel()
    assert weights / (16 * 32 * 9) == pytest.approx(1 / 32 + 1 / 9)


def test_the_first_convolution_keeps_maps_apart():
    block = DepthwiseSeparable(4, 6, rng=np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal((1, 4, 5, 5)).astype(np.float32)
    before = block[0](dl.Tensor(x)).data
    x[:, 2] += 1
    changed = (block[0](dl.Tensor(x)).data != before).any(axis=(0, 2, 3))
    assert changed.tolist() == [False, False, True, False]


def test_the_generator_decides_the_weights():
    the_generator_decides(make)


def test_weights_move_to_torch_and_back():
    same_both_ways(used_once(make, 8, 1, 8, 8), Twin().eval(), IMAGES)


@pytest.mark.slow
def test_it_reads_small_digits():
    rng = np.random.default_rng(0)
    assert accuracy_after(lambda r: SeparableNet(rng=r), digits(rng), 8, 0.01, rng) >= 0.95


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"one width more than strides.*got \[4, 6\] and \[1, 2\]"):
        SeparableNet(widths=(4, 6))
    with pytest.raises(ValueError, match=r"got \[4\] and \[\]"):
        SeparableNet(widths=(4,), strides=())
    with pytest.raises(ValueError, match="channels"):
        SeparableNet(in_channels=0)
