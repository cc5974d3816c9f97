"""Problems on sequences: each by its own rule, and the same from the same seed."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from dlcore import data

COUNTS = {"n_samples": st.integers(1, 8), "length": st.integers(1, 12)}
SEEDS = {"seed": st.integers(0, 99)}


def both(make, seed, **options):
    x, y = make(rng=np.random.default_rng(seed), **options)
    x_again, y_again = make(rng=np.random.default_rng(seed), **options)
    assert np.array_equal(x, x_again)
    assert np.array_equal(y, y_again)
    return x, y


@given(**COUNTS, **SEEDS, vocabulary=st.integers(1, 12))
def test_one_shift_and_reversal(seed, n_samples, length, vocabulary):
    options = {"n_samples": n_samples, "length": length, "vocabulary": vocabulary}
    x, y = both(data.one_shift, seed, **options)
    assert x.shape == y.shape == (n_samples, length)
    assert x.dtype == y.dtype == np.int64
    assert set(np.unique(x)) <= set(range(vocabulary))
    assert (y == np.where(x == vocabulary - 1, 0, x + 1)).all()
    x, y = both(data.reversal, seed, **options)
    assert [list(reversed(row)) for row in x.tolist()] == y.tolist()


@given(**COUNTS, **SEEDS, modulus=st.integers(2, 7))
def test_sum_mod(seed, n_samples, length, modulus):
    options = {"n_samples": n_samples, "length": length, "modulus": modulus}
    x, y = both(data.sum_mod, seed, **options)
    assert y.tolist() == [sum(row) % modulus for row in x.tolist()]
    x_same, sums = both(data.sum_mod, seed, running=True, **options)
    assert (x == x_same).all()
    assert sums.tolist() == [
        [sum(row[: t + 1]) % modulus for t in range(length)] for row in x.tolist()
    ]


def test_sum_mod_is_nearly_even():
    _, y = data.sum_mod(20_000, rng=np.random.default_rng(0))
    assert np.abs(np.bincount(y, minlength=5) / 20_000 - 0.2).max() < 0.01


@given(**COUNTS, **SEEDS, delay=st.integers(1, 9), symbols=st.integers(1, 8))
def test_copy_memory(seed, n_samples, length, delay, symbols):
    x, y = both(
        data.copy_memory, seed, n_samples=n_samples, length=length, delay=delay, symbols=symbols
    )
    assert x.shape == y.shape == (n_samples, delay + 2 * length)
    for shown, wanted in zip(x.tolist(), y.tolist(), strict=True):
        sign = shown.index(symbols + 1)
        assert sign - (length - 1) == delay, "steps from the last symbol to the sign"
        assert shown[:length] == wanted[sign + 1 :]
        assert all(1 <= token <= symbols for token in shown[:length])
        assert not any(shown[length:sign])
        assert not any(shown[sign + 1 :])
        assert not any(wanted[: sign + 1])


@given(n_samples=st.integers(1, 8), length=st.integers(2, 30), **SEEDS)
def test_adding_problem(seed, n_samples, length):
    x, y = both(data.adding_problem, seed, n_samples=n_samples, length=length)
    assert (x.dtype, x.shape) == (np.float32, (n_samples, length, 2))
    assert (y.dtype, y.shape) == (np.float32, (n_samples, 1))
    for (numbers, marks), wanted in zip(x.transpose(0, 2, 1), y, strict=True):
        first, second = np.flatnonzero(marks)
        assert first < length // 2 <= second
        assert wanted[0] == numbers[first] + numbers[second]
        assert (numbers >= 0).all()
        assert (numbers < 1).all()


@pytest.mark.parametrize(
    ("make", "options", "match"),
    [
        (data.one_shift, {"n_samples": 0}, "n_samples: expected at least 1, got 0"),
        (data.reversal, {"length": 0}, "length: expected at least 1, got 0"),
        (data.one_shift, {"vocabulary": 0}, "vocabulary: expected at least 1"),
        (data.sum_mod, {"modulus": 1}, "modulus: expected at least 2, got 1"),
        (data.copy_memory, {"delay": 0}, "delay: expected at least 1"),
        (data.adding_problem, {"length": 1}, "length: expected at least 2"),
        (data.adding_problem, {"n_samples": 0}, "n_samples: expected at least 1"),
    ],
)
def test_refused(make, options, match):
    with pytest.raises(ValueError, match=match):
        make(**options)


def test_sentiment_is_balanced_and_not_told_by_length():
    sentences, labels = data.sentiment()
    assert len(sentences) == len(set(sentences)) == 40
    assert labels.dtype == np.int64
    assert np.bincount(labels).tolist() == [20, 20]
    words = [len(sentence.split()) for sentence in sentences]
    assert words[::2] == words[1::2]
    assert all(s == s.lower() and s.replace(" ", "").isalpha() for s in sentences)
    praise, blame = set(" ".join(sentences[::2]).split()), set(" ".join(sentences[1::2]).split())
    assert {"wonderful", "best"} <= praise - blame
    assert {"terrible", "worst"} <= blame - praise
    assert {"good", "bad"} <= praise & blame, "a single word gives it away"


def test_translations_are_all_different_and_agree():
    pairs = data.translations(rng=np.random.default_rng(0))
    assert len(pairs) == len(set(pairs)) == len({english for english, _ in pairs}) == 1680
    french = dict(pairs)
    for english, expected in {
        "the cat sleeps": "le chat dort",
        "the small bird sings in the garden": "le petit oiseau chante dans le jardin",
        "the happy bird sings": "l' oiseau content chante",
        "the tired mouse eats on the mat": "la souris fatiguée mange sur le tapis",
        "the big woman waits near the river": "la grande femme attend près de la rivière",
    }.items():
        assert french[english] == expected


def test_translations_are_seeded_and_counted():
    first = data.translations(5, rng=np.random.default_rng(3))
    assert first == data.translations(5, rng=np.random.default_rng(3))
    assert first == data.translations(rng=np.random.default_rng(3))[:5]
    assert first != data.translations(5, rng=np.random.default_rng(4))
    for n in (0, 1681):
        with pytest.raises(ValueError, match=f"n_samples: expected 1 to 1680, got {n}"):
            data.translations(n)
