"""Transformer: its masks, its weights in torch, reversal and a small translator."""

import numpy as np
import pytest
import torch

from dlcore.models import Transformer, attention_maps
from tests.models.twins import looks_back_only, run, same_both_ways, the_generator_decides
from tests.models.writing import SPECIALS, reversal, train, translation, written_right

SOURCE = np.array([[5, 6, 7, 8, 2], [7, 3, 2, 0, 0]])
TARGET = np.array([[1, 4, 9], [1, 5, 8]])
SIZES = {"max_len": 6, "d_model": 8, "num_heads": 2, "num_layers": 2, "dim_feedforward": 12}


def make(rng, **options):
    return Transformer(9, 11, **{**SIZES, **options}, rng=rng)


class Twin(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.source = torch.nn.Embedding(9, 8, padding_idx=0)
        self.target = torch.nn.Embedding(11, 8, padding_idx=0)
        self.transformer = torch.nn.Transformer(
            8, 2, 2, 2, 12, 0.0, batch_first=True, norm_first=True
        )
        self.head = torch.nn.Linear(8, 11)

    def forward(self, source, target):
        x, y = (
            table(tokens) + self.waves(tokens.shape[1])
            for table, tokens in ((self.source, source), (self.target, target))
        )
        later = torch.ones(y.shape[1], y.shape[1], dtype=torch.bool).triu(1)
        padding = source == 0
        return self.head(
            self.transformer(
                x,
                y,
                tgt_mask=later,
                src_key_padding_mask=padding,
                memory_key_padding_mask=padding,
            )
        )

    def waves(self, length):
        """The formula of Vaswani et al., written in another way than dlcore's."""
        table = torch.zeros(length, 8)
        for t in range(length):
            for i in range(4):
                angle = torch.tensor(t / 10000 ** (2 * i / 8))
                table[t, 2 * i], table[t, 2 * i + 1] = angle.sin(), angle.cos()
        return table


def test_shapes_and_weights():
    model = make(None)
    assert run(model, SOURCE, TARGET).shape == (2, 3, 11)
    the_generator_decides(make)


@pytest.mark.filterwarnings("ignore:enable_nested_tensor is True:UserWarning")  # torch's
def test_weights_move_to_torch_and_back():
    same_both_ways(make, Twin(), SOURCE, TARGET)


def test_the_decoder_reads_from_left_to_right():
    model = make(np.random.default_rng(0))
    looks_back_only(lambda target: run(model, SOURCE, target), TARGET, 11)


def test_the_encoder_reads_in_both_directions():
    model = make(np.random.default_rng(0))
    memory = model.encode(SOURCE[:1]).data
    changed = SOURCE[:1].copy()
    changed[0, -1] = 3
    assert (np.abs(model.encode(changed).data - memory).max(2) > 1e-4).all()


def test_padding_changes_nothing():
    model = make(np.random.default_rng(0))
    short = run(model, SOURCE[1:, :3], TARGET[1:])
    np.testing.assert_allclose(run(model, SOURCE, TARGET)[1:], short, rtol=1e-5, atol=1e-6)


def test_attention_maps():
    model = make(np.random.default_rng(0))
    maps = attention_maps(model, SOURCE, TARGET)
    shapes = {name.removeprefix("transformer."): w.shape for name, w in maps.items()}
    assert shapes == {
        **{f"encoder.layers.{i}.self_attn": (2, 2, 5, 5) for i in range(2)},
        **{f"decoder.layers.{i}.self_attn": (2, 2, 3, 3) for i in range(2)},
        **{f"decoder.layers.{i}.multihead_attn": (2, 2, 3, 5) for i in range(2)},
    }
    for name, weights in maps.items():
        np.testing.assert_allclose(weights.sum(3), 1, rtol=1e-6)
        if "decoder" in name and "self" in name:
            assert (np.triu(weights, 1) == 0).all()
        else:
            assert (weights[1, :, :, 3:] == 0).all()


def test_greedy_decoding_writes_what_is_likeliest_after_what_it_wrote():
    model = make(np.random.default_rng(0), dropout=0.5)
    written = model.greedy_decode(SOURCE, 5)
    assert model.training
    read = np.column_stack([np.full(2, 1), written])
    likeliest = run(model, SOURCE, read[:, :-1]).argmax(2)
    for row, best in zip(written.tolist(), likeliest.tolist(), strict=True):
        stop = row.index(2) + 1 if 2 in row else len(row)
        assert row[:stop] == best[:stop]
        assert set(row[stop:]) <= {0}


def test_it_stops_where_every_sequence_has_ended():
    model = make(np.random.default_rng(0))
    model.head.bias.data[2] = 100
    assert model.greedy_decode(SOURCE, 6).tolist() == [[2], [2]]


@pytest.mark.slow
def test_it_reverses():
    rng = np.random.default_rng(0)
    model = Transformer(10 + SPECIALS, 10 + SPECIALS, max_len=10, rng=rng)
    train(model, *reversal(2000, rng), 5, rng)
    assert written_right(model, *reversal(200, np.random.default_rng(1))) >= 0.98


@pytest.mark.slow
def test_it_translates_sentences_that_it_has_not_seen():
    rng = np.random.default_rng(0)
    (source, target), (english, french) = translation(rng)
    model = Transformer(len(english), len(french), max_len=16, rng=rng)
    train(model, source[:1000], target[:1000], 8, rng)
    assert written_right(model, source[1000:], target[1000:]) >= 0.98


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_heads": 3}, "embed_dim must be divisible by num_heads, got 8 and 3"),
        ({"num_layers": 0}, "num_layers must be at least 1, got 0"),
        ({"max_len": 0}, "max_len"),
    ],
)
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        make(None, **options)


def test_a_source_that_is_too_long():
    with pytest.raises(ValueError, match="at most 6 positions"):
        make(None)(np.ones((1, 7), int), TARGET[:1])
