"""Seq2Seq: its attention, its weights in torch, reversal and a small translator."""

import numpy as np
import pytest
import torch

from dlcore.models import Seq2Seq
from tests.models.twins import looks_back_only, run, same_both_ways, the_generator_decides
from tests.models.writing import SPECIALS, reversal, train, translation, written_right

KINDS = ["additive", "dot", None]
SOURCE = np.array([[5, 6, 7, 8, 2], [7, 3, 2, 0, 0]])
TARGET = np.array([[1, 4, 9], [1, 5, 8]])


def make(attention, **sizes):
    return lambda rng: Seq2Seq(9, 11, 5, 8, attention, **sizes, rng=rng)


class Twin(torch.nn.Module):
    def __init__(self, attention):
        super().__init__()
        self.attention = attention
        self.source = torch.nn.Embedding(9, 5, padding_idx=0)
        self.target = torch.nn.Embedding(11, 5, padding_idx=0)
        self.encoder = torch.nn.GRU(5, 8, batch_first=True)
        self.decoder = torch.nn.GRU(5, 8, batch_first=True)
        if attention == "additive":
            self.query = torch.nn.Linear(8, 8)
            self.key = torch.nn.Linear(8, 8, bias=False)
            self.score = torch.nn.Linear(8, 1, bias=False)
        self.combine = torch.nn.Linear(16 if attention else 8, 8)
        self.head = torch.nn.Linear(8, 11)

    def forward(self, source, target):
        lengths = (source != 0).sum(1)
        packed = torch.nn.utils.rnn.pack_padded_sequence(
            self.source(source), lengths, batch_first=True, enforce_sorted=False
        )
        memory, state = self.encoder(packed)
        memory = torch.nn.utils.rnn.pad_packed_sequence(memory, batch_first=True)[0]
        h = self.decoder(self.target(target), state)[0]
        if self.attention == "dot":
            scores = h @ memory.mT / 8**0.5
        elif self.attention == "additive":
            pairs = self.query(h)[:, :, None] + self.key(memory)[:, None]
            scores = self.score(torch.tanh(pairs))[..., 0]
        if self.attention:
            weights = scores.masked_fill((source == 0)[:, None], -torch.inf).softmax(-1)
            h = torch.cat([weights @ memory, h], 2)
        return self.head(torch.tanh(self.combine(h)))


@pytest.mark.parametrize("attention", KINDS)
def test_shapes_and_weights(attention):
    model = make(attention)(None)
    assert run(model, SOURCE, TARGET).shape == (2, 3, 11)
    the_generator_decides(make(attention))


@pytest.mark.parametrize("attention", KINDS)
def test_weights_move_to_torch_and_back(attention):
    same_both_ways(make(attention), Twin(attention), SOURCE, TARGET)


@pytest.mark.parametrize("attention", KINDS)
def test_the_decoder_reads_from_left_to_right(attention):
    model = make(attention)(np.random.default_rng(0))
    looks_back_only(lambda target: run(model, SOURCE, target), TARGET, 11)


@pytest.mark.parametrize("attention", KINDS)
def test_padding_changes_nothing(attention):
    model = make(attention)(np.random.default_rng(0))
    short = run(model, SOURCE[1:, :3], TARGET[1:])
    np.testing.assert_allclose(run(model, SOURCE, TARGET)[1:], short, rtol=1e-5, atol=1e-6)
    assert model.greedy_decode(SOURCE[1:], 4).tolist() == (
        model.greedy_decode(SOURCE[1:, :3], 4).tolist()
    )


@pytest.mark.parametrize("attention", ["additive", "dot"])
def test_alignment_is_a_distribution_over_tokens(attention):
    weights = make(attention)(np.random.default_rng(0)).alignment(SOURCE, TARGET)
    assert weights.shape == (2, 3, 5)
    np.testing.assert_allclose(weights.sum(2), 1, rtol=1e-6)
    assert (weights[1, :, 3:] == 0).all()
    assert (weights[0] > 0).all()


def test_greedy_decoding_writes_what_is_likeliest_after_what_it_wrote():
    model = make("additive")(np.random.default_rng(0))
    written = model.greedy_decode(SOURCE, 6)
    read = np.column_stack([np.full(2, 1), written])
    likeliest = run(model, SOURCE, read[:, :-1]).argmax(2)
    for row, best in zip(written.tolist(), likeliest.tolist(), strict=True):
        stop = row.index(2) + 1 if 2 in row else len(row)
        assert row[:stop] == best[:stop]
        assert set(row[stop:]) <= {0}


def test_it_stops_where_every_sequence_has_ended():
    model = make(None)(np.random.default_rng(0))
    model.head.bias.data[2] = 100
    assert model.greedy_decode(SOURCE, 6).tolist() == [[2], [2]]


@pytest.mark.slow
@pytest.mark.parametrize(("attention", "epochs"), [("additive", 6), ("dot", 10)])
def test_it_reverses(attention, epochs):
    rng = np.random.default_rng(0)
    model = Seq2Seq(10 + SPECIALS, 10 + SPECIALS, attention=attention, rng=rng)
    train(model, *reversal(2000, rng), epochs, rng)
    source, target = reversal(200, np.random.default_rng(1))
    assert written_right(model, source, target) >= 0.98


@pytest.mark.slow
def test_it_translates_sentences_that_it_has_not_seen():
    rng = np.random.default_rng(0)
    (source, target), (english, french) = translation(rng)
    model = Seq2Seq(len(english), len(french), rng=rng)
    train(model, source[:1000], target[:1000], 10, rng)
    assert written_right(model, source[1000:], target[1000:]) >= 0.98


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"attention": "cosine"}, "attention: expected 'additive', 'dot' or None, got 'cosine'"),
        ({"hidden_size": 0}, "hidden_size must be at least 1, got 0"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        Seq2Seq(9, 11, **arguments)


def test_bad_calls():
    model = make(None)(None)
    with pytest.raises(ValueError, match="attention=None"):
        model.alignment(SOURCE, TARGET)
    with pytest.raises(ValueError, match="source: expected at least one token"):
        model(np.array([[4, 2], [0, 0]]), TARGET)
