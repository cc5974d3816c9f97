"""Attention maps: the weights that a model uses, and a model left as it was."""

import numpy as np
import pytest
import torch

from dlcore import nn
from dlcore.models import GPT, attention_maps
from dlcore.tensor import Tensor
from tests.models.twins import run

TOKENS = np.random.default_rng(3).integers(7, size=(2, 5))


def gpt():
    return GPT(7, 6, d_model=8, num_heads=2, dropout=0.5, rng=np.random.default_rng(0))


def test_the_weights_are_those_of_torch():
    layer = nn.MultiheadAttention(8, 2, batch_first=True, rng=np.random.default_rng(0))
    twin = torch.nn.MultiheadAttention(8, 2, batch_first=True)
    twin.load_state_dict({k: torch.from_numpy(v) for k, v in layer.state_dict().items()})
    x = np.random.default_rng(1).standard_normal((3, 5, 8)).astype(np.float32)
    (weights,) = attention_maps(layer, Tensor(x), Tensor(x), Tensor(x)).values()
    theirs = torch.from_numpy(x)
    _, expected = twin(theirs, theirs, theirs, average_attn_weights=False)
    np.testing.assert_allclose(weights, expected.detach().numpy(), rtol=1e-5)


def test_a_causal_model_looks_back_only():
    maps = attention_maps(gpt(), TOKENS)
    assert list(maps) == ["blocks.0.self_attn", "blocks.1.self_attn"]
    for weights in maps.values():
        assert weights.shape == (2, 2, 5, 5)
        assert (np.triu(weights, 1) == 0).all()
        np.testing.assert_allclose(weights.sum(3), 1, rtol=1e-6)


def test_the_model_is_left_as_it_was():
    model = gpt()
    before = run(model, TOKENS)
    model.blocks[0].eval()
    attention_maps(model, TOKENS)
    assert model.training
    assert not model.blocks[0].training
    with pytest.raises(ValueError, match="at most 6 positions"):
        attention_maps(model, np.zeros((1, 7), int))
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())
    assert (run(model, TOKENS) == before).all()


def test_a_model_without_attention():
    with pytest.raises(ValueError, match="Linear holds no MultiheadAttention"):
        attention_maps(nn.Linear(2, 2), Tensor([[1.0, 2.0]]))
