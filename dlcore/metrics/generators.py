"""Scores of what a generator draws: the modes it covers, and how far it lies from the truth."""

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.labels import Labels, as_array, as_weights
from dlcore.metrics.stream import CollectedStream, State
from dlcore.random import default_rng


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

    The parameters are those of :func:`mode_coverage`.

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


def wasserstein_distance(
    u_values: Labels,
    v_values: Labels,
    u_weights: ArrayLike | None = None,
    v_weights: ArrayLike | None = None,
) -> float:
    r"""Return how far, on average, one set of numbers must be moved to become another.

    Parameters
    ----------
    u_values, v_values : array_like or Tensor, shapes (n,) and (m,)
        The numbers.
    u_weights, v_weights : array_like, shapes (n,) and (m,), optional
        How much each counts; at least 0. Either set is scaled to a total of 1.

    Returns
    -------
    float
        At least 0, in the unit of the numbers.

    Raises
    ------
    ValueError
        If a set is empty or has more than one axis, or a weight is negative.

    Notes
    -----
    It is the area between the two distribution functions:

    .. math:: W_1(u, v) = \int \lvert U(x) - V(x) \rvert \, dx

    As ``scipy.stats.wasserstein_distance``. Derived in Chapter 17.

    Examples
    --------
    >>> print(f"{wasserstein_distance([0.0, 1.0, 3.0], [5.0, 6.0, 8.0]):.1f}")
    5.0
    """
    u, v = _numbers("u_values", u_values), _numbers("v_values", v_values)
    places = np.sort(np.concatenate([u, v]))
    steps = np.diff(places)
    below_u = _distribution(u, "u_weights", u_weights, places[:-1])
    below_v = _distribution(v, "v_weights", v_weights, places[:-1])
    return float(np.abs(below_u - below_v) @ steps)


def sliced_wasserstein_distance(
    x: Labels,
    y: Labels,
    *,
    n_projections: int = 100,
    rng: np.random.Generator | None = None,
) -> float:
    r"""Return the mean distance of two clouds of points, seen from random directions.

    Parameters
    ----------
    x, y : array_like or Tensor, shapes (n, d) and (m, d)
        The points.
    n_projections : int, default 100
        How many directions.
    rng : numpy.random.Generator, optional
        Source of the directions.

    Returns
    -------
    float
        At least 0, in the unit of the coordinates; at most the distance in d dimensions.

    Raises
    ------
    ValueError
        If the shapes do not fit, a cloud is empty, or there is no direction.

    Notes
    -----
    .. math:: \mathbb{E}_\theta \, W_1(\theta^\top x, \theta^\top y), \qquad
        \theta \sim \text{uniform on the sphere}

    In one dimension it is the distance itself, at any number of directions. In two, a shift by a
    gives :math:`2 \lVert a \rVert / \pi` on average. Derived in Chapter 17.

    References
    ----------
    .. [1] N. Bonneel, J. Rabin, G. Peyré and H. Pfister, "Sliced and Radon Wasserstein barycenters
       of measures", Journal of Mathematical Imaging and Vision 51, 2015.

    Examples
    --------
    >>> import numpy as np
    >>> points = np.zeros((5, 2))
    >>> rng = np.random.default_rng(0)
    >>> shifted = points + [1.0, 0.0]
    >>> print(f"{sliced_wasserstein_distance(points, shifted, n_projections=5000, rng=rng):.2f}")
    0.64
    """
    a, b = as_array(x).astype(np.float64), as_array(y).astype(np.float64)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or 0 in (a.size, b.size):
        raise ValueError(
            f"x, y: expected shapes (n, d) and (m, d), not empty, got {a.shape} and {b.shape}"
        )
    if n_projections < 1:
        raise ValueError(f"n_projections: expected at least 1, got {n_projections}")
    directions = default_rng(rng).standard_normal((a.shape[1], n_projections))
    directions /= np.linalg.norm(directions, axis=0)
    columns = zip((a @ directions).T, (b @ directions).T, strict=True)
    return float(np.mean([wasserstein_distance(u, v) for u, v in columns]))


class WassersteinDistance(CollectedStream[float]):
    """Wasserstein distance of two streams of numbers; it keeps all of them.

    Examples
    --------
    >>> score = WassersteinDistance()
    >>> print(f"{score.update([0.0], [5.0]).update([1.0, 3.0], [6.0, 8.0]).compute():.1f}")
    5.0
    """

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        if sample_weight is not None:
            raise ValueError("sample_weight: the numbers of a stream have no weights")
        return _numbers("y_true", y_true), _numbers("y_pred", y_pred)

    def _score(self, state: State) -> float:
        return wasserstein_distance(*state)


def _numbers(name: str, values: Labels) -> NDArray[np.float64]:
    numbers = as_array(values).astype(np.float64)
    if numbers.ndim != 1 or len(numbers) == 0:
        raise ValueError(f"{name}: expected shape (n,) with n at least 1, got {numbers.shape}")
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name}: expected finite numbers")
    return numbers


def _distribution(
    values: NDArray[np.float64], name: str, weights: ArrayLike | None, places: NDArray[np.float64]
) -> NDArray[np.float64]:
    try:
        weight = as_weights(weights, len(values))
    except ValueError as problem:
        raise ValueError(str(problem).replace("sample_weight", name)) from None
    if weight.min() < 0:
        raise ValueError(f"{name}: expected weights of at least 0, got {weight.min():g}")
    order = np.argsort(values)
    below = np.concatenate([[0.0], np.cumsum(weight[order])])
    part: NDArray[np.float64] = below[np.searchsorted(values[order], places, side="right")]
    part /= below[-1]
    return part
