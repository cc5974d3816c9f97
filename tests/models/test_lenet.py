"""LeNet: its shapes, its weights in torch, and the digits that it reads."""

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import data, nn
from dlcore.models import LeNet
from tests.models.learning import accuracy_after
from tests.models.twins import run, same_both_ways, the_generator_decides

IMAGES = np.random.default_rng(3).standard_normal((4, 1, 28, 28)).astype(np.float32)


class Twin(torch.nn.Module):
    def __init__(self, activation, pool):
        super().__init__()
        self.c1 = torch.nn.Conv2d(1, 6, 5, padding=2)
        self.c3 = torch.nn.Conv2d(6, 16, 5)
        self.c5 = torch.nn.Linear(400, 120)
        self.f6 = torch.nn.Linear(120, 84)
        self.output = torch.nn.Linear(84, 10)
        self.activation, self.pool = activation, pool

    def forward(self, x):
        for convolution in (self.c1, self.c3):
            x = self.pool(self.activation(convolution(x)), 2)
        for layer in (self.c5, self.f6):
            x = self.activation(layer(x.flatten(1)))
        return self.output(x)


def test_shapes_of_all_stages():
    model = LeNet()
    seen = {}
    for name in ("c1", "s2", "c3", "s4", "c5", "f6", "output"):
        getattr(model, name).register_forward_hook(
            lambda _, __, out, name=name: seen.__setitem__(name, out.shape[1:])
        )
    model(dl.zeros(2, 1, 28, 28))
    assert seen == {
        "c1": (6, 28, 28), "s2": (6, 14, 14), "c3": (16, 10, 10), "s4": (16, 5, 5),
        "c5": (120,), "f6": (84,), "output": (10,),
    }  # fmt: skip


def test_the_generator_decides_the_weights():
    the_generator_decides(lambda rng: LeNet(rng=rng))


@pytest.mark.parametrize(
    ("options", "twin"),
    [
        ({}, (torch.relu, torch.nn.functional.max_pool2d)),
        (
            {"activation": nn.Tanh, "pool": nn.AvgPool2d, "dropout": 0.5},
            (torch.tanh, torch.nn.functional.avg_pool2d),
        ),
    ],
)
def test_weights_move_to_torch_and_back(options, twin):
    same_both_ways(lambda rng: LeNet(**options, rng=rng), Twin(*twin), dl.Tensor(IMAGES).data)


def test_dropout_acts_in_training_alone():
    model = LeNet(dropout=0.5, rng=np.random.default_rng(0))
    x = dl.Tensor(IMAGES)
    assert (model(x).data != model(x).data).any()
    assert (run(model, x) == run(model, x)).all()


@pytest.mark.slow
def test_it_reads_96_5_percent_of_mnist():
    try:
        images, labels = data.load_mnist_5k()
    except data.DataFileError as missing:
        pytest.skip(f"needs the data set: {missing}")
    rng = np.random.default_rng(0)
    parts = data.train_test_split(images[:, None], labels, test_size=1000, rng=rng, stratify=labels)

    def make(rng):
        return LeNet(channels=(8, 24), dropout=0.5, rng=rng)

    assert accuracy_after(make, parts, 8, 0.008, rng) >= 0.965


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"x must have shape \(N, 1, 28, 28\), got \(2, 1, 8, 8\)"):
        LeNet()(dl.zeros(2, 1, 8, 8))
    with pytest.raises(ValueError, match=r"shape \(N, 3, 28, 28\), got \(2, 1, 28, 28\)"):
        LeNet(in_channels=3)(dl.zeros(2, 1, 28, 28))
    with pytest.raises(ValueError, match="out_features must be at least 1"):
        LeNet(classes=0)
