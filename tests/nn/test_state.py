"""States from elsewhere: they are loaded, or a sentence says what they are and nothing changes."""

from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import nn
from dlcore.interop.safetensors import load_model
from dlcore.interop.torch import load_from_torch
from dlcore.storage import load_file

LOADERS = [
    pytest.param(nn.Module.load_state_dict, id="load_state_dict"),
    pytest.param(load_from_torch, id="load_from_torch"),
]


def _net() -> nn.Sequential:
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))


def _state() -> dict[str, torch.Tensor]:
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4)).state_dict()


def _copies(net: nn.Module) -> dict[str, np.ndarray]:
    return {name: array.copy() for name, array in net.state_dict().items()}


@pytest.mark.parametrize("load", LOADERS)
def test_a_state_without_the_count_of_batches_is_loaded(load: Any) -> None:
    net, state = _net(), _state()
    del state["1.num_batches_tracked"]
    missing, unexpected = load(net, state)
    assert (list(missing), list(unexpected)) == ([], [])
    np.testing.assert_array_equal(net[0].weight.data, state["0.weight"].numpy())


@pytest.mark.parametrize("load", LOADERS)
def test_bfloat16_is_loaded(load: Any) -> None:
    net = _net()
    state = {k: v.bfloat16() if v.is_floating_point() else v for k, v in _state().items()}
    load(net, state)
    np.testing.assert_array_equal(net[0].weight.data, state["0.weight"].float().numpy())
    assert net[0].weight.dtype == np.float32


def test_a_file_of_bfloat16_is_read(tmp_path: Any) -> None:
    from safetensors.torch import save_file

    state = {k: v.bfloat16() for k, v in _state().items() if v.is_floating_point()}
    save_file(state, tmp_path / "half.safetensors")
    for name, array in load_file(tmp_path / "half.safetensors").items():
        np.testing.assert_array_equal(array, state[name].float().numpy())
    net = _net()
    load_model(net, tmp_path / "half.safetensors")
    np.testing.assert_array_equal(net[0].weight.data, state["0.weight"].float().numpy())


def test_parameters_of_torch_are_values() -> None:
    net, theirs = nn.Linear(3, 2), torch.nn.Linear(3, 2)
    net.load_state_dict(dict(theirs.named_parameters()))
    np.testing.assert_array_equal(net.weight.data, theirs.weight.detach().numpy())


def _spoilt(value: Any) -> dict[str, Any]:
    return {**_state(), "1.weight": value}


ELSEWHERE = [
    ({f"module.{k}": v for k, v in _state().items()}, r"begins with 'module\.'.*removeprefix"),
    ({f"_orig_mod.{k}": v for k, v in _state().items()}, r"begins with '_orig_mod\.'"),
    ({"epoch": 3, "model": _state()}, r"under 'model'; pass state_dict\['model'\]"),
    (_spoilt("abc"), r"1\.weight: expected an array of real numbers, got <U3"),
    (_spoilt(None), r"1\.weight: expected an array of real numbers, got NoneType"),
    (_spoilt([1, "a", 2, 3]), r"1\.weight: expected an array of real numbers"),
    (_spoilt([[1], [2, 3]]), r"1\.weight: expected an array of real numbers"),
    (_spoilt(np.ones(4, complex)), r"1\.weight: expected .* got complex128"),
    (_spoilt({"weight": 1}), r"1\.weight: expected an array of real numbers, got dict"),
]


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("load", LOADERS)
@pytest.mark.parametrize(("state", "says"), ELSEWHERE)
def test_what_cannot_be_loaded_is_said_and_changes_nothing(
    load: Any, state: dict[str, Any], says: str, strict: bool
) -> None:
    net = _net()
    before = _copies(net)
    with pytest.raises(ValueError, match=says):
        load(net, state, strict)
    for name, array in net.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_a_file_with_a_wrappers_names_is_named(tmp_path: Any) -> None:
    from safetensors.torch import save_file

    save_file({f"module.{k}": v for k, v in _state().items()}, tmp_path / "wrapped.safetensors")
    for strict in (True, False):
        with pytest.raises(ValueError, match=r"wrapped\.safetensors: every name begins"):
            load_model(_net(), tmp_path / "wrapped.safetensors", strict)


WEIGHTED = ["BCELoss", "BCEWithLogitsLoss", "CrossEntropyLoss", "NLLLoss"]


@pytest.mark.parametrize("name", WEIGHTED)
def test_weights_of_a_loss_belong_to_its_state(name: str) -> None:
    weight = [0.5, 2.0]
    ours = getattr(nn, name)(weight=weight)
    theirs = getattr(torch.nn, name)(weight=torch.tensor([3.0, 4.0]))
    assert list(ours.state_dict()) == list(theirs.state_dict()) == ["weight"]
    assert ours.to("float64").weight.dtype == np.float64
    ours.load_state_dict(theirs.state_dict())
    np.testing.assert_array_equal(ours.weight, [3.0, 4.0])
    assert getattr(nn, name)().state_dict() == {}


def test_both_weights_of_logits_belong_to_the_state() -> None:
    ours = nn.BCEWithLogitsLoss(pos_weight=dl.tensor([2.0]))
    assert list(ours.state_dict()) == ["pos_weight"]


@pytest.mark.parametrize("name", WEIGHTED)
def test_weights_of_a_loss_that_are_learnt_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="weight: expected constants"):
        getattr(nn, name)(weight=dl.tensor([1.0, 2.0], requires_grad=True))
