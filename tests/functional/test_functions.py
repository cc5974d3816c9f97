"""Functions beside torch's, and the errors for wrong input."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as TF

import dlcore as dl
import dlcore.functional as F

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.gelu(dl.ones(1), "erf"), ValueError, "approximate: expected 'none' or 'tanh'"),
        (lambda: F.prelu(dl.ones(2, 3), dl.ones(2)), ValueError, r"shape \(3,\), got \(2,\)"),
        (lambda: F.one_hot([0.5], 2), TypeError, r"class indices \(integers\), got float64"),
        (lambda: F.one_hot(dl.zeros(0).to("int64")), ValueError, "num_classes cannot be told"),
        (lambda: F.normalize(dl.ones(2, 3), p=0), ValueError, "normalize: p must be positive"),
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
        (lambda x: F.leaky_relu(x), TF.leaky_relu),
        (lambda x: F.leaky_relu(x, 0.3), lambda x: TF.leaky_relu(x, 0.3)),
        (lambda x: F.elu(x), TF.elu),
        (lambda x: F.elu(x, 0.5), lambda x: TF.elu(x, 0.5)),
        (lambda x: F.silu(x), TF.silu),
        (lambda x: F.gelu(x), TF.gelu),
        (lambda x: F.gelu(x, "tanh"), lambda x: TF.gelu(x, approximate="tanh")),
        (lambda x: F.softplus(x), TF.softplus),
        (lambda x: F.softplus(30 * x, 2.0), lambda x: TF.softplus(30 * x, 2.0)),
        (
            lambda x: F.prelu(x, np.array([0.1, 0.2, 0.3, 0.4])),
            lambda x: TF.prelu(x, torch.tensor([0.1, 0.2, 0.3, 0.4], dtype=torch.float64)),
        ),
        (
            lambda x: F.prelu(x, np.array([0.1])),
            lambda x: TF.prelu(x, torch.tensor([0.1], dtype=torch.float64)),
        ),
        (
            lambda x: F.heaviside(x, 0.5),
            lambda x: torch.heaviside(x, torch.tensor(0.5, dtype=torch.float64)),
        ),
        (lambda x: F.avg_pool1d(x, 2, 1), lambda x: TF.avg_pool1d(x, 2, 1)),
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
