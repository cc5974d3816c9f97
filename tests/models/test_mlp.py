"""The multilayer perceptron: its layers, its weights in torch, and its toy."""

import numpy as np
import pytest
import torch

from dlcore import data, metrics, nn, optim
from dlcore.models import MLP
from dlcore.train import fit, predict


def test_layers():
    model = MLP([3, 5, 4, 2], activation=nn.Tanh)
    assert [type(layer).__name__ for layer in model] == ["Linear", "Tanh"] * 2 + ["Linear"]
    assert [p.shape for p in model.parameters()] == [(5, 3), (5,), (4, 5), (4,), (2, 4), (2,)]


def test_the_generator_decides_the_weights():
    first, again, other = (MLP([3, 2], rng=np.random.default_rng(s)) for s in (0, 0, 1))
    assert (first[0].weight.data == again[0].weight.data).all()
    assert (first[0].weight.data != other[0].weight.data).any()


def test_weights_move_to_torch_and_back():
    model = MLP([3, 5, 2], rng=np.random.default_rng(0))
    twin = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.ReLU(), torch.nn.Linear(5, 2))
    twin.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in model.state_dict().items()})
    x = np.random.default_rng(1).standard_normal((4, 3)).astype(np.float32)
    expected = twin(torch.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(predict(model, x), expected, rtol=1e-5, atol=1e-6)
    back = MLP([3, 5, 2], rng=np.random.default_rng(9))
    back.load_state_dict(twin.state_dict())
    assert (predict(back, x) == predict(model, x)).all()


def test_it_solves_the_circles():
    rng = np.random.default_rng(0)
    x, y = data.circles(600, rng=rng)
    loader = data.DataLoader(data.TensorDataset(x, y), 50, shuffle=True, rng=rng)
    model = MLP([2, 16, 16, 2], rng=rng)
    optimizer = optim.Adam(model.parameters(), lr=0.01)
    fit(model, loader, nn.CrossEntropyLoss(), optimizer, 40, progress=False)
    assert metrics.accuracy(y, predict(model, x)) > 0.97


def test_too_few_sizes():
    with pytest.raises(ValueError, match=r"inputs and outputs, got \[3\]"):
        MLP([3])
