"""Pooling beside torch's, in every mix of its options."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as TF
from hypothesis import assume, given, settings, strategies as st

import dlcore as dl
import dlcore.functional as F


def _compare(name: str, x: np.ndarray, *args: Any, **options: Any) -> None:
    ours, theirs = dl.tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    want = getattr(TF, name)(theirs, *args, **options)
    got = getattr(F, name)(ours, *args, **options)
    np.testing.assert_allclose(got.data, want.detach().numpy(), rtol=1e-10, atol=1e-12)
    u = np.random.default_rng(1).normal(size=got.shape)
    (g,) = dl.grad(got, ours, dl.Tensor(u))
    (e,) = torch.autograd.grad(want, theirs, torch.tensor(u))
    np.testing.assert_allclose(g.data, e.numpy(), rtol=1e-10, atol=1e-12)


@st.composite
def _windows(draw: Any, axes: int) -> tuple[tuple[int, ...], dict[str, Any]]:
    """A shape of images and the options of a window that fits into them."""
    sizes = draw(st.lists(st.integers(1, 7), min_size=axes, max_size=axes))
    kernel = tuple(draw(st.integers(1, 3)) for _ in range(axes))
    steps = st.none() | st.integers(1, 3) | st.tuples(*[st.integers(1, 3)] * axes)
    options = {
        "kernel_size": kernel,
        "stride": draw(steps),
        "padding": tuple(draw(st.integers(0, k // 2)) for k in kernel),
        "ceil_mode": draw(st.booleans()),
    }
    reach = [n + 2 * p - k for n, p, k in zip(sizes, options["padding"], kernel, strict=True)]
    assume(min(reach) >= 0)
    return (*draw(st.sampled_from([(2, 3), (3,)])), *sizes), options


@pytest.mark.parametrize("axes", [1, 2])
@given(data=st.data())
@settings(max_examples=60)
def test_max_pool_equals_torch(axes: int, data: Any) -> None:
    shape, options = data.draw(_windows(axes))
    options["dilation"] = data.draw(st.integers(1, 2))
    edges = zip(shape[-axes:], options["padding"], options["kernel_size"], strict=True)
    assume(all(n + 2 * p - options["dilation"] * (k - 1) >= 1 for n, p, k in edges))
    x = np.random.default_rng(0).permutation(np.arange(np.prod(shape))).astype(float)
    out = getattr(F, f"max_pool{axes}d")(dl.tensor(x.reshape(shape)), **options)
    assume(np.isfinite(out.data).all())  # torch aborts on patches that hold nothing but padding
    _compare(f"max_pool{axes}d", x.reshape(shape), **options)


@pytest.mark.parametrize("axes", [1, 2])
@given(data=st.data())
@settings(max_examples=60)
def test_avg_pool_equals_torch(axes: int, data: Any) -> None:
    shape, options = data.draw(_windows(axes))
    options["count_include_pad"] = data.draw(st.booleans())
    if axes == 2:
        options["divisor_override"] = data.draw(st.none() | st.integers(1, 5))
    _compare(f"avg_pool{axes}d", np.random.default_rng(0).normal(size=shape), **options)


@pytest.mark.parametrize("name", ["adaptive_avg_pool2d", "adaptive_max_pool2d"])
@given(data=st.data())
@settings(max_examples=40)
def test_adaptive_pooling_equals_torch(name: str, data: Any) -> None:
    sizes = st.integers(1, 7)
    shape = (2, 3, data.draw(sizes), data.draw(sizes))
    wanted = data.draw(sizes | st.tuples(sizes | st.none(), sizes | st.none()))
    _compare(name, np.random.default_rng(0).normal(size=shape), wanted)


def test_adaptive_pooling_of_sequences_and_single_images_equals_torch() -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 7))
    _compare("adaptive_avg_pool1d", x, 3)
    _compare("adaptive_avg_pool1d", x, 1)
    _compare("adaptive_avg_pool2d", x, (2, 5))
    _compare("adaptive_max_pool2d", x, (2, 5))


def test_of_equal_elements_the_first_gets_the_gradient() -> None:
    x = np.ones((1, 1, 4, 4))
    _compare("max_pool2d", x, 2)
    _compare("max_pool2d", x, 3, stride=1, padding=1)
    _compare("adaptive_max_pool2d", x, 3)


def test_nan_is_not_hidden() -> None:
    x = dl.tensor([[[1.0, np.nan, 0.0, 2.0]]])
    assert np.isnan(F.max_pool1d(x, 4).data).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: F.max_pool2d(x[0, 0], 2), r"max_pool2d: input must have 4 axes"),
        (lambda x: F.max_pool2d(x, 0), "kernel_size, stride and dilation must be at least 1"),
        (lambda x: F.max_pool2d(x, 2, padding=2), "padding must lie between 0 and half of kernel"),
        (lambda x: F.max_pool2d(x, 6), r"a patch of \(6, 6\) does not fit"),
        (lambda x: F.max_pool2d(x, (2, 2, 2)), "kernel_size must be a number or 2 of them"),
        (lambda x: F.avg_pool2d(x, 2, divisor_override=0), "divisor_override must not be 0"),
        (lambda x: F.adaptive_avg_pool2d(x, (1, 2, 3)), "output_size must be a number or 2"),
        (lambda x: F.adaptive_max_pool2d(x, 0), "must be at least 1, got"),
    ],
)
def test_wrong_options_get_a_clear_error(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(dl.ones(1, 2, 5, 5))
