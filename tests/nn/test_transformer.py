"""Transformers beside torch's, and the positions that they read."""

from typing import Any

import numpy as np
import pytest
import torch

import dlcore as dl
import dlcore.functional as F
from dlcore import nn, optim

LAYERS = ["TransformerEncoderLayer", "TransformerDecoderLayer"]
TOLERANCE = {np.float32: {"rtol": 1e-5, "atol": 1e-5}, np.float64: {"rtol": 1e-9, "atol": 1e-10}}
pytestmark = pytest.mark.filterwarnings(
    "ignore:enable_nested_tensor is True:UserWarning"
)  # torch's


def _pair(name: str, *sizes: Any, dtype: Any = np.float64, **options: Any) -> tuple[Any, Any]:
    ours = getattr(nn, name)(
        *sizes, dropout=0.0, **options, dtype=dtype, rng=np.random.default_rng(0)
    )
    kind = torch.float32 if dtype == np.float32 else torch.float64
    theirs = getattr(torch.nn, name)(*sizes, dropout=0.0, **options, dtype=kind)
    rng = np.random.default_rng(1)
    for parameter in ours.parameters():
        parameter.data += 0.1 * rng.normal(size=parameter.shape).astype(dtype)
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    return ours, theirs


def _same(ours: Any, theirs: Any, inputs: list[np.ndarray], options: dict[str, Any]) -> None:
    """Compare values and every gradient."""
    leaves = [dl.Tensor(a, requires_grad=True) for a in inputs]
    their_leaves = [torch.tensor(a, requires_grad=True) for a in inputs]
    got = ours(*leaves, **options)
    want = theirs(
        *their_leaves,
        **{k: torch.tensor(v) if not isinstance(v, bool) else v for k, v in options.items()},
    )
    np.testing.assert_allclose(got.data, want.detach().numpy(), rtol=1e-9, atol=1e-11)
    u = np.random.default_rng(2).normal(size=got.shape)
    grads = dl.grad(got, [*leaves, *ours.parameters()], dl.Tensor(u))
    their_leaves += [p for _, p in theirs.named_parameters()]
    expected = torch.autograd.grad(want, their_leaves, torch.tensor(u))
    for g, e in zip(grads, expected, strict=True):
        np.testing.assert_allclose(g.data, e.numpy(), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("norm_first", [True, False])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("name", LAYERS)
def test_layers_equal_torch(
    name: str, batch_first: bool, activation: str, norm_first: bool, bias: bool
) -> None:
    options = {"activation": activation, "norm_first": norm_first, "bias": bias}
    ours, theirs = _pair(name, 6, 2, 8, batch_first=batch_first, **options)
    rng = np.random.default_rng(3)
    x, memory = rng.normal(size=(2, 4, 6)), rng.normal(size=(2, 5, 6))
    padding = np.array([[False] * 4, [False, False, True, True]])
    masks = {"src_mask": ~np.tri(4, dtype=bool), "src_key_padding_mask": padding}
    inputs = [x]
    if "Decoder" in name:
        inputs = [x, memory]
        masks = {k.replace("src", "tgt"): v for k, v in masks.items()}
        masks["memory_key_padding_mask"] = np.arange(5) >= np.array([[5], [3]])
        masks["memory_mask"] = np.eye(4, 5, 1, dtype=bool)
    if not batch_first:
        inputs = [a.swapaxes(0, 1) for a in inputs]
    _same(ours, theirs, inputs, {})
    _same(ours, theirs, inputs, masks)


@pytest.mark.parametrize("norm_first", [True, False])
def test_a_whole_transformer_equals_torch(norm_first: bool) -> None:
    ours, theirs = _pair("Transformer", 6, 2, 2, 2, 8, batch_first=True, norm_first=norm_first)
    rng = np.random.default_rng(3)
    src, tgt = rng.normal(size=(2, 5, 6)), rng.normal(size=(2, 4, 6))
    mask = nn.Transformer.generate_square_subsequent_mask(4, np.float64).data
    _same(ours, theirs, [src, tgt], {"tgt_mask": mask, "tgt_is_causal": True})
    causal = ours(dl.Tensor(src), dl.Tensor(tgt), tgt_is_causal=True)
    masked = ours(dl.Tensor(src), dl.Tensor(tgt), tgt_mask=mask)
    np.testing.assert_allclose(causal.data, masked.data, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", LAYERS)
def test_ten_training_steps_equal_torch(name: str, dtype: Any) -> None:
    ours, theirs = _pair(name, 6, 2, 8, batch_first=True, dtype=dtype)
    rng = np.random.default_rng(3)
    x, y, memory = (rng.normal(size=(2, 4, 6)).astype(dtype) for _ in range(3))
    arrays = [x, memory] if "Decoder" in name else [x]
    our_steps = optim.SGD(ours.parameters(), lr=0.05, momentum=0.9)
    their_steps = torch.optim.SGD(theirs.parameters(), lr=0.05, momentum=0.9)
    for _ in range(10):
        our_steps.zero_grad()
        loss = F.mse_loss(ours(*map(dl.Tensor, arrays)), dl.Tensor(y))
        loss.backward()
        our_steps.step()
        their_steps.zero_grad()
        out = theirs(*map(torch.tensor, arrays))
        expected = torch.nn.functional.mse_loss(out, torch.tensor(y))
        expected.backward()
        their_steps.step()
        np.testing.assert_allclose(loss.item(), expected.item(), **TOLERANCE[dtype])
    for key, value in theirs.state_dict().items():
        np.testing.assert_allclose(ours.state_dict()[key], value.numpy(), **TOLERANCE[dtype])


@pytest.mark.parametrize("bias", [True, False])
def test_state_moves_both_ways(bias: bool) -> None:
    ours = nn.Transformer(8, 2, 2, 1, 16, bias=bias)
    theirs = torch.nn.Transformer(8, 2, 2, 1, 16, bias=bias)
    assert [(k, v.shape) for k, v in ours.state_dict().items()] == [
        (k, tuple(v.shape)) for k, v in theirs.state_dict().items()
    ]
    ours.load_state_dict(theirs.state_dict())
    rng = np.random.default_rng(0)
    x = [rng.normal(size=(n, 2, 8)).astype("f4") for n in (3, 4)]
    out, want = ours.eval()(*map(dl.Tensor, x)), theirs.eval()(*map(torch.tensor, x))
    np.testing.assert_allclose(out.data, want.detach().numpy(), rtol=1e-4, atol=1e-5)


def test_an_encoder_copies_its_layer_and_ends_with_its_norm() -> None:
    layer = nn.TransformerEncoderLayer(4, 2, 8, dropout=0.5, rng=np.random.default_rng(0))
    encoder = nn.TransformerEncoder(layer, 3, nn.LayerNorm(4))
    first, *others = encoder.layers
    assert len(others) == 2
    for copied in others:
        assert copied.linear1.weight is not first.linear1.weight
        np.testing.assert_array_equal(copied.linear1.weight.data, layer.linear1.weight.data)
        assert copied.dropout.rng is first.dropout.rng
    out = encoder(dl.randn(5, 2, 4, rng=np.random.default_rng(1)), is_causal=True)
    np.testing.assert_allclose(out.data.mean(-1), 0, atol=1e-6)
    decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 8), 2)
    assert decoder(out, out).shape == (5, 2, 4)


