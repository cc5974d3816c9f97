"""Denoising diffusion: points drown in noise step by step, and a network learns the way back."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dlcore import functional as F, nn
from dlcore.models.generative import GenerativeModel
from dlcore.models.mlp import MLP
from dlcore.optim import Optimizer
from dlcore.random import default_rng
from dlcore.tensor import Tensor


class DDPM(GenerativeModel):
    r"""A denoising diffusion probabilistic model of points.

    Parameters
    ----------
    data_dim : int, default 2
        Length of a point. The data should have a spread of about 1.
    steps : int, default 100
        Number T of steps from data to noise.
    hidden : int, default 128
        Width of the two hidden layers.
    schedule : {"cosine", "linear"}
        How the noise grows.
    rng : numpy.random.Generator, optional
        Source of the starting weights.

    Attributes
    ----------
    net : MLP
        Noisy point and waves of its time → noise.
    betas, alpha_bars : numpy.ndarray, shape (steps,)
        :math:`\beta_t`, and what is left of the signal's variance after step t.

    Raises
    ------
    ValueError
        If a size is not positive, or `schedule` is unknown.

    Notes
    -----
    Step t keeps :math:`\alpha_t = 1 - \beta_t` of the variance and adds noise. All steps to t at
    once, with :math:`\bar\alpha_t = \prod_{s \le t} \alpha_s` and
    :math:`\varepsilon \sim N(0, I)`:

    .. math:: x_t = \sqrt{\bar\alpha_t} \, x_0 + \sqrt{1 - \bar\alpha_t} \, \varepsilon

    The network :math:`\varepsilon_\theta(x_t, t)` learns to tell the noise, by the mean square over
    random t [1]_. Drawing begins with pure noise and goes back, with
    :math:`\tilde\beta_t = \beta_t (1 - \bar\alpha_{t-1}) / (1 - \bar\alpha_t)`:

    .. math::

        x_{t-1} = \frac{1}{\sqrt{\alpha_t}} \Big( x_t - \frac{\beta_t}{\sqrt{1 - \bar\alpha_t}}
        \, \varepsilon_\theta(x_t, t) \Big) + \sqrt{\tilde\beta_t} \, z, \qquad z \sim N(0, I)

    The linear schedule is that of [1]_ with its ends scaled by 1000 / T, so that about as much
    noise is there at the end; the cosine schedule is that of [2]_. Time enters as sines and cosines
    of 8 frequencies. Derived in Chapter 17.

    References
    ----------
    .. [1] J. Ho, A. Jain and P. Abbeel, "Denoising diffusion probabilistic models", NeurIPS 2020,
       arXiv 2006.11239.
    .. [2] A. Nichol and P. Dhariwal, "Improved denoising diffusion probabilistic models",
       ICML 2021, arXiv 2102.09672.

    Examples
    --------
    >>> model = DDPM(rng=np.random.default_rng(0))
    >>> print(model.sample(5, rng=np.random.default_rng(1)).shape)
    (5, 2)
    >>> print(f"{model.alpha_bars[0]:.3f} {model.alpha_bars[-1]:.3f}")
    0.999 0.000
    """

    def __init__(
        self,
        data_dim: int = 2,
        steps: int = 100,
        hidden: int = 128,
        *,
        schedule: Literal["cosine", "linear"] = "cosine",
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if steps < 2:
            raise ValueError(f"steps: expected at least 2, got {steps}")
        rng = default_rng(rng)
        self.data_dim, self.steps = data_dim, steps
        betas = noise_schedule(steps, schedule)
        self.register_buffer("betas", betas.astype(np.float32))
        self.register_buffer("alpha_bars", np.cumprod(1 - betas).astype(np.float32))
        self.net = MLP([data_dim + 2 * FREQUENCIES, hidden, hidden, data_dim], nn.SiLU, rng=rng)

    def forward(self, x: Tensor, t: NDArray[np.int64]) -> Tensor:
        """Tell the noise in points x (n, data_dim) at times t (n,), from 0 to steps - 1."""
        waves = _waves(t / self.steps).astype(x.dtype)  # (n, 2 · FREQUENCIES)
        noise: Tensor = self.net(F.cat([x, Tensor(waves)], dim=1))
        return noise

    def add_noise(self, x: Tensor, t: NDArray[np.int64], noise: Tensor) -> Tensor:
        """Go forward from the data to time t, all steps at once.

        Parameters
        ----------
        x : Tensor, shape (n, data_dim)
            Data points.
        t : ndarray of int64, shape (n,)
            Times, 0 to steps - 1.
        noise : Tensor, shape (n, data_dim)
            Standard normal numbers.

        Returns
        -------
        Tensor, shape (n, data_dim)
            The noisy points.
        """
        kept = self.alpha_bars[t][:, None]  # (n, 1)
        return Tensor(np.sqrt(kept)) * x + Tensor(np.sqrt(1 - kept)) * noise

    def denoising_loss(self, x: Tensor, rng: np.random.Generator | None = None) -> Tensor:
        """Return how badly the noise is told, at a random time for each point.

        Parameters
        ----------
        x : Tensor, shape (n, data_dim)
            Data points.
        rng : numpy.random.Generator, optional
            Source of times and noise.

        Returns
        -------
        Tensor, shape ()
            The mean square; 1 for a network that always says 0.
        """
        rng = default_rng(rng)
        t = rng.integers(self.steps, size=len(x))
        noise = F.randn(x.shape, rng=rng, dtype=x.dtype)
        return F.mse_loss(self(self.add_noise(x, t, noise), t), noise)

    def denoise(self, x: Tensor, t: int, rng: np.random.Generator | None = None) -> Tensor:
        """Go one step back.

        Parameters
        ----------
        x : Tensor, shape (n, data_dim)
            Points at time t.
        t : int
            The time, 0 to steps - 1.
        rng : numpy.random.Generator, optional
            Source of the noise that is added.

        Returns
        -------
        Tensor, shape (n, data_dim)
            Points at the time before; from time 0, data.
        """
        beta, kept = float(self.betas[t]), float(self.alpha_bars[t])
        noise = self.forward(x, np.full(len(x), t))
        mean: Tensor = (x - beta / math.sqrt(1 - kept) * noise) / math.sqrt(1 - beta)
        if t == 0:
            return mean
        spread = math.sqrt(beta * (1 - float(self.alpha_bars[t - 1])) / (1 - kept))
        return mean + spread * F.randn(x.shape, rng=rng, dtype=x.dtype)

    def draw(self, n: int, rng: np.random.Generator) -> Tensor:
        """Begin with noise, and go all steps back.

        Parameters
        ----------
        n : int
            How many.
        rng : numpy.random.Generator
            Source of all noise.

        Returns
        -------
        Tensor, shape (n, data_dim)
            The points.
        """
        x = F.randn(n, self.data_dim, rng=rng, dtype=self.betas.dtype)
        for t in reversed(range(self.steps)):
            x = self.denoise(x, t, rng)
        return x

    def training_step(
        self, x: Tensor, optimizer: Optimizer, rng: np.random.Generator | None = None
    ) -> dict[str, float]:
        """Make a step downhill on the denoising loss.

        The other parameters are those of :meth:`DDPM.denoising_loss`.

        Parameters
        ----------
        optimizer : Optimizer
            Of all parameters.

        Returns
        -------
        dict of str to float
            ``loss``.
        """
        optimizer.zero_grad()
        loss = self.denoising_loss(x, rng)
        loss.backward()
        optimizer.step()
        return {"loss": float(loss.item())}


FREQUENCIES = 8  # of the waves of time


def noise_schedule(
    steps: int, schedule: Literal["cosine", "linear"] = "cosine"
) -> NDArray[np.float64]:
    r"""Return how much noise each step of a diffusion adds.

    Parameters
    ----------
    steps : int
        Number T of steps.
    schedule : {"cosine", "linear"}
        Its shape.

    Returns
    -------
    ndarray of float64, shape (steps,)
        The variances :math:`\beta_t`, at most 0.999.

    Raises
    ------
    ValueError
        If `steps` is below 1 or `schedule` is unknown.

    Notes
    -----
    Linear from 0.1 / T to 20 / T. Cosine:
    :math:`\bar\alpha_t \propto \cos^2 \frac{t / T + 0.008}{1.008} \frac \pi 2`. Derived in
    Chapter 17.

    Examples
    --------
    >>> print(noise_schedule(100, "linear")[[0, -1]])
    [0.001 0.2  ]
    """
    if steps < 1:
        raise ValueError(f"steps: expected at least 1, got {steps}")
    if schedule == "linear":
        betas: NDArray[np.float64] = np.linspace(0.1, 20.0, steps) / steps
        return np.minimum(betas, 0.999)
    if schedule != "cosine":
        raise ValueError(f"schedule: expected 'cosine' or 'linear', got {schedule!r}")
    alpha_bars = np.cos((np.arange(steps + 1) / steps + 0.008) / 1.008 * np.pi / 2) ** 2
    betas = 1 - alpha_bars[1:] / alpha_bars[:-1]
    return np.minimum(betas, 0.999)


def _waves(time: NDArray[np.float64]) -> NDArray[np.float64]:
    angles = time[:, None] * np.pi * np.arange(1, FREQUENCIES + 1) / 2
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
