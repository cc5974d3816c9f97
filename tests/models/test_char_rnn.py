"""CharRNN: its three cells, its weights in torch, one-shift, and what it writes."""

import numpy as np
import pytest
import torch

import dlcore.functional as F
from dlcore import data, metrics, optim
from dlcore.models import CharRNN
from dlcore.models.char_rnn import CELLS
from dlcore.train import fit, predict
from tests.models.twins import looks_back_only, run, same_both_ways, the_generator_decides

CELL = pytest.mark.parametrize("cell", list(CELLS))
TOKENS = np.random.default_rng(3).integers(7, size=(4, 6))


def make(cell, **options):
    return lambda rng: CharRNN(7, 5, 8, cell, **options, rng=rng)


class Twin(torch.nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.embedding = torch.nn.Embedding(7, 5)
        self.recurrent = getattr(torch.nn, cell.upper())(5, 8, num_layers=2, batch_first=True)
        self.head = torch.nn.Linear(8, 7)

    def forward(self, tokens):
        return self.head(self.recurrent(self.embedding(tokens))[0])


def one_shift(n_samples, seed):
    return data.one_shift(n_samples, rng=np.random.default_rng(seed))


@pytest.fixture(scope="module", params=list(CELLS))
def trained(request):
    rng = np.random.default_rng(0)
    loader = data.DataLoader(data.TensorDataset(*one_shift(1000, 0)), 50, shuffle=True, rng=rng)
    model = CharRNN(10, cell=request.param, rng=rng)
    optimizer = optim.Adam(model.parameters(), lr=0.01)
    fit(model, loader, lambda z, y: F.cross_entropy(z.mT, y), optimizer, 4, progress=False)
    return model


@CELL
def test_shapes_and_weights(cell):
    model = make(cell)(None)
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[cell]
    assert run(model, TOKENS).shape == (4, 6, 7)
    assert {name: array.shape for name, array in model.state_dict().items()} == {
        "embedding.weight": (7, 5),
        "recurrent.weight_ih_l0": (gates * 8, 5),
        "recurrent.weight_hh_l0": (gates * 8, 8),
        "recurrent.bias_ih_l0": (gates * 8,),
        "recurrent.bias_hh_l0": (gates * 8,),
        "head.weight": (7, 8),
        "head.bias": (7,),
    }
    the_generator_decides(make(cell))


@CELL
def test_weights_move_to_torch_and_back(cell):
    same_both_ways(make(cell, num_layers=2), Twin(cell), TOKENS)


@CELL
def test_it_reads_from_left_to_right(cell):
    model = make(cell)(np.random.default_rng(0))
    looks_back_only(lambda tokens: run(model, tokens), TOKENS, 7)


@CELL
def test_reading_on_equals_reading_at_once(cell):
    model = make(cell, num_layers=2)(np.random.default_rng(0))
    first, state = model.advance(TOKENS[:, :4])
    second, _ = model.advance(TOKENS[:, 4:], state)
    parts = np.concatenate([first.data, second.data], axis=1)
    np.testing.assert_allclose(parts, run(model, TOKENS), rtol=1e-5, atol=1e-6)


def test_it_learns_one_shift_without_a_mistake(trained):
    x, y = one_shift(500, 1)
    assert metrics.accuracy(y.ravel(), predict(trained, x).reshape(-1, 10)) == 1.0


def test_it_counts_when_it_reads_what_it_writes(trained):
    assert trained.sample([7], 5, temperature=0).tolist() == [7, 8, 9, 0, 1, 2]
    assert trained.sample([4, 7], 0).tolist() == [4, 7]


def test_the_generator_decides_what_is_written():
    model = CharRNN(10, rng=np.random.default_rng(0))
    first, again, other = (
        model.sample([1], 20, rng=np.random.default_rng(s)).tolist() for s in (0, 0, 1)
    )
    assert first == again != other
    assert set(first) <= set(range(10))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cell": "cnn"}, "cell: expected one of rnn, lstm, gru, got 'cnn'"),
        ({"hidden_size": 0}, "hidden_size must be at least 1, got 0"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        CharRNN(7, **arguments)


@pytest.mark.parametrize(
    ("prompt", "length", "message"),
    [
        ([], 3, "prompt: expected at least one token"),
        ([[1]], 3, r"prompt: .* got int64 of shape \(1, 1\)"),
        ([0.5], 3, "prompt: .* got float64"),
        ([1], -1, "length: expected at least 0, got -1"),
        ([7], 1, "7"),
    ],
)
def test_bad_prompts(prompt, length, message):
    with pytest.raises(ValueError, match=message):
        CharRNN(7).sample(prompt, length)
