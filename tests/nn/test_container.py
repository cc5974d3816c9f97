"""Containers beside torch's: names, order, and what may be put in place of what."""

from collections import OrderedDict
from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import nn
from dlcore.interop.torch import twin


def _layers(library: Any, n: int = 4) -> Any:
    return library.Sequential(*[library.Linear(1, 1) for _ in range(n)])


@pytest.mark.parametrize("part", [slice(1, 3), slice(None, None, 2), slice(-1, None)])
def test_a_slice_keeps_its_names(part: slice) -> None:
    ours, theirs = _layers(nn)[part], _layers(torch.nn)[part]
    assert list(ours.state_dict()) == list(theirs.state_dict())
    more = ours.append(nn.Linear(1, 1))
    assert len(more) == len(theirs) + 1, "what is appended took the place of another"


def test_names_can_be_given() -> None:
    members = OrderedDict(first=nn.Linear(2, 3), act=nn.ReLU())
    net = nn.Sequential(members)
    assert list(net.state_dict()) == ["first.weight", "first.bias"]
    assert net.first is net[0]
    assert repr(net) == repr(twin(net))
    with pytest.raises(TypeError, match="argument act must be a Module"):
        nn.Sequential({"act": nn.ReLU})


def test_a_member_is_replaced_in_its_place() -> None:
    ours, theirs = _layers(nn), _layers(torch.nn)
    ours[1], theirs[1] = nn.Linear(1, 1, bias=False), torch.nn.Linear(1, 1, bias=False)
    ours[-1], theirs[-1] = nn.Linear(1, 3), torch.nn.Linear(1, 3)
    ours.extend([nn.Tanh()])
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert ours(dl.ones(2, 1)).shape == (2, 3)
    row = nn.ModuleList([nn.ReLU(), nn.Tanh()])
    row[0] = nn.Sigmoid()
    assert [type(m) for m in row] == [nn.Sigmoid, nn.Tanh]
    with pytest.raises(TypeError, match="Sequential: expected a Module, got 3"):
        ours[0] = 3
    with pytest.raises(TypeError, match="Sequential: expected a Module, got 3"):
        ours.append(3)


def test_an_empty_batch_stays_empty() -> None:
    x = np.zeros((0, 2, 3), np.float32)
    assert nn.Flatten()(x).shape == torch.nn.Flatten()(torch.tensor(x)).shape == (0, 6)
    with pytest.raises(IndexError, match="dim: expected from -3 to 2, got 5"):
        nn.Flatten(5)(x)
    with pytest.raises(IndexError, match="dim: expected from -3 to 2, got 5"):
        nn.Unflatten(5, (1, 2))(dl.Tensor(x))
