"""Two small tables that come with scikit-learn: breast tumours and diabetes patients."""

from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcore.data.fetch import locate

_MEASURES = (
    "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity",
    "concave points", "symmetry", "fractal dimension",
)  # fmt: skip
TUMOUR_FEATURES: tuple[str, ...] = (
    *(f"mean {measure}" for measure in _MEASURES),
    *(f"{measure} error" for measure in _MEASURES),
    *(f"worst {measure}" for measure in _MEASURES),
)
PATIENT_FEATURES = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")


class Table(NamedTuple):
    """Rows of measurements, and what is to be predicted from each.

    Attributes
    ----------
    x : ndarray of float32, shape (n, features)
        The measurements.
    y : ndarray, shape (n,)
        The target: int64 for classes, float32 for a quantity.
    features : tuple of str
        What the columns of `x` are.
    """

    x: NDArray[np.float32]
    y: NDArray[Any]
    features: tuple[str, ...]


def load_breast_cancer(path: str | PathLike[str] | None = None) -> Table:
    """Load 569 breast tumours, 30 measurements of each, and whether it was benign.

    Parameters
    ----------
    path : path-like, optional
        A file of your own in the same format: a heading, then a row a tumour, the 30 measurements
        and the class, separated by commas.

    Returns
    -------
    Table
        `x` of shape (569, 30); `y` is 0 for malignant (212) and 1 for benign (357), as in
        scikit-learn.

    Raises
    ------
    DataFileError
        If the file is missing or is not the one it should be; the message says what to do.
    ValueError
        If a file of your own is in another format.

    References
    ----------
    .. [1] W. N. Street, W. H. Wolberg and O. L. Mangasarian, "Nuclear feature extraction for
       breast tumor diagnosis", 1993, doi 10.24432/C5DW2B.

    Examples
    --------
    >>> x, y, features = load_breast_cancer()
    >>> print(x.shape, np.bincount(y), features[0])
    (569, 30) [212 357] mean radius
    """
    path = locate("breast_cancer") if path is None else Path(path)
    table = _read(path, columns=len(TUMOUR_FEATURES) + 1, delimiter=",", skiprows=1)
    x, y = table[:, :-1], table[:, -1]
    if not np.isin(y, (0, 1)).all():
        raise ValueError(f"{path}: expected the classes 0 and 1 in the last column")
    return Table(x.astype(np.float32), y.astype(np.int64), TUMOUR_FEATURES)


def load_diabetes(path: str | PathLike[str] | None = None) -> Table:
    """Load 442 diabetes patients, ten measurements of each, and how the disease went on.

    Parameters
    ----------
    path : path-like, optional
        A file of your own: a row a patient, the ten measurements and the target, separated by
        white space, without a heading; gzipped if its name ends in ``.gz``.

    Returns
    -------
    Table
        `x` of shape (442, 10) and `y` of shape (442,), a measure of progression after one year.

    Raises
    ------
    DataFileError
        If a file is missing or is not the one it should be; the message says what to do.
    ValueError
        If a file of your own is in another format.

    Notes
    -----
    The measurements are in their own units, as with ``load_diabetes(scaled=False)`` of
    scikit-learn. Its default has them centred and scaled over all patients, those of a later test
    set among them.

    References
    ----------
    .. [1] B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, "Least angle regression", Annals
       of Statistics 32 (2), 2004, doi 10.1214/009053604000000067.

    Examples
    --------
    >>> x, y, features = load_diabetes()
    >>> print(x.shape, f"{y.mean():.1f}", features[2], f"{x[0, 2]:.1f}")
    (442, 10) 152.1 bmi 32.1
    """
    columns = len(PATIENT_FEATURES)
    if path is None:
        x = _read(locate("diabetes_data"), columns)
        y = _read(locate("diabetes_target"), 1)[:, 0]
    else:
        table = _read(Path(path), columns + 1)
        x, y = table[:, :-1], table[:, -1]
    return Table(x.astype(np.float32), y.astype(np.float32), PATIENT_FEATURES)


def _read(path: Path, columns: int, **options: Any) -> NDArray[np.float64]:
    table = np.loadtxt(path, ndmin=2, **options)
    if table.shape[1] != columns:
        raise ValueError(f"{path}: expected {columns} columns, got {table.shape[1]}")
    return table
