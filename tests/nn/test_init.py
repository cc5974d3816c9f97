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


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 2, 3, 3), (4, 4)])
def test_orthogonal_rows_or_columns_are_orthonormal(shape: tuple[int, ...]) -> None:
    tensor = init.orthogonal_(dl.zeros(*shape, dtype="float64"), 2.0, np.random.default_rng(0))
    flat = tensor.data.reshape(shape[0], -1)
    small = flat @ flat.T if flat.shape[0] <= flat.shape[1] else flat.T @ flat
    np.testing.assert_allclose(small, 4 * np.eye(len(small)), atol=1e-12)


def test_orthogonal_matrices_are_drawn_as_torch_draws_them() -> None:
    """From the same normal matrix comes the same result: torch's decomposition and signs."""
    rng = np.random.default_rng(0)
    tensor = init.orthogonal_(dl.zeros(3, 5, dtype="float64"), rng=np.random.default_rng(0))
    q, r = torch.linalg.qr(torch.tensor(rng.normal(size=(5, 3))))
    expected = (q * torch.diag(r, 0).sign()).T
    np.testing.assert_allclose(tensor.data, expected.numpy(), atol=1e-12)


@pytest.mark.parametrize(("a", "b", "std"), [(-2.0, 2.0, 1.0), (0.5, 1.0, 0.3), (-0.1, 9.0, 2.0)])
def test_truncated_normal_has_torchs_moments(a: float, b: float, std: float) -> None:
    torch.manual_seed(0)
    theirs = torch.nn.init.trunc_normal_(torch.empty(40000), 0.2, std, a, b)
    ours = init.trunc_normal_(dl.zeros(40000), 0.2, std, a, b, np.random.default_rng(0)).data
    assert ours.min() >= a
    assert ours.max() <= b
    assert ours.mean() == pytest.approx(float(theirs.mean()), abs=0.03)
    assert ours.std() == pytest.approx(float(theirs.std()), rel=0.03)


@pytest.mark.parametrize(
    ("shape", "groups"), [((4, 4, 3), 1), ((6, 2, 3, 2), 3), ((2, 5, 1, 1), 1)]
)
def test_dirac_and_eye_equal_torch(shape: tuple[int, ...], groups: int) -> None:
    ours, theirs = init.dirac_(dl.ones(*shape), groups), torch.empty(*shape)
    np.testing.assert_array_equal(ours.data, torch.nn.init.dirac_(theirs, groups).numpy())
    np.testing.assert_array_equal(init.eye_(dl.ones(2, 3)).data, np.eye(2, 3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: init.orthogonal_(dl.zeros(3)), r"orthogonal_: expected axes \(out, in, ...\)"),
        (lambda: init.trunc_normal_(dl.zeros(3), a=8.0, b=9.0), "hardly a sample lies between a=8"),
        (lambda: init.eye_(dl.zeros(3)), "eye_: expected two axes"),
        (lambda: init.dirac_(dl.zeros(3, 1, 1), 2), "divisible by groups=2"),
    ],
)
def test_shapes_that_do_not_fit_get_a_clear_error(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
