"""Functions beside torch's, and the errors for wrong input."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as TF

import dlcore as dl
import dlcore.functional as F

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("shape", [(5, 3), (2, 3, 4), (3,)])
def test_cross_entropy_of_indices_equals_torch(shape: Any, reduction: Any) -> None:
    axis = 0 if len(shape) == 1 else 1
    scores = RNG.normal(size=shape)
    target = RNG.integers(0, shape[axis], shape[:axis] + shape[axis + 1 :])
    got = F.cross_entropy(dl.tensor(scores), dl.Tensor(target), reduction)
    want = TF.cross_entropy(torch.tensor(scores), torch.tensor(target), reduction=reduction)
    np.testing.assert_allclose(got.data, want.numpy(), rtol=1e-12)


@pytest.mark.parametrize("reduction", ["sum", "none"])
def test_cross_entropy_of_probabilities_equals_torch(reduction: Any) -> None:
    scores, target = RNG.normal(size=(5, 3)), RNG.dirichlet(np.ones(3), 5)
    got = F.cross_entropy(dl.tensor(scores), dl.tensor(target), reduction)
    want = TF.cross_entropy(torch.tensor(scores), torch.tensor(target), reduction=reduction)
    np.testing.assert_allclose(got.data, want.numpy(), rtol=1e-12)


def test_the_gradient_of_cross_entropy_is_softmax_minus_target() -> None:
    scores = dl.tensor(RNG.normal(size=(4, 3)), requires_grad=True)
    target = np.array([0, 2, 1, 1])
    (g,) = dl.grad(F.cross_entropy(scores, target, "sum"), scores)
    expected = F.softmax(scores, 1).data - F.one_hot(target, 3).data
    np.testing.assert_allclose(g.data, expected, atol=1e-15)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_mse_equals_torch(reduction: Any) -> None:
    x, y = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3))
    got = F.mse_loss(dl.tensor(x), y, reduction)
    want = TF.mse_loss(torch.tensor(x), torch.tensor(y), reduction=reduction)
    np.testing.assert_allclose(got.data, want.numpy(), rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.mse_loss(dl.ones(3, 1), dl.ones(3)), ValueError, r"\(3, 1\) and \(3,\)"),
        (lambda: F.mse_loss(dl.ones(3), dl.ones(3), "avg"), ValueError, "reduction must be 'mean'"),
        (lambda: F.cross_entropy(dl.ones(2, 3), [0]), ValueError, r"target must have shape \(2,\)"),
        (lambda: F.cross_entropy(dl.ones(2, 3), [0, 3]), ValueError, "between 0 and 2"),
        (lambda: F.cross_entropy(dl.ones(2, 3), [-1, 0]), ValueError, "between 0 and 2"),
        (lambda: F.cross_entropy(dl.ones(2, 3), [0.0, 1.0]), ValueError, "must be integers"),
        (lambda: F.cross_entropy(dl.tensor(1.0), [0]), ValueError, "needs an axis of classes"),
        (lambda: F.one_hot([0.5], 2), TypeError, r"class indices \(integers\), got float64"),
        (lambda: F.linear(dl.ones(2, 5), dl.ones(2, 3)), ValueError, r"must be 3 .*\(2, 5\)"),
        (lambda: dl.stack([dl.ones(2), dl.ones(3)]), ValueError, "expected Tensors of one shape"),
    ],
)
def test_wrong_input_gets_a_clear_error(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda x: F.relu(x), TF.relu),
        (lambda x: F.sigmoid(x), torch.sigmoid),
        (lambda x: F.tanh(x), torch.tanh),
        (lambda x: F.softmax(x, 0), lambda x: TF.softmax(x, 0)),
        (lambda x: F.log_softmax(x, -1), lambda x: TF.log_softmax(x, -1)),
        (lambda x: dl.cat([x, x], 1), lambda x: torch.cat([x, x], 1)),
        (lambda x: dl.stack([x, x], -1), lambda x: torch.stack([x, x], -1)),
        (lambda x: dl.where(x > 0, x, 0.0), lambda x: torch.where(x > 0, x, 0.0)),
        (lambda x: dl.maximum(x, -x), lambda x: torch.maximum(x, -x)),
        (lambda x: dl.minimum(x, -x), lambda x: torch.minimum(x, -x)),
        (lambda x: dl.matmul(x, x.T), lambda x: torch.matmul(x, x.T)),
        (lambda x: dl.exp(x) + dl.sin(x) * dl.cos(x), lambda x: x.exp() + x.sin() * x.cos()),
        (lambda x: dl.log(dl.sqrt(x * x)), lambda x: (x * x).sqrt().log()),
    ],
)
def test_functions_equal_torch(ours: Any, theirs: Any) -> None:
    array = RNG.normal(size=(3, 4))
    got, want = ours(dl.tensor(array)), theirs(torch.tensor(array))
    np.testing.assert_allclose(got.data, want.numpy(), rtol=1e-12)


def test_makers_of_tensors() -> None:
    assert dl.zeros(2, 3).shape == dl.zeros((2, 3)).shape == (2, 3)
    assert dl.ones(2, dtype=np.float64).dtype == np.float64
    assert dl.full((2,), 7.0).tolist() == [7.0, 7.0]
    assert dl.eye(2).tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert dl.arange(3).tolist() == [0, 1, 2]
    assert dl.arange(3).dtype == np.int64
    assert dl.arange(0, 1, 0.5).dtype == np.float32
    assert dl.rand(4, requires_grad=True).requires_grad
