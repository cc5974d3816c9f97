"""What the tests of the models share: weights that move to a twin in torch and back."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from dlcore import nn
from dlcore.nn.module import mode

Make = Callable[[np.random.Generator], nn.Module]


def same_both_ways(make: Make, twin: torch.nn.Module, *inputs: np.ndarray) -> None:
    """Move weights to the twin and back; the outputs must be equal."""
    model = make(np.random.default_rng(0))
    twin.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in model.state_dict().items()})
    with torch.no_grad():
        expected = twin(*(torch.from_numpy(x) for x in inputs)).numpy()
    np.testing.assert_allclose(run(model, *inputs), expected, rtol=1e-4, atol=1e-5)
    back = make(np.random.default_rng(9))
    assert (run(back, *inputs) != run(model, *inputs)).any()
    back.load_state_dict(twin.state_dict())
    assert (run(back, *inputs) == run(model, *inputs)).all()


def the_generator_decides(make: Make) -> None:
    """One seed gives one set of weights, another seed another."""
    first, again, other = (make(np.random.default_rng(s)).state_dict() for s in (0, 0, 1))
    assert all((first[name] == again[name]).all() for name in first)
    assert any((first[name] != other[name]).any() for name in first)


def run(model: nn.Module, *inputs: Any) -> np.ndarray:
    """Return the output as an array, without dropout."""
    with mode(model, training=False):
        return model(*inputs).data


def looks_back_only(read: Callable[[Any], np.ndarray], tokens: np.ndarray, vocabulary: int) -> None:
    """A change at one place changes the output there, and nowhere before."""
    before = read(tokens)
    for place in range(tokens.shape[1]):
        changed = tokens.copy()
        changed[:, place] = (changed[:, place] + 1) % vocabulary
        moved = np.abs(read(changed) - before).max(axis=(0, 2))  # (T,)
        assert (moved[:place] < 1e-6).all()
        assert moved[place] > 1e-3


def encoder_blocks(number: int, width: int, heads: int, hidden: int, activation: str) -> Any:
    """The blocks of an encoder in torch, pre-norm and without dropout."""
    return torch.nn.ModuleList(
        torch.nn.TransformerEncoderLayer(
            width, heads, hidden, 0.0, activation, batch_first=True, norm_first=True
        )
        for _ in range(number)
    )
