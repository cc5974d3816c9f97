"""Pooling in two dimensions: the largest or the mean of each patch.

Every primitive here walks over the places of the kernel, not over the positions on the image: for
a 2×2 kernel that is four passes over whole arrays. Once the winners are known, picking them out is
linear, and so is its transpose; the two are each other's gradient, to any order.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from dlcore.function import Function
from dlcore.ops.conv import Geometry, Pair, padded, response_size
from dlcore.tape import Context


def _places(size: Pair, kernel: Pair, geometry: Geometry) -> Iterator[tuple[slice, slice]]:
    """For each place of the kernel, where it stands at all positions, in the padded image."""
    out = [response_size(*sizes) for sizes in zip(size, kernel, *geometry[:3], strict=True)]
    (sh, sw), (dh, dw) = geometry.stride, geometry.dilation
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            yield (
                slice(i * dh, i * dh + sh * (out[0] - 1) + 1, sh),
                slice(j * dw, j * dw + sw * (out[1] - 1) + 1, sw),
            )


def _padded(x: Any, geometry: Geometry, fill: float) -> Any:
    """Add a border; without one, images stay as they lie in memory."""
    return padded(x, geometry, fill).transpose(3, 0, 1, 2) if any(geometry.padding) else x


def _blank(y: Any, size: Pair, geometry: Geometry) -> tuple[Any, Any]:
    (ph, pw), (h, w) = geometry.padding, size
    shape = (*y.shape[:2], h + 2 * ph, w + 2 * pw)
    blank = np.zeros_like(y, shape=shape)  # lies in memory as y does
    return blank, blank[:, :, ph : ph + h, pw : pw + w]


def _are_apart(kernel: Pair, geometry: Geometry) -> bool:
    reach = [d * (k - 1) for d, k in zip(geometry.dilation, kernel, strict=True)]
    return all(r < s for r, s in zip(reach, geometry.stride, strict=True))


class MaxPool2d(Function, name="max_pool2d"):
    """Largest of each patch: ``g`` goes to the place of the first largest element."""

    @staticmethod
    def forward(ctx: Context, x: Any, *, kernel: Pair, geometry: Geometry) -> Any:
        ctx.options = {"size": x.shape[2:], "kernel": kernel, "geometry": geometry}
        bordered = _padded(x, geometry, -np.inf)
        first, *others = _places(x.shape[2:], kernel, geometry)
        out = bordered[:, :, *first].copy(order="K")
        winner = np.zeros_like(out, np.min_scalar_type(len(others)))
        for k, (rows, across) in enumerate(others, start=1):
            values = bordered[:, :, rows, across]
            # The later winner has the larger number: two passes over bytes, a fifth of the time
            # of a masked copy.
            larger = (values > out).view(np.uint8)
            np.maximum(winner, larger * winner.dtype.type(k), out=winner)
            np.maximum(out, values, out=out)  # unlike >, it lets NaN through
        ctx.options["winner"] = winner
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return PutWinner.on(grad_out, **ctx.options)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return PickWinner.on(dx, **ctx.options)


class PickWinner(Function):
    """From each patch the element at the place `winner`: ``g`` is put back there."""

    floating = False

    @staticmethod
    def forward(
        ctx: Context, x: Any, *, size: Pair, kernel: Pair, geometry: Geometry, winner: Any
    ) -> Any:
        ctx.options = {"size": size, "kernel": kernel, "geometry": geometry, "winner": winner}
        bordered = _padded(x, geometry, 0.0)
        out = np.zeros_like(winner, x.dtype)
        for k, (rows, across) in enumerate(_places(size, kernel, geometry)):
            np.copyto(out, bordered[:, :, rows, across], where=winner == k)
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return PutWinner.on(grad_out, **ctx.options)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return PickWinner.on(dx, **ctx.options)


class PutWinner(Function):
    """Each element put at the place `winner` of its patch, where patches overlap added up."""

    floating = False

    @staticmethod
    def forward(
        ctx: Context, y: Any, *, size: Pair, kernel: Pair, geometry: Geometry, winner: Any
    ) -> Any:
        ctx.options = {"size": size, "kernel": kernel, "geometry": geometry, "winner": winner}
        bordered, image = _blank(y, size, geometry)
        apart = _are_apart(kernel, geometry)
        for k, (rows, across) in enumerate(_places(size, kernel, geometry)):
            place = bordered[:, :, rows, across]
            if apart:  # saves reading and adding to zeros: half of the time
                np.multiply(y, winner == k, out=place)
            else:
                place += y * (winner == k)
        return image

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return PickWinner.on(grad_out, **ctx.options)

    @staticmethod
    def jvp(ctx: Context, dy: Any) -> Any:
        return PutWinner.on(dy, **ctx.options)


class PatchSum(Function):
    """Sum of each patch: ``g`` is spread over the patch."""

    wide = True
    floating = False

    @staticmethod
    def forward(ctx: Context, x: Any, *, size: Pair, kernel: Pair, geometry: Geometry) -> Any:
        ctx.options = {"size": size, "kernel": kernel, "geometry": geometry}
        bordered = _padded(x, geometry, 0.0)
        first, *others = _places(size, kernel, geometry)
        out = bordered[:, :, *first].copy(order="K")
        for rows, across in others:
            out += bordered[:, :, rows, across]
        return out

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return PatchSpread.on(grad_out, **ctx.options)

    @staticmethod
    def jvp(ctx: Context, dx: Any) -> Any:
        return PatchSum.on(dx, **ctx.options)


class PatchSpread(Function):
    """Each element spread over its patch, where patches overlap added up: the transpose."""

    wide = True
    floating = False

    @staticmethod
    def forward(ctx: Context, y: Any, *, size: Pair, kernel: Pair, geometry: Geometry) -> Any:
        ctx.options = {"size": size, "kernel": kernel, "geometry": geometry}
        bordered, image = _blank(y, size, geometry)
        for rows, across in _places(size, kernel, geometry):
            bordered[:, :, rows, across] += y
        return image

    @staticmethod
    def backward(ctx: Context, grad_out: Any) -> Any:
        return PatchSum.on(grad_out, **ctx.options)

    @staticmethod
    def jvp(ctx: Context, dy: Any) -> Any:
        return PatchSpread.on(dy, **ctx.options)
