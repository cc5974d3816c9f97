"""Recurrent layers as functions, beside torch's cells."""

import numpy as np
import pytest
import torch

import dlcore as dl
import dlcore.functional as F

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("reverse", [False, True])
def test_lstm_equals_its_cell_and_torchs_step_by_step(reverse: bool) -> None:
    x, hx = RNG.normal(size=(5, 2, 3)), [RNG.normal(size=(2, 4)) for _ in "hc"]
    weights = [RNG.normal(size=shape) for shape in [(16, 3), (16, 4), (16,), (16,)]]
    out, last = F.lstm(x, (hx[0], hx[1]), *weights, reverse=reverse)
    ours, theirs = (hx[0], hx[1]), [torch.tensor(h) for h in hx]
    for t in range(5)[:: -1 if reverse else 1]:
        ours = F.lstm_cell(x[t], ours, *weights)
        theirs = torch.lstm_cell(torch.tensor(x[t]), theirs, *map(torch.tensor, weights))
        for got, want in zip([*ours, out[t]], [*theirs, theirs[0]], strict=True):
            np.testing.assert_allclose(got.data, want.numpy(), rtol=1e-12)
    np.testing.assert_allclose(last[1].data, theirs[1].numpy(), rtol=1e-12)


@pytest.mark.parametrize("name", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("reverse", [False, True])
def test_what_lies_beyond_a_sequence_reaches_no_gradient(name: str, reverse: bool) -> None:
    rng = np.random.default_rng(0)
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[name]
    x = rng.normal(size=(5, 2, 3))
    shapes = [(3 * gates, 3), (3 * gates, 3), (3 * gates,), (3 * gates,)]
    weights = [dl.Tensor(rng.normal(size=shape), requires_grad=True) for shape in shapes]

    def answers(beyond: float) -> list[np.ndarray]:
        sequences = x.copy()
        sequences[2:, 0] = beyond
        point = dl.Tensor(sequences, requires_grad=True)
        state = dl.zeros(2, 3, dtype="float64")
        start = (state, state) if name == "lstm" else state
        out = getattr(F, name)(point, start, *weights, lengths=[2, 5], reverse=reverse)[0]
        return [out.data, *(g.data for g in dl.grad((out * out).sum(), [point, *weights]))]

    for found, expected in zip(answers(np.nan), answers(0.0), strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(("name", "gates"), [("lstm", 4), ("gru", 3)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_gate_that_is_shut_still_has_a_slope(name: str, gates: int, dtype: str) -> None:
    zero = dl.zeros(1, 1, dtype=dtype)
    bias = dl.tensor([-40.0] * (gates - 1) + [1.0], dtype=dtype, requires_grad=True)
    weight = dl.zeros(gates, 1, dtype=dtype)
    x, start = dl.zeros(2, 1, 1, dtype=dtype), (zero, zero) if name == "lstm" else zero
    out = getattr(F, name)(x, start, weight, weight, bias, dl.zeros(gates, dtype=dtype))[0]
    cell = getattr(F, f"{name}_cell")
    state = cell(x[0], start, weight, weight, bias)
    state = cell(x[1], state, weight, weight, bias)
    (found,) = dl.grad(out[1].sum(), bias)
    (expected,) = dl.grad((state[0] if name == "lstm" else state).sum(), bias)
    np.testing.assert_allclose(found.data, expected.data, rtol=1e-5)
    assert found.data[0] != 0 or name == "gru"
