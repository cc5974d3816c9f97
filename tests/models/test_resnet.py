"""ResNet: blocks of both kinds, their weights in torch, and why the sum is there."""

import numpy as np
import pytest
import torch
from torch.nn.functional import relu

import dlcore as dl
from dlcore.models import ResidualBlock, ResNet
from tests.models.learning import accuracy_after, digits, used_once
from tests.models.twins import same_both_ways, the_generator_decides

MAPS = np.random.default_rng(3).standard_normal((4, 6, 8, 8)).astype(np.float32)
KINDS = pytest.mark.parametrize("preactivation", [False, True])


class BlockTwin(torch.nn.Module):
    def __init__(self, n_in, n_out, stride, preactivation):
        super().__init__()
        self.preactivation = preactivation
        self.conv1 = torch.nn.Conv2d(n_in, n_out, 3, stride, 1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(n_in if preactivation else n_out)
        self.conv2 = torch.nn.Conv2d(n_out, n_out, 3, 1, 1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(n_out)
        self.downsample = None
        if stride != 1 or n_in != n_out:
            project = [torch.nn.Conv2d(n_in, n_out, 1, stride, bias=False)]
            norm = [] if preactivation else [torch.nn.BatchNorm2d(n_out)]
            self.downsample = torch.nn.Sequential(*project, *norm)

    def forward(self, x):
        if self.preactivation:
            active = relu(self.bn1(x))
            shortcut = x if self.downsample is None else self.downsample(active)
            return shortcut + self.conv2(relu(self.bn2(self.conv1(active))))
        shortcut = x if self.downsample is None else self.downsample(x)
        return relu(shortcut + self.bn2(self.conv2(relu(self.bn1(self.conv1(x))))))


class Twin(torch.nn.Module):
    def __init__(self, preactivation):
        super().__init__()
        self.preactivation = preactivation
        self.conv1 = torch.nn.Conv2d(1, 4, 3, 1, 1, bias=False)
        if not preactivation:
            self.bn1 = torch.nn.BatchNorm2d(4)
        sizes = [[(4, 4, 1), (4, 4, 1)], [(4, 6, 2), (6, 6, 1)]]
        stages = ([BlockTwin(*size, preactivation) for size in stage] for stage in sizes)
        self.stages = torch.nn.Sequential(*(torch.nn.Sequential(*stage) for stage in stages))
        last = [torch.nn.BatchNorm2d(6), torch.nn.ReLU()] if preactivation else []
        self.norm = torch.nn.Sequential(*last)
        self.fc = torch.nn.Linear(6, 10)

    def forward(self, x):
        x = self.conv1(x)
        x = x if self.preactivation else relu(self.bn1(x))
        return self.fc(self.norm(self.stages(x)).mean((2, 3)))


def make(preactivation):
    return lambda rng: ResNet(widths=(4, 6), blocks=2, preactivation=preactivation, rng=rng)


def test_shapes():
    model = ResNet(in_channels=3, classes=5, widths=(4, 6, 8))
    assert model(dl.zeros(2, 3, 16, 12)).shape == (2, 5)
    stages = model.stages(dl.zeros(2, 4, 16, 12))
    assert stages.shape == (2, 8, 4, 3)
    assert [block.downsample is None for stage in model.stages for block in stage] == [
        True, False, False,
    ]  # fmt: skip


@KINDS
def test_the_generator_decides_the_weights(preactivation):
    the_generator_decides(make(preactivation))


@KINDS
def test_weights_move_to_torch_and_back(preactivation):
    used = used_once(make(preactivation), 8, 1, 8, 8)
    same_both_ways(used, Twin(preactivation).eval(), MAPS[:, :1])


@KINDS
@pytest.mark.parametrize(("n_out", "stride"), [(6, 1), (6, 2), (9, 1)])
def test_a_block_beside_torch(preactivation, n_out, stride):
    used = used_once(
        lambda rng: ResidualBlock(6, n_out, stride, preactivation, rng=rng), 8, 6, 5, 5
    )
    same_both_ways(used, BlockTwin(6, n_out, stride, preactivation).eval(), MAPS)


def test_without_a_residual_a_preactivated_block_is_the_identity():
    block = ResidualBlock(6, 6, preactivation=True)
    block.conv2.weight.data[...] = 0
    assert (block(dl.Tensor(MAPS)).data == MAPS).all()
    plain = ResidualBlock(6, 6, preactivation=True, residual=False)
    plain.conv2.weight.data[...] = 0
    assert (plain(dl.Tensor(MAPS)).data == 0).all()


def test_the_sum_keeps_the_gradient_of_a_deep_network():
    def slope_at_the_input(residual):
        model = ResNet(
            widths=(8,), blocks=20, preactivation=True, residual=residual,
            rng=np.random.default_rng(0),
        ).eval()  # fmt: skip
        x = dl.tensor(MAPS[:, :1], requires_grad=True)
        (slope,) = dl.grad((model(x) ** 2).sum(), x)
        return float(np.abs(slope.data).mean())

    assert slope_at_the_input(residual=True) > 1e6 * slope_at_the_input(residual=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "epochs", "stated"),
    [({}, 5, 0.97), ({"widths": (8, 16), "preactivation": True}, 8, 0.96)],
    ids=["original", "preactivation"],
)
def test_it_reads_small_digits(options, epochs, stated):
    rng = np.random.default_rng(0)
    reached = accuracy_after(lambda r: ResNet(**options, rng=r), digits(rng), epochs, 0.01, rng)
    assert reached >= stated


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"at least one stage and one block, got \[\] and 1"):
        ResNet(widths=())
    with pytest.raises(ValueError, match=r"got \[4\] and 0"):
        ResNet(widths=(4,), blocks=0)
    with pytest.raises(ValueError, match=r"for input of shape \(2, 3, 8, 8\)"):
        ResNet()(dl.zeros(2, 3, 8, 8))
