"""SumMod: its shapes, its weights in torch, and the sum of sixteen digits."""

import numpy as np
import pytest
import torch

import dlcore.functional as F
from dlcore import data, optim
from dlcore.models import SumMod, attention_maps
from dlcore.train import predict
from tests.models.twins import (
    encoder_blocks,
    looks_back_only,
    run,
    same_both_ways,
    the_generator_decides,
)

DIGITS = np.random.default_rng(3).integers(10, size=(4, 6))
SMALL = {"length": 6, "d_model": 8, "num_heads": 2, "dim_feedforward": 12}
SOURCE = {
    "num_layers": 1,
    "causal": False,
    "positions": "sinusoidal",
    "pooling": "mean",
    "activation": "gelu",
}
BLIND = SOURCE | {"positions": None}


def make(**options):
    return lambda rng: SumMod(**{**SMALL, **options}, rng=rng)


class Twin(torch.nn.Module):
    def __init__(
        self, num_layers=2, causal=True, positions="learned", pooling=None, activation="relu"
    ):
        super().__init__()
        self.causal, self.pooling, self.positions = causal, pooling, positions
        self.embedding = torch.nn.Embedding(10, 8)
        if positions == "learned":
            self.position = torch.nn.Embedding(6, 8)
        self.blocks = encoder_blocks(num_layers, 8, 2, 12, activation)
        self.norm = torch.nn.LayerNorm(8)
        self.head = torch.nn.Linear(8, 5)

    def where(self, length):
        """What is added at each place; the waves from their formula, one feature after another."""
        if self.positions == "learned":
            return self.position(torch.arange(length))
        added = torch.zeros(length, 8)
        if self.positions == "sinusoidal":
            for t in range(length):
                for i in range(4):
                    angle = torch.tensor(t / 10000 ** (2 * i / 8))
                    added[t, 2 * i], added[t, 2 * i + 1] = angle.sin(), angle.cos()
        return added

    def forward(self, digits):
        length = digits.shape[1]
        x = self.embedding(digits) + self.where(length)
        later = torch.ones(length, length, dtype=torch.bool).triu(1) if self.causal else None
        for block in self.blocks:
            x = block(x, src_mask=later)
        return self.head(self.norm(x.mean(1) if self.pooling else x))


def train(model, draw, steps, lr, rng):
    """Teach what `draw` hands out; a target of -100 asks nothing."""
    optimizer = optim.AdamW(model.parameters(), lr=lr, betas=(0.9, 0.98))
    schedule = optim.lr_scheduler.OneCycleLR(
        optimizer, lr, total_steps=steps, pct_start=0.1, cycle_momentum=False
    )
    for _ in range(steps):
        x, y = draw(128, rng)
        loss = F.cross_entropy(model(x).mT, y)
        optimizer.zero_grad()
        loss.backward()
        optim.clip_grad_norm_(list(model.parameters()), 1.0)
        optimizer.step()
        schedule.step()


def eight_running_sums(count, rng):
    return data.sum_mod(count, length=8, running=True, rng=rng)


def written_out(count, rng):
    """Digit, remainder so far, digit, …: remainders are the tokens 10 to 14."""
    x, s = data.sum_mod(count, length=16, running=True, rng=rng)
    tokens = np.stack([x, 10 + s], 2).reshape(count, 32)
    return tokens, np.stack([s, np.full_like(s, -100)], 2).reshape(count, 32)


def write_down(model, digits):
    """Let the model write a remainder after each digit, and read its own."""
    tokens = np.empty((len(digits), 0), int)
    for x in digits.T:
        tokens = np.column_stack([tokens, x])
        remainder = predict(model, tokens)[:, -1].argmax(1)
        tokens = np.column_stack([tokens, 10 + remainder])
    return tokens[:, 1::2] - 10


@pytest.mark.parametrize(
    ("options", "shape"),
    [({}, (4, 6, 5)), (SOURCE, (4, 5)), ({"classes": 3, "num_layers": 1}, (4, 6, 3))],
)
def test_shapes_and_weights(options, shape):
    assert run(make(**options)(None), DIGITS).shape == shape
    the_generator_decides(make(**options))


@pytest.mark.parametrize("options", [{}, SOURCE, BLIND])
def test_weights_move_to_torch_and_back(options):
    same_both_ways(make(**options), Twin(**options), DIGITS)


def test_it_reads_from_left_to_right():
    model = make()(np.random.default_rng(0))
    looks_back_only(lambda digits: run(model, digits), DIGITS, 10)


def gap_when_shuffled(**options):
    """How far the scores move when the digits of each sequence change places."""
    model = make(**options)(np.random.default_rng(0))
    shuffled = np.random.default_rng(0).permuted(DIGITS, axis=1)
    return np.abs(run(model, DIGITS) - run(model, shuffled)).max()


def test_only_positions_make_it_see_order():
    assert gap_when_shuffled(**BLIND) < 1e-5
    assert gap_when_shuffled(**SOURCE) > 1e-3


def test_waves_are_not_learnt():
    assert list(make(**SOURCE)(None).position.parameters()) == []


def test_attention_maps():
    for options, causal in ({}, True), (SOURCE, False):
        for weights in attention_maps(make(**options)(None), DIGITS).values():
            assert weights.shape == (4, 2, 6, 6)
            assert (np.triu(weights, 1) == 0).all() == causal


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_it_adds_eight_digits_taught_by_running_sums(seed):
    rng = np.random.default_rng(seed)
    model = SumMod(length=8, rng=rng)
    train(model, eight_running_sums, 700, 7e-3, rng)
    x, y = eight_running_sums(4000, np.random.default_rng(100 + seed))
    assert (predict(model, x).argmax(2) == y)[:, -1].mean() >= 0.99


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_it_adds_sixteen_digits_when_it_writes_the_sums_down(seed):
    rng = np.random.default_rng(seed)
    model = SumMod(vocabulary=15, length=32, num_layers=1, dim_feedforward=64, rng=rng)
    train(model, written_out, 400, 7e-3, rng)
    x, y = data.sum_mod(2000, length=16, rng=np.random.default_rng(100 + seed))
    assert (write_down(model, x)[:, -1] == y).mean() >= 0.99


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_heads": 3}, "embed_dim must be divisible by num_heads, got 8 and 3"),
        ({"num_layers": 0}, "num_layers: expected at least 1, got 0"),
        ({"pooling": "max"}, "pooling: expected None or 'mean', got 'max'"),
        ({"positions": True}, "positions: expected 'learned', 'sinusoidal' or None, got True"),
        ({"activation": "tanh"}, "activation"),
    ],
)
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        make(**options)(None)


def test_bad_digits():
    with pytest.raises(ValueError, match="at most 6 positions"):
        make()(None)(np.zeros((1, 7), int))
    with pytest.raises(ValueError, match="10"):
        make()(None)(np.array([[10]]))
