"""Attention beside torch's, in every mix of its options."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as TF
from hypothesis import given, settings, strategies as st

import dlcore as dl
import dlcore.functional as F
from dlcore.functional.attention import attention_weights

attend = F.scaled_dot_product_attention


def _compare(arrays: list[np.ndarray], mask: Any = None, **options: Any) -> None:
    ours = [dl.tensor(a, requires_grad=True) for a in arrays]
    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
    learnt = mask is not None and mask.dtype.kind == "f" and bool(np.isfinite(mask).all())
    our_mask = None if mask is None else dl.tensor(mask, requires_grad=learnt)
    their_mask = None if mask is None else torch.tensor(mask, requires_grad=learnt)
    got = attend(*ours, our_mask, **options)
    want = TF.scaled_dot_product_attention(*theirs, their_mask, **options)
    np.testing.assert_allclose(got.data, want.detach().numpy(), rtol=1e-10, atol=1e-12)
    u = np.random.default_rng(1).normal(size=got.shape)
    grads = dl.grad(got, [*ours, our_mask] if learnt else ours, dl.Tensor(u))
    expected = torch.autograd.grad(
        want, [*theirs, their_mask] if learnt else theirs, torch.tensor(u)
    )
    for g, e in zip(grads, expected, strict=True):
        np.testing.assert_allclose(g.data, e.numpy(), rtol=1e-9, atol=1e-11)


@given(data=st.data())
@settings(max_examples=50)
def test_attention_equals_torch(data: Any) -> None:
    draw, rng = data.draw, np.random.default_rng(data.draw(st.integers(0, 99)))
    batch = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=2)))
    queries, keys, size, width = (draw(st.integers(1, 5)) for _ in range(4))
    shapes = [(*batch, queries, size), (*batch, keys, size), (*batch, keys, width)]
    arrays = [rng.normal(size=s) for s in shapes]
    kind = draw(st.sampled_from(["none", "causal", "bool", "float", "infinite"]))
    masks = {
        "bool": rng.random((queries, keys)) < 0.6,
        "float": rng.normal(size=(*batch, queries, keys)),
        "infinite": np.where(rng.random((queries, keys)) < 0.6, 0.0, -np.inf),
    }
    scale = draw(st.none() | st.floats(0.1, 2))
    _compare(arrays, masks.get(kind), is_causal=kind == "causal", scale=scale)


def test_weights_are_what_attention_multiplies_values_with() -> None:
    rng = np.random.default_rng(0)
    q, k = dl.Tensor(rng.normal(size=(2, 3, 4))), dl.Tensor(rng.normal(size=(2, 5, 4)))
    allowed = rng.random((3, 5)) < 0.4
    allowed[1] = False  # looks nowhere
    mask = dl.Tensor(np.where(allowed, 0.0, -np.inf))
    weights = attention_weights(q, k, mask)
    out = attend(q, k, dl.Tensor(np.broadcast_to(np.eye(5), (2, 5, 5))), mask)
    np.testing.assert_allclose(weights.data, out.data, rtol=1e-12)
    np.testing.assert_allclose(weights.data.sum(-1)[:, 1], 0)
    plain = attention_weights(q, k, dl.Tensor(np.zeros((3, 5))))
    np.testing.assert_allclose(plain.data, attention_weights(q, k, None).data, rtol=1e-12)


def test_attention_is_permutation_equivariant() -> None:
    rng = np.random.default_rng(0)
    q, k, v = (rng.normal(size=(2, 5, 3)) for _ in range(3))
    order, other = rng.permutation(5), rng.permutation(5)
    out = attend(*map(dl.Tensor, (q, k, v))).data
    turned = attend(*map(dl.Tensor, (q[:, order], k[:, other], v[:, other]))).data
    np.testing.assert_allclose(turned, out[:, order], rtol=1e-12)
    causal = attend(*map(dl.Tensor, (q, k, v)), is_causal=True).data
    turned = attend(*map(dl.Tensor, (q[:, order], k[:, order], v[:, order])), is_causal=True).data
    assert np.abs(turned - causal[:, order]).max() > 0.1


def test_the_future_has_no_influence_under_a_causal_mask() -> None:
    q, k, v = (dl.randn(5, 3, rng=np.random.default_rng(i)) for i in range(3))
    for x in (k, v):
        x.requires_grad_()
    gradients = dl.grad(attend(q, k, v, is_causal=True)[2].sum(), (k, v))
    for g in gradients:
        assert g.data[:3].any(axis=1).all()
        assert not g.data[3:].any()


def test_dropout_scales_what_it_keeps() -> None:
    q, k = dl.ones(1, 2), dl.ones(1000, 2)
    rng = np.random.default_rng(0)
    weights = attend(q, k, dl.Tensor(np.eye(1000, dtype=np.float32)), dropout_p=0.25, rng=rng)
    kept = weights.data[0] > 0
    np.testing.assert_allclose(weights.data[0, kept], 1 / 750, rtol=1e-5)
    assert 700 < kept.sum() < 800


def test_large_scores_do_not_overflow() -> None:
    q = dl.tensor([[1e4, 0.0]], requires_grad=True)
    out = attend(q, dl.tensor([[1e4, 0.0], [-1e4, 1.0]]), dl.tensor([[1.0], [2.0]]))
    assert out.item() == 1.0
    assert np.isfinite(dl.grad(out, q)[0].data).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: attend(x[0, 0], x, x), "must have at least 2 axes"),
        (lambda x: attend(x, x[:, :, :2], x), "must agree in E and S"),
        (lambda x: attend(x, x, x[:, :2]), "must agree in E and S"),
        (lambda x: attend(x, dl.ones(3, 4, 3), x), "leading axes .* must broadcast"),
        (lambda x: attend(x, x, x, np.ones((4, 4), bool), is_causal=True), "got both"),
        (lambda x: attend(x, x, x, dl.ones(3, 4)), r"must broadcast to \(2, 4, 4\), got \(3, 4\)"),
        (lambda x: attend(x, x, x, dl.ones(3, 2, 4, 4)), "attn_mask must broadcast"),
        (lambda x: attend(x, x, x, np.ones((4, 4), int)), "must hold booleans or floating"),
    ],
)
def test_wrong_input_gets_a_clear_error(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(dl.ones(2, 4, 3))


def test_integers_and_masks_of_another_dtype() -> None:
    x = np.arange(12).reshape(1, 3, 4)
    floats = x.astype(np.float32)
    mask = np.triu(np.full((3, 3), -np.inf), 1)
    want = attend(floats, floats, floats, is_causal=True)
    for got in (
        attend(x, x, x, is_causal=True),
        attend(x, x, x, mask),
        attend(x, x, x, mask == 0),
        attend(floats, floats, floats, mask),
    ):
        assert got.dtype == np.float32
        np.testing.assert_array_equal(got.data, want.data)
    learnt = dl.tensor(np.zeros((3, 3)), requires_grad=True)
    attend(floats, floats, floats, learnt)[0, 0].sum().backward()
    assert learnt.grad.dtype == np.float64
