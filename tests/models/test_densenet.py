"""DenseNet: what each layer sees, its weights in torch, and the digits that it reads."""

import numpy as np
import pytest
import torch
from torch.nn.functional import relu

import dlcore as dl
from dlcore.models import DenseBlock, DenseLayer, DenseNet, Transition
from tests.models.learning import accuracy_after, digits, used_once
from tests.models.twins import same_both_ways, the_generator_decides

IMAGES = np.random.default_rng(3).standard_normal((4, 1, 8, 8)).astype(np.float32)


class LayerTwin(torch.nn.Module):
    def __init__(self, n_in, growth):
        super().__init__()
        self.norm = torch.nn.BatchNorm2d(n_in)
        self.conv = torch.nn.Conv2d(n_in, growth, 3, padding=1, bias=False)

    def forward(self, x):
        return torch.cat([x, self.conv(relu(self.norm(x)))], dim=1)


class Twin(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 6, 3, padding=1, bias=False)
        self.blocks = torch.nn.Sequential(
            torch.nn.Sequential(LayerTwin(6, 3), LayerTwin(9, 3)),
            torch.nn.Sequential(
                torch.nn.BatchNorm2d(12),
                torch.nn.ReLU(),
                torch.nn.Conv2d(12, 6, 1, bias=False),
                torch.nn.AvgPool2d(2),
            ),
            torch.nn.Sequential(LayerTwin(6, 3)),
        )
        self.norm = torch.nn.BatchNorm2d(9)
        self.fc = torch.nn.Linear(9, 10)

    def forward(self, x):
        return self.fc(relu(self.norm(self.blocks(self.conv(x)))).mean((2, 3)))


def make(rng):
    return DenseNet(growth=3, blocks=(2, 1), rng=rng)


def test_shapes():
    model = DenseNet(in_channels=3, classes=5, growth=4, blocks=(2, 3, 1))
    assert model(dl.zeros(2, 3, 12, 8)).shape == (2, 5)
    kinds = [type(part) for part in model.blocks]
    assert kinds == [DenseBlock, Transition, DenseBlock, Transition, DenseBlock]
    assert model.blocks(dl.zeros(2, 8, 12, 8)).shape == (2, 14, 3, 2)


def test_every_layer_hands_on_what_came_before_it():
    x = dl.Tensor(IMAGES)
    assert (DenseLayer(1, 4)(x).data[:, :1] == IMAGES).all()
    block = DenseBlock(1, 4, 3)
    assert block(x).shape == (4, block.out_channels, 8, 8) == (4, 13, 8, 8)
    assert (block(x).data[:, :1] == IMAGES).all()
    assert (block(x).data[:, 1:5] == block[0](x).data[:, 1:]).all()


def test_the_generator_decides_the_weights():
    the_generator_decides(make)


def test_weights_move_to_torch_and_back():
    same_both_ways(used_once(make, 8, 1, 8, 8), Twin().eval(), IMAGES)


@pytest.mark.slow
def test_it_reads_small_digits():
    rng = np.random.default_rng(0)
    small = accuracy_after(lambda r: DenseNet(blocks=(2, 2), rng=r), digits(rng), 6, 0.01, rng)
    assert small >= 0.96


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"at least one block and one map, got \[\] and 8"):
        DenseNet(blocks=())
    with pytest.raises(ValueError, match=r"got \[3, 3\] and 0"):
        DenseNet(growth=0)
    with pytest.raises(ValueError, match="layers: expected at least 1, got 0"):
        DenseBlock(4, 2, 0)
