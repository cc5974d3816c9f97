"""The estimators at work: in pipelines and searches, with weights, and saved."""

import contextlib
import functools
import io
import re

import joblib
import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_digits
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, cross_val_predict, train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from dlcore import nn, optim
from dlcore.interop.sklearn import DLClassifier, DLRegressor
from dlcore.train import Callback


@pytest.fixture(scope="module")
def blobs():
    rng = np.random.default_rng(0)
    y = rng.integers(3, size=150)
    x = rng.normal(size=(150, 4)) + 2.5 * np.eye(3, 4)[y]
    return x, np.array(["cat", "dog", "emu"])[y]


@pytest.fixture(scope="module")
def waves():
    x = np.random.default_rng(1).uniform(-2, 2, size=(200, 2))
    return x, np.column_stack([np.sin(x[:, 0]), x[:, 1] ** 2, x.sum(axis=1)])


QUICK = {"hidden_sizes": (16,), "lr": 0.02, "epochs": 30, "batch_size": 32, "random_state": 0}


def test_labels_and_probabilities(blobs):
    x, y = blobs
    model = DLClassifier(**QUICK).fit(x, y)
    assert model.classes_.tolist() == ["cat", "dog", "emu"]
    probabilities = model.predict_proba(x)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert (model.classes_[probabilities.argmax(axis=1)] == model.predict(x)).all()
    assert model.score(x, y) > 0.85
    assert model.n_features_in_ == 4
    assert model.n_iter_ == len(model.history_) == 30
    assert model.history_["loss"][-1] < model.history_["loss"][0]


