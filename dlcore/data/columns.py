"""Tables of comma-separated values, column by column."""

import csv
import gzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def read_columns(path: Path) -> dict[str, NDArray[np.str_]]:
    r"""Read a table with a heading, as text.

    Parameters
    ----------
    path : pathlib.Path
        The file; gzipped if its name ends in ``.gz``.

    Returns
    -------
    dict of str to ndarray of str, shape (rows,)
        The columns by their heading.

    Raises
    ------
    ValueError
        If there is no heading, or a row is longer or shorter than it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "heights.csv")
    ...     _ = path.write_text("name,height\nAda,165\nAlan,178\n")
    ...     print(read_columns(path)["height"])
    ['165' '178']
    """
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = [row for row in csv.reader(content.decode("utf-8-sig").splitlines()) if row]
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise ValueError(f"{path}: expected a table with a heading and rows of equal length")
    columns = zip(*rows, strict=True)
    return {heading: np.array(entries, dtype=str) for heading, *entries in columns}
