"""The training loop against one written out by hand, and how it ends when something goes wrong."""

import numpy as np
import pytest

import dlcore as dl
from dlcore import data, metrics, models, nn, optim
from dlcore.train import EarlyStopping, evaluate, fit, predict


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setenv("DLCORE_PROGRESS", "0")


def problem(n=50, batch_size=16):
    x, y = data.gaussians(n, rng=np.random.default_rng(0))
    loader = data.DataLoader(
        data.TensorDataset(x, y), batch_size, shuffle=True, rng=np.random.default_rng(1)
    )
    model = models.MLP([2, 8, 2], rng=np.random.default_rng(2))
    return x, y, loader, model, optim.SGD(model.parameters(), lr=0.1, momentum=0.9)


def test_the_same_as_the_loop_written_out():
    _, _, loader, model, optimizer = problem()
    _, _, loader_2, model_2, optimizer_2 = problem()
    history = fit(model, loader, nn.CrossEntropyLoss(), optimizer, 3)
    loss = nn.CrossEntropyLoss()
    means = []
    for _ in range(3):
        total = 0.0
        for x, y in loader_2:
            optimizer_2.zero_grad()
            value = loss(model_2(x), y)
            value.backward()
            optimizer_2.step()
            total += value.item() * len(y)
        means.append(total / 50)
    for p, q in zip(model.parameters(), model_2.parameters(), strict=True):
        assert (p.data == q.data).all()
    assert history["loss"].tolist() == pytest.approx(means)
    assert history["epoch"].tolist() == [1, 2, 3]
    assert not history.interrupted


def test_it_learns():
    x, y, loader, model, optimizer = problem(200)
    history = fit(model, loader, nn.CrossEntropyLoss(), optimizer, 10)
    assert history["loss"][-1] < 0.02 < history["loss"][0]
    assert metrics.accuracy(y, predict(model, x)) == 1.0


def test_validation_and_metrics_have_their_columns():
    x, y, loader, model, optimizer = problem()
    held_out = data.DataLoader(data.TensorDataset(x, y), 7)
    scores = {"accuracy": metrics.Accuracy(), "exact": metrics.accuracy}
    history = fit(
        model, loader, nn.CrossEntropyLoss(), optimizer, 2, validation=held_out, metrics=scores
    )
    names = ["epoch", "loss", "accuracy", "exact", "val_loss", "val_accuracy", "val_exact"]
    assert list(history.columns) == names
    assert history["accuracy"] == pytest.approx(history["exact"])
    final = evaluate(model, held_out, nn.CrossEntropyLoss(), scores)
    assert history["val_loss"][-1] == pytest.approx(final["loss"])
    assert (
        history["val_accuracy"][-1] == final["accuracy"] == metrics.accuracy(y, predict(model, x))
    )
    whole = nn.CrossEntropyLoss()(model(x), y).item()
    assert final["loss"] == pytest.approx(whole, rel=1e-5), "not weighted by batch size"


def test_a_function_sees_everything_at_once():
    sizes = []

    def count(y_true, y_pred):
        sizes.append((len(y_true), y_pred.shape))
        return 0.0

    _, _, loader, model, optimizer = problem()
    fit(model, loader, nn.CrossEntropyLoss(), optimizer, 1, metrics={"count": count})
    assert sizes == [(50, (50, 2))]


