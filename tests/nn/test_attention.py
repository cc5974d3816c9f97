"""Attention in several heads beside torch's."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

import dlcore as dl
from dlcore import nn


def _pair(*sizes: int, **options: Any) -> tuple[Any, Any]:
    ours = nn.MultiheadAttention(*sizes, **options, dtype=np.float64, rng=np.random.default_rng(0))
    theirs = torch.nn.MultiheadAttention(*sizes, **options, dtype=torch.float64)
    if ours.in_proj_bias is not None:  # biases start at zero, which would hide mistakes
        ours.in_proj_bias.data[...] = np.random.default_rng(1).normal(size=len(ours.in_proj_bias))
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    return ours, theirs


@given(data=st.data())
@settings(max_examples=50)
def test_values_weights_and_gradients_equal_torch(data: Any) -> None:
    draw, rng = data.draw, np.random.default_rng(data.draw(st.integers(0, 99)))
    heads, count, queries, keys = (draw(st.integers(1, 4)) for _ in range(4))
    size = heads * draw(st.integers(1, 3))
    kdim, vdim = draw(st.sampled_from([(None, None), (3, 5), (size, None), (None, 2)]))
    first = draw(st.booleans())
    ours, theirs = _pair(
        size, heads, kdim=kdim, vdim=vdim, batch_first=first, bias=draw(st.booleans())
    )
    single = draw(st.booleans())
    count = 1 if single else count
    arrays = []
    for length, width in ((queries, size), (keys, kdim or size), (keys, vdim or size)):
        batch = (length,) if single else (count, length) if first else (length, count)
        arrays.append(rng.normal(size=(*batch, width)))
    masks = {
        "none": None,
        "bool": np.logical_and(rng.random((queries, keys)) < 0.5, np.arange(keys) > 0),
        "float": rng.normal(size=(queries, keys)),
        "heads": rng.normal(size=(count * heads, queries, keys)),
    }
    mask = masks[draw(st.sampled_from(sorted(masks)))]
    padding = None
    if draw(st.booleans()):
        padding = np.arange(keys) >= rng.integers(1, keys + 1, (count, 1))
        padding = padding[0] if single else padding
    options = {"need_weights": draw(st.booleans()), "average_attn_weights": draw(st.booleans())}

    leaves = [dl.Tensor(a, requires_grad=True) for a in arrays]
    got, weights = ours(*leaves, key_padding_mask=padding, attn_mask=mask, **options)
    their_leaves = [torch.tensor(a, requires_grad=True) for a in arrays]
    if padding is not None and mask is not None and mask.dtype.kind == "f":
        padding = np.where(padding, -np.inf, 0.0)  # torch wants masks of one kind
    as_torch = [None if m is None else torch.tensor(m) for m in (padding, mask)]
    want, expected = theirs(
        *their_leaves, key_padding_mask=as_torch[0], attn_mask=as_torch[1], **options
    )
    np.testing.assert_allclose(got.data, want.detach().numpy(), rtol=1e-9, atol=1e-11)
    assert (weights is None) == (expected is None)
    if weights is not None:
        np.testing.assert_allclose(
            weights.data, expected.detach().numpy(), rtol=1e-9, atol=1e-11, strict=True
        )
    u = rng.normal(size=got.shape)
    grads = dl.grad(got, [*leaves, *ours.parameters()], dl.Tensor(u))
    their_leaves += [p for _, p in theirs.named_parameters()]
    for g, e in zip(grads, torch.autograd.grad(want, their_leaves, torch.tensor(u)), strict=True):
        np.testing.assert_allclose(g.data, e.numpy(), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("options", [{}, {"bias": False}, {"kdim": 3}, {"kdim": 3, "vdim": 5}])
def test_state_moves_both_ways(options: dict[str, Any]) -> None:
    ours, theirs = (
        nn.MultiheadAttention(8, 2, **options),
        torch.nn.MultiheadAttention(8, 2, **options),
    )
    assert [(k, v.shape) for k, v in ours.state_dict().items()] == [
        (k, tuple(v.shape)) for k, v in theirs.state_dict().items()
    ]
    ours.load_state_dict(theirs.state_dict())
    rng = np.random.default_rng(0)
    x = [rng.normal(size=(4, 2, n)).astype("f4") for n in (8, ours.kdim, ours.vdim)]
    out = ours(*map(dl.Tensor, x))[0]
    want = theirs(*map(torch.tensor, x))[0]
    np.testing.assert_allclose(out.data, want.detach().numpy(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("need_weights", [False, True])
def test_causal_needs_no_mask(need_weights: bool) -> None:
    layer = nn.MultiheadAttention(4, 2, rng=np.random.default_rng(0))
    x = dl.randn(5, 2, 4, rng=np.random.default_rng(1))
    mask = ~np.tri(5, dtype=bool)
    want = layer(x, x, x, attn_mask=mask)[0]
    out = layer(x, x, x, is_causal=True, need_weights=need_weights)[0]
    np.testing.assert_allclose(out.data, want.data, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("need_weights", [False, True])
def test_a_query_that_may_look_nowhere_gets_zeros(need_weights: bool) -> None:
    layer = nn.MultiheadAttention(4, 2, rng=np.random.default_rng(0))
    x = dl.randn(3, 1, 4, rng=np.random.default_rng(1)).requires_grad_()
    mask = np.zeros((3, 3), bool)
    mask[1] = True
    out = layer(x, x, x, attn_mask=mask, need_weights=need_weights)[0]
    np.testing.assert_allclose(out.data[1, 0], layer.out_proj.bias.data)
    assert np.isfinite(dl.grad(out.sum(), x)[0].data).all()


def test_permuted_inputs_give_permuted_outputs() -> None:
    layer = nn.MultiheadAttention(6, 3, batch_first=True, dtype=np.float64)
    rng = np.random.default_rng(0)
    x, order = rng.normal(size=(2, 5, 6)), rng.permutation(5)
    straight, turned = (layer(t, t, t)[0].data for t in map(dl.Tensor, (x, x[:, order])))
    np.testing.assert_allclose(turned, straight[:, order], rtol=1e-10)


@pytest.mark.parametrize("need_weights", [False, True])
def test_dropout_acts_in_training_only(need_weights: bool) -> None:
    layer = nn.MultiheadAttention(4, 2, dropout=1.0, rng=np.random.default_rng(0))
    x = dl.ones(3, 2, 4)
    out = layer(x, x, x, need_weights=need_weights)[0]
    np.testing.assert_allclose(out.data, np.broadcast_to(layer.out_proj.bias.data, out.shape))
    assert np.abs(layer.eval()(x, x, x, need_weights=need_weights)[0].data).max() > 0.01


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, x: nn.MultiheadAttention(5, 2), "divisible by num_heads, got 5 and 2"),
        (lambda m, x: m(x[..., :2], x, x), "query must have 3 axes .* of length 4"),
        (lambda m, x: m(x, x[0], x), "key must have 3 axes"),
        (lambda m, x: m(x, x[:2], x), "key and value must have one length"),
        (lambda m, x: m(x, x, x, attn_mask=dl.ones(2, 3)), r"\(3, 3\) or \(4, 3, 3\)"),
        (lambda m, x: m(x, x, x, dl.ones(3, 2)), r"key_padding_mask must have shape \(2, 3\)"),
        (lambda m, x: m(x, x, x, attn_mask=np.ones((3, 3), int)), "must hold booleans or"),
    ],
)
def test_wrong_input_gets_a_clear_error(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(nn.MultiheadAttention(4, 2), dl.ones(3, 2, 4))


MASKS = [
    np.triu(np.full((3, 3), -np.inf), 1),
    np.triu(np.full((3, 3), -np.inf, np.float16), 1),
    np.triu(np.ones((3, 3), bool), 1),
]


@pytest.mark.parametrize("need_weights", [True, False])
@pytest.mark.parametrize("mask", MASKS, ids=lambda m: str(m.dtype))
def test_a_mask_may_have_any_floating_dtype(mask: np.ndarray, need_weights: bool) -> None:
    layer, x = nn.MultiheadAttention(4, 2), dl.randn(3, 2, 4)
    want = layer(x, x, x, is_causal=True)[0].data
    got = layer(x, x, x, attn_mask=mask, need_weights=need_weights)[0]
    assert got.dtype == np.float32
    np.testing.assert_allclose(got.data, want, rtol=1e-5, atol=1e-6)
    padding = np.zeros((2, 3))
    assert layer(x, x, x, padding, need_weights=need_weights)[0].dtype == np.float32


def test_a_mask_that_is_learnt_gets_a_gradient_in_its_own_dtype() -> None:
    layer, x = nn.MultiheadAttention(4, 2), dl.randn(3, 2, 4)
    for need_weights in (True, False):
        mask = dl.tensor(np.zeros((3, 3)), requires_grad=True)
        (layer(x, x, x, attn_mask=mask, need_weights=need_weights)[0] ** 2).sum().backward()
        assert mask.grad.dtype == np.float64
        assert np.abs(mask.grad.data).max() > 0


def test_integers_are_looked_at_as_float32() -> None:
    x = np.arange(24).reshape(3, 2, 4)
    layer = nn.MultiheadAttention(4, 2)
    want = layer(*[x.astype(np.float32)] * 3, is_causal=True)[0]
    np.testing.assert_array_equal(layer(x, x, x, is_causal=True)[0].data, want.data)
