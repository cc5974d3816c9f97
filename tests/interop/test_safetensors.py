"""safetensors: files of models, read by the reference package and read from it."""

import numpy as np
import pytest
import safetensors.numpy
import safetensors.torch
import torch
from numpy.testing import assert_array_equal

from dlcore import nn
from dlcore.interop.safetensors import load_file, load_model, save_file, save_model
from dlcore.interop.torch import twin


def network(seed=0):
    rng = np.random.default_rng(seed)
    return nn.Sequential(nn.Conv1d(2, 3, 2, rng=rng), nn.BatchNorm1d(3), nn.Linear(4, 2, rng=rng))


def tied(seed=0):
    rng = np.random.default_rng(seed)
    model = nn.Sequential(nn.Embedding(5, 3, rng=rng), nn.Linear(3, 5, bias=False, rng=rng))
    model[1].weight = model[0].weight
    return model


def equal(model, state):
    own = model.state_dict()
    return set(own) == set(state) and all(
        np.array_equal(own[n], state[n]) and own[n].dtype == np.asarray(state[n]).dtype for n in own
    )


def test_the_package_reads_our_files_as_numpy_and_as_torch(tmp_path):
    model = network()
    save_model(model, tmp_path / "a", {"epoch": "3"})
    assert equal(model, safetensors.numpy.load_file(tmp_path / "a"))
    assert equal(model, safetensors.torch.load_file(tmp_path / "a"))
    with safetensors.safe_open(tmp_path / "a", framework="np") as file:
        assert file.metadata() == {"epoch": "3"}
    there = twin(network(1))
    assert safetensors.torch.load_model(there, tmp_path / "a") == (set(), [])
    assert equal(model, there.state_dict())


def test_we_read_the_files_of_the_package(tmp_path):
    model, there = network(), twin(network(1))
    safetensors.torch.save_model(there, tmp_path / "model")
    assert load_model(model, tmp_path / "model") == ([], [])
    assert equal(model, there.state_dict())
    arrays = {"x": np.arange(3, dtype=np.int16), "flag": np.array(True)}
    safetensors.numpy.save_file(arrays, tmp_path / "arrays")
    again = load_file(tmp_path / "arrays")
    assert all(np.array_equal(again[name], array) for name, array in arrays.items())
    save_file(again, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == (tmp_path / "arrays").read_bytes()


def test_shared_weights_stand_in_the_file_once_or_twice(tmp_path):
    model, there = tied(), twin(tied(1))
    safetensors.torch.save_model(there, tmp_path / "once")
    assert len(load_file(tmp_path / "once")) == 1
    assert load_model(model, tmp_path / "once") == ([], [])
    assert_array_equal(model[1].weight.data, there[0].weight.detach().numpy())
    assert model[0].weight is model[1].weight
    save_model(model, tmp_path / "twice")
    assert set(load_file(tmp_path / "twice")) == {"0.weight", "1.weight"}
    untied = torch.nn.Sequential(torch.nn.Embedding(5, 3), torch.nn.Linear(3, 5, bias=False))
    safetensors.torch.load_model(untied, tmp_path / "twice")
    assert equal(model, untied.state_dict())


def test_names_that_do_not_fit_are_refused(tmp_path):
    save_file({"weight": np.ones((2, 3), np.float32), "scale": np.ones(1)}, tmp_path / "a")
    layer = nn.Linear(3, 2)
    before = layer.weight.data.copy()
    with pytest.raises(ValueError, match=r"missing names \['bias'\], unknown names \['scale'\]"):
        load_model(layer, tmp_path / "a")
    assert_array_equal(layer.weight.data, before)
    assert load_model(layer, tmp_path / "a", strict=False) == (["bias"], ["scale"])
    assert (layer.weight.data == 1).all()
    with pytest.raises(ValueError, match=r"weight must have shape \(2, 4\), got \(2, 3\)"):
        load_model(nn.Linear(4, 2), tmp_path / "a", strict=False)
