"""MNIST and its kin: IDX files, and a pickle that can hold nothing but arrays."""

import gzip
import io
import os
import pickle

import numpy as np
import pytest

from dlcore import data
from dlcore.data import mnist


def idx(array):
    header = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return header + array.astype(np.uint8).tobytes()


def idx_folder(folder, name="{}-{}-idx{}-ubyte", pack=bytes):
    pixels = np.random.default_rng(0).integers(0, 256, (5, 28, 28))
    for part, n in [("train", 3), ("t10k", 2)]:
        (folder / name.format(part, "images", 3)).write_bytes(pack(idx(pixels[:n])))
        (folder / name.format(part, "labels", 1)).write_bytes(pack(idx(np.arange(n))))
    return pixels


@pytest.mark.parametrize("load", [data.load_mnist, data.load_fashion_mnist])
@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("{}-{}-idx{}-ubyte", bytes),
        ("{}-{}-idx{}-ubyte.gz", gzip.compress),
        ("{}-{}.idx{}-ubyte", bytes),
    ],
)
def test_a_folder_of_idx_files(tmp_path, load, name, pack):
    pixels = idx_folder(tmp_path, name, pack)
    train, test = load(tmp_path)
    assert np.array_equal(np.rint(255 * train.images), pixels[:3])
    assert (train.images.dtype, train.labels.dtype) == (np.float32, np.int64)
    assert (train.labels.tolist(), test.labels.tolist()) == ([0, 1, 2], [0, 1])


def test_one_idx_file_of_any_shape(tmp_path):
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    (tmp_path / "some").write_bytes(idx(array))
    assert np.array_equal(data.read_idx(tmp_path / "some"), array)


def test_idx_files_that_are_not_right(tmp_path):
    idx_folder(tmp_path)
    labels = tmp_path / "train-labels-idx1-ubyte"
    good = labels.read_bytes()
    for content, match in [
        (good[:-1], "expected 3 bytes after the header, got 2"),
        (good + b"1", "expected 3 bytes after the header, got 4"),
        (b"\x00\x00\x0d" + good[3:], "begins with 00 00 08, got 00 00 0d"),
        (b"", "got nothing"),
        (idx(np.arange(4)), r"images \(n, height, width\) and labels"),
    ]:
        labels.write_bytes(content)
        with pytest.raises(ValueError, match=match):
            data.load_mnist(tmp_path)
    labels.unlink()
    with pytest.raises(data.DataFileError, match="there is no train-labels-idx1-ubyte in it"):
        data.load_mnist(tmp_path)


def pickled(path, value, protocol=4):
    path.write_bytes(gzip.compress(pickle.dumps(value, protocol=protocol)))
    return path


def parts(*sizes):
    pixels = np.random.default_rng(0).integers(0, 256, (9, 784))
    return pixels, [((pixels[:n] / 256).astype(np.float32), np.arange(n)) for n in sizes]


@pytest.mark.parametrize("protocol", [3, 4])
def test_a_pickle_of_arrays_is_read(tmp_path, protocol):
    pixels, three = parts(4, 3, 2)
    train, test = data.load_mnist(pickled(tmp_path / "own.pkl.gz", three, protocol))
    assert np.array_equal(np.rint(255 * train.images[:4].reshape(4, 784)), pixels[:4])
    assert train.labels.tolist() == [0, 1, 2, 3, 0, 1, 2]
    assert (train.images.shape, test.images.shape) == ((7, 28, 28), (2, 28, 28))


class Bomb:
    def __reduce__(self):
        return os.mkdir, ("exploded",)


class Disguised:
    """An array class of one's own: its making could run code too."""

    def __reduce__(self):
        return np._core.multiarray._reconstruct, (np.dtype, (0,), b"b")


@pytest.mark.parametrize(
    ("value", "match"),
    [
        (Bomb(), r"it asks for posix\.mkdir, which no NumPy array needs"),
        (Disguised(), "it asks for an array of kind"),
        (parts(1, 1)[1], "expected three pairs"),
        ([1, 2, 3], "expected three pairs"),
    ],
)
def test_a_pickle_of_anything_else_is_refused(tmp_path, monkeypatch, value, match):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=match):
        data.load_mnist(pickled(tmp_path / "own.pkl.gz", value))
    assert not (tmp_path / "exploded").exists(), "the pickle ran code"


@pytest.mark.parametrize("cut", [0, 10, 60, -200])
def test_a_damaged_pickle_is_refused(tmp_path, cut):
    whole = pickled(tmp_path / "own.pkl.gz", parts(4, 3, 2)[1]).read_bytes()
    (tmp_path / "own.pkl.gz").write_bytes(whole[:cut])
    with pytest.raises(ValueError, match="no gzipped pickle of arrays"):
        data.load_mnist(tmp_path / "own.pkl.gz")


def test_a_file_that_is_not_there_is_not_called_damaged(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"own\.pkl\.gz"):
        data.load_mnist(tmp_path / "own.pkl.gz")


def test_the_unpickler_knows_no_builtins():
    with pytest.raises(pickle.UnpicklingError, match=r"builtins\.print"):
        mnist._ArraysOnly(io.BytesIO(pickle.dumps(print))).load()
