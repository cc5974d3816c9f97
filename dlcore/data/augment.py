"""Augmentation: new training images from old ones, by changes that leave their meaning alone.

Every function takes a batch, draws what happens to each image from `rng`, and returns a new batch;
only :func:`mixup` changes the targets too.
"""

import numpy as np
from numpy.typing import NDArray

from dlcore.random import default_rng

Images = NDArray[np.floating]


def random_shift(
    images: Images, pixels: int, *, fill: float = 0.0, rng: np.random.Generator | None = None
) -> Images:
    """Shift each image by up to some pixels in each direction.

    Parameters
    ----------
    images : ndarray, shape (n, ..., height, width)
        The images.
    pixels : int
        The largest shift, to any side; smaller than height and width.
    fill : float
        What comes in from outside.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    ndarray, shape (n, ..., height, width)
        The shifted images; all channels of an image move together.

    Raises
    ------
    ValueError
        If `pixels` is out of range, or `images` has fewer than three axes.

    Examples
    --------
    >>> images = np.eye(3)[None]
    >>> print(random_shift(images, 1, rng=np.random.default_rng(0))[0].astype(int))
    [[0 1 0]
     [0 0 1]
     [0 0 0]]
    """
    height, width = _size(images)
    if not 0 <= pixels < min(height, width):
        raise ValueError(f"pixels: expected 0 to {min(height, width) - 1}, got {pixels}")
    return random_crop(_padded(images, pixels, fill), (height, width), rng=rng)


def random_crop(
    images: Images,
    size: tuple[int, int],
    *,
    padding: int = 0,
    fill: float = 0.0,
    rng: np.random.Generator | None = None,
) -> Images:
    """Cut a window out of each image, at a random place.

    The other parameters are those of :func:`random_shift`.

    Parameters
    ----------
    size : (int, int)
        Height and width of the window.
    padding : int
        How many pixels are first put around the images.
    fill : float
        What they hold.

    Returns
    -------
    ndarray, shape (n, ..., height, width)
        The windows.

    Raises
    ------
    ValueError
        If the window is larger than the padded image, or `images` has fewer than three axes.

    Examples
    --------
    >>> images = np.arange(16.0).reshape(1, 4, 4)
    >>> print(random_crop(images, (2, 2), rng=np.random.default_rng(0))[0])
    [[ 9. 10.]
     [13. 14.]]
    """
    _size(images)
    images = _padded(images, padding, fill)
    (height, width), n = _size(images), len(images)
    if not (1 <= size[0] <= height and 1 <= size[1] <= width):
        raise ValueError(f"size: expected at most ({height}, {width}), got {tuple(size)}")
    rng = default_rng(rng)
    top = rng.integers(height - size[0] + 1, size=n)
    left = rng.integers(width - size[1] + 1, size=n)
    windows = np.lib.stride_tricks.sliding_window_view(images, size, axis=(-2, -1))
    chosen: Images = np.moveaxis(windows, (-4, -3), (1, 2))[np.arange(n), top, left]
    return chosen


def random_flip(
    images: Images, p: float = 0.5, *, rng: np.random.Generator | None = None
) -> Images:
    """Mirror some images, left for right.

    The other parameters are those of :func:`random_shift`.

    Parameters
    ----------
    p : float
        The probability of each to be mirrored.

    Returns
    -------
    ndarray, shape (n, ..., height, width)
        The images, mirrored or not.

    Raises
    ------
    ValueError
        If `p` is no probability, or `images` has fewer than three axes.

    Notes
    -----
    Right for clothes and animals, wrong for digits and letters.

    Examples
    --------
    >>> images = np.array([[[1.0, 2.0]], [[3.0, 4.0]]])
    >>> print(random_flip(images, rng=np.random.default_rng(1)).tolist())
    [[[1.0, 2.0]], [[3.0, 4.0]]]
    """
    _size(images)
    if not 0 <= p <= 1:
        raise ValueError(f"p: expected a probability, got {p}")
    mirrored = default_rng(rng).random(len(images)) < p
    flipped = images.copy()
    flipped[mirrored] = images[mirrored][..., ::-1]
    return flipped


