"""Callbacks, early stopping, accumulation, clipping, schedules and penalties in fit."""

import numpy as np
import pytest

import dlcore as dl
from dlcore import data, metrics, models, nn, optim, train
from dlcore.optim import lr_scheduler
from dlcore.train import Callback, EarlyStopping, ElasticPenalty, L1Penalty, L2Penalty


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setenv("DLCORE_PROGRESS", "0")


def fit(epochs=2, batch_size=8, lr=0.1, n=26, loader=None, **options):
    """Train a small network; return it, its optimiser and its history."""
    x, y = data.gaussians(n, rng=np.random.default_rng(0))
    loader = loader or data.DataLoader(data.TensorDataset(x, y), batch_size)
    model = models.MLP([2, 5, 2], rng=np.random.default_rng(2))
    optimizer = optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    if callable(options.get("schedule")):
        options["schedule"] = options["schedule"](optimizer)
    return model, optimizer, train.fit(
        model, loader, nn.CrossEntropyLoss(), optimizer, epochs, **options
    )  # fmt: skip


def weights(model):
    return np.concatenate([p.data.ravel() for p in model.parameters()])


class Diary(Callback):
    def __init__(self):
        self.pages = []

    def on_train_begin(self, run):
        assert isinstance(run, train.Run)
        self.pages.append("begin")

    def on_epoch_begin(self, run):
        self.pages.append(f"epoch {run.epoch}")

    def on_batch_end(self, run):
        self.pages.append(run.batch)

    def on_epoch_end(self, run):
        self.pages.append(f"done {len(run.history)}")

    def on_train_end(self, run):
        self.pages.append("end")


def test_every_moment_is_told_in_order():
    diary = Diary()
    fit(2, 13, callbacks=[diary])
    expected = ["begin", "epoch 1", 1, 2, "done 1", "epoch 2", 1, 2, "done 2", "end"]
    assert diary.pages == expected


def test_a_callback_stops_the_run_after_the_epoch():
    class Once(Callback):
        def on_batch_end(self, run):
            run.stop = True

    assert len(fit(9, callbacks=[Once()])[2]) == 1


class Scripted(Callback):
    """Put scores of a test's own into the history, and weights that tell the epoch."""

    def __init__(self, scores):
        self.scores = scores

    def on_epoch_end(self, run):
        run.history.epochs[-1]["score"] = self.scores[run.epoch - 1]
        for p in run.model.parameters():
            p.data[...] = run.epoch


@pytest.mark.parametrize(
    ("scores", "options", "epochs", "best"),
    [
        ([3, 2, 1, 4, 5, 6, 7], {"patience": 0}, 4, 3),
        ([3, 2, 1, 4, 5, 6, 7], {"patience": 2}, 6, 3),
        ([3, 4, 2, 4, 4, 4, 4], {"patience": 1}, 5, 3),
        ([1, 2, 3, 3, 3, 3, 3], {"patience": 1, "mode": "max"}, 5, 3),
        ([3, 2.9, 2.8, 1, 1, 1, 1], {"patience": 1, "min_delta": 0.5}, 3, 1),
        ([7, 6, 5, 4, 3, 2, 1], {"patience": 0}, 7, 7),
        ([3, np.nan, np.nan, 2, 9, 9, 9], {"patience": 1}, 3, 1),
    ],
)
def test_early_stopping_and_its_best_weights(scores, options, epochs, best):
    stopping = EarlyStopping("score", **options)
    model, _, history = fit(7, callbacks=[Scripted(scores), stopping])
    assert len(history) == epochs
    assert stopping.best_epoch == best
    assert stopping.best == scores[best - 1]
    assert (weights(model) == best).all()
    model, _, _ = fit(
        7, callbacks=[Scripted(scores), EarlyStopping("score", **options,
                                                      restore_best_weights=False)]
    )  # fmt: skip
    assert (weights(model) == epochs).all()


def test_early_stopping_forgets_an_earlier_run():
    stopping = EarlyStopping("score")
    for scores in ([1, 2], [5, 6]):
        fit(2, callbacks=[Scripted(scores), stopping])
    assert stopping.best == 5


