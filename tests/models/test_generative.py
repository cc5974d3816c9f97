"""What the generative models share: the loop of fit, its record, and how it ends."""

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import data, nn, optim
from dlcore.models import GenerativeModel


class Gaussian(GenerativeModel):
    """The smallest of them: it learns a mean."""

    def __init__(self, stop_at=None, value=None):
        super().__init__()
        self.mean = nn.Parameter(np.zeros(2, np.float32))
        self.batches, self.stop_at, self.value = [], stop_at, value

    def training_step(self, x, optimizer, rng=None):
        if len(self.batches) == self.stop_at:
            raise KeyboardInterrupt
        self.batches.append(x.data)
        optimizer.zero_grad()
        loss = ((x - self.mean) ** 2).sum(dim=1).mean()
        loss.backward()
        optimizer.step()
        losses = {"loss": loss.item() if self.value is None else self.value}
        return losses | ({"second": 2.0} if len(self.batches) % 2 == 0 else {})

    def draw(self, n, rng):
        return self.mean + dl.randn(n, 2, rng=rng)


X = np.random.default_rng(0).normal([3, -1], 0.1, (40, 2)).astype(np.float32)


def loader(*more):
    return data.DataLoader(
        data.TensorDataset(X, *more), 8, shuffle=True, rng=np.random.default_rng(1)
    )


def fit(model, batches=None, epochs=3, **options):
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    return model.fit(batches or loader(), optimizer, epochs, progress=False, **options)


def test_every_batch_of_every_pass_is_seen_once():
    model = Gaussian()
    fit(model, epochs=2)
    assert len(model.batches) == 10
    for seen in (model.batches[:5], model.batches[5:]):
        assert (np.sort(np.concatenate(seen), axis=0) == np.sort(X, axis=0)).all()


def test_the_record_holds_the_means_of_an_epoch():
    model = Gaussian()
    history = fit(model, epochs=3)
    assert history["epoch"].tolist() == [1, 2, 3]
    assert history["second"].tolist() == [2, 2, 2]  # of the batches that had one
    assert history["loss"][0] > 5 * history["loss"][-1]
    again = Gaussian()
    assert fit(again, epochs=1)["loss"][0] == history["loss"][0]
    assert not history.interrupted


def test_labels_and_bare_batches_are_taken_too():
    labelled, bare = Gaussian(), Gaussian()
    fit(labelled, loader(np.arange(40)), 1)
    fit(bare, [x for (x,) in loader()], 1)
    assert (labelled.mean.data == bare.mean.data).all()


def test_schedules_go_on_after_every_batch():
    model = Gaussian()
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    halved = optim.lr_scheduler.StepLR(optimizer, 5, 0.5)
    model.fit(loader(), optimizer, 3, schedules=[halved], progress=False)
    assert optimizer.param_groups[0]["lr"] == 0.125


def test_an_interrupt_leaves_what_was_done():
    model = Gaussian(stop_at=7)
    history = fit(model, epochs=4)
    assert history.interrupted
    assert len(history) == 1
    model.stop_at = None
    assert len(fit(model, epochs=2)) == 2


def test_progress_is_written_to_stderr(capsys, monkeypatch):
    monkeypatch.delenv("DLCORE_PROGRESS", raising=False)
    model = Gaussian()
    model.fit(loader(), optim.SGD(model.parameters(), lr=0.1), 2)
    out, err = capsys.readouterr()
    assert (out, "epoch 2/2" in err) == ("", True)


def test_samples_carry_no_tape_and_follow_the_generator():
    model = Gaussian()
    fit(model, epochs=10)
    drawn = model.sample(500, rng=np.random.default_rng(0))
    assert isinstance(drawn, np.ndarray)
    assert (drawn == model.sample(500, rng=np.random.default_rng(0))).all()
    torch.testing.assert_close(
        torch.from_numpy(drawn.mean(axis=0)), torch.tensor([3.0, -1.0]), atol=0.2, rtol=0
    )


def test_what_cannot_be_learnt_from():
    with pytest.raises(ValueError, match="epochs: expected at least 1, got 0"):
        fit(Gaussian(), epochs=0)
    with pytest.raises(ValueError, match="loader: gave no batch in epoch 1"):
        Gaussian().fit(iter(()), None, 1, progress=False)
    with pytest.raises(FloatingPointError, match="loss: nan in epoch 1, batch 1"):
        fit(Gaussian(value=float("nan")))
    with pytest.raises(ValueError, match="n: expected at least 1, got 0"):
        Gaussian().sample(0)


def test_a_model_that_says_nothing():
    model = GenerativeModel()
    with pytest.raises(NotImplementedError, match="GenerativeModel: no training_step method"):
        model.training_step(dl.zeros(1, 2), None)
    with pytest.raises(NotImplementedError, match="GenerativeModel: no draw method"):
        model.sample(3)
