"""Convolution in two dimensions, and its two mirror images.

Three bilinear maps tie an image x, a kernel w and a response y together. Each takes two of the
three and gives the third; the gradients of each are the other two. So the rules of all three are
one line long, and derivatives of any order exist. Lower-dimensional convolutions are these, with
an axis of length one.

Shapes: x is (N, C, H, W), w is (O, C / groups, kh, kw), y is (N, O, H', W') with
``H' = (H + 2 padding - dilation (kh - 1) - 1) // stride + 1``.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from dlcore.function import Function
from dlcore.tape import Context

Pair = tuple[int, int]


class Geometry(NamedTuple):
    """How a kernel moves over an image: everything but the sizes."""

    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1


def response_size(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """Length of an axis of the response."""
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def columns(x: Any, kernel: Pair, geometry: Geometry) -> Any:
    """Copy the patch under every position of the kernel into a column.

    Parameters
    ----------
    x : numpy.ndarray, shape (N, C, H, W)
        Images.
    kernel : (int, int)
        Height and width of a patch.
    geometry : Geometry
        Stride, padding, dilation, groups.

    Returns
    -------
    numpy.ndarray, shape (groups, N, C / groups * kh * kw, H' * W')
        One column a position: the convolution is then one matrix product.
    """
    (sh, sw), (ph, pw), (dh, dw), groups = geometry
    if ph or pw:
        x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    n, c, h, w = x.shape
    kh, kw = kernel
    out_h, out_w = response_size(h, kh, sh, 0, dh), response_size(w, kw, sw, 0, dw)
    steps = x.strides
    view = as_strided(
        x,
        (groups, n, c // groups, kh, kw, out_h, out_w),
        (
            steps[1] * (c // groups), steps[0], steps[1],
            steps[2] * dh, steps[3] * dw, steps[2] * sh, steps[3] * sw,
        ),
        writeable=False,
    )  # fmt: skip
    return view.reshape(groups, n, (c // groups) * kh * kw, out_h * out_w)


def images(cols: Any, shape: tuple[int, ...], kernel: Pair, geometry: Geometry) -> Any:
    """Add every column back to the places that it was copied from: the transpose of `columns`.

    Parameters
    ----------
    cols : numpy.ndarray, shape (groups, N, C / groups * kh * kw, H' * W')
        One column a position.
    shape : (N, C, H, W)
        Shape of the images.
    kernel : (int, int)
        Height and width of a patch.
    geometry : Geometry
        Stride, padding, dilation, groups.

    Returns
    -------
    numpy.ndarray, shape (N, C, H, W)
        Sums over all positions.
    """
    (sh, sw), (ph, pw), (dh, dw), groups = geometry
    n, c, h, w = shape
    kh, kw = kernel
    out_h, out_w = response_size(h, kh, sh, ph, dh), response_size(w, kw, sw, pw, dw)
    cols = cols.reshape(groups, n, c // groups, kh, kw, out_h, out_w)
    padded = np.zeros((groups, n, c // groups, h + 2 * ph, w + 2 * pw), cols.dtype)
    for i in range(kh):
        for j in range(kw):
            rows = slice(i * dh, i * dh + sh * out_h, sh)
            across = slice(j * dw, j * dw + sw * out_w, sw)
            padded[..., rows, across] += cols[:, :, :, i, j]
    inner = padded[..., ph : ph + h, pw : pw + w]
    return np.moveaxis(inner, 0, 1).reshape(shape)


def _by_group(y: Any, groups: int) -> Any:
    """(N, O, H', W') as (groups, N, O / groups, H' * W')."""
    n, o, h, w = y.shape
    return np.moveaxis(y.reshape(n, groups, o // groups, h * w), 1, 0)


def _matrix(w: Any, groups: int) -> Any:
    """Write w as one matrix a group: (groups, 1, O / groups, C / groups * kh * kw)."""
    return w.reshape(groups, 1, w.shape[0] // groups, -1)


class Conv2d(Function, name="conv2d"):
    """Cross-correlation, ``y = x * w``: gradients ``transpose(g, w)`` and ``kernel(x, g)``."""

    @staticmethod
    def forward(ctx: Context, x: Any, w: Any, *, geometry: Geometry) -> Any:
        ctx.geometry, ctx.size, ctx.kernel = geometry, x.shape[2:], w.shape[2:]
        ctx.save(x, w)
        out_h, out_w = (
            response_size(*sizes)
            for sizes in zip(x.shape[2:], w.shape[2:], *geometry[:3], strict=True)
        )
        y = np.matmul(_matrix(w, geometry.groups), columns(x, w.shape[2:], geometry))
        return np.moveaxis(y, 0, 1).reshape(x.shape[0], w.shape[0], out_h, out_w)

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

    @staticmethod
    def forward(ctx: Context, y: Any, w: Any, *, size: Pair, geometry: Geometry) -> Any:
        ctx.geometry, ctx.size, ctx.kernel = geometry, size, w.shape[2:]
        ctx.save(y, w)
        shape = (y.shape[0], w.shape[1] * geometry.groups, *size)
        cols = np.matmul(_matrix(w, geometry.groups).mT, _by_group(y, geometry.groups))
        return images(cols, shape, w.shape[2:], geometry)

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

    @staticmethod
    def forward(ctx: Context, x: Any, y: Any, *, kernel: Pair, geometry: Geometry) -> Any:
        ctx.geometry, ctx.size, ctx.kernel = geometry, x.shape[2:], kernel
        ctx.save(x, y)
        cols = columns(x, kernel, geometry)  # (groups, N, K, P)
        w = np.matmul(_by_group(y, geometry.groups), cols.mT).sum(axis=1)  # summed over N
        return w.reshape(y.shape[1], x.shape[1] // geometry.groups, *kernel)

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
