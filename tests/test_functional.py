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


@pytest.mark.parametrize("reverse", [False, True])
def test_lstm_equals_its_cell_and_torchs_step_by_step(reverse: bool) -> None:
    x, hx = RNG.normal(size=(5, 2, 3)), [RNG.normal(size=(2, 4)) for _ in "hc"]
    weights = [RNG.normal(size=shape) for shape in [(16, 3), (16, 4), (16,), (16,)]]
    out, last = F.lstm(x, (hx[0], hx[1]), *weights, reverse=reverse)
    ours, theirs = (hx[0], hx[1]), [torch.tensor(h) for h in hx]
    for t in range(5)[:: -1 if reverse else 1]:
        ours = F.lstm_cell(x[t], ours, *weights)
        theirs = torch.lstm_cell(torch.tensor(x[t]), theirs, *map(torch.tensor, weights))
        for got, want in zip([*ours, out[t]], [*theirs, theirs[0]], strict=True):
            np.testing.assert_allclose(got.data, want.numpy(), rtol=1e-12)
    np.testing.assert_allclose(last[1].data, theirs[1].numpy(), rtol=1e-12)


def test_dropout2d_drops_whole_channels_and_keeps_the_mean_as_torchs_does() -> None:
    x = np.ones((200, 50, 2, 3))
    ours = F.dropout2d(x, 0.3, rng=np.random.default_rng(0)).data
    theirs = TF.dropout2d(torch.tensor(x), 0.3).numpy()
    for out in (ours, theirs):
        assert set(np.unique(out).round(6)) == {0.0, round(1 / 0.7, 6)}
        assert (out == out[:, :, :1, :1]).all()
        assert abs(out.mean() - 1) < 0.04  # six standard deviations of (0.3 / 0.7 / 10,000)^0.5
    np.testing.assert_array_equal(F.dropout2d(x, 0.3, training=False).data, x)


def test_makers_of_tensors() -> None:
    assert dl.zeros(2, 3).shape == dl.zeros((2, 3)).shape == (2, 3)
    assert dl.ones(2, dtype=np.float64).dtype == np.float64
    assert dl.full((2,), 7.0).tolist() == [7.0, 7.0]
    assert dl.eye(2).tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert dl.arange(3).tolist() == [0, 1, 2]
    assert dl.arange(3).dtype == np.int64
    assert dl.arange(0, 1, 0.5).dtype == np.float32
    assert dl.rand(4, requires_grad=True).requires_grad