def test_it_learns_the_digits_as_well_as_scikit_learns_network():
    x, y = load_digits(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(x, y, random_state=0, stratify=y)
    scores = {}
    for model in (
        DLClassifier((64,), epochs=40, random_state=0),
        MLPClassifier((64,), max_iter=40, batch_size=128, alpha=0, tol=0, random_state=0),
    ):
        with_scaler = make_pipeline(StandardScaler(), model)
        # scikit-learn warns that 40 epochs may be few; both networks get as many
        with pytest.warns() if isinstance(model, MLPClassifier) else contextlib.nullcontext():
            with_scaler.fit(x_train, y_train)
        scores[type(model).__name__] = with_scaler.score(x_test, y_test)
    assert scores["DLClassifier"] > 0.95
    assert scores["DLClassifier"] == pytest.approx(scores["MLPClassifier"], abs=0.015)


def test_without_hidden_layers_it_is_logistic_regression(blobs):
    x, y = blobs
    model = DLClassifier((), lr=0.1, epochs=1500, batch_size=len(x))
    expected = LogisticRegression(C=np.inf).fit(x, y).predict_proba(x)
    model.set_params(random_state=0).fit(x, y)
    np.testing.assert_allclose(model.predict_proba(x), expected, atol=0.003)


def test_without_hidden_layers_it_is_linear_regression(waves):
    x, y = waves
    model = DLRegressor((), lr=0.1, epochs=500, batch_size=len(x), random_state=0).fit(x, y)
    np.testing.assert_allclose(model.predict(x), Ridge(0).fit(x, y).predict(x), atol=1e-3)


def test_several_outputs_and_one(waves):
    x, y = waves
    model = DLRegressor(**QUICK).fit(x, y)
    assert model.predict(x).shape == y.shape
    assert model.n_outputs_ == 3
    assert model.score(x, y) > 0.9
    assert model.fit(x, y[:, 0]).predict(x).shape == (200,)
    assert model.fit(x, y[:, :1]).predict(x).shape == (200, 1)


def test_targets_are_scaled_by_who_wants_it():
    x, y = load_diabetes(return_X_y=True)
    network = make_pipeline(StandardScaler(), DLRegressor(**QUICK))
    bare = network.fit(x, y).score(x, y)
    scaled = TransformedTargetRegressor(network, transformer=StandardScaler()).fit(x, y)
    assert scaled.score(x, y) > 0.5
    assert scaled.score(x, y) > bare


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_works_in_the_dtype_of_the_data(blobs, waves, dtype):
    classifier = DLClassifier(**QUICK).fit(blobs[0].astype(dtype), blobs[1])
    assert {p.dtype for p in classifier.module_.parameters()} == {np.dtype(dtype)}
    assert classifier.predict_proba(blobs[0]).dtype == dtype
    regressor = DLRegressor(**QUICK).fit(waves[0].astype(dtype), waves[1])
    assert regressor.predict(waves[0].tolist()).dtype == dtype


def test_one_state_gives_one_network(blobs):
    x, y = blobs
    model = DLClassifier(**QUICK)
    first, again = model.fit(x, y).predict_proba(x), clone(model).fit(x, y).predict_proba(x)
    assert (first == again).all()
    assert (first != clone(model).set_params(random_state=1).fit(x, y).predict_proba(x)).any()
    legacy = np.random.RandomState(0)  # one that goes on, as scikit-learn's contract has it
    model.set_params(random_state=legacy)
    assert (model.fit(x, y).predict_proba(x) != model.fit(x, y).predict_proba(x)).any()


def test_it_is_saved_by_joblib(blobs):
    x, y = blobs
    model = DLClassifier(**QUICK).fit(x, y)
    file = io.BytesIO()
    joblib.dump(model, file)
    file.seek(0)
    again = joblib.load(file)
    assert (again.predict_proba(x) == model.predict_proba(x)).all()
    assert (again.history_["loss"] == model.history_["loss"]).all()


def deep(n_in, n_out, rng, width=8):
    return nn.Sequential(
        nn.Linear(n_in, width, rng=rng), nn.BatchNorm1d(width), nn.SiLU(),
        nn.Dropout(0.1, rng=rng), nn.Linear(width, n_out, rng=rng),
    )  # fmt: skip


def test_a_network_and_an_optimizer_of_ones_own(blobs):
    x, y = blobs
    sgd = functools.partial(optim.SGD, momentum=0.9)
    model = DLClassifier(module=deep, optimizer=sgd, epochs=30, batch_size=32, random_state=0)
    model.set_params(lr=0.05, module=functools.partial(deep, width=12)).fit(x, y)
    assert model.module_[0].out_features == 12
    assert model.score(x, y) > 0.85
    assert (clone(model).fit(x, y).predict_proba(x) == model.predict_proba(x)).all()


@pytest.mark.parametrize("kind", [DLClassifier, DLRegressor])
def test_a_last_batch_of_one_can_be_left_out(kind):
    def normed(inputs, outputs, rng):
        return nn.Sequential(
            nn.Linear(inputs, 4, rng=rng), nn.BatchNorm1d(4), nn.Linear(4, outputs, rng=rng)
        )

    x = np.random.default_rng(0).normal(size=(9, 2))
    y = (x[:, 0] > 0).astype(int)
    options = {"module": normed, "batch_size": 4, "epochs": 1, "random_state": 0}
    with pytest.raises(ValueError, match=r"DLClassifier\) drop_last=True"):
        kind(**options).fit(x, y)
    assert len(kind(**options, drop_last=True).fit(x, y).predict(x)) == 9
    few = kind(**{**options, "batch_size": 100}, drop_last=True).fit(x, y)  # one batch, not none
    assert len(few.history_) == 1


@pytest.mark.parametrize(
    "optimizer", ["adabound", "adagrad", "adam", "adamw", "lion", "rmsprop", "sgd"]
)
@pytest.mark.parametrize("activation", ["tanh", nn.GELU])
def test_names_stand_for_optimizers_and_activations(blobs, optimizer, activation):
    model = DLClassifier([8], optimizer=optimizer, activation=activation, epochs=3, random_state=0)
    model.fit(*blobs)
    assert model.history_["loss"][-1] < model.history_["loss"][0]


def test_weight_decay_shrinks_weights(blobs):
    model = DLClassifier(**QUICK)
    norms = [
        np.linalg.norm(model.set_params(weight_decay=d).fit(*blobs).module_[0].weight.data)
        for d in (0.0, 0.1)
    ]
    assert norms[1] < 0.7 * norms[0]


def test_a_weight_is_a_number_of_copies(waves):
    x, y = waves[0][:20], waves[1][:20]
    counts = np.random.default_rng(0).integers(0, 4, len(x))
    model = DLRegressor([8], epochs=20, random_state=0)
    copied = model.fit(x.repeat(counts, 0), y.repeat(counts, 0)).predict(x)
    np.testing.assert_allclose(model.fit(x, y, sample_weight=counts).predict(x), copied)
    np.testing.assert_allclose(model.fit(x, y, sample_weight=10 * counts).predict(x), copied)
    assert (abs(model.fit(x, y).predict(x) - copied) > 1e-3).any()


def test_classes_weigh_what_they_are_told(blobs):
    x, y = blobs
    rare = np.concatenate([np.flatnonzero(y == "cat")[:3], np.flatnonzero(y == "dog")])
    x, y = 0.3 * x[rare], y[rare]
    model = DLClassifier(**QUICK)
    plain = (model.fit(x, y).predict(x) == "cat").sum()
    balanced = model.set_params(class_weight="balanced").fit(x, y)
    assert (balanced.predict(x) == "cat").sum() > plain
    by_hand = np.where(y == "cat", len(y) / 6, len(y) / (2 * (len(y) - 3)))
    same = clone(model).set_params(class_weight=None).fit(x, y, sample_weight=by_hand)
    np.testing.assert_allclose(same.predict_proba(x), balanced.predict_proba(x))


def test_early_stopping_goes_back_to_the_best(blobs):
    x, y = blobs
    rng = np.random.default_rng(3)
    noisy = np.where(rng.random(len(y)) < 0.3, rng.permutation(y), y)
    model = DLClassifier([64], lr=0.02, epochs=200, early_stopping=True, validation_fraction=0.2)
    model.set_params(patience=5, random_state=0).fit(x, noisy)
    losses = model.history_["val_loss"]
    assert model.n_iter_ == losses.argmin() + 1 + 6 < 200
    stopper = model.callbacks_[-1]
    assert stopper.best == losses.min()
    assert all(np.array_equal(stopper.weights[n], a) for n, a in model.module_.state_dict().items())


def test_a_warm_start_goes_on(blobs):
    x, y = blobs
    model = DLClassifier(**{**QUICK, "epochs": 3}, warm_start=True).fit(x, y)
    first = model.history_["loss"]
    module = model.module_
    model.fit(x, y)
    assert model.module_ is module
    assert model.history_["loss"][0] < first[-1]
    with pytest.raises(ValueError, match="y: with warm_start=True, expected the classes"):
        model.fit(x, np.where(y == "cat", "ant", y))
    regressor = DLRegressor(**{**QUICK, "epochs": 1}, warm_start=True).fit(x, x)
    with pytest.raises(ValueError, match="expected 4 outputs, got 1"):
        regressor.fit(x, x[:, 0])
    with pytest.raises(ValueError, match="4 features as input"):
        DLRegressor(epochs=1).fit(x, x).predict(x[:, :3])


class Count(Callback):
    def __init__(self):
        self.epochs = 0

    def on_epoch_end(self, run):
        self.epochs += 1
        run.stop = self.epochs == 4


def test_callbacks_are_copies(blobs):
    count = Count()
    model = DLClassifier(**QUICK, callbacks=[count]).fit(*blobs)
    assert model.n_iter_ == model.callbacks_[0].epochs == 4
    assert count.epochs == 0


def test_progress_is_shown_on_demand(blobs, capsys, monkeypatch):
    monkeypatch.delenv("DLCORE_PROGRESS", raising=False)
    DLClassifier(**QUICK).fit(*blobs)
    assert capsys.readouterr().err == ""
    DLClassifier(**QUICK, verbose=True).fit(*blobs)
    assert re.search(r"30/30|epoch 30", capsys.readouterr().err)


def test_pipeline_and_grid_search(blobs):
    network = make_pipeline(StandardScaler(), DLClassifier(**QUICK))
    grid = {"dlclassifier__hidden_sizes": [(), (8,)], "dlclassifier__lr": [1e-6, 0.02]}
    search = GridSearchCV(network, grid, cv=3).fit(*blobs)
    assert search.best_params_["dlclassifier__lr"] == 0.02
    assert search.best_score_ > 0.8
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


@pytest.mark.slow
def test_processes_give_the_same_predictions(blobs):
    network = make_pipeline(StandardScaler(), DLClassifier(**QUICK))
    runs = [
        cross_val_predict(network, *blobs, cv=3, n_jobs=n, method="predict_proba") for n in (1, 2)
    ]
    np.testing.assert_allclose(runs[0], runs[1])


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"activation": "swish"}, ValueError, "activation: expected a function, .* got 'swish'"),
        ({"optimizer": "newton"}, ValueError, "optimizer: expected .* 'rmsprop', 'sgd', got 'newt"),
        ({"activation": nn.ReLU()}, ValueError, r"activation: expected .* got ReLU\(\)"),
        ({"hidden_sizes": [8, 0]}, ValueError, r"hidden_sizes: expected positive .* got \[8, 0\]"),
        ({"hidden_sizes": 8}, ValueError, "hidden_sizes: expected a sequence, got 8"),
        ({"module": nn.Linear(4, 3)}, TypeError, "module: expected a function or class that makes"),
        (
            {"module": lambda n, m, rng: nn.Linear(n, m + 1)},
            ValueError,
            r"into \(1, 3\), got \(1, 4",
        ),
        ({"epochs": 0}, ValueError, "epochs: expected at least 1, got 0"),
        ({"batch_size": 0}, ValueError, "batch_size: expected at least 1, got 0"),
    ],
)
def test_wrong_parameters_are_named(blobs, parameters, error, message):
    with pytest.raises(error, match=message):
        DLClassifier(**parameters).fit(*blobs)


def test_wrong_data_are_named(blobs):
    x, y = blobs
    model = DLClassifier(**QUICK)
    with pytest.raises(TypeError, match="Sparse data was passed for X, but dense data is required"):
        model.fit(sparse.csr_array(x), y)
    with pytest.raises(ValueError, match="sample_weight: expected at least one weight above zero"):
        clone(model).set_params(class_weight=dict.fromkeys(y, 0)).fit(x, y)
    with pytest.raises(ValueError, match="Negative values in data passed to `sample_weight`"):
        model.fit(x, y, sample_weight=-np.ones(len(x)))
    with pytest.raises(ValueError, match="Unknown label type: continuous"):
        model.fit(x, x[:, 0])
    with pytest.raises(NotFittedError, match="not fitted yet"):
        model.predict(x)
