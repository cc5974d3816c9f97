"""Splits: disjoint, complete, in proportion, and of the sizes that scikit-learn gives."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.model_selection import train_test_split as reference

from dlcore.data import kfold, train_test_split

FRACTION = st.floats(0.05, 0.95)


@settings(deadline=None)
@given(n=st.integers(2, 60), test_size=st.one_of(st.none(), FRACTION), seed=st.integers(0, 99))
def test_disjoint_complete_and_as_large_as_in_scikit_learn(n, test_size, seed):
    x = np.arange(n)
    try:
        expected = reference(x, test_size=test_size)
    except ValueError:
        with pytest.raises(ValueError, match="cannot be split"):
            train_test_split(x, test_size=test_size)
        return
    train, test, pair_train, pair_test = train_test_split(
        x, 2 * x, test_size=test_size, rng=np.random.default_rng(seed)
    )
    assert [len(train), len(test)] == list(map(len, expected))
    assert sorted([*train, *test]) == list(range(n))
    assert (pair_train == 2 * train).all()
    assert (pair_test == 2 * test).all()


@settings(deadline=None)
@given(
    counts=st.lists(st.integers(2, 20), min_size=2, max_size=4),
    test_size=st.floats(0.1, 0.9),
    data=st.data(),
)
def test_stratified_counts_as_in_scikit_learn(counts, test_size, data):
    y = np.repeat(np.arange(len(counts)), counts)
    try:
        expected = reference(y, test_size=test_size, stratify=y, random_state=0)
    except ValueError:
        with pytest.raises(ValueError, match=r"stratify|cannot be split"):
            train_test_split(y, test_size=test_size, stratify=y)
        return
    train, test = train_test_split(y, test_size=test_size, stratify=y)
    n = len(y)
    for part, theirs in ((train, expected[0]), (test, expected[1])):
        assert len(part) == len(theirs)
        exact = len(part) * np.bincount(y) / n
        assert (np.abs(np.bincount(part, minlength=len(counts)) - exact) < 1.5).all()
    assert sorted([*train, *test]) == sorted(y)


def test_reproducible_and_seeded():
    x = np.arange(50)
    first = train_test_split(x, rng=np.random.default_rng(1))
    again = train_test_split(x, rng=np.random.default_rng(1))
    other = train_test_split(x, rng=np.random.default_rng(2))
    assert first[0].tolist() == again[0].tolist()
    assert first[0].tolist() != other[0].tolist()


def test_without_shuffle_the_last_are_the_test():
    train, test = train_test_split(np.arange(10), test_size=3, shuffle=False)
    assert train.tolist() == list(range(7))
    assert test.tolist() == [7, 8, 9]


def test_both_sizes_leave_the_rest_out():
    train, test = train_test_split(np.arange(10), test_size=2, train_size=0.5)
    assert (len(train), len(test)) == (5, 2)


def test_only_a_train_size():
    train, test = train_test_split(np.arange(10), train_size=7)
    assert (len(train), len(test)) == (7, 3)


def test_classes_may_be_words():
    y = np.array(["a", "b"] * 10)
    train, test = train_test_split(y, test_size=4, stratify=y)
    assert sorted(test) == ["a", "a", "b", "b"]
    assert len(train) == 16


@pytest.mark.parametrize(
    ("arguments", "options", "match"),
    [
        ((), {}, "at least one"),
        ((np.arange(3), np.arange(4)), {}, r"same length, got \[3, 4\]"),
        ((np.float32(1),), {}, "got a scalar"),
        ((np.arange(4),), {"test_size": 1.5}, "test_size: expected a fraction"),
        ((np.arange(4),), {"test_size": 0.0}, "test_size: expected a fraction"),
        ((np.arange(4),), {"test_size": 4}, "cannot be split into 0 to train on and 4"),
        ((np.arange(4),), {"test_size": 3, "train_size": 3}, "cannot be split"),
        ((np.arange(4),), {"stratify": [0, 1]}, r"stratify: expected shape \(4,\)"),
        ((np.arange(4),), {"stratify": [0, 0, 0, 1]}, "class 1 has one sample"),
        ((np.arange(4),), {"stratify": [0, 0, 1, 1]}, "2 classes need at least that many"),
        ((np.arange(4),), {"stratify": [0, 0, 1, 1], "shuffle": False}, "needs shuffle"),
    ],
)
def test_refused(arguments, options, match):
    with pytest.raises(ValueError, match=match):
        train_test_split(*arguments, **options)


LABELS = st.lists(st.integers(0, 3), min_size=6, max_size=60)


def folds_of(n, n_splits, **options):
    return [(a.tolist(), b.tolist()) for a, b in kfold(n, n_splits, **options)]


@pytest.mark.filterwarnings("ignore:The least populated class")
@given(labels=LABELS, n_splits=st.integers(2, 6))
def test_folds_are_those_of_scikit_learn(labels, n_splits):
    selection = pytest.importorskip("sklearn.model_selection")
    y = np.array(labels)
    expected = selection.KFold(n_splits).split(y)
    assert folds_of(len(y), n_splits) == [(a.tolist(), b.tolist()) for a, b in expected]
    if np.bincount(y).max() < n_splits:
        with pytest.raises(ValueError, match=f"no class has {n_splits} samples"):
            folds_of(len(y), n_splits, stratify=y)
        return
    expected = selection.StratifiedKFold(n_splits).split(y, y)
    got = folds_of(len(y), n_splits, stratify=y)
    assert got == [(a.tolist(), b.tolist()) for a, b in expected]


@given(labels=LABELS, n_splits=st.integers(2, 6), stratified=st.booleans(), seed=st.integers(0, 9))
def test_shuffled_folds_are_fair_and_seeded(labels, n_splits, stratified, seed):
    y = np.array(labels)
    stratified = stratified and np.bincount(y).max() >= n_splits

    def made(seed):
        rng = np.random.default_rng(seed)
        options = {"stratify": y} if stratified else {}
        return folds_of(len(y), n_splits, shuffle=True, rng=rng, **options)

    got = made(seed)
    assert got == made(seed)
    assert sorted(i for _, test in got for i in test) == list(range(len(y)))
    for train, test in got:
        assert sorted(train + test) == list(range(len(y)))
        assert test == sorted(test)
    sizes = [len(test) for _, test in got]
    assert max(sizes) - min(sizes) <= 1
    if stratified:
        for k in np.unique(y):
            counts = [int((y[test] == k).sum()) for _, test in got]
            assert max(counts) - min(counts) <= 1


def test_shuffled_folds_are_not_runs_of_neighbours():
    for options in ({}, {"stratify": np.zeros(100)}):
        rng = np.random.default_rng(0)
        _, test = next(kfold(100, 4, shuffle=True, rng=rng, **options))
        assert test.tolist() != list(range(25))


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"n_splits": 1}, "n_splits: expected 2 to 6"),
        ({"n_splits": 7}, "n_splits: expected 2 to 6"),
        ({"stratify": [0, 1]}, r"stratify: expected shape \(6,\), got \(2,\)"),
    ],
)
def test_folds_refused(options, match):
    with pytest.raises(ValueError, match=match):
        list(kfold(6, **options))
