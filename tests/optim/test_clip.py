"""Clipping beside torch's, and what it refuses."""

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore.optim import clip_grad_norm_, clip_grad_value_

SHAPES = [(3, 4), (4,), ()]


def pair(dtype, scale=1.0):
    """Parameters with the same gradients in both libraries; the last has none."""
    rng = np.random.default_rng(0)
    ours, theirs = [], []
    for shape in SHAPES:
        g = np.asarray(scale * rng.standard_normal(shape), dtype=dtype)
        p = dl.Tensor(np.ones(shape, dtype=dtype), requires_grad=True)
        q = torch.nn.Parameter(torch.ones(shape, dtype=getattr(torch, dtype)))
        p.grad, q.grad = dl.Tensor(g.copy()), torch.from_numpy(g.copy())
        ours.append(p)
        theirs.append(q)
    return (
        [*ours, dl.tensor([1.0], requires_grad=True)],
        [*theirs, torch.nn.Parameter(torch.ones(1))],
    )


def assert_same_gradients(ours, theirs, dtype):
    tolerance = {"float32": 1e-5, "float64": 1e-10}[dtype]
    for p, q in zip(ours[:-1], theirs[:-1], strict=True):
        np.testing.assert_allclose(p.grad.data, q.grad.numpy(), rtol=tolerance, atol=tolerance)
        assert p.grad.dtype == dtype
    assert ours[-1].grad is None


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("norm_type", [1.0, 2.0, 3.5, float("inf"), -float("inf"), 0.0])
@pytest.mark.parametrize("max_norm", [0.0, 0.5, 2.0, 1e3])
def test_norm(dtype, norm_type, max_norm):
    ours, theirs = pair(dtype)
    memory = [p.grad.data for p in ours[:-1]]
    got = clip_grad_norm_(ours, max_norm, norm_type)
    expected = torch.nn.utils.clip_grad_norm_(theirs, max_norm, norm_type)
    assert got.shape == ()
    assert got.dtype == dtype
    assert got.item() == pytest.approx(expected.item(), rel=1e-5 if dtype == "float32" else 1e-10)
    assert_same_gradients(ours, theirs, dtype)
    assert all(p.grad.data is m for p, m in zip(ours, memory, strict=False)), "not in place"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("clip_value", [0.0, 0.5, 100.0])
def test_value(dtype, clip_value):
    ours, theirs = pair(dtype, scale=2.0)
    clip_grad_value_(ours, clip_value)
    torch.nn.utils.clip_grad_value_(theirs, clip_value)
    assert_same_gradients(ours, theirs, dtype)


def test_one_parameter_and_a_generator_will_do():
    ours, _ = pair("float64")
    clip_grad_norm_(ours[0], 0.1)
    assert np.linalg.norm(ours[0].grad.data) == pytest.approx(0.1, rel=1e-5)
    clip_grad_norm_((p for p in ours), 0.01)
    total = np.sqrt(sum((p.grad.data**2).sum() for p in ours[:-1]))
    assert total == pytest.approx(0.01, rel=1e-3)
    clip_grad_value_(ours[1], 1e-9)
    assert np.abs(ours[1].grad.data).max() <= 1e-9


def test_no_gradient_no_norm():
    assert clip_grad_norm_([dl.tensor([1.0], requires_grad=True)], 1.0).item() == 0.0


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_norms_that_are_not_finite_are_as_in_torch_or_an_error(bad):
    ours, theirs = pair("float64")
    for p, q in zip(ours[:1], theirs[:1], strict=True):
        p.grad.data[0, 0], q.grad[0, 0] = bad, bad
    before = ours[1].grad.data.copy()
    with pytest.raises(RuntimeError, match="so that it cannot be clipped"):
        clip_grad_norm_(ours, 1.0, error_if_nonfinite=True)
    assert ours[1].grad.data.tolist() == before.tolist()
    clip_grad_norm_(ours, 1.0)
    torch.nn.utils.clip_grad_norm_(theirs, 1.0)
    assert_same_gradients(ours, theirs, "float64")


def test_what_is_refused():
    w = dl.tensor([1.0], requires_grad=True)
    with pytest.raises(ValueError, match="max_norm: expected a number at least 0, got -1"):
        clip_grad_norm_([w], -1)
    with pytest.raises(ValueError, match="clip_value: expected a number at least 0, got nan"):
        clip_grad_value_([w], float("nan"))
    with pytest.raises(TypeError, match=r"parameters\[0\]: expected a Tensor, got float"):
        clip_grad_norm_([1.0], 1.0)


def test_the_norm_of_float16_is_taken_in_float32():
    half = {"dtype": "float16"}
    parameters = [dl.tensor([0.0], requires_grad=True, **half) for _ in range(10)]
    for p in parameters:
        p.grad = dl.tensor([200.0], **half)
    norm = clip_grad_norm_(parameters, max_norm=1.0)
    assert norm.item() == 632.5
    assert norm.dtype == np.float16
    np.testing.assert_allclose([p.grad.item() for p in parameters], 0.3162, rtol=1e-3)
