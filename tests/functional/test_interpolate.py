"""Resizing beside torch's, as a function."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as TF
from hypothesis import assume, given, settings, strategies as st

import dlcore as dl
import dlcore.functional as F


@pytest.mark.parametrize("mode", ["nearest", "linear", "bilinear"])
@given(data=st.data())
@settings(max_examples=40)
def test_interpolate_equals_torch(mode: str, data: Any) -> None:
    axes = {"linear": 1, "bilinear": 2}.get(mode) or data.draw(st.integers(1, 2))
    shape = [2, 3, *(data.draw(st.integers(1, 5)) for _ in range(axes))]
    options: dict[str, Any] = {"mode": mode}
    if data.draw(st.booleans()):
        options["size"] = tuple(data.draw(st.integers(1, 9)) for _ in range(axes))
    else:
        factors = st.sampled_from([0.5, 1.0, 1.5, 2.0, 2.5, 3.0])
        options["scale_factor"] = tuple(data.draw(factors) for _ in range(axes))
        assume(all(n * f >= 1 for n, f in zip(shape[2:], options["scale_factor"], strict=True)))
    if mode != "nearest":
        options["align_corners"] = data.draw(st.sampled_from([None, False, True]))
    x = np.random.default_rng(0).normal(size=shape)
    ours, theirs = dl.tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    got, want = F.interpolate(ours, **options), TF.interpolate(theirs, **options)
    np.testing.assert_allclose(got.data, want.detach().numpy(), rtol=1e-10, atol=1e-12)
    u = np.random.default_rng(1).normal(size=got.shape)
    (g,) = dl.grad(got, ours, dl.Tensor(u))
    (e,) = torch.autograd.grad(want, theirs, torch.tensor(u))
    np.testing.assert_allclose(g.data, e.numpy(), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: F.interpolate(x, 2, mode="bilinear"), "does not fit input of shape"),
        (lambda x: F.interpolate(x, 2, align_corners=True), "an option of straight lines alone"),
        (lambda x: F.interpolate(x, 2, 2.0), "either size or scale_factor"),
        (lambda x: F.interpolate(x, (2, 2)), "expected 1 positive numbers"),
        (lambda x: F.interpolate(x, scale_factor=0.1), "leaves nothing of"),
    ],
)
def test_wrong_options_get_a_clear_error(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(dl.ones(2, 3, 4))
