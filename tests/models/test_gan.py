"""GAN: its losses and their gradients, its weights in torch, and the two modes that it finds."""

import math

import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce

import dlcore as dl
from dlcore import optim
from dlcore.models import GAN
from tests.models.mixture import scores, train
from tests.models.twins import same_both_ways, the_generator_decides

REAL, FAKE = (np.random.default_rng(s).standard_normal((6, 2)).astype(np.float32) for s in (3, 4))


def make(rng, **options):
    return GAN(latent_dim=3, hidden=(8,), rng=rng, **options)


def network(n_in, activation, n_out):
    return torch.nn.Sequential(torch.nn.Linear(n_in, 8), activation, torch.nn.Linear(8, n_out))


class Twin(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.generator = network(3, torch.nn.ReLU(), 2)
        self.discriminator = network(2, torch.nn.LeakyReLU(0.2), 1)

    def forward(self, z):
        return self.generator(z)


def pair(**options):
    """A model, and a twin with its weights."""
    model, twin = make(np.random.default_rng(0), **options), Twin()
    twin.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in model.state_dict().items()})
    return model, twin


def optimizers(model):
    networks = (model.generator, model.discriminator)
    return tuple(optim.SGD(network.parameters(), lr=0.1) for network in networks)


def test_the_networks_of_the_source():
    shapes = {name: array.shape for name, array in GAN(latent_dim=2).state_dict().items()}
    assert list(shapes.values()) == [
        (64, 2), (64,), (2, 64), (2,),
        (64, 2), (64,), (1, 64), (1,),
    ]  # fmt: skip
    assert GAN(latent_dim=2)(dl.zeros(5, 2)).shape == (5, 2)


def test_the_generator_decides_the_weights():
    the_generator_decides(make)


def test_weights_move_to_torch_and_back():
    z = np.random.default_rng(3).standard_normal((5, 3)).astype(np.float32)
    same_both_ways(lambda rng: _at(make(rng)), Twin(), z)


def _at(model):
    """Take arrays, as the shared check hands them over."""
    model.register_forward_pre_hook(lambda _, inputs: tuple(dl.Tensor(x) for x in inputs))
    return model


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_loss_of_the_discriminator_beside_torch(smoothing):
    model, twin = pair(label_smoothing=smoothing)
    loss = model.discriminator_loss(dl.Tensor(REAL), dl.Tensor(FAKE))
    loss.backward()
    real, fake = (twin.discriminator(torch.from_numpy(x)) for x in (REAL, FAKE))
    expected = bce(real, torch.full_like(real, 1 - smoothing)) + bce(fake, torch.zeros_like(fake))
    expected.backward()
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)
    np.testing.assert_allclose(
        model.discriminator[0].weight.grad.data, twin.discriminator[0].weight.grad, rtol=1e-4,
        atol=1e-6,
    )  # fmt: skip


@pytest.mark.parametrize("loss", ["minimax", "non-saturating"])
def test_the_loss_of_the_generator_beside_torch(loss):
    model, twin = pair(loss=loss)
    value = model.generator_loss(dl.Tensor(FAKE))
    real = torch.sigmoid(twin.discriminator(torch.from_numpy(FAKE)))
    expected = torch.log(1 - real) if loss == "minimax" else -torch.log(real)
    assert value.item() == pytest.approx(expected.mean().item(), rel=1e-5)


def test_only_the_minimax_gradient_dies_where_the_discriminator_is_sure():
    slopes = {}
    for loss in ("minimax", "non-saturating"):
        model = make(np.random.default_rng(0), loss=loss)
        model.discriminator[2].bias.data[...] = -20  # certainly drawn
        x = dl.tensor(FAKE, requires_grad=True)
        (slope,) = dl.grad(model.generator_loss(x), x)
        slopes[loss] = float(np.abs(slope.data).max())
    assert slopes["minimax"] < 1e-7 < 1e-3 < slopes["non-saturating"]


def test_losses_at_the_equilibrium():
    model = make(np.random.default_rng(0))
    for parameter in model.discriminator.parameters():
        parameter.data[...] = 0  # one half everywhere
    x = dl.Tensor(FAKE)
    assert model.discriminator_loss(x, x).item() == pytest.approx(2 * math.log(2))
    assert model.generator_loss(x).item() == pytest.approx(math.log(2))


def test_instance_noise_is_drawn_for_every_look():
    model = make(np.random.default_rng(0), instance_noise=0.5)
    x = dl.Tensor(FAKE)
    rng = np.random.default_rng(1)
    first, second = (model.generator_loss(x, rng).item() for _ in range(2))
    assert first != second
    assert model.generator_loss(x, np.random.default_rng(1)).item() == first


def test_a_step_moves_each_network_down_its_own_loss():
    model = make(np.random.default_rng(0))
    before = {name: array.copy() for name, array in model.state_dict().items()}
    losses = model.training_step(dl.Tensor(REAL), optimizers(model), np.random.default_rng(1))
    assert set(losses) == {"loss", "generator_loss"}
    twin = make(np.random.default_rng(0))
    rng = np.random.default_rng(1)
    teacher = optimizers(twin)[1]
    twin.discriminator_loss(dl.Tensor(REAL), dl.Tensor(twin.draw(6, rng).data)).backward()
    teacher.step()
    for name, array in model.state_dict().items():
        assert (array != before[name]).any()
        if name.startswith("discriminator"):
            assert (array == twin.state_dict()[name]).all()


@pytest.mark.slow
def test_it_finds_both_modes():
    rng = np.random.default_rng(0)
    model = GAN(rng=rng)
    history = train(model, (0.008, 0.016), (0.0, 0.99), rng)
    covered, quality, distance = scores(model)
    assert covered == 2
    assert quality >= 0.95
    assert distance < 0.15
    assert history["loss"][-1] == pytest.approx(2 * math.log(2), abs=0.05)  # the equilibrium


def test_bad_arguments():
    for options, match in [
        ({"loss": "hinge"}, "loss: expected 'non-saturating' or 'minimax', got 'hinge'"),
        ({"label_smoothing": 1.0}, "label_smoothing: expected 0 to below 1, got 1.0"),
        ({"instance_noise": -1.0}, "instance_noise: expected at least 0, got -1.0"),
        ({"latent_dim": 0}, "in_features and out_features must be at least 1"),
    ]:
        with pytest.raises(ValueError, match=match):
            GAN(**options)
    model = GAN()
    with pytest.raises(TypeError, match=r"optimizer: expected a pair, .* got Adam"):
        model.training_step(dl.Tensor(REAL), optim.Adam(model.parameters()))
