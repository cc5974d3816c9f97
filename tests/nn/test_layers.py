"""Every layer beside torch's: values, gradients, ten training steps, state both ways."""

import re
from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import nn

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}
# Each written once, for both libraries, with the shapes of its inputs.
LAYERS: dict[str, list[tuple[int, ...]]] = {
    "Linear(3, 2)": [(4, 3)],
    "Linear(3, 2, bias=False)": [(2, 4, 3)],
    "Bilinear(3, 4, 2)": [(5, 3), (5, 4)],
    "Bilinear(2, 3, 4, bias=False)": [(2, 5, 2), (2, 5, 3)],
    "Conv1d(4, 6, 3)": [(2, 4, 9)],
    "Conv1d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2, bias=False)": [(2, 4, 9)],
    "Conv2d(3, 4, 3)": [(2, 3, 6, 5)],
    "Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2)": [
        (2, 4, 7, 6)
    ],
    "Conv2d(4, 4, 3, padding=1, groups=4, bias=False)": [(2, 4, 5, 5)],
    "Conv2d(2, 3, 3, padding='same')": [(2, 2, 5, 4)],
    "ConvTranspose2d(4, 3, 3)": [(2, 4, 4, 3)],
    "ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2, bias=False)": [
        (2, 4, 4, 3)
    ],
    "BatchNorm1d(3)": [(6, 3)],
    "BatchNorm1d(3, momentum=None)": [(4, 3, 5)],
    "BatchNorm2d(3)": [(4, 3, 5, 2)],
    "BatchNorm2d(3, eps=0.1, momentum=0.3, affine=False)": [(4, 3, 2, 2)],
    "BatchNorm2d(3, track_running_stats=False)": [(4, 3, 2, 2)],
    "LayerNorm(4)": [(3, 4)],
    "LayerNorm((3, 4), eps=0.1)": [(2, 3, 4)],
    "LayerNorm(4, bias=False)": [(2, 3, 4)],
    "LayerNorm(4, elementwise_affine=False)": [(3, 4)],
    "GroupNorm(2, 6)": [(3, 6, 4, 2)],
    "GroupNorm(3, 6, eps=0.1)": [(3, 6)],
    "GroupNorm(1, 4, affine=False)": [(3, 4, 5)],
    "RMSNorm(4)": [(3, 4)],
    "RMSNorm((3, 4), eps=0.1)": [(2, 3, 4)],
    "RMSNorm(4, elementwise_affine=False)": [(3, 4)],
    "MaxPool1d(2)": [(2, 3, 7)],
    "MaxPool2d(3, stride=2, padding=1)": [(2, 3, 7, 6)],
    "AvgPool1d(3, stride=2, padding=1, count_include_pad=False)": [(2, 3, 7)],
    "AvgPool2d((2, 3), ceil_mode=True)": [(2, 3, 7, 6)],
    "AdaptiveAvgPool1d(3)": [(2, 3, 7)],
    "AdaptiveAvgPool2d((1, 1))": [(2, 3, 7, 6)],
    "AdaptiveAvgPool2d((3, None))": [(2, 3, 7, 6)],
    "AdaptiveMaxPool2d(2)": [(2, 3, 7, 6)],
    "Upsample(scale_factor=2)": [(2, 3, 4, 3)],
    "Upsample(size=7, mode='linear')": [(2, 3, 4)],
    "Upsample(scale_factor=(2, 1.5), mode='bilinear', align_corners=True)": [(2, 3, 4, 6)],
    "Flatten(1, 2)": [(2, 3, 4, 5)],
    "Unflatten(1, (2, 3))": [(4, 6, 2)],
    "Identity(7)": [(4, 3)],
    "Dropout(0.0)": [(4, 3)],
    "Dropout2d(0.0)": [(4, 3, 2, 2)],
    "Sequential(Conv2d(1, 3, 3), BatchNorm2d(3), ReLU(), MaxPool2d(2), Flatten(), Linear(12, 2))": [
        (5, 1, 6, 6)
    ],
}
CASES = [pytest.param(k, v, id=k) for k, v in LAYERS.items()]
# torch's later versions show the bias of every norm, and that a Dropout does not work in place.
SHOWN_BY_TORCH_ALONE = re.compile(r", inplace=\w+|, bias=\w+")