def test_early_stopping_goes_on_after_an_interruption(tmp_path):
    scores, best = [1, 2, 3, 4, 5, 6, 7], EarlyStopping("score", patience=3)
    fit(2, callbacks=[Scripted(scores), best], checkpoint=tmp_path / "a")
    again = EarlyStopping("score", patience=3)
    model, _, history = fit(
        7, callbacks=[Scripted(scores), again], checkpoint=tmp_path / "a", resume=True
    )
    assert (again.best, again.best_epoch, len(history)) == (1, 1, 5)
    assert (weights(model) == 1).all()


def test_an_interrupted_run_has_its_best_weights_too():
    class Interrupting(Callback):
        def on_epoch_begin(self, run):
            if run.epoch == 3:
                raise KeyboardInterrupt

    stopping = EarlyStopping("score", patience=5)
    model, _, history = fit(7, callbacks=[Scripted([1, 2, 3]), stopping, Interrupting()])
    assert history.interrupted
    assert (weights(model) == 1).all()


def test_a_score_that_there_is_not_is_named():
    with pytest.raises(ValueError, match="no 'val_loss', it has epoch, loss"):
        fit(callbacks=[EarlyStopping()])


@pytest.mark.parametrize(
    "options", [{"patience": -1}, {"mode": "up"}, {"min_delta": -0.1}, {"min_delta": np.nan}]
)
def test_early_stopping_refuses(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        EarlyStopping(**options)


@pytest.mark.parametrize(("small", "accumulate"), [(4, 2), (2, 4), (8, 1), (5, 6)])
def test_accumulated_gradients_are_those_of_one_batch(small, accumulate):
    """Also where batches are uneven and the last step has fewer of them."""
    one, _, whole = fit(3, small * accumulate)
    many, _, parts = fit(3, small, accumulate=accumulate)
    np.testing.assert_allclose(weights(many), weights(one), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(parts["loss"][0], whole["loss"][0], rtol=0.2)
    steps = []
    fit(1, small, accumulate=accumulate, clip=lambda parameters: steps.append(len(parameters)))
    assert steps == [4] * -(-26 // (small * accumulate))


def test_a_parameter_that_takes_no_part_stays():
    unused = dl.tensor([3.0], requires_grad=True)
    model = nn.Linear(1, 1, rng=np.random.default_rng(0))
    optimizer = optim.SGD([*model.parameters(), unused], lr=0.1)
    batches = [(dl.tensor([[1.0]]), dl.tensor([[1.0]]))] * 2
    train.fit(model, batches, nn.MSELoss(), optimizer, 1, accumulate=2, clip=1.0)
    assert unused.item() == 3.0


def test_clipping_by_norm_and_by_a_function():
    norms = []

    class Norms(Callback):
        def on_batch_end(self, run):
            grads = [p.grad.data.ravel() for p in run.model.parameters()]
            norms.append(np.linalg.norm(np.concatenate(grads)))

    fit(2, clip=0.01, callbacks=[Norms()])
    assert max(norms) <= 0.0100001
    largest = []
    fit(
        2,
        clip=lambda parameters: optim.clip_grad_value_(parameters, 0.001),
        callbacks=[type("Largest", (Callback,), {"on_batch_end": lambda _, run: largest.append(
            max(np.abs(p.grad.data).max() for p in run.model.parameters()))})()],
    )  # fmt: skip
    assert max(largest) <= np.float32(0.001)


def test_a_schedule_goes_on_by_epoch_or_by_step():
    def halving(optimizer):
        return lr_scheduler.StepLR(optimizer, 1, gamma=0.5)

    _, optimizer, history = fit(3, schedule=halving)
    assert history["lr"].tolist() == [0.1, 0.05, 0.025]
    assert optimizer.param_groups[0]["lr"] == 0.0125
    _, _, history = fit(2, 13, schedule=halving, step_schedule="batch")
    assert history["lr"].tolist() == [0.1 / 4, 0.1 / 16]
    _, _, history = fit(2, 13, schedule=halving, step_schedule="batch", accumulate=2)
    assert history["lr"].tolist() == [0.05, 0.025]


def test_a_plateau_is_seen_by_the_schedule():
    def plateau(optimizer):
        return lr_scheduler.ReduceLROnPlateau(optimizer, patience=0, factor=0.5, eps=0.0)

    _, _, history = fit(4, lr=2.0**-40, schedule=plateau)
    assert history["lr"].tolist() == [2.0**-40, 2.0**-40, 2.0**-41, 2.0**-42]
    seen = []

    class Spy(lr_scheduler.ReduceLROnPlateau):
        def step(self, metrics):
            seen.append(metrics)

    x, y = data.gaussians(10, rng=np.random.default_rng(5))
    _, _, history = fit(2, schedule=Spy, validation=[(dl.Tensor(x), dl.Tensor(y))])
    assert seen == history["val_loss"].tolist()
    _, _, history = fit(1, schedule=Spy)
    assert seen[-1] == history["loss"][-1]


def test_penalties_by_their_formulas():
    model = models.MLP([2, 3, 1], rng=np.random.default_rng(0))
    matrices = [p for p in model.parameters() if p.ndim == 2]
    penalty = ElasticPenalty(l1=0.3, l2=0.7)(model)
    expected = sum(0.3 * np.abs(w.data).sum() + 0.7 * (w.data**2).sum() for w in matrices)
    assert penalty.item() == pytest.approx(expected, rel=1e-6)
    penalty.backward()
    for p in model.parameters():
        if p.ndim == 2:
            grad = 0.3 * np.sign(p.data) + 1.4 * p.data
            np.testing.assert_allclose(p.grad.data, grad, rtol=1e-5)
        else:
            assert p.grad is None
    everything = sum(np.abs(p.data).sum() for p in model.parameters())
    assert L1Penalty(1.0, biases=True)(model).item() == pytest.approx(everything, rel=1e-6)
    model.requires_grad_(False)
    assert L2Penalty(1.0)(model) == 0.0


def test_an_l2_penalty_is_weight_decay_under_sgd():
    x, y = data.gaussians(26, rng=np.random.default_rng(0))
    loader = data.DataLoader(data.TensorDataset(x, y), 8)
    ends = []
    for decay, penalty in ((0.2, None), (0.0, L2Penalty(0.1, biases=True))):
        model = models.MLP([2, 5, 2], rng=np.random.default_rng(2))
        optimizer = optim.SGD(model.parameters(), lr=0.1, weight_decay=decay)
        history = train.fit(model, loader, nn.CrossEntropyLoss(), optimizer, 3, penalty=penalty)
        ends.append((weights(model), history["loss"]))
    np.testing.assert_allclose(ends[0][0], ends[1][0], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(ends[0][1], ends[1][1], rtol=1e-5)


@pytest.mark.parametrize("options", [{"l1": -1.0}, {"l2": np.nan}, {"l2": np.inf}])
def test_penalties_refuse(options):
    with pytest.raises(ValueError, match=f"{next(iter(options))}: expected a number"):
        ElasticPenalty(**options)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"accumulate": 0}, "accumulate: expected at least 1"),
        ({"step_schedule": "day"}, "step_schedule: expected 'epoch' or 'batch'"),
        (
            {"schedule": lr_scheduler.ReduceLROnPlateau, "step_schedule": "batch"},
            "ReduceLROnPlateau needs the score of an epoch",
        ),
    ],
)
def test_refused(options, match):
    with pytest.raises(ValueError, match=match):
        fit(**options)


def test_metrics_inside_metrics_come_back(tmp_path):
    """The state of a pass in its middle, with a metric that is made of another."""

    class Wrapped:
        def __init__(self):
            self.inner = metrics.Accuracy()

        def update(self, y_true, y_pred):
            self.inner.update(y_true, y_pred)

        def compute(self):
            return self.inner.compute()

        def reset(self):
            self.inner.reset()

    first = train.scores.Scores({"wrapped": Wrapped(), "plain": metrics.accuracy})
    first.add(0.5, np.array([0, 1]), dl.tensor([[1.0, 0.0], [1.0, 0.0]]))
    train.save_checkpoint(tmp_path / "a", {}, first.state_dict())
    second = train.scores.Scores({"wrapped": Wrapped(), "plain": metrics.accuracy})
    second.load_state_dict(train.load_checkpoint(tmp_path / "a", {}))
    for scores in (first, second):
        scores.add(1.5, np.array([1, 1]), dl.tensor([[0.0, 1.0], [0.0, 1.0]]))
    assert first.results() == second.results() == {"loss": 1.0, "wrapped": 0.75, "plain": 0.75}
