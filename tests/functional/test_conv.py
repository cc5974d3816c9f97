"""Convolutions beside torch's, in every mix of their options."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as TF
from hypothesis import assume, given, settings, strategies as st

import dlcore as dl
import dlcore.functional as F
from dlcore.ops.conv import Geometry, columns

PAIRS = st.integers(1, 3) | st.tuples(st.integers(1, 3), st.integers(1, 3))
PADS = st.integers(0, 2) | st.tuples(st.integers(0, 2), st.integers(0, 2))


def _compare(name: str, x: np.ndarray, w: np.ndarray, b: Any, options: dict[str, Any]) -> None:
    arrays = [x, w] if b is None else [x, w, b]
    ours = [dl.tensor(a, requires_grad=True) for a in arrays]
    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
    want = getattr(TF, name)(*theirs, **options)
    got = getattr(F, name)(*ours, **options)
    np.testing.assert_allclose(got.data, want.detach().numpy(), rtol=1e-10, atol=1e-12)
    u = np.random.default_rng(1).normal(size=got.shape)
    grads = dl.grad(got, ours, dl.Tensor(u))
    expected = torch.autograd.grad(want, theirs, torch.tensor(u))
    for g, e in zip(grads, expected, strict=True):
        np.testing.assert_allclose(g.data, e.numpy(), rtol=1e-10, atol=1e-11)


@given(data=st.data())
@settings(max_examples=50)
def test_conv2d_equals_torch(data: Any) -> None:
    rng = np.random.default_rng(0)
    groups = data.draw(st.integers(1, 3))
    channels, out = (groups * data.draw(st.integers(1, 2)) for _ in range(2))
    kernel = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    options = {"stride": data.draw(PAIRS), "padding": data.draw(PADS), "dilation": data.draw(PAIRS)}
    size = [data.draw(st.integers(1, 8)) for _ in range(2)]
    x = rng.normal(size=(data.draw(st.integers(1, 3)), channels, *size))
    w = rng.normal(size=(out, channels // groups, *kernel))
    reach = np.add(size, 2 * np.array(options["padding"])) - (np.array(kernel) - 1) * np.array(
        options["dilation"]
    )
    assume((reach >= 1).all())
    b = rng.normal(size=out) if data.draw(st.booleans()) else None
    _compare("conv2d", x, w, b, options | {"groups": groups})


@given(data=st.data())
@settings(max_examples=40)
def test_conv_transpose2d_equals_torch(data: Any) -> None:
    rng = np.random.default_rng(0)
    groups = data.draw(st.integers(1, 3))
    channels = groups * data.draw(st.integers(1, 2))
    stride, dilation = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    kernel = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    options = {
        "stride": stride,
        "padding": data.draw(st.integers(0, min(kernel) - 1)),
        "output_padding": data.draw(st.integers(0, stride - 1)),
        "groups": groups,
        "dilation": dilation,
    }
    x = rng.normal(size=(2, channels, *(data.draw(st.integers(1, 5)) for _ in range(2))))
    w = rng.normal(size=(channels, data.draw(st.integers(1, 2)), *kernel))
    b = rng.normal(size=w.shape[1] * groups) if data.draw(st.booleans()) else None
    _compare("conv_transpose2d", x, w, b, options)


@pytest.mark.parametrize("padding", [0, 2, "same", "valid"])
@pytest.mark.parametrize("kernel", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("shape", [(2, 4, 9), (4, 9)])
@pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")  # torch's, on even kernels
def test_conv1d_equals_torch(shape: Any, dilation: int, kernel: int, padding: Any) -> None:
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=shape), rng.normal(size=(6, 2, kernel)), rng.normal(size=6)
    _compare("conv1d", x, w, b, {"padding": padding, "dilation": dilation, "groups": 2})


@pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")
def test_same_padding_and_single_images_equal_torch() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(3, 6, 5)), rng.normal(size=(2, 3, 2, 3))
    _compare("conv2d", x, w, None, {"padding": "same", "dilation": (1, 2)})
    _compare("conv_transpose2d", x, rng.normal(size=(3, 2, 2, 2)), None, {"stride": 2})


def test_convolution_can_be_differentiated_twice() -> None:
    rng = np.random.default_rng(0)
    x = dl.tensor(rng.normal(size=(1, 2, 4, 4)), requires_grad=True)
    w = dl.tensor(rng.normal(size=(2, 2, 2, 2)), requires_grad=True)
    assert dl.gradgradcheck(lambda x, w: F.conv2d(x, w, stride=2, padding=1).tanh(), [x, w])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, w: F.conv2d(x[0, 0], w), r"input must have 4 axes \(N, C, ...\), got \(5, 5\)"),
        (lambda x, w: F.conv2d(x, w[:, :1]), "weight must have shape"),
        (lambda x, w: F.conv2d(x, w, groups=2), "weight must have shape"),
        (lambda x, w: F.conv2d(x, w, dilation=5), "does not fit into input"),
        (lambda x, w: F.conv2d(x, w, stride=0), "must be at least 1"),
        (lambda x, w: F.conv2d(x, w, padding=(1, 2, 3)), "padding must be a number or 2 of them"),
        (lambda x, w: F.conv2d(x, w, padding="full"), "a size, 'valid' or 'same'"),
        (lambda x, w: F.conv2d(x, w, stride=2, padding="same"), "needs stride 1"),
        (lambda x, w: F.conv2d(x, w, dl.ones(3)), r"bias must have shape \(4,\), got \(3,\)"),
        (lambda x, w: F.conv_transpose2d(x, w), "input must have 4 channels"),
        (
            lambda x, w: F.conv_transpose2d(w, w.transpose(0, 1), output_padding=1),
            "output_padding must be smaller",
        ),
        (lambda x, w: F.conv_transpose2d(x, w.transpose(0, 1), padding=5), "would have size"),
    ],
)
def test_wrong_shapes_get_a_clear_error(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(dl.ones(1, 2, 5, 5), dl.ones(4, 2, 3, 3))


def test_columns_of_many_bands_equal_torch() -> None:
    """Enough positions that the columns are made band by band, in bands of unequal height."""
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape) for shape in ((17, 4, 25, 24), (6, 2, 5, 3), (6,))]
    options = {"stride": (1, 2), "padding": (2, 1), "groups": 2}
    x, w, b = arrays
    assert len(list(columns(x, (5, 3), Geometry((1, 2), (2, 1), groups=2)))) > 2
    _compare("conv2d", x, w, b, options)


def test_results_have_the_examples_innermost() -> None:
    """What follows a convolution then runs along rows of neighbours."""
    x, w = dl.randn(8, 3, 6, 6), dl.randn(4, 3, 3, 3)
    out = F.conv2d(x, w, dl.zeros(4), padding=1)
    pooled = F.max_pool2d(out.relu(), 2)
    for y in (out, pooled):
        assert y.data.transpose(1, 2, 3, 0).flags.c_contiguous