def _pair(text: str, dtype: str) -> tuple[nn.Module, torch.nn.Module]:
    """The same layer in both libraries; ours takes over torch's weights."""
    torch.manual_seed(0)
    ours: nn.Module = eval(text, dict(vars(nn))).to(dtype)
    theirs: torch.nn.Module = eval(text, dict(vars(torch.nn))).to(getattr(torch, dtype))
    with torch.no_grad():
        for parameter in theirs.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))  # ones and zeros hide mistakes
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


def _inputs(shapes: list[tuple[int, ...]], dtype: str) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def _assert_states_equal(ours: nn.Module, theirs: torch.nn.Module, tolerance: float) -> None:
    state, expected = ours.state_dict(), theirs.state_dict()
    assert list(state) == list(expected)
    for name, array in state.items():
        want = expected[name].numpy()
        np.testing.assert_allclose(array, want, rtol=tolerance, atol=tolerance, err_msg=name)
        assert array.shape == want.shape
        assert array.dtype == want.dtype


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("text", "shapes"), CASES)
def test_ten_steps_beside_torch(text: str, shapes: list[tuple[int, ...]], dtype: str) -> None:
    ours, theirs = _pair(text, dtype)
    tolerance = TOLERANCE[dtype]
    arrays = _inputs(shapes, dtype)
    xs = [dl.tensor(a, requires_grad=True) for a in arrays]
    ts = [torch.tensor(a, requires_grad=True) for a in arrays]
    u = np.random.default_rng(1).normal(size=theirs(*ts).shape).astype(dtype)
    ours.load_state_dict(theirs.state_dict())  # the shape cost torch's statistics one batch
    lr = 0.01
    for _ in range(10):
        out, want = ours(*xs), theirs(*ts)
        np.testing.assert_allclose(
            out.data, want.detach().numpy(), rtol=tolerance, atol=tolerance, strict=True
        )
        (out * u).sum().backward()
        (want * torch.tensor(u)).sum().backward()
        for x, t in zip(xs, ts, strict=True):
            assert x.grad is not None
            assert t.grad is not None
            np.testing.assert_allclose(x.grad.data, t.grad, rtol=tolerance, atol=10 * tolerance)
            x.grad = t.grad = None
        for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert p.grad is not None
            assert q.grad is not None
            p.data -= lr * p.grad.data
            q.data -= lr * q.grad
            p.grad = q.grad = None
    _assert_states_equal(ours, theirs, tolerance)
    got, want = ours.eval()(*xs), theirs.eval()(*ts)
    np.testing.assert_allclose(got.data, want.detach().numpy(), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("text", "shapes"), CASES)
def test_state_and_representation_are_torchs(text: str, shapes: list[tuple[int, ...]]) -> None:
    ours = eval(text, dict(vars(nn)))
    theirs = eval(text, dict(vars(torch.nn)))
    assert [(k, v.shape) for k, v in ours.state_dict().items()] == [
        (k, tuple(v.shape)) for k, v in theirs.state_dict().items()
    ]
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    x = _inputs(shapes, "float32")
    want = theirs(*map(torch.tensor, x)).detach().numpy()
    np.testing.assert_allclose(ours(*map(dl.tensor, x)).data, want, rtol=1e-5, atol=1e-5)
    if "Norm" in text or "Dropout" in text:
        assert re.sub(SHOWN_BY_TORCH_ALONE, "", repr(ours)) == re.sub(
            SHOWN_BY_TORCH_ALONE, "", repr(theirs)
        )
    else:
        assert repr(ours) == repr(theirs)


@pytest.mark.parametrize(
    "text", ["Conv1d(8, 64, 5)", "Conv2d(8, 64, 3, groups=2)", "ConvTranspose2d(64, 8, 3)"]
)
def test_starting_values_have_torchs_spread(text: str) -> None:
    ours, theirs = eval(text, dict(vars(nn))), eval(text, dict(vars(torch.nn)))
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        bound = float(q.detach().abs().max())
        assert np.abs(p.data).max() == pytest.approx(bound, rel=0.5 if p.ndim == 1 else 0.02)


