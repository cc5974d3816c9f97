"""Mode coverage: whether a generator draws from every heap of a mixture, and only from them."""

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.labels import Labels, as_array


class Coverage(NamedTuple):
    """What became of the samples.

    Attributes
    ----------
    covered : int
        How many modes have samples enough.
    quality : float
        The part of all samples that lies close to some mode.
    shares : ndarray of float64, shape (modes,)
        The part of all samples that lies close to each mode.
    """

    covered: int
    quality: float
    shares: NDArray[np.float64]


def mode_coverage(
    samples: Labels,
    centres: ArrayLike,
    std: ArrayLike,
    *,
    sigmas: float = 3.0,
    min_share: float = 0.01,
) -> Coverage:
    r"""Count the modes of a mixture that a generator reaches.

    Parameters
    ----------
    samples : array_like or Tensor, shape (n, d)
        What was drawn.
    centres : array_like, shape (modes, d)
        The means of the mixture.
    std : array_like, shape () or (modes,)
        Their standard deviations.
    sigmas : float, default 3.0
        How many of them are close.
    min_share : float, default 0.01
        Which part of all samples makes a mode covered; at least one sample does.

    Returns
    -------
    Coverage
        ``covered``, ``quality`` and ``shares``.

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no sample, or an option is out of range.

    Notes
    -----
    Each sample goes to the mode whose centre is nearest in its standard deviations, and counts if
    it is within `sigmas` of them. Derived in Chapter 17.

    References
    ----------
    .. [1] L. Metz, B. Poole, D. Pfau and J. Sohl-Dickstein, "Unrolled generative adversarial
       networks", ICLR 2017, arXiv 1611.02163.

    Examples
    --------
    >>> drawn = [[-2.1, 0.1], [-1.9, 0.0], [-2.0, 0.3], [0.0, 0.0]]
    >>> covered, quality, shares = mode_coverage(drawn, [[-2, 0], [2, 0]], std=0.5)
    >>> print(covered, f"{quality:.2f}", shares)
    1 0.75 [0.75 0.  ]
    """
    return ModeCoverage(centres, std, sigmas=sigmas, min_share=min_share).update(samples).compute()


class ModeCoverage:
    """Mode coverage of a stream of batches of samples.

    Parameters
    ----------
    centres : array_like, shape (modes, d)
        The means of the mixture.
    std : array_like, shape () or (modes,)
        Their standard deviations.
    sigmas : float, default 3.0
        How many of them are close.
    min_share : float, default 0.01
        Which part of all samples makes a mode covered.

    Examples
    --------
    >>> score = ModeCoverage([[-2, 0], [2, 0]], std=0.5)
    >>> print(score.update([[-2.1, 0.1]]).update([[1.9, 0.0]]).compute().covered)
    2
    """

    def __init__(
        self,
        centres: ArrayLike,
        std: ArrayLike,
        *,
        sigmas: float = 3.0,
        min_share: float = 0.01,
    ) -> None:
        self.centres = np.asarray(centres, dtype=np.float64)
        if self.centres.ndim != 2 or self.centres.size == 0:
            raise ValueError(f"centres: expected shape (modes, d), got {self.centres.shape}")
        modes = len(self.centres)
        if np.shape(std) not in ((), (modes,)) or not np.all(np.asarray(std) > 0):
            raise ValueError(f"std: expected a number above 0, or {modes} of them, got {std!r}")
        if not sigmas > 0:
            raise ValueError(f"sigmas: expected a number above 0, got {sigmas}")
        if not 0 <= min_share <= 1:
            raise ValueError(f"min_share: expected a number in [0, 1], got {min_share}")
        self.std = np.broadcast_to(np.asarray(std, dtype=np.float64), (modes,))
        self.sigmas = sigmas
        self.min_share = min_share
        self.reset()

    def reset(self) -> None:
        """Forget every batch."""
        self.close = np.zeros(len(self.centres), dtype=np.int64)
        self.count = 0

    def update(self, samples: Labels) -> Self:
        """Take in a batch.

        Parameters
        ----------
        samples : array_like or Tensor, shape (n, d)
            What was drawn; a sample that is not finite is close to nothing.

        Returns
        -------
        ModeCoverage
            The object itself.

        Raises
        ------
        ValueError
            If the shape does not fit, or there is no sample.
        """
        points = as_array(samples).astype(np.float64)
        if points.ndim != 2 or points.shape[1] != self.centres.shape[1] or len(points) == 0:
            raise ValueError(
                f"samples: expected shape (n, {self.centres.shape[1]}), got {points.shape}"
            )
        finite = points[np.isfinite(points).all(axis=1)]
        apart = np.linalg.norm(finite[:, None] - self.centres, axis=2) / self.std  # (n, modes)
        mode = apart.argmin(axis=1)
        near = apart[np.arange(len(finite)), mode] <= self.sigmas
        self.close += np.bincount(mode[near], minlength=len(self.centres))
        self.count += len(points)
        return self

    def merge(self, other: "ModeCoverage") -> Self:
        """Take in all that another stream of the same mixture has seen.

        Parameters
        ----------
        other : ModeCoverage
            It stays as it is.

        Returns
        -------
        ModeCoverage
            The object itself.

        Raises
        ------
        ValueError
            If the mixtures differ.
        """
        same = np.array_equal(self.centres, other.centres) and np.array_equal(self.std, other.std)
        if not same or self.sigmas != other.sigmas:
            raise ValueError("other: expected the same centres, std and sigmas")
        self.close = self.close + other.close
        self.count += other.count
        return self

    def compute(self) -> Coverage:
        """Return the coverage so far.

        Returns
        -------
        Coverage
            ``covered``, ``quality`` and ``shares``.

        Raises
        ------
        ValueError
            If no batch came yet.
        """
        if self.count == 0:
            raise ValueError("ModeCoverage: no batch yet; call update first")
        shares: Any = self.close / self.count
        covered = int(((self.close > 0) & (shares >= self.min_share)).sum())
        return Coverage(covered, float(self.close.sum() / self.count), shares)
