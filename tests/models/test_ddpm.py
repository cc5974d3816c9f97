"""DDPM: its schedule, the way there and back, its weights in torch, and the moons that it draws."""

import math

import numpy as np
import pytest
import torch

import dlcore as dl
from dlcore import data, metrics, optim
from dlcore.models import DDPM, noise_schedule
from tests.models.learning import one_thread
from tests.models.twins import the_generator_decides

SCHEDULES = pytest.mark.parametrize("schedule", ["cosine", "linear"])
X = np.random.default_rng(3).standard_normal((6, 2)).astype(np.float32)
T = np.array([0, 1, 5, 9, 9, 3])


class Twin(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("betas", torch.zeros(10))
        self.register_buffer("alpha_bars", torch.zeros(10))
        self.net = torch.nn.Sequential(
            torch.nn.Linear(18, 7), torch.nn.SiLU(),
            torch.nn.Linear(7, 7), torch.nn.SiLU(),
            torch.nn.Linear(7, 2),
        )  # fmt: skip

    def forward(self, x, t):
        angles = t[:, None] / 10 * math.pi / 2 * torch.arange(1, 9)
        return self.net(torch.cat([x, torch.sin(angles), torch.cos(angles)], dim=1))


class Gaussian(DDPM):
    """Knows the noise of points that are normal with standard deviation 0.3, by Bayes' rule."""

    def forward(self, x, t):
        kept = self.alpha_bars[t][:, None]
        return x * dl.Tensor(np.sqrt(1 - kept) / (kept * np.float32(0.09) + 1 - kept))


def make(rng):
    return DDPM(steps=10, hidden=7, rng=rng)


def test_the_generator_decides_the_weights():
    the_generator_decides(make)


def test_weights_move_to_torch_and_back():
    model, twin = make(np.random.default_rng(0)), Twin()
    twin.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in model.state_dict().items()})
    expected = twin(torch.from_numpy(X), torch.from_numpy(T)).detach()
    np.testing.assert_allclose(model(dl.Tensor(X), T).data, expected, rtol=1e-5, atol=1e-6)
    back = make(np.random.default_rng(9))
    back.load_state_dict(twin.state_dict())
    assert (back(dl.Tensor(X), T).data == model(dl.Tensor(X), T).data).all()


@SCHEDULES
def test_noise_grows_until_nothing_is_left(schedule):
    betas = noise_schedule(100, schedule)
    assert (np.diff(betas) > 0).all()
    assert 0 < betas[0] < 0.01
    assert betas[-1] <= 0.999
    assert np.prod(1 - betas) < 1e-4


def test_the_linear_schedule_is_the_published_one():
    np.testing.assert_allclose(noise_schedule(1000, "linear"), np.linspace(1e-4, 0.02, 1000))


def test_single_steps_lead_where_all_at_once_do():
    model = make(np.random.default_rng(0))
    rng = np.random.default_rng(1)
    x = np.full((20000, 2), 1.5, np.float32)
    for t in range(6):
        beta = model.betas[t]
        x = np.sqrt(1 - beta) * x + np.sqrt(beta) * rng.standard_normal(x.shape)
    noise = dl.randn(20000, 2, rng=rng)
    once = model.add_noise(dl.full((20000, 2), 1.5), np.full(20000, 5), noise).data
    np.testing.assert_allclose(once.mean(axis=0), x.mean(axis=0), atol=0.03)
    np.testing.assert_allclose(once.std(axis=0), x.std(axis=0), atol=0.03)


def test_the_last_step_back_undoes_the_first_exactly():
    class Told(DDPM):
        def forward(self, x, t):
            return noise

    model = Told(steps=10)
    x, noise = dl.Tensor(X), dl.randn(6, 2, rng=np.random.default_rng(1))
    noisy = model.add_noise(x, np.zeros(6, int), noise)
    np.testing.assert_allclose(model.denoise(noisy, 0).data, X, rtol=1e-4, atol=1e-5)


@SCHEDULES
def test_who_knows_the_noise_draws_the_data_if_steps_are_small(schedule):
    spread = {}
    for steps in (50, 1000):
        model = Gaussian(steps=steps, schedule=schedule)
        drawn = model.sample(10000, rng=np.random.default_rng(0))
        np.testing.assert_allclose(drawn.mean(axis=0), 0, atol=0.02)
        spread[steps] = drawn.std()
    # the variance of a step back is exact for points without spread, and else a little small
    assert spread[50] < 0.29
    assert spread[1000] == pytest.approx(0.3, rel=0.02)


def test_the_loss_of_a_network_that_says_nothing_is_1():
    model = DDPM()
    for parameter in model.parameters():
        parameter.data[...] = 0
    x = dl.zeros(20000, 2)
    assert model.denoising_loss(x, np.random.default_rng(0)).item() == pytest.approx(1, abs=0.02)


@pytest.mark.slow
@one_thread
def test_it_draws_moons_far_better_than_a_gaussian():
    rng = np.random.default_rng(0)
    points = data.moons(12000, noise=0.05, rng=rng)[0]
    x, held_out = np.split((points - points.mean(axis=0)) / points.std(axis=0), [8000])
    model = DDPM(rng=rng)
    loader = data.DataLoader(data.TensorDataset(x), 256, shuffle=True, rng=rng)
    optimizer = optim.Adam(model.parameters(), lr=0.01)
    cycle = optim.lr_scheduler.OneCycleLR(optimizer, 0.01, epochs=60, steps_per_epoch=len(loader))
    model.fit(loader, optimizer, 60, schedules=[cycle], rng=rng, progress=False)
    baseline = rng.multivariate_normal(x.mean(axis=0), np.cov(x.T), 4000)
    ours, gaussian = (
        metrics.sliced_wasserstein_distance(points, held_out, rng=np.random.default_rng(1))
        for points in (model.sample(4000, rng=rng), baseline)
    )
    assert ours < 0.1
    assert ours < gaussian / 2


def test_bad_arguments():
    with pytest.raises(ValueError, match="steps: expected at least 2, got 1"):
        DDPM(steps=1)
    with pytest.raises(ValueError, match="steps: expected at least 1, got 0"):
        noise_schedule(0)
    with pytest.raises(ValueError, match="schedule: expected 'cosine' or 'linear', got 'x'"):
        DDPM(schedule="x")
    with pytest.raises(ValueError, match="last axis of x must be 18"):
        DDPM()(dl.zeros(1, 3), np.zeros(1, int))
