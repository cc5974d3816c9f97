"""Made-up samples for the tests of scores: with ties, of a single class, without positives."""

import warnings

import numpy as np
from hypothesis import settings, strategies as st

MODEST = settings(max_examples=40)  # a call of scikit-learn takes a millisecond
CLASS = st.integers(0, 3)
WEIGHT = st.integers(0, 3)
SCORE = st.integers(0, 8).map(lambda k: k / 8)  # few values: ties are the rule


def columns(*parts, max_size=25):
    """Lists of equal length: one column a part, and one of weights, not all zero."""
    rows = st.lists(st.tuples(*parts, WEIGHT), min_size=1, max_size=max_size)
    return rows.filter(lambda r: any(row[-1] for row in r)).map(
        lambda r: tuple(np.array(column) for column in zip(*r, strict=True))
    )


def quietly(function, *args, **options):
    """Call scikit-learn, which warns where a score is not defined."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*args, **options)


def probabilities(rng, n, classes):
    """Draw rows that sum to 1, with ties."""
    p = rng.integers(1, 5, (n, classes)).astype(np.float64)
    return p / p.sum(axis=1, keepdims=True)


def in_batches(score, *arrays, size=4):
    """Feed a stream batch by batch."""
    score.update(*(a[:1] for a in arrays[:2]))
    score.reset()
    for start in range(0, len(arrays[0]), size):
        batch = [a[start : start + size] for a in arrays]
        if len(batch) < 3 or batch[2].any():  # weights that are all zero are refused
            score.update(*batch)
    return score
