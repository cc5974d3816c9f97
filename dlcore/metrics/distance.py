"""Distances between what a generator draws and what it should draw."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore.metrics.labels import Labels, as_array, as_weights
from dlcore.metrics.stream import CollectedStream, State
from dlcore.random import default_rng


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
    """Compute which part of the values is at most each place."""
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
