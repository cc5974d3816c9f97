"""A sweep that comes after a step would mix old and new weights: it refuses, as torch's does."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import nn, optim

OPTIMISERS = [
    kind for kind in vars(optim).values()
    if isinstance(kind, type) and issubclass(kind, optim.Optimizer) and kind is not optim.Optimizer
]  # fmt: skip
FORMULAS: dict[str, Callable[[Any, Any], Any]] = {
    "w * v * v": lambda w, v: (w * v * v).sum(),
    "reshaped": lambda w, v: (w.reshape(-1) * v.reshape(-1)).sum(),
    "transposed": lambda w, v: (w.T * v.T).sum(),
    "a row": lambda w, v: (w[0] * v[0]).sum(),
    "w @ v": lambda w, v: (w @ v.T).sum(),
    "exp of the sum": lambda w, v: (w + v).exp().sum(),
    "w + v": lambda w, v: (w + v).sum(),
    "w * 2 + v * v": lambda w, v: (w * 2 + v * v).sum(),
    "w * w": lambda w, v: (w * w + v).sum(),
}


def _swept_late(library: Any, formula: Callable[[Any, Any], Any], optimizer: Any) -> bool:
    w, v = (library.tensor([[2.0, 3.0]], requires_grad=True) for _ in range(2))
    y = formula(w, v)
    w.grad = library.tensor([[1.0, 1.0]])
    optimizer([w], lr=0.1).step()
    try:
        y.backward()
    except RuntimeError:
        return False
    return True


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_what_torch_refuses_is_refused(formula: Callable[[Any, Any], Any]) -> None:
    assert _swept_late(dl, formula, optim.SGD) == _swept_late(torch, formula, torch.optim.SGD)


@pytest.mark.parametrize("kind", OPTIMISERS)
def test_every_optimiser_is_noticed(kind: type) -> None:
    assert not _swept_late(dl, FORMULAS["w * v * v"], kind)


def test_packed_and_large_parameters_are_noticed() -> None:
    for width in (3, 3000):
        net, x = nn.Linear(width, 3), dl.ones(2, width).requires_grad_()
        optimizer = optim.SGD(net.parameters(), lr=0.1)
        loss = net(x).sum()
        for p in net.parameters():
            p.grad = dl.ones(*p.shape)
        optimizer.step()
        with pytest.raises(RuntimeError, match="linear was recorded with"):
            loss.backward()


def test_a_state_that_is_loaded_is_noticed() -> None:
    net, x = nn.Linear(3, 2), dl.ones(2, 3).requires_grad_()
    loss = net(x).sum()
    net.load_state_dict({k: v + 1 for k, v in net.state_dict().items()})
    with pytest.raises(RuntimeError, match="linear was recorded with"):
        loss.backward()


def test_a_parameter_without_a_gradient_has_not_changed() -> None:
    w, v = (dl.tensor(2.0, requires_grad=True) for _ in range(2))
    y = w * v
    optim.SGD([w], lr=0.1).step()
    y.backward()
    assert v.grad.item() == 2.0


def test_steps_in_turn_go_on() -> None:
    """As in the training of a GAN: what is swept was computed after the step."""
    rng = np.random.default_rng(0)
    first, second = nn.Linear(2, 2, rng=rng), nn.Linear(2, 1, rng=rng)
    one, two = (optim.SGD(net.parameters(), lr=0.1) for net in (first, second))
    for _ in range(3):
        fake = first(dl.ones(4, 2))
        two.zero_grad()
        second(fake.detach()).mean().backward()
        two.step()
        one.zero_grad()
        second(fake).mean().backward()
        one.step()
