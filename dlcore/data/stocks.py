"""Daily share prices, as a time series to learn from."""

from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcore.data.columns import read_columns
from dlcore.data.fetch import locate


class SharePrice(NamedTuple):
    """The price of a share, day after day.

    Attributes
    ----------
    date : ndarray of datetime64[D], shape (n,)
        Trading days, ascending.
    price : ndarray of float64, shape (n,)
        The closing price in dollars, adjusted for splits and dividends.
    """

    date: NDArray[np.datetime64]
    price: NDArray[np.float64]


def load_share_price(
    path: str | PathLike[str] | None = None, *, ticker: str = "AAPL"
) -> SharePrice:
    """Load the daily price of a share, Apple's by default, from March 2000 to March 2013.

    Parameters
    ----------
    path : path-like, optional
        A file of your own: a table of comma-separated values with the columns ``Date``
        (2000-03-01) and ``Adj Close``, and ``Ticker`` if it holds several shares; gzipped if its
        name ends in ``.gz``.
    ticker : {"AAPL", "FB", "GOOG", "IBM", "MSFT"}
        The share; it is passed over in a file without the column ``Ticker``.

    Returns
    -------
    SharePrice
        Dates and adjusted prices of 3,270 days (2,148 for Google, 196 for Facebook).

    Raises
    ------
    DataFileError
        If the file has not been fetched yet (run ``dlcore data stocks``) or is not the one it
        should be.
    ValueError
        If the share or a column is not in the file, or its dates do not ascend.

    Notes
    -----
    The adjusted price is used because the plain one falls by half on the day of a split of two to
    one, while nobody has lost anything.

    Examples
    --------
    >>> date, price = load_share_price()  # doctest: +SKIP
    >>> print(len(date), date[0], f"{price[0]:.2f} {price[-1]:.2f}")  # doctest: +SKIP
    3270 2000-03-01 4.19 56.14
    """
    path = locate("stocks") if path is None else Path(path)
    table = read_columns(path)
    if missing := [name for name in ("Date", "Adj Close") if name not in table]:
        raise ValueError(f"{path}: expected a column {missing[0]!r}, got {', '.join(table)}")
    chosen = table["Ticker"] == ticker if "Ticker" in table else np.full(len(table["Date"]), True)
    if not chosen.any():
        raise ValueError(f"ticker: {path.name} holds no share {ticker!r}")
    date = table["Date"][chosen].astype("datetime64[D]")
    price = table["Adj Close"][chosen].astype(np.float64)
    if (date[1:] <= date[:-1]).any():
        raise ValueError(f"{path}: expected ascending dates")
    return SharePrice(date, price)