def add_noise(
    images: Images,
    std: float,
    *,
    clip: tuple[float, float] | None = (0.0, 1.0),
    rng: np.random.Generator | None = None,
) -> Images:
    """Add Gaussian noise to every pixel.

    Parameters
    ----------
    images : ndarray of float
        The images.
    std : float
        Standard deviation of the noise.
    clip : (float, float), optional
        What the pixels are kept between; None leaves them as they come.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    ndarray
        The images, of the same shape and dtype.

    Raises
    ------
    TypeError
        If the images are not floating-point numbers.
    ValueError
        If `std` is negative.

    Examples
    --------
    >>> noisy = add_noise(np.full((1, 100, 100), 0.5), 0.1, rng=np.random.default_rng(0))
    >>> print(f"{noisy.mean():.2f} {noisy.std():.2f}")
    0.50 0.10
    """
    if not std >= 0:
        raise ValueError(f"std: expected a number of at least 0, got {std}")
    if images.dtype.kind != "f":
        raise TypeError(f"images: expected floats, got {images.dtype}; divide bytes by 255 first")
    noise = std * default_rng(rng).standard_normal(images.shape)
    noisy = (images + noise).astype(images.dtype)
    return noisy if clip is None else noisy.clip(*clip)


def mixup(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    alpha: float = 0.2,
    *,
    rng: np.random.Generator | None = None,
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    r"""Mix each sample with another one of the batch, and their targets alike.

    Parameters
    ----------
    x : ndarray of float, shape (n, ...)
        The samples.
    y : ndarray of float, shape (n, ...)
        The targets: probabilities of the classes (one-hot), or quantities. Not class indices.
    alpha : float
        The larger, the more even the mixture; positive.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    x, y : ndarray of float
        The mixtures, of the same shapes and dtypes.

    Raises
    ------
    ValueError
        If `alpha` is not positive, or the lengths differ.
    TypeError
        If `y` holds whole numbers, which are class indices and cannot be mixed.

    Notes
    -----
    .. math:: \tilde x_i = \lambda_i x_i + (1 - \lambda_i) x_{\pi(i)}, \quad
              \tilde y_i = \lambda_i y_i + (1 - \lambda_i) y_{\pi(i)}, \quad
              \lambda_i \sim \mathrm{Beta}(\alpha, \alpha)

    with a random permutation :math:`\pi`. Derived in Chapter 12.

    References
    ----------
    .. [1] H. Zhang, M. Cissé, Y. N. Dauphin and D. Lopez-Paz, "mixup: beyond empirical risk
       minimization", ICLR 2018, arXiv 1710.09412.

    Examples
    --------
    >>> x, y = mixup(np.array([[0.0], [1.0]]), np.eye(2), 1.0, rng=np.random.default_rng(3))
    >>> print(x[:, 0].round(2), y[:, 1].round(2))
    [0.73 0.18] [0.73 0.18]
    """
    if not alpha > 0:
        raise ValueError(f"alpha: expected a positive number, got {alpha}")
    if len(x) != len(y):
        raise ValueError(f"x, y: expected the same length, got {len(x)} and {len(y)}")
    if y.dtype.kind != "f":
        raise TypeError(f"y: expected floats, got {y.dtype}; for classes use F.one_hot first")
    rng = default_rng(rng)
    share, partner = rng.beta(alpha, alpha, len(x)), rng.permutation(len(x))
    return _mix(x, share, partner), _mix(y, share, partner)


def _mix(
    values: NDArray[np.floating], share: NDArray[np.float64], partner: NDArray[np.intp]
) -> NDArray[np.floating]:
    share = share.astype(values.dtype).reshape(-1, *[1] * (values.ndim - 1))
    return share * values + (1 - share) * values[partner]


def _size(images: Images) -> tuple[int, int]:
    if images.ndim < 3:
        raise ValueError(f"images: expected (n, ..., height, width), got shape {images.shape}")
    return images.shape[-2], images.shape[-1]


def _padded(images: Images, pixels: int, fill: float) -> Images:
    if pixels < 0:
        raise ValueError(f"padding: expected at least 0, got {pixels}")
    around = [(0, 0)] * (images.ndim - 2) + [(pixels, pixels)] * 2
    return np.pad(images, around, constant_values=fill)
