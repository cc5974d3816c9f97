"""The real data sets: read right, refused when a byte is wrong, and a clear word when missing."""

import csv
import gzip
import importlib.util
import io
import re
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from dlcore import data
from dlcore.data import english, houses

ROOT = Path(__file__).parents[2]
LOADERS = {
    "digits": data.load_digits,
    "mnist_5k": data.load_mnist_5k,
    "mnist": data.load_mnist,
    "house_prices": data.load_house_prices,
    "stocks": data.load_share_price,
    "breast_cancer": data.load_breast_cancer,
    "diabetes_data": data.load_diabetes,
    "diabetes_target": data.load_diabetes,
}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv("DLCORE_DATA", str(folder))
    return folder


def test_every_file_has_a_loader():
    assert list(LOADERS) == list(data.FILES)
    assert [f.__name__ for f in LOADERS.values()] == [file.loader for file in data.FILES.values()]


def test_what_a_notebook_loads_is_fetched_with_the_book():
    folders = [ROOT / name for name in ("chapters", "solutions")]
    text = "".join(path.read_text("utf-8") for folder in folders for path in folder.glob("*.ipynb"))
    used = {f.name for f in data.FILES.values() if re.search(rf"\b{f.loader}\(", text)}
    assert used == {f.name for f in data.FILES.values() if f.in_book}


@pytest.mark.parametrize("name", LOADERS)
def test_a_flipped_byte_is_refused(name, cache):
    if name == "diabetes_target":
        pytest.importorskip("sklearn", reason="its first file has to be there")
    file = data.FILES[name]
    try:
        content = bytearray(data.locate(name).read_bytes())
    except data.DataFileError:
        content = bytearray(file.size)  # not on this machine: any other bytes will do
    content[len(content) // 2] ^= 1
    (cache / file.name).write_bytes(content)
    with pytest.raises(data.DataFileError, match=f"not the file it should be(?s:.*){file.sha256}"):
        LOADERS[name]()


@pytest.mark.parametrize("name", LOADERS)
def test_a_missing_file_is_named_with_the_cure(name, cache, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)  # no package is installed
    with pytest.raises(data.DataFileError) as caught:
        LOADERS[name]()
    first = "diabetes_data" if name.startswith("diabetes") else name
    assert f"run 'dlcore data {first}'" in str(caught.value)
    assert str(cache / data.FILES[first].name) in str(caught.value)


def heading_and_rows(**changes):
    """Two sales as they stand in kc_house_data.csv."""
    row = dict.fromkeys(houses.COLUMNS, "3")
    row |= {"id": "7129300520", "date": "20141013T000000", "price": "7.7e+06", "floors": "1.5"}
    row |= {"waterfront": "0", "lat": "47.5112", "long": "-122.257", **changes}
    other = {**row, "waterfront": "1", "date": "20150502T000000"}
    return [list(row), list(row.values()), list(other.values())]


def written(path, rows):
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


@pytest.mark.parametrize("name", ["kc_house_data.csv", "kc_house_data.csv.gz"])
def test_the_well_known_table_of_houses(tmp_path, name):
    table = data.load_house_prices(written(tmp_path / name, heading_and_rows()))
    assert list(table) == list(houses.COLUMNS)
    assert {k: v.dtype.name for k, v in table.items()} == {
        k: np.dtype(v).name for k, v in houses.COLUMNS.items()
    }
    assert table["price"].tolist() == [7_700_000] * 2
    assert table["waterfront"].tolist() == [False, True]
    assert table["date"].astype(str).tolist() == ["2014-10-13", "2015-05-02"]
    assert table["long"][0] == -122.257


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        ([], "a heading and rows of equal length"),
        ([["id", "date"], ["1"]], "a heading and rows of equal length"),
        ([["id", "date"], ["1", "2"]], "there is no price, bedrooms"),
        (heading_and_rows(bedrooms="many"), "column bedrooms: could not convert"),
        (heading_and_rows(bedrooms="1.5"), "column bedrooms: expected whole numbers"),
        (heading_and_rows(date="yesterday"), "column date: "),
    ],
)
def test_other_tables_of_houses_are_refused(tmp_path, rows, match):
    with pytest.raises(ValueError, match=match):
        data.load_house_prices(written(tmp_path / "own.csv", rows))


def test_parquet_without_pyarrow_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ModuleNotFoundError, match=r"pyarrow(?s:.*)pip install 'dlcore\[data\]'"):
        data.load_house_prices(tmp_path / "own.parquet")


def test_parquet_is_read_by_pyarrow_alone(tmp_path, monkeypatch):
    """A stand-in with the three things that are asked of pyarrow: no pandas among them."""

    class Column(np.ndarray):
        def to_numpy(self):
            return np.asarray(self)

    class Table(dict):
        column_names = tuple(houses.COLUMNS)

    columns = {
        name: np.zeros(2, dtype="int64" if name == "price" else dtype).view(Column)
        for name, dtype in houses.COLUMNS.items()
    }
    module = types.ModuleType("pyarrow")
    module.parquet = types.SimpleNamespace(read_table=lambda path: Table(columns))
    monkeypatch.setitem(sys.modules, "pyarrow", module)
    monkeypatch.setitem(sys.modules, "pandas", None)
    table = data.load_house_prices(tmp_path / "own.parquet")
    assert [v.dtype for v in table.values()] == [np.dtype(d) for d in houses.COLUMNS.values()]


