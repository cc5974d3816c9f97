"""Pooling as modules; arguments and defaults are torch's."""

from dlcore import functional as F
from dlcore.functional.conv import Size
from dlcore.functional.pool import OutputSize
from dlcore.nn.module import Module
from dlcore.tensor import Tensor


class _MaxPool(Module):
    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        dilation: Size = 1,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.dilation, self.ceil_mode = padding, dilation, ceil_mode

    def extra_repr(self) -> str:
        """Show the options."""
        names = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
        return ", ".join(f"{name}={getattr(self, name)}" for name in names)


class _AvgPool(Module):
    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__()
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.ceil_mode = padding, ceil_mode
        self.count_include_pad = count_include_pad

    def extra_repr(self) -> str:
        """Show the options."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class _AdaptivePool(Module):
    def __init__(self, output_size: OutputSize) -> None:
        super().__init__()
        self.output_size = output_size

    def extra_repr(self) -> str:
        """Show the number of regions."""
        return f"output_size={self.output_size}"


class MaxPool1d(_MaxPool):
    """The largest element of each patch of sequences (N, C, L).

    Parameters
    ----------
    kernel_size : int
        Size of a patch.
    stride : int, optional
        Distance between patches; by default `kernel_size`.
    padding : int, default 0
        Minus infinity at the edges, at most half a patch.
    dilation : int, default 1
        Distance between elements of a patch.
    ceil_mode : bool, default False
        Whether a last patch may stand out over the edge.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.max_pool1d` of x."""
        return F.max_pool1d(
            x, self.kernel_size, self.stride, padding=self.padding, dilation=self.dilation,
            ceil_mode=self.ceil_mode,
        )  # fmt: skip


class MaxPool2d(_MaxPool):
    """The largest element of each patch of images (N, C, H, W).

    The other parameters are those of :func:`dlcore.functional.max_pool2d`.

    Parameters
    ----------
    padding : int or (int, int), default 0
        Minus infinity at the edges, at most half a patch.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.max_pool2d` of x."""
        return F.max_pool2d(
            x, self.kernel_size, self.stride, padding=self.padding, dilation=self.dilation,
            ceil_mode=self.ceil_mode,
        )  # fmt: skip


class AvgPool1d(_AvgPool):
    """The mean of each patch of sequences (N, C, L).

    The other parameters are those of :class:`MaxPool1d` and :class:`AvgPool2d`.

    Parameters
    ----------
    padding : int, default 0
        Zeros at the edges, at most half a patch.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.avg_pool1d` of x."""
        return F.avg_pool1d(
            x, self.kernel_size, self.stride, padding=self.padding, ceil_mode=self.ceil_mode,
            count_include_pad=self.count_include_pad,
        )  # fmt: skip

    def extra_repr(self) -> str:
        """Show the options, each as torch does: in brackets."""
        names = ("kernel_size", "stride", "padding")
        sizes = {n: getattr(self, n) for n in names}
        return ", ".join(f"{n}={(s,) if isinstance(s, int) else s}" for n, s in sizes.items())


class AvgPool2d(_AvgPool):
    """The mean of each patch of images (N, C, H, W).

    The other parameters are those of :func:`dlcore.functional.avg_pool2d`.

    Parameters
    ----------
    padding : int or (int, int), default 0
        Zeros at the edges, at most half a patch.
    """

    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad)
        self.divisor_override = divisor_override

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.avg_pool2d` of x."""
        return F.avg_pool2d(
            x, self.kernel_size, self.stride, padding=self.padding, ceil_mode=self.ceil_mode,
            count_include_pad=self.count_include_pad, divisor_override=self.divisor_override,
        )  # fmt: skip


class AdaptiveAvgPool1d(_AdaptivePool):
    """The mean of each of a given number of regions of sequences (N, C, L).

    Parameters
    ----------
    output_size : int
        Number of regions.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.adaptive_avg_pool1d` of x."""
        return F.adaptive_avg_pool1d(x, self.output_size)


class AdaptiveAvgPool2d(_AdaptivePool):
    """The mean of each of a given number of regions of images (N, C, H, W).

    The parameters are those of :class:`AdaptiveMaxPool2d`.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.adaptive_avg_pool2d` of x."""
        return F.adaptive_avg_pool2d(x, self.output_size)


class AdaptiveMaxPool2d(_AdaptivePool):
    """The largest element of each of a given number of regions of images (N, C, H, W).

    Parameters
    ----------
    output_size : int or (int, int)
        Number of regions along each axis; None keeps the size.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.adaptive_max_pool2d` of x."""
        return F.adaptive_max_pool2d(x, self.output_size)
