"""Cross-validation: every fold once, in order, and the same in one process and in two."""

import importlib.util

import numpy as np
import pytest

from dlcore import data, models, nn, optim
from dlcore.train import cross_validate, fit, predict

X, Y = data.gaussians(40, rng=np.random.default_rng(0))


def trial(train, test, rng):
    """Train a small network; return what it says of the test."""
    loader = data.DataLoader(data.TensorDataset(X[train], Y[train]), 8, shuffle=True, rng=rng)
    model = models.MLP([2, 4, 2], rng=rng)
    optimizer = optim.SGD(model.parameters(), lr=0.5)
    fit(model, loader, nn.CrossEntropyLoss(), optimizer, 8, progress=False)
    return test, predict(model, X[test])


def run(n_jobs):
    folds = data.kfold(40, 4, stratify=Y)
    results = cross_validate(trial, folds, rng=np.random.default_rng(1), n_jobs=n_jobs)
    order = np.concatenate([test for test, _ in results])
    return order, np.concatenate([output for _, output in results])


def test_predictions_out_of_fold():
    order, outputs = run(1)
    assert sorted(order) == list(range(40))
    assert (outputs.argmax(axis=1) == Y[order]).mean() > 0.95


def test_the_same_in_two_processes():
    pytest.importorskip("joblib")
    for one, two in zip(run(1), run(2), strict=True):
        assert np.array_equal(one, two)


def test_each_fold_has_a_generator_of_its_own():
    drawn = cross_validate(lambda train, test, rng: rng.random(), data.kfold(6, 3))
    assert len(set(drawn)) == 3


def test_refused(monkeypatch):
    with pytest.raises(ValueError, match="folds: expected at least one"):
        cross_validate(trial, [])
    with pytest.raises(ValueError, match=r"n_jobs: .* got 0"):
        cross_validate(trial, data.kfold(4, 2), n_jobs=0)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'dlcore\[cluster\]'"):
        cross_validate(trial, data.kfold(4, 2), n_jobs=2)
