"""MNIST, in the sample of 5,000 that the book trains on."""

from os import PathLike

from dlcore.data.digits import Digits, read_digits
from dlcore.data.fetch import locate


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
