"""Convolutional layers; arguments, defaults, starting values and state are torch's."""

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from dlcore import functional as F
from dlcore.functional.conv import Padding, Size
from dlcore.nn import init
from dlcore.nn.module import Module
from dlcore.nn.parameter import Parameter
from dlcore.tensor import Tensor

Rng = np.random.Generator | None


class _Conv(Module):
    axes: int
    transposed = False
    padding: Any  # sizes, "valid" or "same"

    def _build(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        *,
        stride: Size,
        padding: Padding,
        dilation: Size,
        groups: int,
        bias: bool,
        dtype: DTypeLike,
        rng: Rng,
    ) -> None:
        name = type(self).__name__
        if min(in_channels, groups) < 1 or in_channels % groups:
            raise ValueError(
                f"{name}: in_channels must be positive and divisible by groups, "
                f"got {in_channels} and {groups}"
            )
        if out_channels < 1 or out_channels % groups:
            raise ValueError(
                f"{name}: out_channels must be divisible by groups, and positive, "
                f"got {out_channels} and {groups}"
            )
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = self._sizes("kernel_size", kernel_size)
        if min(self.kernel_size) < 1:
            raise ValueError(f"{name}: kernel_size must be at least 1, got {kernel_size}")
        self.stride = self._sizes("stride", stride)
        self.padding = padding if isinstance(padding, str) else self._sizes("padding", padding)
        self.dilation = self._sizes("dilation", dilation)
        first, second = (
            (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        )
        self.weight = Parameter(np.empty((first, second // groups, *self.kernel_size), dtype))
        self.register_parameter("bias", Parameter(np.empty(out_channels, dtype)) if bias else None)
        init.kaiming_uniform_(self.weight, a=math.sqrt(5), rng=rng)
        if self.bias is not None:
            bound = 1 / math.sqrt(math.prod(self.weight.shape[1:]))
            init.uniform_(self.bias, -bound, bound, rng)

    def _sizes(self, option: str, size: Size) -> tuple[int, ...]:
        sizes = (size,) * self.axes if isinstance(size, int | np.integer) else tuple(size)
        if len(sizes) != self.axes:
            raise ValueError(
                f"{type(self).__name__}: {option} must be a number or {self.axes} of them, "
                f"got {size}"
            )
        return tuple(int(n) for n in sizes)

    def extra_repr(self) -> str:
        """Show sizes, and options that are not the default."""
        parts = [
            f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}",
            f"stride={self.stride}",
        ]
        defaults = {"padding": 0, "dilation": 1, "output_padding": 0}
        for option, default in defaults.items():
            value = getattr(self, option, None)
            if value is not None and value != (default,) * self.axes:
                parts.append(f"{option}={value}")
        if self.groups != 1:
            parts.append(f"groups={self.groups}")
        if self.bias is None:
            parts.append("bias=False")
        return ", ".join(parts)


class Conv1d(_Conv):
    """Convolution along sequences (N, C, L).

    The other parameters are those of :class:`Conv2d`.

    Parameters
    ----------
    kernel_size : int
        Length of the kernel.
    stride : int, default 1
        Distance between positions of the kernel.
    padding : int, "valid" or "same", default 0
        Zeros at both ends.
    dilation : int, default 1
        Distance between elements of the kernel.
    rng : numpy.random.Generator, optional
        Source of the starting values: uniform within ``±1 / sqrt(in_channels / groups · k)``.

    Attributes
    ----------
    weight : Parameter, shape (out_channels, in_channels / groups, kernel_size)
        The kernels.
    bias : Parameter, shape (out_channels,), or None
        What is added.

    Raises
    ------
    ValueError
        If sizes do not fit.
    """

    axes = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Padding = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        dtype: DTypeLike = np.float32,
        rng: Rng = None,
    ) -> None:
        super().__init__()
        self._build(
            in_channels, out_channels, kernel_size, stride=stride, padding=padding,
            dilation=dilation, groups=groups, bias=bias, dtype=dtype, rng=rng,
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.conv1d` of x."""
        return F.conv1d(
            x, self.weight, self.bias, stride=self.stride, padding=self.padding,
            dilation=self.dilation, groups=self.groups,
        )  # fmt: skip


class Conv2d(_Conv):
    """Convolution over images (N, C, H, W).

    The other parameters are those of :func:`dlcore.functional.conv2d`.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels of input and output.
    kernel_size : int or (int, int)
        Height and width of the kernel.
    padding : int, (int, int), "valid" or "same", default 0
        Zeros around the image.
    groups : int, default 1
        Number of parts into which the channels are divided.
    bias : bool, default True
        Whether a number is added to each output channel.
    dtype : dtype_like, default float32
        Kind of number of the weights.
    rng : numpy.random.Generator, optional
        Source of the starting values: uniform within ``±1 / sqrt(in_channels / groups · kh · kw)``.

    Attributes
    ----------
    weight : Parameter, shape (out_channels, in_channels / groups, kh, kw)
        The kernels.
    bias : Parameter, shape (out_channels,), or None
        What is added.

    Raises
    ------
    ValueError
        If sizes do not fit.

    Notes
    -----
    Derived in Chapter 11. Unlike torch's, it pads with zeros alone.

    Examples
    --------
    >>> import numpy as np, dlcore as dl
    >>> layer = dl.nn.Conv2d(1, 6, 5, padding=2, rng=np.random.default_rng(0))
    >>> layer(dl.ones(4, 1, 28, 28)).shape
    (4, 6, 28, 28)
    """

    axes = 2

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Padding = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        dtype: DTypeLike = np.float32,
        rng: Rng = None,
    ) -> None:
        super().__init__()
        self._build(
            in_channels, out_channels, kernel_size, stride=stride, padding=padding,
            dilation=dilation, groups=groups, bias=bias, dtype=dtype, rng=rng,
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.conv2d` of x."""
        return F.conv2d(
            x, self.weight, self.bias, stride=self.stride, padding=self.padding,
            dilation=self.dilation, groups=self.groups,
        )  # fmt: skip


class ConvTranspose2d(_Conv):
    """Transposed convolution, which enlarges images (N, C, H, W).

    The other parameters are those of :class:`Conv2d`.

    Parameters
    ----------
    stride : int or (int, int), default 1
        Distance between the patches that neighbouring elements are spread to.
    padding : int or (int, int), default 0
        Rows and columns cut off around the output.
    output_padding : int or (int, int), default 0
        Rows and columns more at the far ends, fewer than `stride`.
    rng : numpy.random.Generator, optional
        Source of the starting values, as in torch.

    Attributes
    ----------
    weight : Parameter, shape (in_channels, out_channels / groups, kh, kw)
        The kernels.
    bias : Parameter, shape (out_channels,), or None
        What is added.

    Raises
    ------
    ValueError
        If sizes do not fit.
    """

    axes = 2
    transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size = 0,
        output_padding: Size = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Size = 1,
        dtype: DTypeLike = np.float32,
        rng: Rng = None,
    ) -> None:
        super().__init__()
        self._build(
            in_channels, out_channels, kernel_size, stride=stride, padding=padding,
            dilation=dilation, groups=groups, bias=bias, dtype=dtype, rng=rng,
        )  # fmt: skip
        self.output_padding = self._sizes("output_padding", output_padding)

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.conv_transpose2d` of x."""
        return F.conv_transpose2d(
            x, self.weight, self.bias, stride=self.stride, padding=self.padding,
            output_padding=self.output_padding, groups=self.groups, dilation=self.dilation,
        )  # fmt: skip
