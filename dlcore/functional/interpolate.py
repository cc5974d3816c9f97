"""Images and sequences in another size, by the nearest element or by a straight line."""

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dlcore.function import Operand
from dlcore.functional.linalg import along_axis
from dlcore.ops import pool
from dlcore.ops.conv import Geometry
from dlcore.tensor import Tensor, as_tensor

Mode = Literal["nearest", "linear", "bilinear"]
_AXES = {"nearest": (1, 2), "linear": (1,), "bilinear": (2,)}


def interpolate(
    input: Operand,
    size: int | tuple[int, ...] | None = None,
    scale_factor: float | tuple[float, ...] | None = None,
    mode: Mode = "nearest",
    align_corners: bool | None = None,
) -> Tensor:
    """Bring images or sequences to another size.

    Parameters
    ----------
    input : Tensor, shape (N, C, L) or (N, C, H, W)
        Sequences or images.
    size : int or tuple of int, optional
        The new size; either this or `scale_factor` is given.
    scale_factor : float or tuple of float, optional
        The new size as a multiple of the old one, rounded down.
    mode : {"nearest", "linear", "bilinear"}, default "nearest"
        Take the nearest element, or draw a straight line between two elements (of sequences) or
        four (of images).
    align_corners : bool, optional
        For straight lines: whether the outermost elements keep their places; otherwise, as by
        default, each element is a cell and the outermost edges of the cells keep theirs.

    Returns
    -------
    Tensor
        Of the new size, with the axes of `input`.

    Raises
    ------
    ValueError
        If shapes or options do not fit.

    Notes
    -----
    Linear in the input: elements picked by index, or products with a matrix for each axis.

    Examples
    --------
    >>> import dlcore as dl, dlcore.functional as F
    >>> F.interpolate(dl.tensor([[[0.0, 1.0]]]), size=3, mode="linear", align_corners=True)
    tensor([[[0. , 0.5, 1. ]]])
    """
    x = as_tensor(input)
    axes = x.ndim - 2
    if mode not in _AXES or axes not in _AXES[mode]:
        raise ValueError(f"interpolate: mode {mode!r} does not fit input of shape {x.shape}")
    if mode == "nearest" and align_corners is not None:
        raise ValueError("interpolate: align_corners is an option of straight lines alone")
    sizes, scales = _sizes(x, axes, size, scale_factor)
    steps = list(zip(x.shape[2:], sizes, scales, strict=True))
    if mode == "nearest":
        return _nearest(x, [_places(*step) for step in steps])
    for axis, step in enumerate(steps, start=2):
        x = along_axis(x, _lines(*step, bool(align_corners)), axis)
    return x


def _sizes(
    x: Tensor, axes: int, size: Any, scale_factor: Any
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    if (size is None) == (scale_factor is None):
        raise ValueError("interpolate: expected either size or scale_factor")
    given = scale_factor if size is None else size
    values = tuple(given) if isinstance(given, tuple | list) else (given,) * axes
    if len(values) != axes or min(values) <= 0 or min(x.shape[2:]) < 1:
        raise ValueError(
            f"interpolate: expected {axes} positive numbers for input of {x.shape}, got {given}"
        )
    if size is not None:
        return values, tuple(n / v for n, v in zip(x.shape[2:], values, strict=True))
    sizes = tuple(math.floor(n * v) for n, v in zip(x.shape[2:], values, strict=True))
    if min(sizes) < 1:
        raise ValueError(f"interpolate: scale_factor {given} leaves nothing of {x.shape}")
    return sizes, tuple(1 / v for v in values)


def _places(old: int, new: int, scale: float) -> NDArray[np.int64]:
    """Which element each new one copies; computed in float32, whose rounding torch's has too."""
    places = np.floor(np.arange(new, dtype=np.float32) * np.float32(scale))
    picked: NDArray[np.int64] = np.minimum(places, old - 1).astype(np.int64)
    return picked


def _nearest(x: Tensor, places: list[NDArray[np.int64]]) -> Tensor:
    """Copy elements; where each is copied k times, it is spread over a patch.

    The gradient of a spread is a sum of patches, which is cheaper than adding up the gradients of
    picked elements.
    """
    times = [max(len(p) // n, 1) for p, n in zip(places, x.shape[2:], strict=True)]
    repeated = [np.repeat(np.arange(n), k) for n, k in zip(x.shape[2:], times, strict=True)]
    if all(map(np.array_equal, places, repeated)):
        kernel = (times[0], times[1]) if len(times) == 2 else (1, times[0])
        images = x if len(times) == 2 else x.unsqueeze(2)
        size = tuple(n * k for n, k in zip(images.shape[2:], kernel, strict=True))
        geometry = Geometry(stride=kernel)
        out = pool.PatchSpread.apply(images, size=size, kernel=kernel, geometry=geometry)
        return out if len(times) == 2 else out.squeeze(2)
    for axis, picked in enumerate(places, start=2):
        x = x.transpose(0, axis)[picked].transpose(0, axis)
    return x


def _lines(old: int, new: int, scale: float, align_corners: bool) -> NDArray[np.float64]:
    if align_corners:
        at = np.arange(new) * ((old - 1) / (new - 1) if new > 1 else 0.0)
    else:
        at = np.maximum((np.arange(new) + 0.5) * scale - 0.5, 0.0)
    left = np.minimum(at.astype(np.int64), old - 1)
    share = np.minimum(at - left, 1.0)
    matrix = np.zeros((new, old))
    rows = np.arange(new)
    matrix[rows, left] += 1 - share
    matrix[rows, np.minimum(left + 1, old - 1)] += share
    return matrix
