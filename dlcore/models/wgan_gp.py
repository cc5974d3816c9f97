"""Wasserstein GAN with gradient penalty: a critic that measures how far the points must move."""

from collections.abc import Sequence

import numpy as np

from dlcore.models.gan import GAN
from dlcore.random import default_rng
from dlcore.tensor import Tensor, grad


class WGANGP(GAN):
    r"""A generator, and a critic whose scores differ by the distance of the distributions.

    The other parameters are those of :class:`GAN`.

    Parameters
    ----------
    hidden : sequence of int, default (64, 64)
        Widths of the hidden layers of either network.
    penalty : float, default 10.0
        The weight λ of the gradient penalty; in the plane, 0.1 learns faster.
    critic_steps : int, default 5
        Steps of the critic for one of the generator.

    Raises
    ------
    ValueError
        If an option is out of range.

    Notes
    -----
    Of all functions whose slope is nowhere above 1, the critic C looks for the one that parts the
    means most; what it reaches is the Wasserstein distance [1]_. The slope is asked of it by a
    penalty at random points between real and drawn ones [2]_:

    .. math::

        L_C = \mathbb E_z C(G(z)) - \mathbb E_x C(x)
        + \lambda \, \mathbb E_{\hat x} (\lVert \nabla_{\hat x} C(\hat x) \rVert - 1)^2,
        \qquad L_G = -\mathbb E_z C(G(z))

    The gradient in the penalty is differentiated once more, by the weights: a second derivative.
    Derived in Chapter 17.

    References
    ----------
    .. [1] M. Arjovsky, S. Chintala and L. Bottou, "Wasserstein generative adversarial networks",
       ICML 2017, arXiv 1701.07875.
    .. [2] I. Gulrajani et al., "Improved training of Wasserstein GANs", NeurIPS 2017,
       arXiv 1704.00028.

    Examples
    --------
    >>> from dlcore import data, optim
    >>> rng = np.random.default_rng(0)
    >>> model = WGANGP(rng=rng)
    >>> optimizers = (optim.Adam(model.generator.parameters()),
    ...               optim.Adam(model.discriminator.parameters()))
    >>> x = Tensor(data.gaussian_mixture(64, rng=rng))
    >>> [sorted(model.training_step(x, optimizers, rng)) for _ in range(5)][-2:]
    [['loss'], ['generator_loss', 'loss']]
    """

    def __init__(
        self,
        latent_dim: int = 4,
        data_dim: int = 2,
        hidden: Sequence[int] = (64, 64),
        *,
        penalty: float = 10.0,
        critic_steps: int = 5,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(latent_dim, data_dim, hidden, rng=rng)
        if not penalty >= 0 or critic_steps < 1:
            raise ValueError(
                "penalty, critic_steps: expected at least 0 and at least 1, "
                f"got {penalty} and {critic_steps}"
            )
        self.penalty, self.discriminator_steps = penalty, critic_steps

    def distance(self, real: Tensor, fake: Tensor) -> Tensor:
        """Return how far apart the critic sees the means; once it is trained, how far they are.

        The parameters are those of :meth:`GAN.discriminator_loss`.

        Returns
        -------
        Tensor, shape ()
            An estimate of the Wasserstein distance.
        """
        apart: Tensor = self.discriminator(real).mean() - self.discriminator(fake).mean()
        return apart

    def gradient_penalty(
        self, real: Tensor, fake: Tensor, rng: np.random.Generator | None = None
    ) -> Tensor:
        """Return how far the critic's slope is from 1, between real points and drawn ones.

        Parameters
        ----------
        real, fake : Tensor, shape (n, data_dim)
            Points of the data and of the generator, as many of each.
        rng : numpy.random.Generator, optional
            Source of the places between them.

        Returns
        -------
        Tensor, shape ()
            The mean of the squared differences, without its weight.
        """
        share = default_rng(rng).random((len(real), 1)).astype(real.dtype)
        between = Tensor(share * real.data + (1 - share) * fake.data, requires_grad=True)
        (slope,) = grad(self.discriminator(between).sum(), between, create_graph=True)
        length = ((slope * slope).sum(dim=1) + 1e-12).sqrt()  # sqrt has no slope at 0
        return ((length - 1) ** 2).mean()

    def discriminator_loss(
        self, real: Tensor, fake: Tensor, rng: np.random.Generator | None = None
    ) -> Tensor:
        """Return what the critic minimises, penalty included.

        The other parameters are those of :meth:`GAN.discriminator_loss`.

        Parameters
        ----------
        rng : numpy.random.Generator, optional
            Source of the places where the penalty is taken.

        Returns
        -------
        Tensor, shape ()
            The loss.
        """
        return self.penalty * self.gradient_penalty(real, fake, rng) - self.distance(real, fake)

    def generator_loss(self, fake: Tensor, rng: np.random.Generator | None = None) -> Tensor:
        """Return what the generator minimises: minus the mean score of its points.

        Parameters
        ----------
        fake : Tensor, shape (n, data_dim)
            Points of the generator.
        rng : numpy.random.Generator, optional
            Not used.

        Returns
        -------
        Tensor, shape ()
            The loss.
        """
        loss: Tensor = -self.discriminator(fake).mean()
        return loss
