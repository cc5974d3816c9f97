"""What Tensors can do in formulas and as plain Python values, beside torch."""

from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl


@pytest.mark.parametrize(
    "f",
    [
        lambda x: (x > 1) & (x < 4),
        lambda x: (x < 1) | (x > 4),
        lambda x: ~(x > 1),
        lambda x: x & 3,
        lambda x: 3 & x,
        lambda x: True | (x > 1),
        lambda x: (x > 1) ^ (x > 3),
        lambda x: 6 ^ x,
        lambda x: (x > 1).all(),
        lambda x: (x > 1).any(dim=1),
        lambda x: (x > 1).all(dim=0, keepdim=True),
        lambda x: (x > 1).clone(),
    ],
)
def test_masks_are_torchs(f: Any) -> None:
    array = np.arange(6).reshape(2, 3)
    got, want = f(dl.tensor(array)), f(torch.tensor(array))
    np.testing.assert_array_equal(got.numpy(), want.numpy(), strict=True)


def test_a_copy_of_a_mask_has_its_own_memory() -> None:
    mask = dl.tensor([True, False])
    copied = mask.clone()
    copied.data[0] = False
    assert mask.tolist() == [True, False]


@pytest.mark.parametrize("value", [2.75, -3.0, 7])
def test_a_single_element_is_a_python_number(value: float) -> None:
    ours, theirs = dl.tensor(value), torch.tensor(value)
    assert int(ours) == int(theirs)
    assert f"{ours:.3f}" == f"{theirs:.3f}"
    assert f"{ours}" == repr(ours)


def test_rows_are_yielded_and_a_number_has_none() -> None:
    assert [row.tolist() for row in dl.tensor([[1, 2], [3, 4]])] == [[1, 2], [3, 4]]
    with pytest.raises(TypeError, match="a Tensor without axes has no length"):
        list(dl.tensor(1.0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: x.flatten(3), r"dim: expected from -2 to 1, got 3"),
        (lambda x: x.unsqueeze(4), r"dim: expected from -3 to 2, got 4"),
        (lambda x: x.squeeze(-3), r"dim: expected from -2 to 1, got -3"),
        (lambda x: x.transpose(0, 2), r"dim: expected from -2 to 1, got 2"),
        (lambda x: x.sum(2), r"dim: expected from -2 to 1, got 2"),
        (lambda x: x.logsumexp(-3), r"dim: expected from -2 to 1, got -3"),
        (lambda x: x.sum().mean(0), r"dim: expected no axis \(of a single number\), got 0"),
        (lambda x: dl.cat([x.sum(), x.sum()]), r"dim: expected no axis"),
        (lambda x: dl.cat([x, x], dim=2), r"dim: expected from -2 to 1, got 2"),
        (lambda x: x.argmax(2), r"dim: expected from -2 to 1, got 2"),
        (lambda x: x.any((0, 2)), r"dim: expected from -2 to 1, got 2"),
        (lambda x: x.softmax(2), r"dim: expected from -2 to 1, got 2"),
        (lambda x: np.sum(x, axis=-3), r"dim: expected from -2 to 1, got -3"),
    ],
)
def test_an_axis_that_is_not_there_is_refused(call: Any, message: str) -> None:
    with pytest.raises(IndexError, match=message):
        call(dl.ones(2, 3))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: bool(x == x), ValueError, r"bool: .* got shape \(2, 3\); use all\(\) or any"),
        (lambda x: x.expand(3), ValueError, r"expand: expected at least 2 sizes, got \(3,\)"),
        (lambda x: x.to("complex64"), TypeError, "to: expected a dtype of real numbers or bool"),
        (lambda x: x + dl.ones(2), ValueError, r"add: operands .* \(2,3\) \(2,\); counted from"),
        (lambda x: dl.where(x[0] > 0, x, dl.ones(2)), ValueError, "where: operands .* counted"),
        (lambda x: x.sum("rows"), TypeError, "dim: expected the number of an axis, got 'rows'"),
        (lambda x: x.var(True), TypeError, "dim: expected the number of an axis, got True"),
        (lambda x: x.var(correction=None), TypeError, "correction: expected a number, got None"),
        (lambda x: x.amax((1, -1)), ValueError, r"dim: expected each axis once, got \(1, -1\)"),
        (lambda x: -(x > 0), TypeError, "neg: booleans have no negative; use ~x"),
        (lambda x: x.reshape(2.5, 2), ValueError, r"reshape: expected .* got \(2.5, 2\)"),
        (
            lambda x: dl.cat([x, x.mT]),
            ValueError,
            r"cat: .* but for axis 0, got \(2, 3\), \(3, 2\)",
        ),
        (
            lambda x: dl.Tensor((x, x)),
            TypeError,
            r"got a tuple of Tensors, .* join them with stack",
        ),
    ],
)
def test_wrong_use_says_what_to_do(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call(dl.ones(2, 3))


def test_the_sum_of_no_probability_is_no_warning() -> None:
    nothing = dl.tensor([-np.inf, -np.inf])
    assert nothing.logsumexp(0).item() == -np.inf
    assert dl.zeros(0, 2).logsumexp(0).tolist() == [-np.inf, -np.inf]


def test_an_array_may_weigh_outputs() -> None:
    x = dl.tensor([2.0, 3.0], requires_grad=True)
    (g,) = dl.grad(x * x, x, grad_outputs=np.array([1.0, 10.0], np.float32))
    assert g.tolist() == [4.0, 60.0]
