"""Pooling: each patch of an image or a sequence becomes its largest element or its mean."""

import math

import numpy as np
from numpy.typing import NDArray

from dlcore.function import Operand
from dlcore.functional.conv import Size, batched, pair
from dlcore.functional.shape import cat
from dlcore.methods import wide
from dlcore.ops import pool
from dlcore.ops.conv import Geometry, Pair, response_size
from dlcore.tensor import Tensor, as_floating

OutputSize = int | None | tuple[int | None, ...]


def max_pool2d(
    input: Operand,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """Take the largest element of each patch of images.

    Parameters
    ----------
    input : Tensor, shape (N, C, H, W) or (C, H, W)
        Images.
    kernel_size : int or (int, int)
        Size of a patch.
    stride : int or (int, int), optional
        Distance between patches; by default `kernel_size`.
    padding : int or (int, int), default 0
        Rows and columns of minus infinity around the image, at most half a patch.
    dilation : int or (int, int), default 1
        Distance between elements of a patch.
    ceil_mode : bool, default False
        Whether a last patch may stand out over the edge.

    Returns
    -------
    Tensor, shape (N, C, H', W')
        ``H' = (H + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1``, and likewise W'.

    Raises
    ------
    ValueError
        If shapes or options do not fit.

    Notes
    -----
    Of equal elements the first receives the gradient. Derived in Chapter 11.

    Examples
    --------
    >>> import dlcore as dl, dlcore.functional as F
    >>> F.max_pool2d(dl.arange(16).reshape(1, 1, 4, 4), 2).tolist()
    [[[[5.0, 7.0], [13.0, 15.0]]]]
    """
    return _max_pool(
        "max_pool2d", 2, input, kernel_size=kernel_size, stride=stride, padding=padding,
        dilation=dilation, ceil_mode=ceil_mode,
    )  # fmt: skip


def max_pool1d(
    input: Operand,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """Take the largest element of each stretch of sequences (N, C, L); see :func:`max_pool2d`."""
    return _max_pool(
        "max_pool1d", 1, input, kernel_size=kernel_size, stride=stride, padding=padding,
        dilation=dilation, ceil_mode=ceil_mode,
    )  # fmt: skip


def avg_pool2d(
    input: Operand,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Take the mean of each patch of images.

    The other parameters are those of :func:`max_pool2d`.

    Parameters
    ----------
    padding : int or (int, int), default 0
        Zeros around the image, at most half a patch.
    count_include_pad : bool, default True
        Whether the zeros count as elements of the mean.
    divisor_override : int, optional
        Divide the sum of each patch by this, instead of by the number of its elements.

    Returns
    -------
    Tensor, shape (N, C, H', W')
        ``H' = (H + 2 padding - kernel_size) // stride + 1``, and likewise W'.

    Raises
    ------
    ValueError
        If shapes or options do not fit.
    """
    if divisor_override == 0:
        raise ValueError("avg_pool2d: divisor_override must not be 0")
    return _avg_pool(
        input, "avg_pool2d", 2, kernel_size=kernel_size, stride=stride, padding=padding,
        ceil_mode=ceil_mode, count_include_pad=count_include_pad, divisor=divisor_override,
    )  # fmt: skip


def avg_pool1d(
    input: Operand,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Take the mean of each stretch of sequences (N, C, L); parameters as :func:`avg_pool2d`."""
    return _avg_pool(
        input, "avg_pool1d", 1, kernel_size=kernel_size, stride=stride, padding=padding,
        ceil_mode=ceil_mode, count_include_pad=count_include_pad, divisor=None,
    )  # fmt: skip


def adaptive_avg_pool2d(input: Operand, output_size: OutputSize) -> Tensor:
    """Divide images into a given number of regions and take the mean of each.

    Parameters
    ----------
    input : Tensor, shape (N, C, H, W) or (C, H, W)
        Images.
    output_size : int or (int, int)
        Regions down and across; None keeps the size.

    Returns
    -------
    Tensor, shape (N, C, H', W')
        Region i of H' spans the rows from ``floor(i H / H')`` to ``ceil((i + 1) H / H')``.

    Raises
    ------
    ValueError
        If shapes do not fit.

    Notes
    -----
    Linear in the image: one product with an averaging matrix for each axis.
    """
    return _adaptive_avg_pool("adaptive_avg_pool2d", 2, input, output_size)


def adaptive_avg_pool1d(input: Operand, output_size: OutputSize) -> Tensor:
    """Take means of `output_size` regions of sequences (N, C, L)."""
    return _adaptive_avg_pool("adaptive_avg_pool1d", 1, input, output_size)


def adaptive_max_pool2d(input: Operand, output_size: OutputSize) -> Tensor:
    """Take the largest elements of the regions of :func:`adaptive_avg_pool2d`."""
    x, had_batch = batched("adaptive_max_pool2d", input, 2)
    sizes = _output_sizes("adaptive_max_pool2d", 2, x, output_size)
    kernel = []
    for axis, size in enumerate(sizes, start=2):
        starts, ends = _regions(x.shape[axis], size)
        longest = int(np.max(ends - starts))
        # Shorter regions repeat their last element, which is then not the first of the largest.
        rows = np.minimum(starts[:, None] + np.arange(longest), ends[:, None] - 1)
        x = x[(slice(None),) * axis + (rows.reshape(-1),)]
        kernel.append(longest)
    patch = (kernel[0], kernel[1])
    out = pool.MaxPool2d.apply(x, kernel=patch, geometry=Geometry(stride=patch))
    return out if had_batch else out.squeeze(0)


def _max_pool(
    name: str,
    axes: int,
    input: Operand,
    *,
    kernel_size: Size,
    stride: Size | None,
    padding: Size,
    dilation: Size,
    ceil_mode: bool,
) -> Tensor:
    x, had_batch = batched(name, input, axes)
    x = x.unsqueeze(2) if axes == 1 else x
    kernel, geometry = _window(
        name, axes, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    x = _extended(x, _overhang(name, x, kernel, geometry, ceil_mode), -np.inf)
    out = pool.MaxPool2d.apply(x, kernel=kernel, geometry=geometry)
    out = out.squeeze(2) if axes == 1 else out
    return out if had_batch else out.squeeze(0)


@wide
def _avg_pool(
    input: Operand,
    name: str,
    axes: int,
    *,
    kernel_size: Size,
    stride: Size | None,
    padding: Size,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: int | None,
) -> Tensor:
    x, had_batch = batched(name, as_floating(input), axes)
    x = x.unsqueeze(2) if axes == 1 else x
    kernel, geometry = _window(
        name, axes, kernel_size=kernel_size, stride=stride, padding=padding, dilation=1
    )
    overhang = _overhang(name, x, kernel, geometry, ceil_mode)
    counts = divisor or _counts(x, kernel, geometry, overhang, count_include_pad)
    x = _extended(x, overhang, 0.0)
    out = pool.PatchSum.apply(x, size=x.shape[2:], kernel=kernel, geometry=geometry) / counts
    out = out.squeeze(2) if axes == 1 else out
    return out if had_batch else out.squeeze(0)


def _adaptive_avg_pool(name: str, axes: int, input: Operand, output_size: OutputSize) -> Tensor:
    x, had_batch = batched(name, input, axes)
    for axis, size in enumerate(_output_sizes(name, axes, x, output_size), start=2):
        if size == 1:
            x = x.mean(axis, keepdim=True)
        elif size != x.shape[axis]:
            x = _regional_means(x, axis, size)
    return x if had_batch else x.squeeze(0)


def _window(
    name: str,
    axes: int,
    *,
    kernel_size: Size,
    stride: Size | None,
    padding: Size,
    dilation: Size,
) -> tuple[Pair, Geometry]:
    kernel = pair(name, "kernel_size", kernel_size, axes)
    steps = kernel if stride is None else pair(name, "stride", stride, axes)
    zeros = pair(name, "padding", padding, axes)
    apart = pair(name, "dilation", dilation, axes)
    if min(*kernel, *steps, *apart) < 1:
        raise ValueError(
            f"{name}: kernel_size, stride and dilation must be at least 1, "
            f"got {kernel_size}, {stride} and {dilation}"
        )
    if any(not 0 <= 2 * p <= k for p, k in zip(zeros, kernel, strict=True)):
        raise ValueError(
            f"{name}: padding must lie between 0 and half of kernel_size, "
            f"got {padding} for {kernel_size}"
        )
    return kernel, Geometry(steps, zeros, apart)


def _overhang(name: str, x: Tensor, kernel: Pair, geometry: Geometry, ceil_mode: bool) -> Pair:
    over = []
    for n, k, s, p, d in zip(x.shape[2:], kernel, *geometry[:3], strict=True):
        if response_size(n, k, 1, p, d) < 1:
            raise ValueError(f"{name}: a patch of {kernel} does not fit into input of {x.shape}")
        reach = n + 2 * p - d * (k - 1) - 1  # of the first element of the last patch
        count = -(-reach // s) if ceil_mode else reach // s
        if ceil_mode and count * s >= n + p:
            count -= 1  # the patch would hold no element of the image
        over.append(max(0, count * s - reach))
    return over[0], over[1]


def _extended(x: Tensor, overhang: Pair, fill: float) -> Tensor:
    for axis, more in enumerate(overhang, start=2):
        if more:
            shape = (*x.shape[:axis], more, *x.shape[axis + 1 :])
            x = cat([x, np.full(shape, fill, x.dtype)], axis)
    return x


def _counts(
    x: Tensor, kernel: Pair, geometry: Geometry, overhang: Pair, include_pad: bool
) -> float | NDArray[np.floating]:
    if overhang == (0, 0) and (include_pad or geometry.padding == (0, 0)):
        return float(math.prod(kernel))
    (h, w), (ph, pw), (over_h, over_w) = x.shape[2:], geometry.padding, overhang
    counted = np.zeros((1, 1, h + 2 * ph + over_h, w + 2 * pw + over_w), x.dtype)
    if include_pad:
        counted[:, :, : h + 2 * ph, : w + 2 * pw] = 1
    else:
        counted[:, :, ph : ph + h, pw : pw + w] = 1
    unpadded = geometry._replace(padding=(0, 0))
    counts: NDArray[np.floating] = pool.PatchSum.on(
        counted, size=counted.shape[2:], kernel=kernel, geometry=unpadded
    )
    return counts


def _output_sizes(name: str, axes: int, x: Tensor, output_size: OutputSize) -> tuple[int, ...]:
    wanted = output_size if isinstance(output_size, tuple | list) else (output_size,) * axes
    if len(wanted) != axes:
        raise ValueError(f"{name}: output_size must be a number or {axes} of them, got {wanted}")
    sizes = tuple(n if s is None else s for s, n in zip(wanted, x.shape[2:], strict=True))
    if min(*sizes, *x.shape[2:]) < 1:
        raise ValueError(
            f"{name}: output_size and the input must be at least 1, got {sizes} for {x.shape}"
        )
    return sizes


def _regions(length: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    i = np.arange(count)
    return i * length // count, -(-(i + 1) * length // count)


def _regional_means(x: Tensor, axis: int, size: int) -> Tensor:
    """Take the means one by one: in a product with weights, 0 times infinity would be NaN."""
    n = x.shape[axis]
    if n % size == 0:
        return x.reshape(*x.shape[:axis], size, n // size, *x.shape[axis + 1 :]).mean(axis + 1)
    before = (slice(None),) * axis
    ends = zip(*_regions(n, size), strict=True)
    return cat([x[(*before, slice(*region))].mean(axis, keepdim=True) for region in ends], axis)
