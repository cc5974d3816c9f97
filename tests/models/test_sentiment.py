"""SentimentEncoder: its padding, its weights in torch, and the forty opinions."""

import numpy as np
import pytest
import torch

from dlcore import data, metrics, nn, optim
from dlcore.models import SentimentEncoder, attention_maps
from dlcore.train import fit, predict
from tests.models.twins import encoder_blocks, run, same_both_ways, the_generator_decides

WORDS = np.array([[4, 7, 9, 2, 5], [3, 8, 0, 0, 0]])


def make(rng, **options):
    sizes = {"d_model": 8, "num_heads": 2, "dim_feedforward": 12, **options}
    return SentimentEncoder(10, 6, **sizes, rng=rng)


class Twin(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(10, 8, padding_idx=0)
        self.position = torch.nn.Embedding(6, 8)
        self.blocks = encoder_blocks(1, 8, 2, 12, "relu")
        self.norm = torch.nn.LayerNorm(8)
        self.head = torch.nn.Linear(8, 2)

    def forward(self, words):
        padding = words == 0
        x = self.embedding(words) + self.position(torch.arange(words.shape[1]))
        for block in self.blocks:
            x = block(x, src_key_padding_mask=padding)
        x = self.norm(x).masked_fill(padding[..., None], 0).sum(1)
        return self.head(x / (~padding).sum(1, keepdim=True))


def corpus():
    """Numbers of the words of each opinion, with unknown words for <unk>, and labels."""
    sentences, labels = data.sentiment()
    words = data.Vocabulary(word for sentence in sentences for word in sentence.split())
    return words, words.batch(sentence.split() for sentence in sentences), labels


def trained(seed, epochs):
    rng = np.random.default_rng(seed)
    words, x, y = corpus()
    model = SentimentEncoder(len(words), x.shape[1], rng=rng)
    loader = data.DataLoader(data.TensorDataset(x, y), 20, shuffle=True, rng=rng)
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    history = fit(model, loader, nn.CrossEntropyLoss(), optimizer, epochs, progress=False)
    return model, history


def test_shapes_and_weights():
    assert run(make(None), WORDS).shape == (2, 2)
    assert run(make(None, classes=3, num_layers=2), WORDS).shape == (2, 3)
    the_generator_decides(make)


def test_weights_move_to_torch_and_back():
    same_both_ways(make, Twin(), WORDS)


def test_padding_changes_nothing():
    model = make(np.random.default_rng(0))
    np.testing.assert_allclose(
        run(model, WORDS)[1:], run(model, WORDS[1:, :2]), rtol=1e-5, atol=1e-6
    )
    assert np.isfinite(run(model, np.zeros((1, 4), int))).all()


def test_order_matters():
    model = make(np.random.default_rng(0))
    assert np.abs(run(model, WORDS) - run(model, WORDS[:, ::-1].copy())).max() > 1e-4


def test_attention_maps():
    maps = attention_maps(make(np.random.default_rng(0)), WORDS)
    weights = maps["blocks.0.self_attn"]
    assert weights.shape == (2, 2, 5, 5)
    assert (weights[1, :, :, 2:] == 0).all()


@pytest.mark.slow
def test_it_learns_the_opinions_by_heart():
    model, history = trained(seed=0, epochs=300)
    _, x, y = corpus()
    assert metrics.accuracy(y, predict(model, x)) == 1.0
    assert history["loss"][-1] < 0.01 < history["loss"][0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_heads": 3}, "embed_dim must be divisible by num_heads, got 8 and 3"),
        ({"num_layers": 0}, "num_layers: expected at least 1, got 0"),
        ({"padding_idx": 10}, "padding_idx must be a row of 10, got 10"),
        ({"dropout": 2.0}, "2.0"),
    ],
)
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        make(None, **options)


def test_a_sentence_that_is_too_long():
    with pytest.raises(ValueError, match="at most 6 positions"):
        make(None)(np.ones((1, 7), int))
