"""The first NaN or infinity is found where it arises, and nothing is left behind."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import dlcore as dl
import dlcore.functional as F
from dlcore import nn, optim, tape, train
from dlcore.function import Function
from dlcore.train import detect_anomaly


def leaf(*values):
    return dl.tensor(list(values), requires_grad=True)


class Logarithm(nn.Module):
    def forward(self, x):
        return dl.log(x)


def network():
    model = nn.Sequential(
        nn.Linear(2, 2, rng=np.random.default_rng(0)), nn.Sequential(nn.ReLU(), Logarithm())
    )
    model.load_state_dict({"0.weight": -np.ones((2, 2)), "0.bias": np.zeros(2)})
    return model


@pytest.mark.parametrize(
    ("compute", "match"),
    [
        (lambda: dl.log(leaf(1.0, 0.0)), "^log returned inf$"),
        (lambda: dl.log(leaf(-1.0)), "^log returned nan$"),
        (lambda: dl.exp(leaf(1e5)) * 0.0, "^exp returned inf$"),
        (lambda: leaf(1.0) / 0.0, "^div returned inf$"),
        (lambda: leaf(np.nan) + 1.0, "^add returned nan from an input that held nan$"),
        (lambda: leaf(np.inf) - leaf(np.inf), "^sub returned nan from an input that held inf$"),
        (lambda: dl.sqrt(leaf(0.0)).backward(), "^the backward rule of sqrt returned inf$"),
        (
            lambda: (dl.sqrt(leaf(0.0)) * 0.0).sum().backward(),
            "^the backward rule of sqrt returned nan$",
        ),
    ],
)
def test_the_first_culprit_is_named(compute, match):
    with pytest.raises(FloatingPointError, match=match), detect_anomaly():
        compute()


def test_layers_are_named_forward_and_backward():
    model = network()
    with (
        pytest.raises(FloatingPointError, match=r"^log in 1\.1 \(Logarithm\) returned inf$"),
        detect_anomaly(model),
    ):
        model(dl.tensor([[1.0, 1.0]]))
    with (
        pytest.raises(FloatingPointError, match=r"^log in the model \(Logarithm\) returned"),
        detect_anomaly(model[1][1]),
    ):
        model[1][1](leaf(0.0))

    class Root(nn.Module):
        def forward(self, x):
            return dl.sqrt(x)

    model = nn.Sequential(nn.ReLU(), Root())
    with (
        pytest.raises(FloatingPointError, match=r"^the backward rule of sqrt in 1 \(Root\) "),
        detect_anomaly(model),
    ):
        model(leaf(0.0)).sum().backward()


def test_what_is_finite_passes_and_infinite_constants_too():
    with detect_anomaly():
        x = leaf(1.0, 2.0)
        F.softmax(dl.where(np.array([True, False]), x, -np.inf), dim=0).sum().backward()
        assert np.isfinite(x.grad.data).all()
        (dl.tensor([1, 2]) + 1).sum()


def test_nothing_is_replaced_and_nothing_is_left_behind():
    def parts():
        return [vars(Function)["record"], tape._call_backward, nn.Module.__call__]

    before, errors = parts(), np.geterr()
    with detect_anomaly(network()):
        assert parts() == before
    with pytest.raises(FloatingPointError), detect_anomaly(network()):
        dl.log(leaf(0.0))
    assert (parts(), np.geterr(), tape.recorder.observer) == (before, errors, None)
    with np.errstate(divide="ignore"):
        assert dl.log(leaf(0.0)).item() == -np.inf


def test_a_block_watches_its_own_thread_alone():
    def elsewhere():
        with np.errstate(divide="ignore"):
            return dl.log(leaf(0.0)).item()

    with detect_anomaly(), ThreadPoolExecutor(1) as pool:
        assert pool.submit(elsewhere).result() == -np.inf
        with pytest.raises(FloatingPointError, match=r"^log returned inf$"):
            elsewhere()


def test_an_inner_block_gives_back_to_the_outer():
    model = network()
    with detect_anomaly(model):
        with pytest.raises(FloatingPointError, match=r"^log returned inf$"), detect_anomaly():
            model(dl.tensor([[1.0, 1.0]]))
        with pytest.raises(FloatingPointError, match=r"^log in 1\.1 \(Logarithm\) returned inf$"):
            model(dl.tensor([[1.0, 1.0]]))
        with pytest.raises(FloatingPointError, match=r"^log returned inf$"):
            dl.log(leaf(0.0))  # outside of every layer, after one was left by an error


def test_results_are_the_same_inside():
    x = leaf(0.5, 1.5)
    outcomes = []
    for watched in (False, True):
        x.grad = None
        if watched:
            with detect_anomaly():
                y = (dl.exp(x) * x).sum()
                y.backward()
        else:
            y = (dl.exp(x) * x).sum()
            y.backward()
        outcomes.append((y.item(), x.grad.tolist()))
    assert outcomes[0] == outcomes[1]


def test_a_loss_that_is_finite_the_second_time():
    assert train.anomaly.find_anomaly(nn.ReLU(), lambda: None) is None
    other = nn.ReLU()
    with detect_anomaly(nn.Tanh()):
        assert other(dl.tensor([1.0])).item() == 1.0

    class Moody(nn.Module):
        calls = 0

        def forward(self, x):
            self.calls += 1
            return x * (np.inf if self.calls == 1 else 1.0)

    moody = nn.Sequential(Moody(), nn.Linear(2, 2))
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match="loss: ") as caught:
        fit(moody, [[1.0, 1.0]])
    assert not hasattr(caught.value, "__notes__")


def fit(model, x, y=((1.0, 1.0),)):
    batches = [(dl.tensor(x), dl.tensor(y))]
    train.fit(model, batches, nn.MSELoss(), optim.SGD(model.parameters()), 1, progress=False)


def test_fit_names_the_layer_when_the_loss_is_not_finite():
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match="loss: inf") as caught:
        fit(network(), [[1.0, 1.0]])
    assert caught.value.__notes__ == ["First of all, log in 1.1 (Logarithm) returned inf"]


@pytest.mark.parametrize(
    ("x", "y", "note"),
    [
        ([[np.nan, 1.0]], [[1.0, 1.0]], "The inputs of this batch are not all finite."),
        ([[1.0, 1.0]], [[np.inf, 1.0]], "The targets of this batch are not all finite."),
    ],
)
def test_fit_says_when_it_is_the_data(x, y, note):
    model = nn.Sequential(nn.Linear(2, 2, rng=np.random.default_rng(0)))
    with pytest.raises(FloatingPointError, match="loss: ") as caught:
        fit(model, x, y)
    assert caught.value.__notes__ == [note]
