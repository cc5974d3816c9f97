"""Perplexity beside torch's cross-entropy, BLEU beside examples worked by hand."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st

import dlcore as dl
from dlcore import metrics
from dlcore.metrics import BLEU, Perplexity, bleu_score, perplexity
from tests.metrics.samples import MODEST


@MODEST
@given(seed=st.integers(0, 50), shape=st.sampled_from([(1,), (6,), (2, 5)]), ignored=st.booleans())
def test_perplexity_is_the_exponential_of_cross_entropy(seed, shape, ignored):
    rng = np.random.default_rng(seed)
    score = 30 * rng.standard_normal((*shape, 4))
    true = rng.integers(0, 4, shape)
    if ignored and true.size > 1:
        true[..., 0] = -100
    flat = torch.from_numpy(score.reshape(-1, 4)), torch.from_numpy(true.ravel())
    expected = torch.nn.functional.cross_entropy(*flat).exp().item()
    assert perplexity(true, score) == pytest.approx(expected, rel=1e-9)


def test_perplexity_with_weights_and_in_a_stream():
    rng = np.random.default_rng(0)
    true, score = rng.integers(0, 5, 12), rng.standard_normal((12, 5))
    weight = rng.integers(0, 3, 12)
    log_p = score - np.log(np.exp(score).sum(axis=1, keepdims=True))
    expected = math.exp(-np.average(log_p[np.arange(12), true], weights=weight))
    assert perplexity(true, score, sample_weight=weight) == pytest.approx(expected)
    stream = Perplexity().update(true[:5], score[:5], weight[:5])
    stream.merge(Perplexity().update(dl.tensor(true[5:]), score[5:], weight[5:]))
    assert stream.compute() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("true", "score", "match"),
    [
        ([0, 1], [[0.0, 1.0]], r"got int64 \(2,\) and \(1, 2\)"),
        ([0.5], [[0.0, 1.0]], "expected integers"),
        ([2], [[0.0, 1.0]], "expected tokens from 0 to 1"),
        ([-1], [[0.0, 1.0]], "expected tokens from 0 to 1"),
        ([-100], [[0.0, 1.0]], "at least one token that counts"),
        (np.zeros(0, dtype=np.int64), np.zeros((0, 2)), "at least one token that counts"),
    ],
)
def test_what_perplexity_refuses(true, score, match):
    with pytest.raises(ValueError, match=match):
        perplexity(true, score)


def words(text):
    return text.split()


THE_CAT = words("the cat is on the mat")
THERE_IS = words("there is a cat on the mat")


def test_clipped_precision_of_the_paper():
    """Papineni et al., example 2: of seven "the", two count."""
    got = bleu_score([[THE_CAT, THERE_IS]], [["the"] * 7], max_order=1)
    assert got == pytest.approx(2 / 7)


def test_precisions_of_the_paper():
    """Papineni et al., example 1, both candidates: 17/18 and 8/14 of words, 10/17 and 1/13 pairs.

    Both are as long as a reference, or nearly: 18 to 18, and 14 to 16 of the nearest.
    """
    references = [
        "it is a guide to action that ensures that the military will forever heed party commands",
        "it is the guiding principle which guarantees the military forces always being under the "
        "command of the party",
        "it is the practical guide for the army always to heed the directions of the party",
    ]
    references = [words(r) for r in references]
    first = words(
        "it is a guide to action which ensures that the military always obeys the commands of "
        "the party"
    )
    second = words(
        "it is to insure the troops forever hearing the activity guidebook that party direct"
    )
    assert [len(r) for r in references] == [16, 18, 16]
    assert bleu_score([references], [first], max_order=1) == pytest.approx(17 / 18)
    assert bleu_score([references], [first], max_order=2) == pytest.approx(
        math.sqrt(17 / 18 * 10 / 17)
    )
    brevity = math.exp(1 - 16 / 14)
    assert bleu_score([references], [second], max_order=1) == pytest.approx(brevity * 8 / 14)
    assert bleu_score([references], [second], max_order=2) == pytest.approx(
        brevity * math.sqrt(8 / 14 * 1 / 13)
    )


def test_four_grams_by_hand():
    """Counts by hand: 5/6 words, 3/5 pairs, 1/4 triples, 0 quadruples, then one word more."""
    translation = words("the cat sat on the mat")
    assert bleu_score([[THE_CAT]], [translation], max_order=3) == pytest.approx(
        (5 / 6 * 3 / 5 * 1 / 4) ** (1 / 3)
    )
    assert bleu_score([[THE_CAT]], [translation]) == 0.0
    longer = words("now the cat is on the mat")
    assert bleu_score([[THE_CAT]], [longer]) == pytest.approx(
        (6 / 7 * 5 / 6 * 4 / 5 * 3 / 4) ** (1 / 4)
    )


def test_brevity_and_the_nearest_length():
    assert bleu_score([[THE_CAT]], [THE_CAT[:5]], max_order=2) == pytest.approx(math.exp(-1 / 5))
    tokens = list(range(6))
    both_near = [[0, 1, 2, 3], tokens]  # 4 and 6 tokens, as near to 5: the shorter one counts
    assert bleu_score([both_near], [tokens[:5]], max_order=1) == 1.0


def test_counts_are_summed_before_they_are_divided():
    references, translations = [[["a", "b"]], [["c"] * 8]], [["a", "x"], ["c"] * 8]
    got = bleu_score(references, translations, max_order=1)
    assert got == pytest.approx(9 / 10)
    stream = BLEU(1)
    for r, t in zip(references, translations, strict=True):
        stream.merge(BLEU(1).update([r], [t]))
    assert stream.compute() == pytest.approx(9 / 10)


def test_a_perfect_corpus_and_an_empty_translation():
    assert bleu_score([[THE_CAT], [THERE_IS]], [THE_CAT, THERE_IS]) == 1.0
    assert bleu_score([[THE_CAT]], [[]]) == 0.0
    assert bleu_score([[THE_CAT]], [THE_CAT[:3]]) == 0.0  # no four tokens in a row


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: bleu_score([], []), ValueError, "at least one, got 0 and 0"),
        (lambda: bleu_score([[THE_CAT]], []), ValueError, "got 1 and 0"),
        (lambda: bleu_score([[]], [THE_CAT]), ValueError, r"y_true\[0\]: expected at least one"),
        (lambda: bleu_score([["a cat"]], [THE_CAT]), TypeError, r"y_true\[0\]: .* got a string"),
        (lambda: bleu_score([[THE_CAT]], ["a cat"]), TypeError, r"y_pred\[0\]: .* got a string"),
        (lambda: bleu_score([[THE_CAT]], [THE_CAT], max_order=0), ValueError, "max_order: "),
        (lambda: BLEU().update([[THE_CAT]], [THE_CAT], [1]), ValueError, "has no weights"),
        (lambda: BLEU().compute(), ValueError, "BLEU: no batch yet"),
        (lambda: BLEU().merge(Perplexity()), TypeError, "other: expected BLEU, got Perplexity"),
        (lambda: metrics.Perplexity().compute(), ValueError, "Perplexity: no batch yet"),
    ],
)
def test_what_is_refused(call, error, match):
    with pytest.raises(error, match=match):
        call()