class Spy(nn.Module):
    """A layer that writes down its mode and whether the tape runs."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(np.ones(1, dtype=np.float32))
        self.seen = []

    def forward(self, x):
        self.seen.append((self.training, dl.is_grad_enabled()))
        return x * self.weight


def test_modes():
    spy = Spy()
    frozen = nn.ReLU().eval()
    model = nn.Sequential(spy, frozen)
    batches = [(dl.tensor([[1.0]]), dl.tensor([[1.0]]))]
    fit(model, batches, nn.MSELoss(), optim.SGD(spy.parameters()), 2, validation=batches)
    assert spy.seen == [(True, True), (False, False)] * 2
    assert spy.training
    assert not frozen.training, "a layer that was in evaluation mode came out of it"
    predict(model, [[1.0]])
    assert spy.seen[-1] == (False, False)
    assert spy.training


def test_modes_are_restored_after_an_error():
    spy = Spy().eval()
    with pytest.raises(FloatingPointError):
        fit(spy, [(dl.tensor([[np.inf]]), dl.tensor([[1.0]]))], nn.MSELoss(),
            optim.SGD(spy.parameters()), 1)  # fmt: skip
    assert not spy.training


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_loss_that_is_not_finite_stops(bad):
    spy = Spy()
    good, wrong = dl.tensor([[1.0]]), dl.tensor([[bad]])
    batches = [(good, good), (wrong, good)]
    with pytest.raises(FloatingPointError, match=r"loss: (nan|inf) in epoch 1, batch 2\."):
        fit(spy, batches, nn.MSELoss(), optim.SGD(spy.parameters(), lr=0.1), 3)
    assert np.isfinite(spy.weight.data).all(), "the weights were spoilt"


def test_a_loss_that_is_not_finite_in_validation():
    spy = Spy()
    good, wrong = dl.tensor([[1.0]]), dl.tensor([[np.nan]])
    with pytest.raises(FloatingPointError, match="nan in batch 1") as caught:
        fit(spy, [(good, good)], nn.MSELoss(), optim.SGD(spy.parameters()), 1,
            validation=[(wrong, good)])  # fmt: skip
    assert caught.value.__notes__ == ["in the validation after epoch 1"]


def test_interrupt_returns_the_history_so_far():
    class Interrupting(list):
        passes = 0

        def __iter__(self):
            self.passes += 1
            yield self[0]
            if self.passes == 3:
                raise KeyboardInterrupt

    one = dl.tensor([[1.0]])
    spy = Spy()
    history = fit(spy, Interrupting([(one, one)]), nn.MSELoss(), optim.SGD(spy.parameters()), 9)
    assert history.interrupted
    assert len(history) == 2
    assert repr(history).endswith("(interrupted)")
    assert spy.training


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"epochs": 0}, ValueError, "epochs: expected at least 1"),
        ({"loader": []}, ValueError, "gave no batch in epoch 1"),
        ({"loader": [dl.tensor([[1.0]])]}, TypeError, r"expected batches \(x, y\)"),
        ({"loss": nn.MSELoss("none")}, ValueError, r"single number, got shape \(2, 1\)"),
        ({"loss": lambda output, target: 0.5}, TypeError, "function that returns a Tensor"),
        ({"validation": []}, ValueError, "loader: gave no batch"),
        ({"metrics": {"accuracy": metrics.Accuracy}}, TypeError, r"metrics\['accuracy'\]"),
        ({"metrics": [metrics.Accuracy()]}, TypeError, "metrics: expected metrics by name, a dict"),
        ({"callbacks": EarlyStopping()}, TypeError, "callbacks: expected a list of Callback"),
        ({"callbacks": [EarlyStopping]}, TypeError, "callbacks: expected a list of Callback"),
        ({"metrics": {"accuracy": 1}}, TypeError, r"metrics\['accuracy'\]"),
        ({"metrics": {"m": lambda t, p: np.ones(2)}}, TypeError, r"got shape \(2,\)"),
    ],
)
def test_refused(change, error, match):
    spy = Spy()
    two = dl.tensor([[1.0], [2.0]])
    arguments = {"loader": [(two, two)], "loss": nn.MSELoss(), "epochs": 1, **change}
    with pytest.raises(error, match=match):
        fit(spy, optimizer=optim.SGD(spy.parameters()), **arguments)


def test_the_optimizer_of_another_model_is_refused():
    old, one = nn.Linear(1, 1), dl.tensor([[1.0]])
    optimizer = optim.SGD(old.parameters())
    with pytest.raises(ValueError, match="optimizer: it holds no parameter of this model"):
        fit(nn.Linear(1, 1), [(one, one)], nn.MSELoss(), optimizer, 1)
    schedule = optim.lr_scheduler.StepLR(optim.SGD(old.parameters()), 1)
    with pytest.raises(ValueError, match="schedule: it is that of another optimizer"):
        fit(old, [(one, one)], nn.MSELoss(), optimizer, 1, schedule=schedule)


def test_a_generator_is_used_up_after_one_pass():
    spy, one = Spy(), dl.tensor([[1.0]])
    with pytest.raises(ValueError, match=r"epoch 2; .* a generator that is used up"):
        fit(spy, ((one, one) for _ in range(2)), nn.MSELoss(), optim.SGD(spy.parameters()), 2)


def test_several_inputs():
    class Product(nn.Module):
        def forward(self, a, b):
            return a * b

    two, six = dl.tensor([[2.0]]), dl.tensor([[6.0]])
    three = dl.tensor([[3.0]])
    assert evaluate(Product(), [(two, three, six)], nn.MSELoss()) == {"loss": 0.0}


def test_evaluate_may_compute_a_matrix():
    _, _, loader, model, _ = problem()
    scores = evaluate(model, loader, metrics={"matrix": metrics.ConfusionMatrix(2)})
    assert scores["matrix"].sum() == 50
    assert list(scores) == ["matrix"]


@pytest.mark.parametrize("batch_size", [1, 7, 50, 999])
def test_predict_is_the_model_whatever_the_batches(batch_size):
    x, _, _, model, _ = problem()
    got = predict(model, x, batch_size)
    assert isinstance(got, np.ndarray)
    np.testing.assert_allclose(got, model(x).detach().data, rtol=1e-5, atol=1e-6)


def test_predict_refuses():
    with pytest.raises(ValueError, match=r"at least one input, got shape \(0, 2\)"):
        predict(nn.ReLU(), np.zeros((0, 2), dtype=np.float32))
    with pytest.raises(ValueError, match="batch_size: expected at least 1"):
        predict(nn.ReLU(), [[1.0]], batch_size=0)
