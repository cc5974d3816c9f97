"""Small made-up problems in the plane, seeded, and the sample table of the max-of-three network."""

import numpy as np
from numpy.typing import NDArray

from dlcore.random import default_rng

Points = tuple[NDArray[np.float32], NDArray[np.int64]]


def circles(
    n_samples: int = 1000,
    *,
    radius: float = 2.0,
    inner: float = 1.0,
    rng: np.random.Generator | None = None,
) -> Points:
    """Draw points of a disc, and ask which lie in the smaller disc at its centre.

    Parameters
    ----------
    n_samples : int
        Number of points.
    radius, inner : float
        Radii of the disc and of the smaller one.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    x : ndarray of float32, shape (n_samples, 2)
        The points. Their distance from the centre is uniform on [0, radius), so that with the
        default radii the two classes are equally likely.
    y : ndarray of int64, shape (n_samples,)
        1 where the distance is below `inner`, otherwise 0.

    Examples
    --------
    >>> x, y = circles(1000, rng=np.random.default_rng(0))
    >>> print(x.shape, y[:8], f"{np.hypot(*x.T).max():.2f}")
    (1000, 2) [0 1 1 1 0 0 0 0] 2.00
    """
    rng = default_rng(rng)
    distance = rng.uniform(0, radius, _count(n_samples))
    angle = rng.uniform(0, 2 * np.pi, n_samples)
    x = distance[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x.astype(np.float32), (distance < inner).astype(np.int64)


def moons(
    n_samples: int = 1000, *, noise: float = 0.1, rng: np.random.Generator | None = None
) -> Points:
    """Draw two half-moons that reach into each other.

    Parameters
    ----------
    n_samples : int
        Number of points; the classes alternate.
    noise : float
        Standard deviation of the Gaussian noise added to each coordinate.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    x : ndarray of float32, shape (n_samples, 2)
        The points.
    y : ndarray of int64, shape (n_samples,)
        0 for the upper moon, 1 for the lower.

    Examples
    --------
    >>> x, y = moons(6, noise=0.0, rng=np.random.default_rng(0))
    >>> print(x.shape, y)
    (6, 2) [0 1 0 1 0 1]
    """
    rng = default_rng(rng)
    y = _alternating(n_samples, 2)
    angle = rng.uniform(0, np.pi, n_samples)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    x = np.where(y[:, None] == 0, upper, lower) + noise * rng.standard_normal((n_samples, 2))
    return x.astype(np.float32), y


def spirals(
    n_samples: int = 1000,
    *,
    arms: int = 2,
    turns: float = 1.5,
    noise: float = 0.05,
    rng: np.random.Generator | None = None,
) -> Points:
    """Draw spiral arms wound into each other, one class an arm.

    Parameters
    ----------
    n_samples : int
        Number of points; the classes take turns.
    arms : int
        Number of arms.
    turns : float
        How often an arm goes round.
    noise : float
        Standard deviation of the Gaussian noise added to each coordinate.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    x : ndarray of float32, shape (n_samples, 2)
        The points, inside the unit disc but for the noise.
    y : ndarray of int64, shape (n_samples,)
        The arm, 0 to arms-1.

    Examples
    --------
    >>> x, y = spirals(6, arms=3, rng=np.random.default_rng(0))
    >>> print(x.shape, y)
    (6, 2) [0 1 2 0 1 2]
    """
    rng = default_rng(rng)
    y = _alternating(n_samples, arms)
    distance = rng.uniform(0.1, 1.0, n_samples)
    angle = 2 * np.pi * (turns * distance + y / arms)
    x = distance[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x += noise * rng.standard_normal((n_samples, 2))
    return x.astype(np.float32), y


def xor(
    n_samples: int = 4, *, noise: float = 0.0, rng: np.random.Generator | None = None
) -> Points:
    """Draw the corners of the unit square, labelled by exclusive or.

    Parameters
    ----------
    n_samples : int
        Number of points; the corners (0, 0), (0, 1), (1, 0), (1, 1) take turns.
    noise : float
        Standard deviation of the Gaussian noise added to each coordinate.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    x : ndarray of float32, shape (n_samples, 2)
        The points.
    y : ndarray of int64, shape (n_samples,)
        1 where exactly one coordinate of the corner is 1.

    Examples
    --------
    >>> x, y = xor()
    >>> print(x.astype(int).tolist(), y)
    [[0, 0], [0, 1], [1, 0], [1, 1]] [0 1 1 0]
    """
    rng = default_rng(rng)
    corner = _alternating(n_samples, 4)
    first, second = corner // 2, corner % 2
    x = np.stack([first, second], axis=1) + noise * rng.standard_normal((n_samples, 2))
    return x.astype(np.float32), first ^ second


def gaussians(
    n_samples: int = 1000,
    *,
    centres: tuple[tuple[float, float], ...] = ((-2.0, 0.0), (2.0, 0.0)),
    std: float = 0.5,
    rng: np.random.Generator | None = None,
) -> Points:
    """Draw round Gaussian clouds, one class a cloud.

    The other parameters are those of :func:`spirals`.

    Parameters
    ----------
    centres : tuple of pairs of float
        The centre of each cloud.
    std : float
        Standard deviation of each coordinate.

    Returns
    -------
    x : ndarray of float32, shape (n_samples, 2)
        The points.
    y : ndarray of int64, shape (n_samples,)
        The cloud, 0 to len(centres)-1.

    Examples
    --------
    >>> x, y = gaussians(1000, rng=np.random.default_rng(0))
    >>> print([f"{x[y == k, 0].mean():.1f}" for k in (0, 1)])
    ['-2.0', '2.0']
    """
    rng = default_rng(rng)
    y = _alternating(n_samples, len(centres))
    x = np.asarray(centres)[y] + std * rng.standard_normal((n_samples, 2))
    return x.astype(np.float32), y


def gaussian_mixture(
    n_samples: int = 1000,
    *,
    centres: tuple[tuple[float, float], ...] = ((-2.0, 0.0), (2.0, 0.0)),
    std: float = 0.5,
    rng: np.random.Generator | None = None,
) -> NDArray[np.float32]:
    """Draw points from a mixture of round Gaussians, for a generator to imitate.

    The other parameters are those of :func:`circles`.

    Parameters
    ----------
    centres : tuple of pairs of float
        The modes, each as likely as the others.
    std : float
        Standard deviation of each coordinate around its mode.

    Returns
    -------
    ndarray of float32, shape (n_samples, 2)
        The points. Unlike in :func:`gaussians`, the mode of each is drawn too, and not told.

    Examples
    --------
    >>> x = gaussian_mixture(1000, rng=np.random.default_rng(0))
    >>> print(x.shape, f"{(x[:, 0] > 0).mean():.2f} {np.abs(x[:, 0]).mean():.1f}")
    (1000, 2) 0.54 2.0
    """
    rng = default_rng(rng)
    mode = rng.integers(len(centres), size=_count(n_samples))
    x = np.asarray(centres)[mode] + std * rng.standard_normal((n_samples, 2))
    return x.astype(np.float32)


def max_of_three() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the ten samples that the max-of-three network of chapter 06 learns from.

    Returns
    -------
    x : ndarray of float32, shape (10, 3)
        Three whole numbers from 0 to 9 a row.
    y : ndarray of float32, shape (10, 1)
        The largest of each row.

    References
    ----------
    .. [1] M. Maleki, *Deep Learning with Rust*, Apress, 2026, §5.2.6.6,
       doi 10.1007/979-8-8688-2208-7.

    Examples
    --------
    >>> x, y = max_of_three()
    >>> print(x[0], y[0], bool((x.max(axis=1, keepdims=True) == y).all()))
    [3. 5. 2.] [5.] True
    """
    x = [[3, 5, 2], [5, 7, 1], [1, 9, 4], [2, 3, 6], [4, 1, 3]]
    x += [[0, 8, 2], [7, 2, 1], [6, 3, 4], [5, 0, 2], [2, 6, 9]]
    y = [[5], [7], [9], [6], [4], [8], [7], [6], [5], [9]]
    return np.array(x, dtype=np.float32), np.array(y, dtype=np.float32)


def _count(n_samples: int) -> int:
    if n_samples < 1:
        raise ValueError(f"n_samples: expected at least 1, got {n_samples}")
    return n_samples


def _alternating(n_samples: int, classes: int) -> NDArray[np.int64]:
    return np.arange(_count(n_samples), dtype=np.int64) % classes
