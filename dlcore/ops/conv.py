"""Convolution in two dimensions, and its two mirror images.

Three bilinear maps tie an image x, a kernel w and a response y together. Each takes two of the
three and gives the third; the gradients of each are the other two. So the rules of all three are
one line long, and derivatives of any order exist. Lower-dimensional convolutions are these, with
an axis of length one.

Shapes: x is (N, C, H, W), w is (O, C / groups, kh, kw), y is (N, O, H', W') with
``H' = (H + 2 padding - dilation (kh - 1) - 1) // stride + 1``.

Results lie in memory as (C, H, W, N), the examples side by side, and are shown as (N, C, H, W).
Every copy, sum and maximum over shifted images then runs along whole rows of N neighbours rather
than along W' elements. The columns are made for a few rows of the response at a time and stay in
the cache, which also keeps peak memory low.
"""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from dlcore.function import Function
from dlcore.tape import Context

Pair = tuple[int, int]
_BAND = 1 << 17  # numbers in a band of columns: half a megabyte, which the cache holds


class Geometry(NamedTuple):
    """How a kernel moves over an image: everything but the sizes."""

    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1


def response_size(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """Length of an axis of the response."""
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def padded(x: Any, geometry: Geometry, fill: float = 0.0) -> Any:
    """Copy images (N, C, H, W) into memory (C, H, W, N) with a border, or view them if they fit."""
    (ph, pw), (n, c, h, w) = geometry.padding, x.shape
    turned = x.transpose(1, 2, 3, 0)
    if not ph and not pw and turned.flags.c_contiguous:
        return turned
    out = np.full((c, h + 2 * ph, w + 2 * pw, n), fill, x.dtype)
    inner = out[:, ph : ph + h, pw : pw + w]
    for i in range(0, n, 8):  # eight examples at a time fit the cache: a fifth of the time
        inner[..., i : i + 8] = turned[..., i : i + 8]
    return out


def _patches(x: Any, kernel: Pair, geometry: Geometry) -> Any:
    """View images (C, H, W, N) as (groups, C / groups, kh, kw, H', W', N)."""
    (sh, sw), _, (dh, dw), groups = geometry
    (c, h, w, n), (kh, kw), steps = x.shape, kernel, x.strides
    out_h, out_w = response_size(h, kh, sh, 0, dh), response_size(w, kw, sw, 0, dw)
    return as_strided(
        x,
        (groups, c // groups, kh, kw, out_h, out_w, n),
        (
            steps[0] * (c // groups), steps[0], steps[1] * dh, steps[2] * dw,
            steps[1] * sh, steps[2] * sw, steps[3],
        ),
        writeable=False,
    )  # fmt: skip


def columns(x: Any, kernel: Pair, geometry: Geometry) -> Iterator[tuple[slice, Any]]:
    """Copy the patch under every position of the kernel into a column, band by band.

    Parameters
    ----------
    x : numpy.ndarray, shape (N, C, H, W)
        Images.
    kernel : (int, int)
        Height and width of a patch.
    geometry : Geometry
        Stride, padding, dilation, groups.

    Yields
    ------
    positions : slice
        Which of the H' W' N positions of the kernel belong to the band.
    cols : numpy.ndarray, shape (groups, C / groups * kh * kw, positions)
        One column a position: the convolution is then one matrix product a band.
    """
    patches = _patches(padded(x, geometry), kernel, geometry)
    groups, c, kh, kw, out_h, out_w, n = patches.shape
    height = max(1, _BAND * out_h // max(patches.size, 1))
    for top in range(0, out_h, height):
        end = min(top + height, out_h)
        cols = patches[:, :, :, :, top:end].reshape(groups, c * kh * kw, (end - top) * out_w * n)
        yield slice(top * out_w * n, end * out_w * n), cols


def images(y: Any, weight: Any, shape: tuple[int, ...], geometry: Geometry) -> Any:
    """Make columns of responses, row by row, and add every column to the places of its patch.

    Parameters
    ----------
    y : numpy.ndarray, shape (N, O, H', W')
        Responses.
    weight : numpy.ndarray, shape (O, C / groups, kh, kw)
        Kernels.
    shape : (N, C, H, W)
        Shape of the images.
    geometry : Geometry
        Stride, padding, dilation, groups.

    Returns
    -------
    numpy.ndarray, shape (N, C, H, W)
        Sums over all positions.
    """
    (sh, sw), (ph, pw), (dh, dw), groups = geometry
    (n, c, h, w), (out_h, out_w), (kh, kw) = shape, y.shape[2:], weight.shape[2:]
    matrix, lines = _matrix(weight, groups).mT, _lines(y, groups)
    out = np.zeros((c, h + 2 * ph, w + 2 * pw, n), y.dtype)
    cols = np.empty((groups, matrix.shape[1], out_w * n), y.dtype)  # of one row of the response
    parts = cols.reshape(c, kh, kw, out_w, n)
    for row in range(out_h):
        np.matmul(matrix, lines[:, :, row * out_w * n : (row + 1) * out_w * n], out=cols)
        down = slice(row * sh, row * sh + (kh - 1) * dh + 1, dh)
        for j in range(kw):
            out[:, down, j * dw : (out_w - 1) * sw + j * dw + 1 : sw] += parts[:, :, j]
    return out[:, ph : ph + h, pw : pw + w].transpose(3, 0, 1, 2)


def _lines(y: Any, groups: int) -> Any:
    """(N, O, H', W') as (groups, O / groups, H' W' N)."""
    n, o, h, w = y.shape
    return padded(y, Geometry()).reshape(groups, o // groups, h * w * n)


def _matrix(w: Any, groups: int) -> Any:
    """Write w as one matrix a group: (groups, O / groups, C / groups * kh * kw)."""
    return w.reshape(groups, w.shape[0] // groups, math.prod(w.shape[1:]))


class Conv2d(Function, name="conv2d"):
    """Cross-correlation, ``y = x * w``: gradients ``transpose(g, w)`` and ``kernel(x, g)``."""

    multilinear = True

    @staticmethod
    def forward(ctx: Context, x: Any, w: Any, *, geometry: Geometry) -> Any:
        ctx.geometry, ctx.size, ctx.kernel = geometry, x.shape[2:], w.shape[2:]
        ctx.save(x, w)
        out_h, out_w = (
            response_size(*sizes)
            for sizes in zip(x.shape[2:], w.shape[2:], *geometry[:3], strict=True)
        )
        matrix = _matrix(w, geometry.groups)
        y = np.empty((*matrix.shape[:2], out_h * out_w * len(x)), x.dtype)
        for positions, cols in columns(x, w.shape[2:], geometry):
            np.matmul(matrix, cols, out=y[:, :, positions])
        return y.reshape(w.shape[0], out_h, out_w, len(x)).transpose(3, 0, 1, 2)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        x, w = ctx.saved
        need_x, need_w = ctx.needs_grad
        return (
            ConvTranspose2d.on(grad_out, w, size=ctx.size, geometry=ctx.geometry)
            if need_x
            else None,
            ConvKernel2d.on(x, grad_out, kernel=ctx.kernel, geometry=ctx.geometry)
            if need_w
            else None,
        )

    @staticmethod
    def jvp(ctx: Context, dx: Any, dw: Any) -> Any:
        x, w = ctx.saved
        g = ctx.geometry
        return Conv2d.on(dx, w, geometry=g) + Conv2d.on(x, dw, geometry=g)


class ConvTranspose2d(Function, name="conv_transpose2d"):
    """Transposed convolution, the x that y is spread to: gradients ``g * w``, ``kernel(g, y)``."""

    multilinear = True

    @staticmethod
    def forward(ctx: Context, y: Any, w: Any, *, size: Pair, geometry: Geometry) -> Any:
        ctx.geometry, ctx.size, ctx.kernel = geometry, size, w.shape[2:]
        ctx.save(y, w)
        shape = (y.shape[0], w.shape[1] * geometry.groups, *size)
        return images(y, w, shape, geometry)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        y, w = ctx.saved
        need_y, need_w = ctx.needs_grad
        return (
            Conv2d.on(grad_out, w, geometry=ctx.geometry) if need_y else None,
            ConvKernel2d.on(grad_out, y, kernel=ctx.kernel, geometry=ctx.geometry)
            if need_w
            else None,
        )

    @staticmethod
    def jvp(ctx: Context, dy: Any, dw: Any) -> Any:
        y, w = ctx.saved
        options = {"size": ctx.size, "geometry": ctx.geometry}
        return ConvTranspose2d.on(dy, w, **options) + ConvTranspose2d.on(y, dw, **options)


class ConvKernel2d(Function, name="conv_kernel2d"):
    """Correlation of image and response, a w: gradients ``transpose(y, g)`` and ``x * g``."""

    multilinear = True

    @staticmethod
    def forward(ctx: Context, x: Any, y: Any, *, kernel: Pair, geometry: Geometry) -> Any:
        ctx.geometry, ctx.size, ctx.kernel = geometry, x.shape[2:], kernel
        ctx.save(x, y)
        lines = _lines(y, geometry.groups)
        inputs = x.shape[1] // geometry.groups
        w = np.zeros((*lines.shape[:2], inputs * math.prod(kernel)), x.dtype)
        for positions, cols in columns(x, kernel, geometry):
            w += np.matmul(lines[:, :, positions], cols.mT)
        return w.reshape(y.shape[1], inputs, *kernel)

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        x, y = ctx.saved
        need_x, need_y = ctx.needs_grad
        return (
            ConvTranspose2d.on(y, grad_out, size=ctx.size, geometry=ctx.geometry)
            if need_x
            else None,
            Conv2d.on(x, grad_out, geometry=ctx.geometry) if need_y else None,
        )

    @staticmethod
    def jvp(ctx: Context, dx: Any, dy: Any) -> Any:
        x, y = ctx.saved
        options = {"kernel": ctx.kernel, "geometry": ctx.geometry}
        return ConvKernel2d.on(dx, y, **options) + ConvKernel2d.on(x, dy, **options)
