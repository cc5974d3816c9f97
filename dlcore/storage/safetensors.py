"""safetensors, the format in which weights are passed on: a JSON header and raw bytes.

Nothing in such a file can run: it holds numbers and their names, and no pickled object.
"""

import json
import math
import sys
from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.storage.whole import write_whole

_CODES = {
    "F64": "f8", "F32": "f4", "F16": "f2", "I64": "i8", "I32": "i4", "I16": "i2", "I8": "i1",
    "U64": "u8", "U32": "u4", "U16": "u2", "U8": "u1", "BOOL": "?", "C64": "c8",
}  # fmt: skip
_NAMES = {np.dtype(code): name for name, code in _CODES.items()}
_READ = {**_CODES, "BF16": "u2"}  # NumPy has no bfloat16: it is the upper half of a float32
_LONGEST_HEADER = 100_000_000  # bytes, the format's own limit


def encode(
    tensors: Mapping[str, NDArray[Any]], metadata: Mapping[str, str] | None = None
) -> Iterator[bytes | memoryview]:
    """Yield the bytes of a safetensors file, piece by piece.

    Parameters
    ----------
    tensors : mapping of str to ndarray
        Arrays of numbers or bools, by name.
    metadata : mapping of str to str, optional
        Text to go with them.

    Yields
    ------
    bytes or memoryview
        The pieces, in order; large arrays are not copied.

    Raises
    ------
    TypeError
        If the format knows no such dtype, or `metadata` is no text.

    Notes
    -----
    Eight bytes: the length of the header, little-endian. The header: a JSON object that gives for
    each name dtype, shape, and where its bytes begin and end after the header; padded with blanks
    to a multiple of eight. Then the bytes, little-endian and in C order, without gaps.
    """
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    if any(not isinstance(text, str) for text in (metadata or {}).values()):
        raise TypeError(f"metadata: expected text alone, got {metadata}")
    if not isinstance(tensors, Mapping):
        raise TypeError(f"tensors: expected arrays by name, got {type(tensors).__name__}")
    blocks, position = [], 0
    # As the reference implementation: wide types first, so that every array lies aligned.
    for name, array in sorted(tensors.items(), key=lambda item: (-item[1].itemsize, item[0])):
        dtype = array.dtype.newbyteorder("=")
        if dtype not in _NAMES:
            raise TypeError(f"tensors[{name!r}]: safetensors has no dtype {array.dtype}")
        little = np.ascontiguousarray(array, dtype=dtype.newbyteorder("<"))
        end = position + little.nbytes
        header[name] = {
            "dtype": _NAMES[dtype], "shape": list(array.shape), "data_offsets": [position, end]
        }  # fmt: skip
        blocks.append(little)
        position = end
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 8)
    yield len(text).to_bytes(8, "little") + text
    for block in blocks:
        if block.size:
            yield block.reshape(-1).view(np.uint8).data


def save_file(
    tensors: Mapping[str, NDArray[Any]],
    path: str | PathLike[str],
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write arrays into a safetensors file, whole or not at all.

    Parameters
    ----------
    tensors : mapping of str to ndarray
        Arrays of numbers or bools, by name: a state dict.
    path : path-like
        The file; one of that name is replaced when the new one is complete.
    metadata : mapping of str to str, optional
        Text to go with them.

    Raises
    ------
    TypeError
        If the format knows no such dtype.
    OSError
        If it cannot be written.

    Notes
    -----
    Arguments are those of ``safetensors.numpy.save_file``, and the files are the same.
    """
    write_whole(path, encode(tensors, metadata), alone=True)


def load_file(path: str | PathLike[str]) -> dict[str, NDArray[Any]]:
    """Read the arrays of a safetensors file.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    dict of str to ndarray
        The arrays, by name, writable.

    Raises
    ------
    ValueError
        If the file is no safetensors file, or damaged.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "two.safetensors")
    ...     save_file({"weight": np.eye(2), "bias": np.zeros(2, dtype=np.float32)}, path)
    ...     tensors = load_file(path)
    >>> print({name: (array.shape, str(array.dtype)) for name, array in tensors.items()})
    {'weight': ((2, 2), 'float64'), 'bias': ((2,), 'float32')}
    """
    return read(path)[0]


def read(path: str | PathLike[str]) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Read the arrays of a safetensors file and the text beside them.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    tensors : dict of str to ndarray
        The arrays, by name, writable.
    metadata : dict of str to str
        The text.

    Raises
    ------
    ValueError
        If the file is no safetensors file, or damaged.
    """
    content = memoryview(Path(path).read_bytes())
    size = int.from_bytes(content[:8], "little")
    if len(content) < 8 or size > _LONGEST_HEADER:
        raise ValueError(f"{path}: this is no safetensors file")
    try:
        header: dict[str, Any] = json.loads(bytes(content[8 : 8 + size]))
        metadata: dict[str, str] = header.pop("__metadata__", {})
        data = content[8 + size :]
        tensors = {name: _array(data, name, entry) for name, entry in header.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: this safetensors file is cut off or damaged: {error}") from error
    wanted = sum(end - begin for begin, end in (e["data_offsets"] for e in header.values()))
    if len(data) != wanted:
        raise ValueError(
            f"{path}: this safetensors file is cut off or damaged: expected {wanted} bytes of "
            f"data, got {len(data)}"
        )
    return tensors, metadata


def _array(data: memoryview, name: str, entry: Mapping[str, Any]) -> NDArray[Any]:
    begin, end = entry["data_offsets"]
    if entry["dtype"] not in _READ:
        raise ValueError(f"{name} has dtype {entry['dtype']}, which NumPy has not")
    dtype = np.dtype(_READ[entry["dtype"]]).newbyteorder("<")
    if not 0 <= begin <= end <= len(data) or end - begin != dtype.itemsize * math.prod(
        entry["shape"]
    ):
        raise ValueError(f"the bytes {begin} to {end} of {name} are not there, or are not its own")
    array = np.frombuffer(data[begin:end], dtype=dtype).reshape(entry["shape"])
    if entry["dtype"] == "BF16":
        return (array.astype(np.uint32) << 16).view(np.float32)
    return array.astype(dtype.newbyteorder(sys.byteorder), copy=True)
