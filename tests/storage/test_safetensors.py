"""safetensors: what is written comes back, and is what the reference implementation writes."""

import json

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as st_numpy

from dlcore.storage import load_file, safetensors, save_file

DTYPES = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?", "c8"]
ARRAYS = st.dictionaries(
    st.text(min_size=1, max_size=5).filter(lambda name: name != "__metadata__"),
    st.sampled_from(DTYPES).flatmap(
        lambda code: st_numpy.arrays(code, st_numpy.array_shapes(min_dims=0, min_side=0))
    ),
    max_size=4,
)
WEIGHTS = {
    "bias": np.arange(3, dtype=np.float32),
    "weight": np.arange(6.0).reshape(2, 3),
    "mask": np.array([True, False]),
    "step": np.array(7),
    "half": np.ones((1, 0), dtype=np.float16),
}


@given(tensors=ARRAYS)
def test_every_array_comes_back(tensors, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "a"
    save_file(tensors, path)
    again = load_file(path)
    assert set(again) == set(tensors)
    for name, array in tensors.items():
        assert again[name].dtype == array.dtype
        assert again[name].shape == array.shape
        assert again[name].tobytes() == array.tobytes()
        assert again[name].flags.writeable


def test_strides_and_byte_order_do_not_matter(tmp_path):
    array = np.arange(12.0).reshape(3, 4)
    save_file({"t": array.T[::2], "big": array.astype(">f4")}, tmp_path / "a")
    again = load_file(tmp_path / "a")
    assert np.array_equal(again["t"], array.T[::2])
    assert np.array_equal(again["big"], array)
    assert again["big"].dtype == np.float32


def test_the_layout_is_that_of_the_format(tmp_path):
    save_file({"b": np.float32([1]), "a": np.float64([2])}, tmp_path / "a", {"made": "here"})
    content = (tmp_path / "a").read_bytes()
    size = int.from_bytes(content[:8], "little")
    assert size % 8 == 0
    assert json.loads(content[8 : 8 + size]) == {
        "__metadata__": {"made": "here"},
        "a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]},
        "b": {"dtype": "F32", "shape": [1], "data_offsets": [8, 12]},
    }
    assert content[8 + size :] == np.float64([2]).tobytes() + np.float32([1]).tobytes()
    assert safetensors.read(tmp_path / "a")[1] == {"made": "here"}


def test_the_reference_implementation_reads_and_writes_the_same(tmp_path):
    reference = pytest.importorskip("safetensors.numpy")
    save_file(WEIGHTS, tmp_path / "ours", {"made": "here"})
    reference.save_file(WEIGHTS, tmp_path / "theirs", {"made": "here"})
    assert (tmp_path / "ours").read_bytes() == (tmp_path / "theirs").read_bytes()
    for path in (tmp_path / "ours", tmp_path / "theirs"):
        for read in (load_file, reference.load_file):
            again = read(path)
            assert all(np.array_equal(again[name], array) for name, array in WEIGHTS.items())


@pytest.mark.parametrize("array", [np.array(["a"]), np.array([None]), np.array([1 + 2j])])
def test_other_dtypes_are_refused(tmp_path, array):
    with pytest.raises(TypeError, match=r"tensors\['w'\]: safetensors has no dtype"):
        save_file({"w": array}, tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_what_no_reader_would_accept_is_refused(tmp_path):
    with pytest.raises(TypeError, match=r"metadata: expected text alone, got \{'epoch': 3\}"):
        save_file(WEIGHTS, tmp_path / "a", {"epoch": 3})
    with pytest.raises(TypeError, match="tensors: expected arrays by name, got ndarray"):
        save_file(np.ones(2), tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def header(**entries):
    text = json.dumps(entries).encode()
    return len(text).to_bytes(8, "little") + text


GOOD = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "no safetensors file"),
        (b"PK\x03\x04 a zip file", "no safetensors file"),
        (b"\x10" + bytes(7) + b"{", "cut off or damaged"),
        (header(w=GOOD) + bytes(7), "the bytes 0 to 8 of w are not there"),
        (header(w=GOOD) + bytes(9), "expected 8 bytes of data, got 9"),
        (header(w={**GOOD, "shape": [3]}) + bytes(8), "of w are not there, or are not its own"),
        (header(w={**GOOD, "dtype": "F8"}) + bytes(8), "w has dtype F8, which NumPy has not"),
        (header(w={**GOOD, "data_offsets": [-8, 0]}) + bytes(8), "the bytes -8 to 0 of w"),
        (header(w={"dtype": "F32"}) + bytes(8), "damaged: 'data_offsets'"),
        (header(w=3), "damaged: "),
    ],
)
def test_damaged_files_are_refused(tmp_path, content, match):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(ValueError, match=f"a: this .*{match}"):
        load_file(tmp_path / "a")