@pytest.mark.parametrize("name", ["Embedding", "Bilinear", "Conv2d"])
def test_a_generator_makes_weights_repeatable(name: str) -> None:
    sizes = (4, 3) if name == "Embedding" else (4, 3, 2)
    a, b = (getattr(nn, name)(*sizes, rng=np.random.default_rng(5)) for _ in "ab")
    for p, q in zip(a.parameters(), b.parameters(), strict=True):
        np.testing.assert_array_equal(p.data, q.data)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("padding_idx", [None, 0, -1])
def test_embedding_beside_torch(padding_idx: int | None, dtype: str) -> None:
    text = f"Embedding(5, 3, padding_idx={padding_idx})"
    ours, theirs = _pair(text, dtype)
    assert repr(ours) == repr(theirs)
    rows = np.random.default_rng(0).integers(0, 5, (4, 6))
    u = np.random.default_rng(1).normal(size=(4, 6, 3)).astype(dtype)
    for _ in range(10):
        out, want = ours(rows), theirs(torch.tensor(rows))
        np.testing.assert_array_equal(ours(dl.tensor(rows)).data, out.data)
        np.testing.assert_allclose(out.data, want.detach().numpy(), rtol=TOLERANCE[dtype])
        (out * out * u).sum().backward()
        (want * want * torch.tensor(u)).sum().backward()
        for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
            p.data -= 0.01 * p.grad.data  # type: ignore[union-attr]
            q.data -= 0.01 * q.grad  # type: ignore[operator]
            p.grad = q.grad = None
    _assert_states_equal(ours, theirs, TOLERANCE[dtype])


def test_a_padding_row_starts_at_zero() -> None:
    assert not nn.Embedding(4, 3, padding_idx=-2).weight.data[2].any()


@pytest.mark.parametrize("layer", [nn.BatchNorm1d(2), nn.BatchNorm2d(2)])
def test_batch_norm_in_evaluation_changes_nothing(layer: nn.Module) -> None:
    shape = (3, 2) if isinstance(layer, nn.BatchNorm1d) else (3, 2, 2, 2)
    before = {k: v.copy() for k, v in layer.state_dict().items()}
    layer.eval()(dl.ones(*shape))
    for name, array in layer.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_gradient_penalties_go_through_every_norm() -> None:
    """Second derivatives, as WGAN-GP needs them, of layers that normalise, pool and resize."""
    net = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.MaxPool2d(2), nn.Upsample(scale_factor=2),
        nn.GroupNorm(2, 4), nn.AvgPool2d(2), nn.Flatten(), nn.LayerNorm(16), nn.RMSNorm(16),
        nn.Tanh(), nn.Linear(16, 1),
    ).to(np.float64)  # fmt: skip
    x = dl.tensor(np.random.default_rng(0).normal(size=(3, 1, 6, 6)), requires_grad=True)

    def penalty(x: dl.Tensor) -> dl.Tensor:
        (g,) = dl.grad(net(x).sum(), x, create_graph=True)
        return ((g * g).sum((1, 2, 3)).sqrt() - 1).pow(2).sum()

    assert dl.gradcheck(penalty, x, rtol=1e-5)


def test_dropout_drops_the_share_it_says_and_keeps_the_mean() -> None:
    rng = np.random.default_rng(0)
    x = dl.ones(200, 100).requires_grad_()
    out = nn.Dropout(0.3, rng=rng)(x)
    assert np.mean(out.data == 0) == pytest.approx(0.3, abs=0.01)
    assert set(np.unique(out.data)) == {0, np.float32(1 / 0.7)}
    (g,) = dl.grad(out.sum(), x)
    np.testing.assert_array_equal(g.data, out.data)
    assert nn.Dropout(1.0, rng=rng)(x).data.sum() == 0
    layer = nn.Dropout(0.3).eval()
    assert layer(x) is x


@pytest.mark.parametrize("shape", [(20, 50, 3, 2), (50, 3, 2)])
def test_dropout2d_drops_whole_channels(shape: tuple[int, ...]) -> None:
    out = nn.Dropout2d(0.5, rng=np.random.default_rng(0))(dl.ones(*shape)).data
    kept = out.mean((-1, -2))
    assert set(np.unique(kept)) == {0, 2}


def test_dropout_repeats_with_its_generator() -> None:
    a, b = (nn.Dropout(rng=np.random.default_rng(3))(dl.ones(50)).data for _ in "ab")
    np.testing.assert_array_equal(a, b)


