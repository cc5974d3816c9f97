"""WGAN-GP: its penalty beside torch, second derivatives included, and the modes that it finds."""

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import data, metrics, optim
from dlcore.models import WGANGP
from tests.models.mixture import scores, train
from tests.models.twins import same_both_ways, the_generator_decides

REAL, FAKE = (np.random.default_rng(s).standard_normal((6, 2)).astype(np.float32) for s in (3, 4))


def make(rng):
    return WGANGP(latent_dim=3, hidden=(8, 7), rng=rng)


def network(n_in, activation, n_out):
    return torch.nn.Sequential(
        torch.nn.Linear(n_in, 8), activation, torch.nn.Linear(8, 7), activation,
        torch.nn.Linear(7, n_out),
    )  # fmt: skip


class Twin(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.generator = network(3, torch.nn.ReLU(), 2)
        self.discriminator = network(2, torch.nn.LeakyReLU(0.2), 1)

    def forward(self, z):
        return self.generator(z)


def _at(model):
    """Take arrays, as the shared check hands them over."""
    model.register_forward_pre_hook(lambda _, inputs: tuple(dl.Tensor(x) for x in inputs))
    return model


def test_the_generator_decides_the_weights():
    the_generator_decides(make)


def test_weights_move_to_torch_and_back():
    z = np.random.default_rng(3).standard_normal((5, 3)).astype(np.float32)
    same_both_ways(lambda rng: _at(make(rng)), Twin(), z)


def test_the_critics_loss_and_its_gradient_beside_torch():
    model, twin = make(np.random.default_rng(0)), Twin()
    twin.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in model.state_dict().items()})
    loss = model.discriminator_loss(dl.Tensor(REAL), dl.Tensor(FAKE), np.random.default_rng(1))
    loss.backward()
    share = np.random.default_rng(1).random((6, 1)).astype(np.float32)
    between = torch.from_numpy(share * REAL + (1 - share) * FAKE).requires_grad_()
    (slope,) = torch.autograd.grad(twin.discriminator(between).sum(), between, create_graph=True)
    real, fake = (twin.discriminator(torch.from_numpy(x)).mean() for x in (REAL, FAKE))
    expected = fake - real + 10 * ((slope.norm(dim=1) - 1) ** 2).mean()
    expected.backward()
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)
    for name, parameter in twin.discriminator.named_parameters():
        # the last bias moves all scores alike; torch gives it no gradient of the penalty either
        ours = dict(model.discriminator.named_parameters())[name].grad
        np.testing.assert_allclose(ours.data, parameter.grad, rtol=1e-3, atol=1e-5, err_msg=name)


def test_a_critic_of_slope_one_pays_no_penalty():
    model = WGANGP(hidden=(2,), rng=np.random.default_rng(0))
    first, _, last = model.discriminator
    first.weight.data[...] = [[0.6, 0.8], [-0.6, -0.8]]  # with leaky ReLU of 0.2 …
    first.bias.data[...] = 0
    last.weight.data[...] = [[1 / 1.2, -1 / 1.2]]  # … the sum is 0.6 x + 0.8 y
    last.bias.data[...] = 0
    real, fake = dl.Tensor(REAL), dl.Tensor(FAKE)
    assert model.gradient_penalty(real, fake).item() == pytest.approx(0, abs=1e-10)
    moved = dl.Tensor(REAL + np.float32([0.6, 0.8]))
    assert model.distance(moved, real).item() == pytest.approx(1, rel=1e-5)


def test_the_critic_makes_five_steps_for_one():
    model = make(np.random.default_rng(0))
    networks = (model.generator, model.discriminator)
    pair = tuple(optim.SGD(network.parameters(), lr=0.01) for network in networks)
    steps = [set(model.training_step(dl.Tensor(REAL), pair)) for _ in range(10)]
    both = {"loss", "generator_loss"}
    assert steps == ([{"loss"}] * 4 + [both]) * 2


@pytest.mark.slow
def test_it_comes_near_to_the_mixture():
    rng = np.random.default_rng(0)
    model = WGANGP(penalty=0.1, rng=rng)
    train(model, (0.008, 0.008), (0.0, 0.9), rng)
    covered, quality, distance = scores(model)
    real = data.gaussian_mixture(4000, rng=rng)
    single = rng.multivariate_normal(real.mean(axis=0), np.cov(real.T), 4000)  # one Gaussian
    baseline = metrics.sliced_wasserstein_distance(single, real, rng=rng)
    assert covered == 2
    assert quality >= 0.93
    assert distance < baseline / 2


def test_bad_arguments():
    for options in ({"penalty": -1.0}, {"critic_steps": 0}):
        with pytest.raises(ValueError, match="penalty, critic_steps: expected at least 0 and"):
            WGANGP(**options)
