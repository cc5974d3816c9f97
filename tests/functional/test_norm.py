"""Normalisation beside torch's, as functions."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as TF
from hypothesis import given, settings, strategies as st

import dlcore as dl
import dlcore.functional as F


def _compare(name: str, arrays: list[np.ndarray], *args: Any, **options: Any) -> None:
    ours = [dl.tensor(a, requires_grad=True) for a in arrays]
    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
    got = getattr(F, name)(ours[0], *args, *ours[1:], **options)
    want = getattr(TF, name)(theirs[0], *args, *theirs[1:], **options)
    np.testing.assert_allclose(got.data, want.detach().numpy(), rtol=1e-10, atol=1e-12)
    u = np.random.default_rng(1).normal(size=got.shape)
    grads = dl.grad(got, ours, dl.Tensor(u))
    for g, e in zip(grads, torch.autograd.grad(want, theirs, torch.tensor(u)), strict=True):
        np.testing.assert_allclose(g.data, e.numpy(), rtol=1e-9, atol=1e-11)


@given(data=st.data())
@settings(max_examples=40)
def test_layer_and_rms_norm_equal_torch(data: Any) -> None:
    rng = np.random.default_rng(0)
    shape = tuple(data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    last = shape[data.draw(st.integers(0, len(shape) - 1)) :]
    eps = data.draw(st.sampled_from([1e-5, 0.1]))
    affine = [rng.normal(size=last) for _ in range(data.draw(st.integers(0, 2)))]
    _compare("layer_norm", [rng.normal(size=shape), *affine], last, eps=eps)
    _compare("rms_norm", [rng.normal(size=shape), *affine[:1]], last, eps=eps)


@given(data=st.data())
@settings(max_examples=40)
def test_group_norm_equals_torch(data: Any) -> None:
    rng = np.random.default_rng(0)
    groups, per_group = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    inner = data.draw(st.lists(st.integers(2, 4), min_size=1, max_size=3))
    x = rng.normal(size=(2, groups * per_group, *inner))
    affine = [rng.normal(size=groups * per_group) for _ in range(data.draw(st.integers(0, 2)))]
    _compare("group_norm", [x, *affine], groups)


@given(data=st.data())
@settings(max_examples=40)
def test_batch_norm_equals_torch(data: Any) -> None:
    rng = np.random.default_rng(0)
    channels = data.draw(st.integers(1, 3))
    inner = data.draw(st.lists(st.integers(1, 3), min_size=0, max_size=3))
    x = rng.normal(size=(data.draw(st.integers(2, 4)), channels, *inner))
    training = data.draw(st.booleans())
    affine = [rng.normal(size=channels) for _ in range(data.draw(st.integers(0, 2)))]
    running = rng.normal(size=channels), rng.uniform(0.5, 2, channels)
    for_torch = [torch.tensor(r) for r in running]
    ours = [dl.tensor(a, requires_grad=True) for a in (x, *affine)]
    theirs = [torch.tensor(a, requires_grad=True) for a in (x, *affine)]
    options = {"training": training, "momentum": 0.3, "eps": 1e-3}
    got = F.batch_norm(ours[0], *running, *ours[1:], **options)
    want = TF.batch_norm(theirs[0], *for_torch, *theirs[1:], **options)
    np.testing.assert_allclose(got.data, want.detach().numpy(), rtol=1e-10, atol=1e-12)
    for r, t in zip(running, for_torch, strict=True):
        np.testing.assert_allclose(r, t.numpy(), rtol=1e-12)
    u = rng.normal(size=x.shape)
    grads = dl.grad(got, ours, dl.Tensor(u))
    for g, e in zip(grads, torch.autograd.grad(want, theirs, torch.tensor(u)), strict=True):
        np.testing.assert_allclose(g.data, e.numpy(), rtol=1e-9, atol=1e-11)


def test_batch_norm_without_running_statistics_uses_the_batch() -> None:
    x = dl.tensor(np.random.default_rng(0).normal(size=(5, 2)))
    np.testing.assert_array_equal(
        F.batch_norm(x, None, None).data, F.batch_norm(x, None, None, training=True).data
    )


def test_a_bias_without_a_weight_shifts() -> None:
    x = np.random.default_rng(0).normal(size=(3, 4))
    got = F.layer_norm(dl.tensor(x), 4, bias=dl.tensor(np.ones(4)))
    np.testing.assert_allclose(got.data, F.layer_norm(dl.tensor(x), 4).data + 1)


@pytest.mark.parametrize("p", [1.0, 2.0, 3.0, float("inf")])
@pytest.mark.parametrize("dim", [0, 1, -1])
def test_normalize_equals_torch(p: float, dim: int) -> None:
    _compare("normalize", [np.random.default_rng(0).normal(size=(3, 4, 2))], p=p, dim=dim)


@pytest.mark.parametrize("p", [1.0, 2.0, 4.0])
def test_a_zero_vector_has_a_finite_gradient(p: float) -> None:
    x = dl.zeros(2, 3).requires_grad_()
    (g,) = dl.grad(F.normalize(x, p=p).sum(), x)
    assert np.isfinite(g.data).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: F.batch_norm(x[0, 0], None, None), "input must have at least 2 axes"),
        (lambda x: F.batch_norm(x, None, None, eps=0.0), "eps must be positive, got 0.0"),
        (lambda x: F.batch_norm(x[:1, :, 0], None, None, training=True), "drop_last=True"),
        (lambda x: F.layer_norm(x, 4, dl.ones(3)), r"weight must have shape \(4,\), got \(3,\)"),
        (lambda x: F.group_norm(x, 2), "divisible by num_groups=2"),
        (lambda x: F.rms_norm(x, (4, 4)), r"last axes of input must be \(4, 4\)"),
        (lambda x: F.dropout(x, -0.1), "dropout: p must lie between 0 and 1"),
        (lambda x: F.embedding(np.array([0]), x), "weight must have 2 axes"),
        (lambda x: F.embedding(np.array([0]), x[0], 7), "padding_idx: expected a row of 3"),
    ],
)
def test_wrong_options_get_a_clear_error(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(dl.ones(2, 3, 4))


@pytest.mark.parametrize("order", [(1, 2, 3, 0), (3, 1, 0, 2), (2, 3, 0, 1)])
def test_norms_do_not_depend_on_the_order_in_memory(order: tuple[int, ...]) -> None:
    """Convolutions leave the examples innermost, permuted Tensors anything."""
    rng = np.random.default_rng(0)
    plain = rng.normal(size=(3, 4, 2, 5))
    lying = np.ascontiguousarray(plain.transpose(order)).transpose(np.argsort(order))
    affine = [dl.Tensor(rng.normal(size=4)) for _ in range(2)]
    for norm in (
        lambda x: F.batch_norm(x, None, None, *affine, training=True),
        lambda x: F.group_norm(x, 2, *affine),
        lambda x: F.layer_norm(x, (2, 5)),
        lambda x: F.rms_norm(x, (5,)),
    ):
        found = []
        for array in (plain, lying):
            x = dl.Tensor(array, requires_grad=True)
            out = norm(x)
            found.append((out.data, dl.grad(out, [x], dl.Tensor(np.cos(plain)))[0].data))
        for a, b in zip(*found, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def test_integers_are_normalised_as_float32() -> None:
    """Statistics of a half would be cut to 0 in the dtype of the integers."""
    x, half = np.array([[1, 2], [3, 5]]), np.full(2, 0.5, np.float32)
    for call in (
        lambda x: F.batch_norm(x, half, half),
        lambda x: F.batch_norm(x, None, None, training=True),
        lambda x: F.normalize(x),
        lambda x: F.normalize(x, p=float("inf")),
        lambda x: F.layer_norm(x, 2),
        lambda x: F.rms_norm(x, 2),
        lambda x: F.group_norm(x, 2),
    ):
        got, want = call(x), call(x.astype(np.float32))
        assert got.dtype == want.dtype == np.float32
        np.testing.assert_array_equal(got.data, want.data)
    np.testing.assert_allclose(F.batch_norm(x, half, half).data[0], [0.7071, 2.1213], atol=1e-4)
