"""Variational autoencoder: a code with a known distribution, and a decoder that draws from it."""

import math
from typing import Literal

import numpy as np

from dlcore import functional as F, nn
from dlcore.models.generative import GenerativeModel
from dlcore.models.mlp import MLP
from dlcore.optim import Optimizer
from dlcore.random import default_rng
from dlcore.tensor import Tensor


class VAE(GenerativeModel):
    r"""An encoder to a distribution of codes, and a decoder from a code to a distribution of data.

    Parameters
    ----------
    data_dim : int
        Length of a data point; images are flattened.
    latent_dim : int, default 2
        Length of a code z.
    hidden : int, default 64
        Width of the hidden layers.
    likelihood : {"bernoulli", "gaussian"}
        What the decoder gives for each coordinate: the logit of a 1, for data of 0 and 1, or the
        mean of a normal distribution. All normal distributions share one standard deviation, which
        is learnt.
    rng : numpy.random.Generator, optional
        Source of the starting weights.

    Attributes
    ----------
    encoder : Sequential
        Data → hidden.
    mean, log_var : Linear
        Hidden → mean and logarithm of the variance of the code.
    decoder : MLP
        Code → hidden → data.
    log_std : Parameter, shape (), or None
        Logarithm of the standard deviation of a Gaussian decoder, at first 0.

    Raises
    ------
    ValueError
        If a size is not positive, or `likelihood` is unknown.

    Notes
    -----
    With a standard normal prior p(z), and q(z | x) normal with the encoder's mean μ and
    variance σ², the log likelihood of a point is never below

    .. math::

        \mathrm{ELBO}(x) = \mathbb E_{q(z \mid x)} \log p(x \mid z)
        - \mathrm{KL}(q(z \mid x) \,\Vert\, p(z))

    whose second term has a closed form,

    .. math:: \mathrm{KL} = \tfrac 1 2 \sum_j (\mu_j^2 + \sigma_j^2 - 1 - \log \sigma_j^2)

    The first is estimated by one draw :math:`z = \mu + \sigma \odot \varepsilon` with
    :math:`\varepsilon \sim N(0, I)`, through which the gradient reaches μ and σ:
    reparameterisation [1]_. Derived in Chapter 17.

    References
    ----------
    .. [1] D. P. Kingma and M. Welling, "Auto-encoding variational Bayes", ICLR 2014,
       arXiv 1312.6114.

    Examples
    --------
    >>> import dlcore as dl
    >>> rng = np.random.default_rng(0)
    >>> model = VAE(64, latent_dim=8, rng=rng)
    >>> out, mean, log_var = model(dl.zeros(5, 64), rng)
    >>> print(out.shape, mean.shape, log_var.shape, model.sample(3, rng=rng).shape)
    (5, 64) (5, 8) (5, 8) (3, 64)
    """

    def __init__(
        self,
        data_dim: int,
        latent_dim: int = 2,
        hidden: int = 64,
        *,
        likelihood: Literal["bernoulli", "gaussian"] = "bernoulli",
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if likelihood not in ("bernoulli", "gaussian"):
            raise ValueError(f"likelihood: expected 'bernoulli' or 'gaussian', got {likelihood!r}")
        rng = default_rng(rng)
        self.latent_dim, self.likelihood = latent_dim, likelihood
        self.encoder = nn.Sequential(nn.Linear(data_dim, hidden, rng=rng), nn.ReLU())
        self.mean = nn.Linear(hidden, latent_dim, rng=rng)
        self.log_var = nn.Linear(hidden, latent_dim, rng=rng)
        self.decoder = MLP([latent_dim, hidden, data_dim], rng=rng)
        log_std = nn.Parameter(np.float32(0.0)) if likelihood == "gaussian" else None
        self.register_parameter("log_std", log_std)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and logarithm of the variance of the codes of points.

        Parameters
        ----------
        x : Tensor, shape (n, data_dim)
            The points.

        Returns
        -------
        mean, log_var : Tensor, shape (n, latent_dim)
            What says how q(z | x) lies.
        """
        hidden = self.encoder(x)
        return self.mean(hidden), self.log_var(hidden)

    def forward(
        self, x: Tensor, rng: np.random.Generator | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Encode x (n, data_dim), draw a code, decode it: output, mean and log-variance."""
        mean, log_var = self.encode(x)
        noise = F.randn(mean.shape, rng=rng, dtype=mean.dtype)
        z = mean + (0.5 * log_var).exp() * noise  # (n, latent_dim)
        return self.decoder(z), mean, log_var

    def elbo(self, x: Tensor, rng: np.random.Generator | None = None) -> Tensor:
        """Estimate the lower bound of the log likelihood, with one draw a point.

        Parameters
        ----------
        x : Tensor, shape (n, data_dim)
            The points; for a Bernoulli likelihood, of 0 and 1.
        rng : numpy.random.Generator, optional
            Source of the draws.

        Returns
        -------
        Tensor, shape ()
            Its mean over the points, in nats.

        Raises
        ------
        ValueError
            If the points lie outside of 0 and 1, for a Bernoulli likelihood.
        """
        out, mean, log_var = self(x, rng)
        bound: Tensor = self._log_likelihood(x, out) - kl_to_standard_normal(mean, log_var)
        return bound

    def _log_likelihood(self, x: Tensor, out: Tensor) -> Tensor:
        if self.log_std is None:
            if not (x.data.min() >= 0 and x.data.max() <= 1):
                raise ValueError(
                    "x: a Bernoulli likelihood needs numbers between 0 and 1, got values from "
                    f"{x.data.min():.4g} to {x.data.max():.4g}; choose likelihood='gaussian'"
                )
            return -F.binary_cross_entropy_with_logits(out, x, reduction="sum") / len(x)
        apart = ((x - out) ** 2).sum() / (2 * len(x)) * (-2 * self.log_std).exp()
        log_likelihood: Tensor = -apart - x.shape[1] * (self.log_std + 0.5 * math.log(2 * math.pi))
        return log_likelihood

    def draw(self, n: int, rng: np.random.Generator) -> Tensor:
        """Draw codes from the prior, decode them, and draw from the likelihood.

        The parameters are those of :meth:`GenerativeModel.draw`.

        Returns
        -------
        Tensor, shape (n, data_dim)
            Points; of 0 and 1 for a Bernoulli likelihood. For their means, apply the decoder to
            codes of your own.
        """
        dtype = self.mean.weight.dtype
        out: Tensor = self.decoder(F.randn(n, self.latent_dim, rng=rng, dtype=dtype))
        if self.log_std is None:
            return (F.rand(out.shape, rng=rng, dtype=dtype) < out.sigmoid()).to(dtype)
        std: Tensor = self.log_std.exp()
        return out + std * F.randn(out.shape, rng=rng, dtype=dtype)

    def training_step(
        self, x: Tensor, optimizer: Optimizer, rng: np.random.Generator | None = None
    ) -> dict[str, float]:
        """Make a step uphill on the bound.

        Parameters
        ----------
        x : Tensor, shape (n, data_dim)
            Data points.
        optimizer : Optimizer
            Of all parameters.
        rng : numpy.random.Generator, optional
            Source of the codes.

        Returns
        -------
        dict of str to float
            ``loss``: minus the bound.
        """
        optimizer.zero_grad()
        loss = -self.elbo(x, rng)
        loss.backward()
        optimizer.step()
        return {"loss": float(loss.item())}


def kl_to_standard_normal(mean: Tensor, log_var: Tensor) -> Tensor:
    r"""Return the divergence of normal distributions from the standard one, in closed form.

    Parameters
    ----------
    mean, log_var : Tensor, shape (n, d)
        Means, and logarithms of the variances; coordinates are independent.

    Returns
    -------
    Tensor, shape ()
        :math:`\frac 1 2 \sum_j (\mu_j^2 + \sigma_j^2 - 1 - \log \sigma_j^2)`, the mean over n.

    Examples
    --------
    >>> import dlcore as dl
    >>> print(f"{kl_to_standard_normal(dl.tensor([[2.0]]), dl.tensor([[0.0]])).item():.1f}")
    2.0
    """
    return 0.5 * (mean**2 + log_var.exp() - 1 - log_var).sum(dim=1).mean()
