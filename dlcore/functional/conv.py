"""Convolutions; as everywhere in deep learning, the kernel is not turned round."""

from typing import Literal

import numpy as np

from dlcore.function import Operand, array_of
from dlcore.functional.shape import cat
from dlcore.ops import conv
from dlcore.tensor import Tensor, as_tensor

Size = int | tuple[int, ...]
Padding = Size | Literal["valid", "same"]


def conv2d(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Tensor:
    """Slide a kernel over images: each output is the product of the kernel with one patch.

    Parameters
    ----------
    input : Tensor, shape (N, C, H, W) or (C, H, W)
        Images.
    weight : Tensor, shape (O, C / groups, kh, kw)
        One kernel for each output channel.
    bias : Tensor, shape (O,), optional
        Added to each output channel.
    stride : int or (int, int), default 1
        Distance between positions of the kernel.
    padding : int, (int, int), "valid" or "same", default 0
        Zeros around the image; "same" keeps its size, at stride 1.
    dilation : int or (int, int), default 1
        Distance between elements of the kernel.
    groups : int, default 1
        Number of parts into which the channels are divided, each with kernels of its own.

    Returns
    -------
    Tensor, shape (N, O, H', W')
        ``H' = (H + 2 padding - dilation (kh - 1) - 1) // stride + 1``, and likewise W'.

    Raises
    ------
    ValueError
        If shapes or options do not fit.

    Examples
    --------
    >>> import dlcore as dl, dlcore.functional as F
    >>> F.conv2d(dl.ones(1, 1, 3, 3), dl.ones(1, 1, 2, 2), padding=1).tolist()[0][0][0]
    [1.0, 2.0, 2.0, 1.0]
    """
    return _convolve(
        "conv2d", 2, input, weight, bias, stride=stride, padding=padding, dilation=dilation,
        groups=groups,
    )  # fmt: skip


def conv1d(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Tensor:
    """Slide a kernel along sequences.

    The other parameters are those of :func:`conv2d`.

    Parameters
    ----------
    input : Tensor, shape (N, C, L) or (C, L)
        Sequences.
    weight : Tensor, shape (O, C / groups, k)
        One kernel for each output channel.
    stride : int, default 1
        Distance between positions of the kernel.
    padding : int, "valid" or "same", default 0
        Zeros at both ends; "same" keeps the length, at stride 1.
    dilation : int, default 1
        Distance between elements of the kernel.

    Returns
    -------
    Tensor, shape (N, O, L')
        As :func:`conv2d` on images of height one.

    Raises
    ------
    ValueError
        If shapes or options do not fit.
    """
    return _convolve(
        "conv1d", 1, input, weight, bias, stride=stride, padding=padding, dilation=dilation,
        groups=groups,
    )  # fmt: skip


def conv_transpose2d(
    input: Operand,
    weight: Operand,
    bias: Operand | None = None,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
) -> Tensor:
    """Spread each element over a patch: the transpose of :func:`conv2d`, which enlarges images.

    The other parameters are those of :func:`conv2d`.

    Parameters
    ----------
    weight : Tensor, shape (C, O / groups, kh, kw)
        One kernel for each input channel.
    stride, padding : int or (int, int), default 1 and 0
        Those of the convolution whose transpose this is.
    output_padding : int or (int, int), default 0
        Rows and columns more, fewer than `stride`, which leaves the size open. In torch they may
        also be fewer than `dilation`.
    groups : int, default 1
        Number of parts into which the channels are divided.
    dilation : int or (int, int), default 1
        That of the convolution whose transpose this is.

    Returns
    -------
    Tensor, shape (N, O, H', W')
        ``H' = (H - 1) stride - 2 padding + dilation (kh - 1) + output_padding + 1``.

    Raises
    ------
    ValueError
        If shapes or options do not fit.
    """
    name = "conv_transpose2d"
    x, had_batch = batched(name, input, 2)
    w = as_tensor(weight)
    geometry = _geometry(
        name, 2, stride=stride, padding=padding, dilation=dilation, groups=groups, w=w
    )
    extra = pair(name, "output_padding", output_padding, 2)
    if w.ndim != 4 or x.shape[1] != w.shape[0] or x.shape[1] % groups:
        raise ValueError(
            f"{name}: input must have {w.shape[0]} channels for weight of shape {w.shape} and be "
            f"divisible by groups={groups}, got shape {x.shape}"
        )
    if extra[0] >= geometry.stride[0] or extra[1] >= geometry.stride[1]:
        raise ValueError(f"{name}: output_padding must be smaller than stride")
    size = tuple(
        (n - 1) * s - 2 * p + d * (k - 1) + e + 1
        for n, s, p, d, k, e in zip(
            x.shape[2:], *geometry[:3], w.shape[2:], extra, strict=True
        )
    )  # fmt: skip
    if min(size) < 1:
        raise ValueError(f"{name}: the output would have size {size}")
    out = conv.ConvTranspose2d.apply(x, w, size=size, geometry=geometry)
    return _finish(out, bias, had_batch)


def _convolve(
    name: str,
    axes: int,
    input: Operand,
    weight: Operand,
    bias: Operand | None,
    *,
    stride: Size,
    padding: Padding,
    dilation: Size,
    groups: int,
) -> Tensor:
    x, had_batch = batched(name, input, axes)
    w = as_tensor(weight)
    if w.ndim != axes + 2 or x.shape[1] != w.shape[1] * groups or w.shape[0] % groups:
        raise ValueError(
            f"{name}: weight must have shape (O, C / groups, kernel) with C = {x.shape[1]} and O "
            f"divisible by groups={groups}, got {w.shape} for input of shape {x.shape}"
        )
    x, w = (t.unsqueeze(2) if axes == 1 else t for t in (x, w))
    geometry = _geometry(
        name, axes, stride=stride, padding=padding, dilation=dilation, groups=groups, w=w
    )
    if padding == "same":
        x = _pad_same(x, w.shape[2:], geometry)
    sizes = zip(x.shape[2:], w.shape[2:], *geometry[:3], strict=True)
    if min(conv.response_size(*size) for size in sizes) < 1:
        raise ValueError(
            f"{name}: a kernel of {w.shape[2:]} with dilation {geometry.dilation} does not fit "
            f"into input of {x.shape[2:]} with padding {geometry.padding}"
        )
    out = conv.Conv2d.apply(x, w, geometry=geometry)
    return _finish(out.squeeze(2) if axes == 1 else out, bias, had_batch)


def batched(name: str, input: Operand, axes: int) -> tuple[Tensor, bool]:
    """Give a single example an axis of examples, and tell whether it had one."""
    x = as_tensor(input)
    if x.ndim not in (axes + 1, axes + 2):
        raise ValueError(f"{name}: input must have {axes + 2} axes (N, C, ...), got {x.shape}")
    return (x, True) if x.ndim == axes + 2 else (x.unsqueeze(0), False)


def _geometry(
    name: str,
    axes: int,
    *,
    stride: Size,
    padding: Padding,
    dilation: Size,
    groups: int,
    w: Tensor,
) -> conv.Geometry:
    if isinstance(padding, str):
        if padding not in ("valid", "same"):
            raise ValueError(f"{name}: padding must be a size, 'valid' or 'same', got {padding!r}")
        if padding == "same" and pair(name, "stride", stride, axes) != (1, 1):
            raise ValueError(f"{name}: padding='same' needs stride 1")
        padding = 0
    steps = pair(name, "stride", stride, axes), pair(name, "dilation", dilation, axes)
    zeros = pair(name, "padding", padding, axes)
    if min(*steps[0], *steps[1], groups) < 1 or min(zeros) < 0:
        raise ValueError(
            f"{name}: stride, dilation and groups must be at least 1 and padding at least 0, "
            f"got {stride}, {dilation}, {groups} and {padding}"
        )
    return conv.Geometry(steps[0], zeros, steps[1], groups)


def pair(name: str, option: str, size: Size, axes: int) -> tuple[int, int]:
    """Write an option for height and width; sequences are one row high."""
    values = (size,) * axes if isinstance(size, int | np.integer) else tuple(size)
    if len(values) != axes:
        raise ValueError(f"{name}: {option} must be a number or {axes} of them, got {size}")
    if axes == 1:
        return (0 if "padding" in option else 1, int(values[0]))
    return int(values[0]), int(values[1])


def _pad_same(x: Tensor, kernel: tuple[int, ...], geometry: conv.Geometry) -> Tensor:
    """Add the zeros that keep the size; an odd one goes to the far end, as in torch."""
    totals = [d * (k - 1) for d, k in zip(geometry.dilation, kernel, strict=True)]
    for axis, total in enumerate(totals, start=2):
        before, after = total // 2, total - total // 2
        shape = list(x.shape)
        parts = []
        for length in (before, after):
            shape[axis] = length
            parts.append(np.zeros(shape, x.dtype))
        x = cat([parts[0], x, parts[1]], axis)
    return x


def _finish(out: Tensor, bias: Operand | None, had_batch: bool) -> Tensor:
    if bias is not None:
        b = bias if isinstance(bias, Tensor) else Tensor(array_of(bias))
        if b.shape != (out.shape[1],):
            raise ValueError(f"bias must have shape ({out.shape[1]},), got {b.shape}")
        out = out + b.reshape(-1, *[1] * (out.ndim - 2))
    return out if had_batch else out.squeeze(0)
