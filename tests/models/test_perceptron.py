"""The perceptron: gates, the learning rule and its bound, XOR, and its weights in torch."""

import numpy as np
import pytest
import torch

from dlcore import data
from dlcore.models import Perceptron

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
AND = Perceptron.from_weights([1, 1], -1.5)
OR = Perceptron.from_weights([1, 1], -0.5)
NOT = Perceptron.from_weights([-1], 0.5)


def two_halves(seed):
    """200 points of a square, labelled by the side of a diagonal on which they lie."""
    x = np.random.default_rng(seed).uniform(-1, 1, (200, 2)).astype(np.float32)
    return x, (x.sum(axis=1) > 0).astype(int)


@pytest.mark.parametrize(
    ("gate", "x", "answers"),
    [(AND, CORNERS, [0, 0, 0, 1]), (OR, CORNERS, [0, 1, 1, 1]), (NOT, [[0], [1]], [1, 0])],
)
def test_gates(gate, x, answers):
    assert gate.predict(x).tolist() == answers


def test_two_layers_of_gates_make_xor():
    some = OR.predict(CORNERS)
    not_both = NOT.predict(AND.predict(CORNERS)[:, None])
    assert AND.predict(np.stack([some, not_both], axis=1)).tolist() == data.xor()[1].tolist()


def test_the_plane_itself_answers_0():
    assert Perceptron.from_weights([1, -1], 0).predict([[2, 2], [3, 2], [2, 3]]).tolist() == [
        0, 1, 0,
    ]  # fmt: skip


def test_one_pass_by_hand():
    model = Perceptron(2)
    x = [[1, 2], [3, -1], [-1, 1]]
    assert model.fit(x, [1, 0, 1], lr=0.5, max_passes=1) == [2]
    # (1, 2): 0 instead of 1, so w = (.5, 1), b = .5; (3, -1): 1 instead of 0; (-1, 1): right
    assert model.weight.data.tolist() == [[-1.0, 1.5]]
    assert model.bias.data.tolist() == [0.0]


@pytest.mark.parametrize("seed", range(5))
def test_it_parts_two_halves_of_a_square_within_the_bound(seed):
    x, y = two_halves(seed)
    model = Perceptron(2)
    mistakes = model.fit(x, y, lr=0.1, max_passes=1000)
    assert mistakes[-1] == 0
    assert (model.predict(x) == y).all()
    margin = np.abs(x.sum(axis=1)).min() / np.sqrt(2)  # of the diagonal
    assert sum(mistakes) <= (1 + (x**2).sum(axis=1).max()) / margin**2


def test_the_rate_changes_no_answer():
    x, y = two_halves(0)
    slow, fast = Perceptron(2), Perceptron(2)
    assert slow.fit(x, y, lr=0.25) == fast.fit(x, y, lr=1.0)
    np.testing.assert_allclose(4 * slow.weight.data, fast.weight.data, rtol=1e-5)


def test_it_never_ends_on_xor():
    x, y = data.xor()
    mistakes = Perceptron(2).fit(x, y, max_passes=300)
    assert len(mistakes) == 300
    assert min(mistakes) > 0


def test_it_goes_on_from_where_it_stopped():
    x, y = two_halves(0)
    whole, parts = Perceptron(2), Perceptron(2)
    mistakes = whole.fit(x, y)
    assert len(mistakes) > 3
    assert parts.fit(x, y, max_passes=2) + parts.fit(x, y) == mistakes
    assert (parts.weight.data == whole.weight.data).all()


def test_weights_move_to_torch_and_back():
    model = Perceptron(2)
    x, y = two_halves(0)
    model.fit(x, y)
    twin = torch.nn.Linear(2, 1)
    twin.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in model.state_dict().items()})
    with torch.no_grad():
        answers = torch.heaviside(twin(torch.from_numpy(x))[:, 0], torch.tensor(0.0)).numpy()
    assert (model.predict(x) == answers).all()
    back = Perceptron(2)
    back.load_state_dict(twin.state_dict())
    assert (back.predict(x) == answers).all()


def test_bad_arguments():
    x, y = two_halves(0)
    model = Perceptron(2)
    for arguments, match in [
        ((x[:, :1], y), r"\(n, 2\) and \(n,\).*got \(200, 1\) and \(200,\)"),
        ((x, y[:5]), r"got \(200, 2\) and \(5,\)"),
        ((x[:0], y[:0]), r"n at least 1"),
        ((x, 2 * y - 1), r"classes 0 and 1, got \[-1, 1\]"),
    ]:
        with pytest.raises(ValueError, match=match):
            model.fit(*arguments)
    for options in ({"lr": 0.0}, {"max_passes": 0}):
        with pytest.raises(ValueError, match="lr, max_passes: expected positive numbers"):
            model.fit(x, y, **options)
    with pytest.raises(ValueError, match=r"last axis of x must be 2 .*got shape \(1, 3\)"):
        model.predict([[1, 2, 3]])
    with pytest.raises(ValueError, match=r"weight: expected shape \(in_features,\), got \(1, 2\)"):
        Perceptron.from_weights([[1, 1]], 0)
