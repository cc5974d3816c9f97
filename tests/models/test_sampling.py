"""Sampling: how often each token is drawn."""

import numpy as np
import pytest
import torch

from dlcore.models import sample_token

LOGITS = np.log([0.5, 0.25, 0.125, 0.125])


def shares(**options):
    rng = np.random.default_rng(0)
    drawn = [sample_token(LOGITS, rng=rng, **options) for _ in range(4000)]
    return np.bincount(drawn, minlength=4) / 4000


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [0.5, 0.25, 0.125, 0.125]),
        ({"temperature": 0.5}, np.array([16, 4, 1, 1]) / 22),
        ({"temperature": 1000.0}, [0.25] * 4),
        ({"top_k": 2}, [2 / 3, 1 / 3, 0, 0]),
        ({"top_k": 3}, [0.5, 0.25, 0.125, 0.125]),  # a tie at the last place
        ({"top_k": 9}, [0.5, 0.25, 0.125, 0.125]),
        ({"top_k": 1, "temperature": 5.0}, [1, 0, 0, 0]),
        ({"temperature": 0}, [1, 0, 0, 0]),
        ({"temperature": 1e-300}, [1, 0, 0, 0]),
    ],
)
def test_shares(options, expected):
    got = shares(**options)
    np.testing.assert_allclose(got, expected, atol=0.03)
    assert (got[np.equal(expected, 0)] == 0).all()


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.0])
@pytest.mark.parametrize("top_k", [1, 2, 4])
def test_shares_are_those_that_torch_would_draw_with(temperature, top_k):
    likely, places = torch.tensor(LOGITS).topk(top_k)
    expected = torch.zeros(4, dtype=torch.float64)
    expected[places] = torch.softmax(likely / temperature, 0)
    got = shares(temperature=temperature, top_k=top_k)
    np.testing.assert_allclose(got, expected.numpy(), atol=0.03)


def test_a_score_of_minus_infinity_is_never_drawn():
    rng = np.random.default_rng(0)
    assert {sample_token([0.0, -np.inf], rng=rng) for _ in range(50)} == {0}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([],), r"logits: .* got \(0,\)"),
        (([[1.0]],), r"logits: .* got \(1, 1\)"),
        (([1.0], -0.1), "temperature: expected at least 0, got -0.1"),
        (([1.0], 1.0, 0), "top_k: expected at least 1, got 0"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        sample_token(*arguments)