def test_module_list_and_dict_hold_their_modules() -> None:
    layers = nn.ModuleList([nn.Linear(1, 2)]).append(nn.ReLU()).extend([nn.Linear(2, 1)])
    assert len(layers) == 3
    assert list(layers)[1] is layers[1]
    assert len(layers[1:]) == 2  # type: ignore[arg-type]
    theirs = torch.nn.ModuleList([torch.nn.Linear(1, 2), torch.nn.ReLU(), torch.nn.Linear(2, 1)])
    assert list(layers.state_dict()) == list(theirs.state_dict())
    named = nn.ModuleDict({"a": nn.Linear(1, 2)})
    named["b"] = nn.ReLU()
    assert list(named) == list(named.keys()) == ["a", "b"]
    assert list(named.values()) == [m for _, m in named.items()] == [named["a"], named["b"]]
    assert "b" in named
    del named["b"]
    assert len(named) == 1
    assert list(named.state_dict()) == ["a.weight", "a.bias"]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.Conv2d(3, 4, 3, groups=2), ValueError, "in_channels must be positive and div"),
        (lambda: nn.Conv2d(4, 3, 3, groups=2), ValueError, "out_channels must be divisible by gro"),
        (lambda: nn.Conv2d(4, 0, 3), ValueError, "out_channels must be .* positive, got 0 and 1"),
        (
            lambda: nn.Conv2d(1, 1, (3, 0)),
            ValueError,
            r"kernel_size must be at least 1, got \(3, 0",
        ),
        (lambda: nn.Conv1d(1, 1, (2, 2)), ValueError, "kernel_size must be a number or 1 of them"),
        (lambda: nn.Bilinear(0, 1, 1), ValueError, "Bilinear: sizes must be at least 1"),
        (lambda: nn.Bilinear(2, 1, 1)(dl.ones(1, 3), dl.ones(1, 1)), ValueError, "bilinear: expec"),
        (lambda: nn.Bilinear(2, 1, 1)(dl.ones(1, 2), dl.ones(2, 1)), ValueError, "leading axes"),
        (lambda: nn.Embedding(0, 1), ValueError, "must be at least 1, got 0 and 1"),
        (lambda: nn.Embedding(3, 1, padding_idx=3), ValueError, "padding_idx must be a row of 3"),
        (lambda: nn.Embedding(3, 1)(np.array([3])), ValueError, "must lie between 0 and 2"),
        (lambda: nn.Embedding(3, 1)(dl.ones(2)), TypeError, "must hold class indices"),
        (lambda: nn.BatchNorm1d(3)(dl.ones(2, 4)), ValueError, "2 or 3 axes and 3 channels"),
        (lambda: nn.BatchNorm2d(3)(dl.ones(2, 3)), ValueError, "must have 4 axes and 3 channels"),
        (lambda: nn.BatchNorm1d(3)(dl.ones(1, 3)), ValueError, "more than one element a channel"),
        (lambda: nn.LayerNorm(3)(dl.ones(2, 4)), ValueError, r"last axes of input must be \(3,\)"),
        (lambda: nn.RMSNorm((2, 3))(dl.ones(3)), ValueError, r"last axes of input must be \(2, 3"),
        (lambda: nn.GroupNorm(2, 3), ValueError, "num_channels must be divisible by num_groups"),
        (lambda: nn.GroupNorm(2, 4)(dl.ones(2, 6)), ValueError, "must have 4 channels"),
        (lambda: nn.Dropout(1.5), ValueError, "p must lie between 0 and 1, got 1.5"),
        (lambda: nn.Dropout2d()(dl.ones(3)), ValueError, "must have 4 axes"),
        (lambda: nn.Unflatten(1, (2, 2))(dl.ones(1, 3)), ValueError, "must have length 4"),
        (lambda: nn.Upsample()(dl.ones(1, 1, 2)), ValueError, "either size or scale_factor"),
        (lambda: nn.Upsample(2, mode="linear")(dl.ones(1, 1, 2, 2)), ValueError, "does not fit"),
        (lambda: nn.ModuleList([3]), TypeError, "ModuleList: expected a Module, got 3"),
        (lambda: nn.ModuleDict({"a": 3}), TypeError, "ModuleDict: 'a' must be a Module, got 3"),
    ],
)
def test_wrong_use_gets_a_clear_error(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()