def test_the_parquet_file_itself(tmp_path):
    """Both formats of one table give the same arrays."""
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow, of the extra [data], reads parquet")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = data.load_house_prices(written(tmp_path / "own.csv", heading_and_rows()))
    parquet.write_table(pyarrow.table(table), tmp_path / "own.parquet")
    again = data.load_house_prices(tmp_path / "own.parquet")
    for name in table:
        assert again[name].dtype == table[name].dtype
        assert (again[name] == table[name]).all()


STOCKS = [
    ["Ticker", "Date", "Close", "Adj Close"],
    ["AAPL", "2000-03-01", "130.31", "4.5"],
    ["IBM", "2000-03-01", "100", "80.5"],
    ["AAPL", "2000-03-02", "122.0", "4.25"],
]


def test_the_adjusted_price_of_one_share(tmp_path):
    path = written(tmp_path / "own.csv.gz", STOCKS)
    date, price = data.load_share_price(path)
    assert (date.dtype, price.dtype) == (np.dtype("datetime64[D]"), np.float64)
    assert date.astype(str).tolist() == ["2000-03-01", "2000-03-02"]
    assert price.tolist() == [4.5, 4.25]
    assert data.load_share_price(path, ticker="IBM").price.tolist() == [80.5]
    alone = written(tmp_path / "alone.csv", [row[1:] for row in STOCKS[::2]])
    assert data.load_share_price(alone, ticker="any").price.tolist() == [80.5]


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        (STOCKS[:1], "ticker: own.csv holds no share 'AAPL'"),
        ([["Date", "Close"]], "expected a column 'Adj Close'"),
        ([STOCKS[0], STOCKS[3], STOCKS[1]], "expected ascending dates"),
    ],
)
def test_other_tables_of_prices_are_refused(tmp_path, rows, match):
    with pytest.raises(ValueError, match=match):
        data.load_share_price(written(tmp_path / "own.csv", rows))


@pytest.mark.parametrize(
    ("load", "name"), [(data.load_breast_cancer, "breast_cancer"), (data.load_diabetes, "diabetes")]
)
def test_tables_equal_those_of_scikit_learn(load, name, cache):
    datasets = pytest.importorskip("sklearn.datasets")
    options = {"scaled": False} if name == "diabetes" else {}
    expected = getattr(datasets, f"load_{name}")(**options)
    x, y, features = load()
    assert x.dtype == np.float32
    assert (x == expected.data.astype(np.float32)).all()
    assert (y == expected.target).all()
    assert features == tuple(expected.feature_names)


def test_tables_of_the_readers_own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("a heading\n" + ",".join(["1.5"] * 30 + ["1"]))
    x, y, _ = data.load_breast_cancer(path)
    assert (x.shape, y.tolist(), y.dtype) == ((1, 30), [1], np.int64)
    path.write_text("a heading\n" + ",".join(["1.5"] * 31))
    with pytest.raises(ValueError, match="expected the classes 0 and 1"):
        data.load_breast_cancer(path)
    path.write_text(" ".join(["1.5"] * 10 + ["151"]))
    x, y, _ = data.load_diabetes(path)
    assert (x.shape, y.tolist(), y.dtype) == ((1, 10), [151.0], np.float32)
    path.write_text("1 2 3")
    with pytest.raises(ValueError, match="expected 11 columns, got 3"):
        data.load_diabetes(path)


def test_english_has_its_alphabet_only():
    text = data.load_english()
    assert set(text) == set(english.ALPHABET)
    assert 300_000 < len(text) < 600_000
    assert "  " not in text
    assert "\n\n\n" not in text
    assert text == data.load_english()


def test_a_text_of_the_readers_own(tmp_path):
    path = tmp_path / "own.txt"
    path.write_text("Größe: “A”…\n\n\n\n---\n b", encoding="utf-8")
    assert data.load_english(path) == 'gre: "a"...\n\nb'
    assert data.load_english(path, alphabet="Aab") == "Ab"
    with pytest.raises(ValueError, match="nothing is left"):
        data.load_english(path, alphabet="XYZ")


@pytest.mark.parametrize("topics", [None, types.SimpleNamespace(topics={"if": "short"})])
def test_a_python_without_its_reference(monkeypatch, topics):
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", topics)
    with pytest.raises(data.DataFileError, match="carries no reference"):
        data.load_english()


@pytest.mark.network
def test_sets_that_are_fetched_on_request(cache):
    for name in ("mnist", "stocks", "house_prices"):
        assert data.fetch(name).parent == cache
    train, test = data.load_mnist()
    assert (train.images.shape, test.images.shape) == ((60_000, 28, 28), (10_000, 28, 28))
    assert np.bincount(test.labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip
    assert len(data.load_share_price().date) == 3270
    pytest.importorskip("pyarrow", reason="pyarrow, of the extra [data], reads parquet")
    price = data.load_house_prices()["price"]
    assert (len(price), np.median(price)) == (21_613, 450_000)
