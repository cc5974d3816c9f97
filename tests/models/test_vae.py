"""VAE: its bound and divergence, its weights in torch, and what it gains on simpler models."""

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import data, metrics, no_grad, optim
from dlcore.models import VAE, kl_to_standard_normal
from tests.models.learning import one_thread
from tests.models.twins import the_generator_decides


class Twin(torch.nn.Module):
    def __init__(self, gaussian):
        super().__init__()
        self.encoder = torch.nn.Sequential(torch.nn.Linear(5, 7), torch.nn.ReLU())
        self.mean = torch.nn.Linear(7, 3)
        self.log_var = torch.nn.Linear(7, 3)
        self.decoder = torch.nn.Sequential(
            torch.nn.Linear(3, 7), torch.nn.ReLU(), torch.nn.Linear(7, 5)
        )
        if gaussian:
            self.log_std = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, x, noise):
        hidden = self.encoder(x)
        mean, log_var = self.mean(hidden), self.log_var(hidden)
        return self.decoder(mean + torch.exp(log_var / 2) * noise), mean, log_var


LIKELIHOODS = pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian"])
X = (np.random.default_rng(3).random((6, 5)) > 0.5).astype(np.float32)


def make(likelihood):
    return lambda rng: VAE(5, 3, 7, likelihood=likelihood, rng=rng)


@one_thread
def fitted(model, x, epochs, lr, rng):
    loader = data.DataLoader(data.TensorDataset(x), 64, shuffle=True, rng=rng)
    optimizer = optim.Adam(model.parameters(), lr=lr)
    cycle = optim.lr_scheduler.OneCycleLR(optimizer, lr, epochs=epochs, steps_per_epoch=len(loader))
    return model.fit(loader, optimizer, epochs, schedules=[cycle], rng=rng, progress=False)


@LIKELIHOODS
def test_the_generator_decides_the_weights(likelihood):
    the_generator_decides(make(likelihood))


@LIKELIHOODS
def test_weights_and_bound_are_those_of_a_twin_in_torch(likelihood):
    model, twin = make(likelihood)(np.random.default_rng(0)), Twin(likelihood == "gaussian")
    if likelihood == "gaussian":
        model.log_std.data[...] = -0.3
    twin.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in model.state_dict().items()})
    noise = np.random.default_rng(1).standard_normal((6, 3)).astype(np.float32)
    x = torch.from_numpy(X)
    expected = twin(x, torch.from_numpy(noise))
    got = model(dl.Tensor(X), np.random.default_rng(1))
    for ours, theirs in zip(got, expected, strict=True):
        np.testing.assert_allclose(ours.data, theirs.detach(), rtol=1e-5, atol=1e-6)
    out, mean, log_var = expected
    if likelihood == "gaussian":
        given = torch.distributions.Normal(out, torch.exp(twin.log_std))
    else:
        given = torch.distributions.Bernoulli(logits=out)
    code = torch.distributions.Normal(mean, torch.exp(log_var / 2))
    prior = torch.distributions.Normal(0.0, 1.0)
    apart = torch.distributions.kl_divergence(code, prior).sum(1)
    bound = (given.log_prob(x).sum(1) - apart).mean()
    ours = model.elbo(dl.Tensor(X), np.random.default_rng(1))
    assert ours.item() == pytest.approx(bound.item(), rel=1e-5)
    bound.backward()
    ours.backward()
    for name, parameter in twin.named_parameters():
        grad = dict(model.named_parameters())[name].grad.data
        np.testing.assert_allclose(grad, parameter.grad, rtol=1e-4, atol=1e-5, err_msg=name)
    back = make(likelihood)(np.random.default_rng(9))
    back.load_state_dict(twin.state_dict())
    assert (back.encode(dl.Tensor(X))[0].data == got[1].data).all()


def test_the_divergence_is_0_for_the_standard_normal_alone():
    zeros = dl.zeros(4, 3)
    assert kl_to_standard_normal(zeros, zeros).item() == 0
    for mean, log_var in [(0.1, 0.0), (0.0, 0.1), (0.0, -0.1)]:
        changed = (dl.full((4, 3), value) for value in (mean, log_var))
        assert kl_to_standard_normal(*changed).item() > 0


def test_samples_are_points_of_the_data_space():
    rng = np.random.default_rng(0)
    drawn = make("bernoulli")(rng).sample(50, rng=rng)
    assert set(np.unique(drawn)) == {0.0, 1.0}
    assert drawn.shape == (50, 5)
    spread = make("gaussian")(rng).sample(4000, rng=rng).std(axis=0)
    assert (spread > 0.9).all()  # the noise of the likelihood is in them


@pytest.mark.slow
def test_it_gains_five_nats_on_a_model_of_single_pixels():
    rng = np.random.default_rng(0)
    x = (data.load_digits().images.reshape(-1, 64) > 0.5).astype(np.float32)
    x, held_out = data.train_test_split(x, test_size=0.25, rng=rng)
    ink = (x.sum(axis=0) + 0.5) / (len(x) + 1)
    baseline = (held_out * np.log(ink) + (1 - held_out) * np.log(1 - ink)).sum(axis=1).mean()
    model = VAE(64, latent_dim=8, hidden=128, rng=rng)
    fitted(model, x, 60, 0.005, rng)
    with no_grad():
        bound = np.mean([model.elbo(dl.Tensor(held_out), rng).item() for _ in range(10)])
    assert bound >= -19.0
    assert bound >= baseline + 5


@pytest.mark.slow
def test_it_draws_from_both_heaps():
    rng = np.random.default_rng(0)
    model = VAE(2, latent_dim=2, likelihood="gaussian", rng=rng)
    fitted(model, data.gaussian_mixture(4000, rng=rng), 30, 0.01, rng)
    covered, quality, _ = metrics.mode_coverage(model.sample(4000, rng=rng), [[-2, 0], [2, 0]], 0.5)
    assert covered == 2
    assert quality >= 0.85
    assert 0.2 < np.exp(model.log_std.item()) < 0.6


def test_bad_arguments():
    with pytest.raises(ValueError, match="likelihood: expected 'bernoulli' or 'gaussian', got 'x'"):
        VAE(2, likelihood="x")
    with pytest.raises(ValueError, match=r"from 0\.5 to 2; choose likelihood='gaussian'"):
        VAE(2).elbo(dl.tensor([[0.5, 2.0]]))
    with pytest.raises(ValueError, match="in_features and out_features must be at least 1"):
        VAE(0)
    with pytest.raises(ValueError, match=r"last axis of x must be 2 .*got shape \(1, 3\)"):
        VAE(2)(dl.zeros(1, 3))