def test_an_activation_may_be_a_function() -> None:
    given = nn.TransformerEncoderLayer(4, 2, 8, 0.0, F.gelu, rng=np.random.default_rng(0))
    named = nn.TransformerEncoderLayer(4, 2, 8, 0.0, "gelu", rng=np.random.default_rng(0))
    x = dl.randn(3, 2, 4, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(given(x).data, named(x).data)


@pytest.mark.parametrize("size", [1, 4, 5])
def test_sinusoidal_positions_follow_their_formula_and_shift_by_rotation(size: int) -> None:
    waves = nn.SinusoidalPosition(20, size, dtype=np.float64)(dl.Tensor(np.zeros((20, size)))).data
    for t in (0, 3, 19):
        for i in range(size):
            angle = t / 10000 ** (2 * (i // 2) / size)
            wanted = np.cos(angle) if i % 2 else np.sin(angle)
            np.testing.assert_allclose(waves[t, i], wanted, rtol=1e-10, atol=1e-12)
    products = waves[:, : size // 2 * 2] @ waves[:, : size // 2 * 2].T
    np.testing.assert_allclose(products[2, 5], products[10, 13], rtol=1e-10)


@pytest.mark.parametrize("kind", [nn.SinusoidalPosition, nn.LearnedPosition])
def test_positions_are_added_along_the_right_axis(kind: Any) -> None:
    table = kind(6, 4)(dl.zeros(5, 4)).data
    assert np.abs(table).max() > 0
    first, last = kind(6, 4, batch_first=True), kind(6, 4)
    first.load_state_dict(last.state_dict())
    table = last(dl.zeros(5, 4)).data
    np.testing.assert_array_equal(last(dl.zeros(5, 3, 4)).data, np.stack([table] * 3, 1))
    np.testing.assert_array_equal(first(dl.zeros(3, 5, 4)).data, np.stack([table] * 3))


def test_learned_positions_learn() -> None:
    layer = nn.LearnedPosition(6, 4)
    layer(dl.zeros(5, 3, 4)).sum().backward()
    np.testing.assert_array_equal(layer.weight.grad.data[:, 0], [3, 3, 3, 3, 3, 0])
    assert nn.SinusoidalPosition(6, 4).state_dict() == {}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.TransformerEncoderLayer(5, 2), "divisible by num_heads"),
        (lambda: nn.TransformerEncoderLayer(4, 2, activation="sin"), "must be 'relu' or 'gelu'"),
        (
            lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2), 0),
            "TransformerEncoder: num_layers must be at least 1, got 0",
        ),
        (lambda: nn.SinusoidalPosition(0, 4), "max_len and embed_dim must be at least 1"),
        (lambda: nn.LearnedPosition(3, 4)(dl.ones(4, 4)), r"at most 3 positions of 4 features"),
        (lambda: nn.LearnedPosition(3, 4)(dl.ones(2, 5)), r"got shape \(2, 5\)"),
    ],
)
def test_wrong_input_gets_a_clear_error(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_positions_show_their_sizes() -> None:
    assert repr(nn.LearnedPosition(3, 4)) == "LearnedPosition(3, 4, batch_first=False)"
