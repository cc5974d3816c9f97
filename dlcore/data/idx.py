"""IDX, the format in which MNIST and Fashion-MNIST were published: a short header and bytes."""

import gzip
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.data.digits import Digits
from dlcore.data.fetch import DataFileError

_UNSIGNED_BYTE = 0x08


def read_idx(path: str | PathLike[str]) -> NDArray[np.uint8]:
    """Read an array of bytes from an IDX file.

    Parameters
    ----------
    path : path-like
        The file; gzipped if its name ends in ``.gz``.

    Returns
    -------
    ndarray of uint8
        The array, of the shape that the header states.

    Raises
    ------
    ValueError
        If it is no IDX file of bytes, or holds more or fewer bytes than its header says.

    Notes
    -----
    Two zero bytes, the type of the entries (8: unsigned bytes), the number of axes, the length
    of each axis as a big-endian 32-bit number, and the entries in C order.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "two-by-two")
    ...     _ = path.write_bytes(bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 10, 20, 30, 40]))
    ...     print(read_idx(path).tolist())
    [[10, 20], [30, 40]]
    """
    path = Path(path)
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if len(content) < 4 or content[:3] != bytes([0, 0, _UNSIGNED_BYTE]):
        raise ValueError(
            f"{path}: expected an IDX file of unsigned bytes, which begins with 00 00 08, "
            f"got {content[:3].hex(' ') or 'nothing'}"
        )
    start = 4 + 4 * content[3]
    shape = [int.from_bytes(content[i : i + 4], "big") for i in range(4, start, 4)]
    wanted, got = int(np.prod(shape)), len(content) - start
    if got != wanted:
        raise ValueError(f"{path}: expected {wanted} bytes after the header, got {got}")
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)


def read_idx_pair(folder: str | PathLike[str], part: str) -> Digits:
    """Read the images and the labels of one part of a set from a folder.

    Parameters
    ----------
    folder : path-like
        Holds ``train-images-idx3-ubyte`` and so on, as published, gzipped or not.
    part : {"train", "t10k"}
        What the names of the two files begin with.

    Returns
    -------
    Digits
        The images, scaled to [0, 1], and their labels.

    Raises
    ------
    DataFileError
        If a file is not in the folder.
    ValueError
        If a file has another format, or the two do not belong together.
    """
    images = read_idx(_find(folder, f"{part}-images-idx3-ubyte"))
    labels = read_idx(_find(folder, f"{part}-labels-idx1-ubyte"))
    if images.ndim != 3 or labels.ndim != 1 or len(images) != len(labels):
        raise ValueError(
            f"{folder}: expected images (n, height, width) and labels (n,) of {part}, "
            f"got {images.shape} and {labels.shape}"
        )
    return as_digits(images, labels)


def as_digits(pixels: NDArray[np.uint8], labels: NDArray[Any]) -> Digits:
    """Scale the bytes of pixels to [0, 1].

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, height, width)
        From 0 for paper to 255 for full ink.
    labels : ndarray of int, shape (n,)
        What the images show.

    Returns
    -------
    Digits
        Images of float32 and labels of int64.
    """
    return Digits(pixels.astype(np.float32) / np.float32(255), labels.astype(np.int64))


def _find(folder: str | PathLike[str], name: str) -> Path:
    """Find a file under its published name, or with the dot that some unpackers write."""
    for stem in (name, name.replace("-idx", ".idx")):
        for suffix in ("", ".gz"):
            path = Path(folder, stem + suffix)
            if path.is_file():
                return path
    raise DataFileError(f"{folder}: there is no {name} in it, nor {name}.gz")
