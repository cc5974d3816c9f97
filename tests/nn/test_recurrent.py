"""Recurrent layers and cells beside torch's, in every mix of their options."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import dlcore as dl
import dlcore.functional as F
from dlcore import nn, optim

KINDS = ["RNN", "LSTM", "GRU"]
TOLERANCE = {np.float32: {"rtol": 1e-5, "atol": 1e-5}, np.float64: {"rtol": 1e-10, "atol": 1e-12}}


def _pair(kind: str, *sizes: int, dtype: Any = np.float64, **options: Any) -> tuple[Any, Any]:
    """The same layer in both libraries, with the same weights."""
    ours = getattr(nn, kind)(*sizes, **options, dtype=dtype, rng=np.random.default_rng(0))
    theirs = getattr(torch.nn, kind)(
        *sizes, **options, dtype=torch.float32 if dtype == np.float32 else torch.float64
    )
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    return ours, theirs


def _states(kind: str, shape: tuple[int, ...]) -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    return [rng.normal(size=shape) for _ in range(1 + (kind == "LSTM"))]


def _hx(states: list[Any]) -> Any:
    return tuple(states) if len(states) > 1 else states[0]


def _flat(result: Any) -> list[Any]:
    output, last = result
    return [output, *(last if isinstance(last, tuple) else (last,))]


def _same(ours: list[Any], theirs: list[Any], **tolerance: float) -> None:
    for got, want in zip(ours, theirs, strict=True):
        want = want.detach().numpy()
        np.testing.assert_allclose(got.data, want, strict=True, **tolerance)


def _torch_run(layer: Any, x: torch.Tensor, hx: Any, lengths: Any, batch_first: bool) -> list[Any]:
    if lengths is None:
        return _flat(layer(x, hx))
    steps = x.shape[1 if batch_first else 0]
    packed = pack_padded_sequence(x, torch.tensor(lengths), batch_first, enforce_sorted=False)
    out, *last = _flat(layer(packed, hx))
    return [pad_packed_sequence(out, batch_first, total_length=steps)[0], *last]


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=25)
def test_values_and_gradients_equal_torch(kind: str, data: Any) -> None:
    draw = data.draw
    steps, count, inputs, hidden = (draw(st.integers(1, 4)) for _ in range(4))
    options = {
        "num_layers": draw(st.integers(1, 3)),
        "bias": draw(st.booleans()),
        "batch_first": draw(st.booleans()),
        "bidirectional": draw(st.booleans()),
    }
    if kind == "RNN":
        options["nonlinearity"] = draw(st.sampled_from(["tanh", "relu"]))
    lengths = draw(st.none() | st.lists(st.integers(1, steps), min_size=count, max_size=count))
    ours, theirs = _pair(kind, inputs, hidden, **options)
    axes = (count, steps) if options["batch_first"] else (steps, count)
    x = np.random.default_rng(2).normal(size=(*axes, inputs))
    stacked = options["num_layers"] * (1 + options["bidirectional"])
    start = _states(kind, (stacked, count, hidden)) if draw(st.booleans()) else []

    our_x, *our_hx = leaves = [dl.Tensor(a, requires_grad=True) for a in (x, *start)]
    their_x, *their_hx = their_leaves = [torch.tensor(a, requires_grad=True) for a in (x, *start)]
    got = _flat(ours(our_x, _hx(our_hx) if start else None, lengths))
    hx = _hx(their_hx) if start else None
    want = _torch_run(theirs, their_x, hx, lengths, options["batch_first"])
    _same(got, want, rtol=1e-10, atol=1e-12)

    rng = np.random.default_rng(3)
    seeds = [rng.normal(size=g.shape) for g in got]
    grads = dl.grad(got, [*leaves, *ours.parameters()], [dl.Tensor(s) for s in seeds])
    their_leaves += [p for _, p in theirs.named_parameters()]
    expected = torch.autograd.grad(want, their_leaves, [torch.tensor(s) for s in seeds])
    _same(list(grads), list(expected), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", KINDS)
def test_ten_training_steps_equal_torch(kind: str, dtype: Any) -> None:
    ours, theirs = _pair(kind, 3, 5, 2, bidirectional=True, dtype=dtype)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(6, 4, 3)).astype(dtype)
    y = rng.normal(size=(6, 4, 10)).astype(dtype)
    our_steps = optim.SGD(ours.parameters(), lr=0.5, momentum=0.9)
    their_steps = torch.optim.SGD(theirs.parameters(), lr=0.5, momentum=0.9)
    for _ in range(10):
        our_steps.zero_grad()
        loss = F.mse_loss(ours(dl.Tensor(x))[0], dl.Tensor(y))
        loss.backward()
        our_steps.step()
        their_steps.zero_grad()
        expected = torch.nn.functional.mse_loss(theirs(torch.tensor(x))[0], torch.tensor(y))
        expected.backward()
        their_steps.step()
        np.testing.assert_allclose(loss.item(), expected.item(), **TOLERANCE[dtype])
    for name, value in theirs.state_dict().items():
        np.testing.assert_allclose(ours.state_dict()[name], value.numpy(), **TOLERANCE[dtype])


@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}, {"bias": False}])
@pytest.mark.parametrize("kind", KINDS)
def test_state_moves_both_ways(kind: str, options: dict[str, Any]) -> None:
    ours, theirs = getattr(nn, kind)(3, 4, **options), getattr(torch.nn, kind)(3, 4, **options)
    own = {k: v.shape for k, v in ours.state_dict().items()}
    assert own == {k: tuple(v.shape) for k, v in theirs.state_dict().items()}
    assert list(own) == list(theirs.state_dict())
    ours.load_state_dict(theirs.state_dict())
    x = np.random.default_rng(0).normal(size=(5, 2, 3)).astype(np.float32)
    _same(_flat(ours(dl.Tensor(x))), _flat(theirs(torch.tensor(x))), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_a_single_sequence_equals_torch(kind: str) -> None:
    ours, theirs = _pair(kind, 3, 4, num_layers=2, batch_first=True)
    x, start = np.random.default_rng(0).normal(size=(5, 3)), _states(kind, (2, 4))
    got = _flat(ours(dl.Tensor(x), _hx([dl.Tensor(s) for s in start])))
    want = _flat(theirs(torch.tensor(x), _hx([torch.tensor(s) for s in start])))
    _same(got, want, rtol=1e-10)


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("kind", ["RNNCell", "LSTMCell", "GRUCell"])
def test_cells_equal_torch_and_their_layers(kind: str, single: bool) -> None:
    ours, theirs = _pair(kind, 3, 4)
    shape = () if single else (2,)
    x = np.random.default_rng(0).normal(size=(*shape, 3))
    start = _states(kind.removesuffix("Cell"), (*shape, 4))
    for hx in ([], start):
        got = ours(dl.Tensor(x), _hx([dl.Tensor(s) for s in hx]) if hx else None)
        want = theirs(torch.tensor(x), _hx([torch.tensor(s) for s in hx]) if hx else None)
        both = [r if isinstance(r, tuple) else (r,) for r in (got, want)]
        _same(*both, rtol=1e-10)
    layer = getattr(nn, kind.removesuffix("Cell"))(3, 4, dtype=np.float64)
    layer.load_state_dict({f"{k}_l0": v for k, v in ours.state_dict().items()})
    whole = _flat(layer(dl.Tensor(x).unsqueeze(0).reshape(1, -1, 3)))
    np.testing.assert_allclose(
        whole[1].data.ravel(), _first(ours(dl.Tensor(x))).data.ravel(), rtol=1e-10
    )


def _first(result: Any) -> dl.Tensor:
    return result[0] if isinstance(result, tuple) else result


@pytest.mark.parametrize("name", ["rnn_cell", "gru_cell"])
def test_cells_can_be_differentiated_twice(name: str) -> None:
    rng, gates = np.random.default_rng(0), 1 if name == "rnn_cell" else 3
    shapes = [(2, 2), (2, 2), (gates * 2, 2), (gates * 2, 2), (gates * 2,), (gates * 2,)]
    operands = [dl.Tensor(rng.normal(size=s), requires_grad=True) for s in shapes]
    assert dl.gradgradcheck(getattr(F, name), operands)


def test_dropout_acts_between_layers_in_training_only() -> None:
    layer = nn.LSTM(3, 4, num_layers=2, dropout=1.0, rng=np.random.default_rng(0))
    cut = nn.LSTM(4, 4)
    cut.load_state_dict(
        {k[:-1] + "0": v for k, v in layer.state_dict().items() if k.endswith("l1")}
    )
    x = dl.randn(5, 2, 3, rng=np.random.default_rng(1))
    np.testing.assert_allclose(layer(x)[0].data, cut(dl.zeros(5, 2, 4))[0].data, rtol=1e-6)
    assert np.abs(layer.eval()(x)[0].data - cut(dl.zeros(5, 2, 4))[0].data).max() > 1e-3


def test_a_sequence_of_length_zero_keeps_its_start() -> None:
    layer, h0 = nn.GRU(2, 3), dl.ones(1, 2, 3)
    output, h_n = layer(dl.ones(4, 2, 2), h0, lengths=[0, 4])
    np.testing.assert_array_equal(h_n.data[0, 0], h0.data[0, 0])
    assert not output.data[:, 0].any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.LSTM(0, 4), "LSTM: input_size must be at least 1, got 0"),
        (lambda: nn.GRU(3, 4, dropout=2, num_layers=2), r"dropout must lie in \[0, 1\], got 2"),
        (lambda: nn.RNN(3, 4, nonlinearity="sin"), "nonlinearity must be 'tanh' or 'relu'"),
        (lambda: nn.RNNCell(3, 4, nonlinearity="sin"), "nonlinearity must be 'tanh' or 'relu'"),
        (lambda: nn.RNN(3, 4)(dl.ones(5, 2, 4)), r"the last of length 3 \(input_size\)"),
        (lambda: nn.RNN(3, 4)(dl.ones(0, 2, 3)), "with at least one step"),
        (lambda: nn.RNN(3, 4)(dl.ones(5, 2, 3), dl.ones(2, 4)), r"hx must be .* \(1, 2, 4\)"),
        (
            lambda: nn.LSTM(3, 4)(dl.ones(5, 2, 3), (dl.ones(1, 2, 4), dl.ones(1, 2, 5))),
            r"hx\[1\] must be a Tensor of shape \(1, 2, 4\), got \(1, 2, 5\)",
        ),
        (lambda: nn.GRU(3, 4)(dl.ones(5, 2, 3), lengths=[6, 1]), "must lie between 0 and 5"),
        (lambda: nn.GRU(3, 4)(dl.ones(5, 2, 3), lengths=[1]), "lengths must be 2 integers"),
        (lambda: nn.GRUCell(3, 4)(dl.ones(2, 4)), r"x must have shape \(N, 3\) or \(3,\)"),
        (lambda: nn.GRUCell(3, 4)(dl.ones(2, 3), dl.ones(2, 3)), r"hx must be .* \(2, 4\)"),
        (
            lambda: F.rnn(dl.ones(2, 1, 3), dl.ones(1, 4), dl.ones(4, 2), dl.ones(4, 4)),
            r"rnn: w_ih must have shape \(4, 3\), got \(4, 2\)",
        ),
        (
            lambda: F.gru(
                dl.ones(2, 1, 3), dl.ones(1, 4), dl.ones(12, 3), dl.ones(12, 4), dl.ones(12)
            ),
            "gru: expected both biases or none",
        ),
    ],
)
def test_wrong_input_gets_a_clear_error(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_dropout_in_a_single_layer_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="dropout acts between layers"):
        nn.GRU(2, 3, dropout=0.5)


def test_representation_shows_what_differs_from_the_defaults() -> None:
    assert repr(nn.LSTM(3, 4, 2, bidirectional=True)) == (
        "LSTM(3, 4, num_layers=2, bidirectional=True)"
    )
    assert repr(nn.RNNCell(3, 4, bias=False)) == "RNNCell(3, 4, bias=False)"
