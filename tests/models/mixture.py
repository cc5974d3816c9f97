"""What the tests of the adversarial networks share: two heaps of points, and their score."""

import numpy as np

from dlcore import data, metrics, optim
from dlcore.models import GAN
from dlcore.train import History
from tests.models.learning import one_thread

CENTRES = [[-2, 0], [2, 0]]
STEPS, BATCH = 2000, 256


@one_thread
def train(
    model: GAN, lr: tuple[float, float], betas: tuple[float, float], rng: np.random.Generator
) -> History:
    """Make 2,000 steps with Adam and rates that fall to 0: of the generator, of its teacher."""
    x = data.gaussian_mixture(100 * BATCH, rng=rng)
    loader = data.DataLoader(data.TensorDataset(x), BATCH, shuffle=True, rng=rng)
    networks = (model.generator, model.discriminator)
    optimizers = tuple(
        optim.Adam(network.parameters(), lr=rate, betas=betas)
        for network, rate in zip(networks, lr, strict=True)
    )
    falling = [
        optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / (STEPS + 1))
        for optimizer in optimizers
    ]
    return model.fit(loader, optimizers, STEPS // 100, schedules=falling, rng=rng, progress=False)


def scores(model: GAN) -> tuple[int, float, float]:
    """Return modes covered, share of samples within 3 σ, and distance to the mixture."""
    drawn = model.sample(4000, rng=np.random.default_rng(100))
    real = data.gaussian_mixture(4000, rng=np.random.default_rng(101))
    covered, quality, _ = metrics.mode_coverage(drawn, CENTRES, 0.5)
    rng = np.random.default_rng(102)
    return covered, quality, metrics.sliced_wasserstein_distance(drawn, real, rng=rng)
