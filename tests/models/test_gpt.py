"""GPT: tied weights in torch, its cache, what it writes, and English."""

import math

import numpy as np
import pytest
import torch

import dlcore.functional as F
from dlcore import data, optim
from dlcore.models import GPT
from dlcore.train import evaluate, predict
from tests.models.twins import (
    encoder_blocks,
    looks_back_only,
    run,
    same_both_ways,
    the_generator_decides,
)

TOKENS = np.random.default_rng(3).integers(7, size=(4, 6))


def make(rng, **options):
    return GPT(7, 6, d_model=8, num_heads=2, **options, rng=rng)


class Twin(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.token = torch.nn.Embedding(7, 8)
        self.position = torch.nn.Embedding(6, 8)
        self.blocks = encoder_blocks(2, 8, 2, 32, "gelu")
        self.norm = torch.nn.LayerNorm(8)
        self.head = torch.nn.Linear(8, 7, bias=False)
        self.head.weight = self.token.weight

    def forward(self, tokens):
        length = tokens.shape[1]
        x = self.token(tokens) + self.position(torch.arange(length))
        later = torch.ones(length, length, dtype=torch.bool).triu(1)
        for block in self.blocks:
            x = block(x, src_mask=later)
        return self.head(self.norm(x))


def bits_per_character(model, text, block):
    n = (len(text) - 1) // block
    x, y = text[: n * block].reshape(n, block), text[1 : n * block + 1].reshape(n, block)
    loader = data.DataLoader(data.TensorDataset(x, y), 64)
    loss = evaluate(model, loader, lambda z, y: F.cross_entropy(z.mT, y))["loss"]
    return loss / math.log(2)


def bits_of_pairs(train, test, vocabulary):
    """A bigram model with one count added to each: the best guess from one character alone."""
    counts = np.ones((vocabulary, vocabulary))
    np.add.at(counts, (train[:-1], train[1:]), 1)
    share = counts / counts.sum(1, keepdims=True)
    return -np.log2(share[test[:-1], test[1:]]).mean()


def test_shapes_and_weights():
    model = make(None)
    assert run(model, TOKENS).shape == (4, 6, 7)
    assert run(model, TOKENS[:, :3]).shape == (4, 3, 7)
    the_generator_decides(make)


def test_weights_move_to_torch_and_back():
    same_both_ways(make, Twin(), TOKENS)


def test_the_head_is_the_table_of_the_tokens():
    model = make(None)
    assert model.head.weight is model.token.weight
    names = [name for name, _ in model.named_parameters()]
    assert "token.weight" in names
    assert "head.weight" not in names
    model(TOKENS).sum().backward()
    assert model.token.weight.grad.shape == (7, 8)


def test_initial_weights_are_those_of_gpt_2():
    model = GPT(50, 40, d_model=64, num_layers=8, rng=np.random.default_rng(0))
    for name, parameter in model.named_parameters():
        writes = name.endswith(("out_proj.weight", "linear2.weight"))
        if parameter.ndim == 2:
            expected = 0.02 / 4 if writes else 0.02
            assert parameter.data.std() == pytest.approx(expected, rel=0.1), name
        elif name.endswith("bias"):
            assert (parameter.data == 0).all()


def test_it_starts_with_no_opinion():
    model = GPT(49, 8, rng=np.random.default_rng(0))
    tokens = np.random.default_rng(1).integers(49, size=(8, 8))
    loss = F.cross_entropy(model(tokens[:, :-1]).mT, tokens[:, 1:]).item()
    assert loss == pytest.approx(math.log(49), rel=0.02)


def test_it_reads_from_left_to_right():
    model = make(np.random.default_rng(0))
    for parameter in model.parameters():
        parameter.data *= 10  # so that every change can be seen
    looks_back_only(lambda tokens: run(model, tokens), TOKENS, 7)


def test_reading_on_equals_reading_at_once():
    model = make(np.random.default_rng(0), dropout=0.5).eval()
    logits, past = model.advance(TOKENS[:, :3])
    parts = [logits.data]
    for t in range(3, 6):
        logits, past = model.advance(TOKENS[:, t : t + 1], past)
        parts.append(logits.data)
    assert [key.shape for key, _ in past] == [(4, 2, 6, 4)] * 2
    np.testing.assert_allclose(np.concatenate(parts, 1), run(model, TOKENS), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("prompt", [[1], [1, 2, 3, 4, 5, 6, 0, 1]])
def test_the_cache_changes_no_token(prompt):
    model = make(np.random.default_rng(0), dropout=0.5)
    for parameter in model.parameters():
        parameter.data *= 10  # so that tokens are told apart
    options = {"length": 12, "temperature": 0.7}
    kept, anew = (
        model.generate(prompt, **options, rng=np.random.default_rng(0), cache=cache)
        for cache in (True, False)
    )
    assert kept.tolist() == anew.tolist()
    assert kept[: len(prompt)].tolist() == prompt
    assert len(kept) == len(prompt) + 12
    assert model.training


def test_it_writes_what_is_likeliest_after_the_last_block():
    model = make(np.random.default_rng(0))
    for parameter in model.parameters():
        parameter.data *= 10
    tokens = model.generate([1, 2], 9, temperature=0)
    for t in range(2, 11):
        seen = tokens[None, max(0, t - 6) : t]
        assert tokens[t] == run(model, seen)[0, -1].argmax()
    again = model.generate([1, 2], 9, top_k=1, rng=np.random.default_rng(5))
    assert tokens.tolist() == again.tolist()


@pytest.mark.slow
def test_it_reads_english_better_than_pairs_of_characters():
    text = data.load_english()[:110_000]
    characters = data.Vocabulary(text, specials=())
    numbers = characters.encode(text)
    train, test = numbers[:100_000], numbers[100_000:]
    rng, block, steps = np.random.default_rng(0), 32, 500
    model = GPT(len(characters), block, rng=rng)
    optimizer = optim.AdamW(model.parameters(), lr=0.01, betas=(0.9, 0.95))
    schedule = optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=steps)
    for _ in range(steps):
        places = rng.integers(len(train) - block, size=(16, 1)) + np.arange(block)
        loss = F.cross_entropy(model(train[places]).mT, train[places + 1])
        optimizer.zero_grad()
        loss.backward()
        optim.clip_grad_norm_(list(model.parameters()), 1.0)
        optimizer.step()
        schedule.step()
    pairs = bits_of_pairs(train, test, len(characters))
    assert bits_per_character(model, test, block) < pairs - 0.5
    written = model.generate(characters.encode("the "), 60, 0.8, rng=rng)
    assert "".join(characters.decode(written)).startswith("the ")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_heads": 3}, "embed_dim must be divisible by num_heads"),
        ({"num_layers": 0}, "num_layers: expected at least 1, got 0"),
        ({"block_size": 0}, "max_len and embed_dim must be at least 1"),
    ],
)
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        GPT(**{"vocabulary": 7, "block_size": 6, **options})


def test_bad_calls():
    model = make(np.random.default_rng(0))
    with pytest.raises(ValueError, match="at most 6 positions"):
        predict(model, np.zeros((1, 7), int))
    with pytest.raises(ValueError, match=r"at most 6 in all .*, got shape \(1, 7\) after 0"):
        model.advance(np.zeros((1, 7), int))
    _, past = model.advance(TOKENS[:, :2])
    with pytest.raises(ValueError, match=r"one token after past.*, got shape \(4, 2\) after 2"):
        model.advance(TOKENS[:, :2], past)
    with pytest.raises(ValueError, match="prompt: expected at least one token"):
        model.generate([], 3)
