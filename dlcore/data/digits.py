"""Handwritten digits: 1,797 of 8×8 pixels (scikit-learn) and 5,000 of 28×28 (from MNIST)."""

from os import PathLike
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcore.data.fetch import locate


class Digits(NamedTuple):
    """Images of digits and what they show.

    Attributes
    ----------
    images : ndarray of float32, shape (n, height, width)
        Ink in [0, 1]: 0 is paper, 1 is full ink.
    labels : ndarray of int64, shape (n,)
        The digit, 0 to 9.
    """

    images: NDArray[np.float32]
    labels: NDArray[np.int64]


def load_digits(path: str | PathLike[str] | None = None) -> Digits:
    """Load the 1,797 small digits that come with scikit-learn.

    The file is read from the data cache or from inside the installed scikit-learn, which is not
    imported, and its sha256 is verified.

    Parameters
    ----------
    path : path-like, optional
        A file of your own in the same format: a row a digit, 64 pixels from 0 to 16 and the label,
        separated by commas; gzipped if its name ends in ``.gz``.

    Returns
    -------
    Digits
        Images of shape (1797, 8, 8) and labels of shape (1797,).

    Raises
    ------
    DataFileError
        If the file is missing or is not the one it should be; the message says what to do.
    ValueError
        If a file of your own is in another format.

    References
    ----------
    .. [1] E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
       Learning Repository, 1998, doi 10.24432/C50P49 (its test set).

    Examples
    --------
    >>> images, labels = load_digits()
    >>> print(images.shape, images.dtype, f"{images.min():.1f} {images.max():.1f}")
    (1797, 8, 8) float32 0.0 1.0
    >>> print(labels[:10])
    [0 1 2 3 4 5 6 7 8 9]
    """
    return read_digits(locate("digits") if path is None else path, side=8, full_ink=16)


def read_digits(path: str | PathLike[str], side: int, full_ink: int) -> Digits:
    """Read a table of square images, one a row, its label last.

    Parameters
    ----------
    path : path-like
        Comma-separated whole numbers; gzipped if the name ends in ``.gz``.
    side : int
        Height and width of an image.
    full_ink : int
        The value that becomes 1.

    Returns
    -------
    Digits
        Images of shape (n, side, side) scaled to [0, 1], labels of shape (n,).

    Raises
    ------
    ValueError
        If the number of columns or the range of the values is another.
    """
    table = np.loadtxt(path, delimiter=",", ndmin=2, dtype=np.int64)
    if table.shape[1] != side * side + 1:
        raise ValueError(
            f"{path}: expected {side * side + 1} columns ({side}×{side} pixels and the label), "
            f"got {table.shape[1]}"
        )
    pixels, labels = table[:, :-1], table[:, -1].copy()
    if pixels.min() < 0 or pixels.max() > full_ink:
        raise ValueError(
            f"{path}: expected pixels from 0 to {full_ink}, got {pixels.min()} to {pixels.max()}"
        )
    images = pixels.reshape(-1, side, side).astype(np.float32) / np.float32(full_ink)
    return Digits(images, labels)
