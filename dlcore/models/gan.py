"""Generative adversarial network: a generator and a discriminator, each the other's teacher."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from dlcore import functional as F, nn
from dlcore.models.generative import GenerativeModel
from dlcore.models.mlp import MLP
from dlcore.optim import Optimizer
from dlcore.random import default_rng
from dlcore.tape import no_grad
from dlcore.tensor import Tensor


class GAN(GenerativeModel):
    r"""A generator of points, and a discriminator that tells them from real ones.

    Parameters
    ----------
    latent_dim : int, default 4
        Length of the noise z that the generator starts from.
    data_dim : int, default 2
        Length of a point.
    hidden : sequence of int, default (64,)
        Widths of the hidden layers of either network.
    loss : {"non-saturating", "minimax"}
        What the generator minimises.
    label_smoothing : float, default 0.0
        How far below 1 the discriminator's target for real points lies.
    instance_noise : float, default 0.0
        Standard deviation of the noise added to every point that the discriminator sees in
        training.
    rng : numpy.random.Generator, optional
        Source of the starting weights.

    Attributes
    ----------
    generator : MLP
        z → hidden → point, with ReLU between.
    discriminator : MLP
        Point → hidden → score, with leaky ReLU (0.2) between. The sigmoid of the score is the
        probability that the point is real.

    Raises
    ------
    ValueError
        If an option is out of range.

    Notes
    -----
    With D the sigmoid of the discriminator's score, it minimises

    .. math:: L_D = -\mathbb E_x \log D(x) - \mathbb E_z \log(1 - D(G(z)))

    and the generator, in the game of [1]_ (minimax) and in the form advised there
    (non-saturating),

    .. math::

        L_G = \mathbb E_z \log(1 - D(G(z))), \qquad L_G = -\mathbb E_z \log D(G(z))

    Both have their gradient from the score s of a drawn point: :math:`-D` in the first, which dies
    out where the discriminator is sure, :math:`D - 1` in the second, which does not. At the
    equilibrium D is 1/2 everywhere, :math:`L_D = 2 \log 2 \approx 1.39`, and the second
    :math:`L_G = \log 2 \approx 0.69`. One-sided label smoothing [2]_ keeps the discriminator from
    growing sure; noise on its inputs [3]_ makes the two distributions overlap. Derived in
    Chapter 17.

    References
    ----------
    .. [1] I. Goodfellow et al., "Generative adversarial nets", NeurIPS 2014, arXiv 1406.2661.
    .. [2] T. Salimans et al., "Improved techniques for training GANs", NeurIPS 2016,
       arXiv 1606.03498.
    .. [3] C. K. Sønderby et al., "Amortised MAP inference for image super-resolution", ICLR 2017,
       arXiv 1610.04490.

    Examples
    --------
    >>> model = GAN(rng=np.random.default_rng(0))
    >>> print(model.sample(5, rng=np.random.default_rng(1)).shape)
    (5, 2)
    """

    discriminator_steps = 1  # for one of the generator

    def __init__(
        self,
        latent_dim: int = 4,
        data_dim: int = 2,
        hidden: Sequence[int] = (64,),
        *,
        loss: Literal["non-saturating", "minimax"] = "non-saturating",
        label_smoothing: float = 0.0,
        instance_noise: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if loss not in ("non-saturating", "minimax"):
            raise ValueError(f"loss: expected 'non-saturating' or 'minimax', got {loss!r}")
        if not 0 <= label_smoothing < 1:
            raise ValueError(f"label_smoothing: expected 0 to below 1, got {label_smoothing}")
        if not instance_noise >= 0:
            raise ValueError(f"instance_noise: expected at least 0, got {instance_noise}")
        rng = default_rng(rng)
        self.latent_dim, self.loss = latent_dim, loss
        self.label_smoothing, self.instance_noise = label_smoothing, instance_noise
        self.generator = MLP([latent_dim, *hidden, data_dim], rng=rng)
        self.discriminator = MLP([data_dim, *hidden, 1], lambda: nn.LeakyReLU(0.2), rng=rng)
        self.steps = 0  # of the discriminator

    def forward(self, z: Tensor) -> Tensor:
        """Map noise (n, latent_dim) to points (n, data_dim)."""
        points: Tensor = self.generator(z)
        return points

    def draw(self, n: int, rng: np.random.Generator) -> Tensor:
        """Draw noise, and make points of it.

        Parameters
        ----------
        n : int
            How many.
        rng : numpy.random.Generator
            Source of the noise.

        Returns
        -------
        Tensor, shape (n, data_dim)
            The points.
        """
        noise = F.randn(n, self.latent_dim, rng=rng, dtype=self.generator[0].weight.dtype)
        return self.forward(noise)

    def discriminator_loss(
        self, real: Tensor, fake: Tensor, rng: np.random.Generator | None = None
    ) -> Tensor:
        """Return what the discriminator minimises.

        Parameters
        ----------
        real, fake : Tensor, shape (n, data_dim)
            Points of the data and of the generator.
        rng : numpy.random.Generator, optional
            Source of the instance noise.

        Returns
        -------
        Tensor, shape ()
            The loss.
        """
        real_score, fake_score = self._score(real, rng), self._score(fake, rng)
        target = F.full(real_score.shape, 1 - self.label_smoothing, real_score.dtype)
        told_real = F.binary_cross_entropy_with_logits(real_score, target)
        return told_real + F.softplus(fake_score).mean()

    def generator_loss(self, fake: Tensor, rng: np.random.Generator | None = None) -> Tensor:
        """Return what the generator minimises.

        Parameters
        ----------
        fake : Tensor, shape (n, data_dim)
            Points of the generator.
        rng : numpy.random.Generator, optional
            Source of the instance noise.

        Returns
        -------
        Tensor, shape ()
            The loss.
        """
        score = self._score(fake, rng)
        if self.loss == "minimax":
            return -F.softplus(score).mean()  # log(1 - sigmoid(s)) = -softplus(s)
        return F.softplus(-score).mean()  # -log sigmoid(s) = softplus(-s)

    def _score(self, x: Tensor, rng: np.random.Generator | None) -> Tensor:
        if self.instance_noise:
            x = x + self.instance_noise * F.randn(x.shape, rng=rng, dtype=x.dtype)
        score: Tensor = self.discriminator(x)
        return score

    def training_step(
        self,
        x: Tensor,
        optimizer: tuple[Optimizer, Optimizer],
        rng: np.random.Generator | None = None,
    ) -> dict[str, float]:
        """Make a step of the discriminator and, every ``discriminator_steps``, of the generator.

        Parameters
        ----------
        x : Tensor, shape (n, data_dim)
            Real points.
        optimizer : (Optimizer, Optimizer)
            Of the generator and of the discriminator.
        rng : numpy.random.Generator, optional
            Source of all noise.

        Returns
        -------
        dict of str to float
            ``loss``, that of the discriminator, and ``generator_loss``.

        Raises
        ------
        TypeError
            If `optimizer` is not a pair.
        """
        if not isinstance(optimizer, tuple) or len(optimizer) != 2:
            raise TypeError(
                "optimizer: expected a pair, of the generator's and the discriminator's, "
                f"got {type(optimizer).__name__}"
            )
        of_generator, of_discriminator = optimizer
        rng = default_rng(rng)
        with no_grad():
            fake = self.draw(len(x), rng)
        losses = {"loss": _step(of_discriminator, self.discriminator_loss(x, fake, rng))}
        self.steps += 1
        if self.steps % self.discriminator_steps == 0:
            error = self.generator_loss(self.draw(len(x), rng), rng)
            losses["generator_loss"] = _step(of_generator, error)
        return losses


def _step(optimizer: Optimizer, loss: Tensor) -> float:
    """Make one step. What the other network got on the way is forgotten before its own."""
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return float(loss.item())
