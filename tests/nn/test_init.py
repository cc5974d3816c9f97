"""Initialisers."""

import math
from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore.nn import init

NAMES = ["linear", "conv1d", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]


@pytest.mark.parametrize("name", NAMES)
def test_gains_are_torchs(name: str) -> None:
    assert init.calculate_gain(name) == pytest.approx(torch.nn.init.calculate_gain(name))


def test_an_unknown_nonlinearity_is_refused() -> None:
    with pytest.raises(ValueError, match="nonlinearity: expected one of conv1d"):
        init.calculate_gain("cube")


@pytest.mark.parametrize(
    ("fill", "std"),
    [
        (lambda t, r: init.xavier_uniform_(t, rng=r), math.sqrt(2 / 700)),
        (lambda t, r: init.xavier_normal_(t, gain=2.0, rng=r), 2 * math.sqrt(2 / 700)),
        (lambda t, r: init.kaiming_uniform_(t, nonlinearity="relu", rng=r), math.sqrt(2 / 400)),
        (lambda t, r: init.kaiming_normal_(t, mode="fan_out", rng=r), math.sqrt(2 / 300)),
        (lambda t, r: init.normal_(t, 0.0, 0.5, rng=r), 0.5),
        (lambda t, r: init.uniform_(t, -1.0, 1.0, rng=r), 1 / math.sqrt(3)),
    ],
)
def test_spread_is_what_the_formula_says(fill: Any, std: float) -> None:
    tensor = fill(dl.zeros(300, 400), np.random.default_rng(0))
    assert tensor.data.std() == pytest.approx(std, rel=0.01)
    assert abs(tensor.data.mean()) < 0.01 * std * 3


def test_uniform_initialisers_stay_within_their_bound() -> None:
    tensor = init.xavier_uniform_(dl.zeros(30, 40), rng=np.random.default_rng(0))
    assert np.abs(tensor.data).max() <= math.sqrt(6 / 70)


def test_filters_count_their_field() -> None:
    tensor = init.kaiming_normal_(dl.zeros(200, 10, 5, 5), rng=np.random.default_rng(0))
    assert tensor.data.std() == pytest.approx(math.sqrt(2 / 250), rel=0.02)


def test_constants_and_errors() -> None:
    assert init.zeros_(dl.ones(2)).tolist() == [0.0, 0.0]
    assert init.ones_(dl.zeros(2)).tolist() == [1.0, 1.0]
    assert init.constant_(dl.zeros(1), 3.0).item() == 3.0
    with pytest.raises(ValueError, match=r"expected at least two axes \(out, in, ...\)"):
        init.xavier_normal_(dl.zeros(3))
    with pytest.raises(ValueError, match="mode: expected 'fan_in' or 'fan_out'"):
        init.kaiming_normal_(dl.zeros(3, 3), mode="fan")  # type: ignore[arg-type]
