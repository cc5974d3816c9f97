"""Upsampling as a module."""

from dlcore import functional as F
from dlcore.functional.interpolate import Mode
from dlcore.nn.module import Module
from dlcore.tensor import Tensor


class Upsample(Module):
    """Images (N, C, H, W) or sequences (N, C, L) in another size.

    The other parameters are those of :func:`dlcore.functional.interpolate`.

    Parameters
    ----------
    mode : {"nearest", "linear", "bilinear"}, default "nearest"
        Take the nearest element, or draw a straight line.
    align_corners : bool, optional
        For straight lines: whether the outermost elements keep their places.

    Raises
    ------
    ValueError
        When called, if shapes or options do not fit.
    """

    def __init__(
        self,
        size: int | tuple[int, ...] | None = None,
        scale_factor: float | tuple[float, ...] | None = None,
        mode: Mode = "nearest",
        align_corners: bool | None = None,
    ) -> None:
        super().__init__()
        if isinstance(scale_factor, tuple | list):
            scale_factor = tuple(float(f) for f in scale_factor)
        elif scale_factor is not None:
            scale_factor = float(scale_factor)
        self.size, self.scale_factor = size, scale_factor
        self.mode, self.align_corners = mode, align_corners

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.interpolate` of x."""
        return F.interpolate(x, self.size, self.scale_factor, self.mode, self.align_corners)

    def extra_repr(self) -> str:
        """Show the size and the mode."""
        if self.scale_factor is not None:
            return f"scale_factor={self.scale_factor}, mode={self.mode!r}"
        return f"size={self.size}, mode={self.mode!r}"
