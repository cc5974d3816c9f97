"""A learning rate may come as a Tensor or an array: its number counts."""

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import optim

OPTIMISERS = [
    kind for kind in vars(optim).values()
    if isinstance(kind, type) and issubclass(kind, optim.Optimizer) and kind is not optim.Optimizer
]  # fmt: skip
NUMBERS = [
    dl.tensor(0.1), dl.tensor([0.1]), dl.tensor(0.1, requires_grad=True), np.array(0.1),
    torch.tensor(0.1), np.float32(0.1), 0.1,
]  # fmt: skip


@pytest.mark.parametrize("lr", NUMBERS, ids=lambda lr: type(lr).__name__)
@pytest.mark.parametrize("kind", OPTIMISERS)
def test_a_rate_may_be_a_tensor_of_one_number(kind, lr):
    """At the start, and when it is set later: the steps are those of the number."""
    curves = []
    for rate, later in ((lr, dl.tensor(0.05)), (float(np.float32(0.1)), float(np.float32(0.05)))):
        w = dl.nn.Parameter([1.0, -2.0])
        optimizer = kind([w], lr=rate)
        for t in range(4):
            if t == 2:
                optimizer.param_groups[0]["lr"] = later
            w.grad = dl.tensor([0.5, -0.25])
            optimizer.step()
        assert isinstance(optimizer.param_groups[0]["lr"], float)
        curves.append(w.data.copy())
    np.testing.assert_allclose(*curves, rtol=1e-6)


@pytest.mark.parametrize("bad", [dl.tensor([0.1, 0.2]), np.ones((2, 2)), torch.ones(3)])
def test_a_rate_of_several_numbers_is_refused(bad):
    with pytest.raises(ValueError, match=r"lr: expected one number, got shape \("):
        optim.SGD([dl.nn.Parameter([1.0])], lr=bad)
    optimizer = optim.SGD([dl.nn.Parameter([1.0])], lr=0.1)
    with pytest.raises(ValueError, match="lr: expected one number, got shape"):
        optimizer.add_param_group({"params": dl.nn.Parameter([2.0]), "lr": bad})
    assert len(optimizer.param_groups) == 1
