"""Depthwise separable convolutions: look within each map, then mix the maps, at a fraction."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from dlcore import nn
from dlcore.random import default_rng
from dlcore.tensor import Tensor


class DepthwiseSeparable(nn.Sequential):
    r"""A convolution of 3×3 within each map, then one of 1×1 across them.

    The parameters are those of :class:`ResidualBlock`.

    Raises
    ------
    ValueError
        If a size is not positive.

    Notes
    -----
    Each convolution is followed by batch normalisation and ReLU. Weights and products for each
    place of the output, against a full convolution with kernels of k×k from C to D channels:

    .. math:: \frac{k^2 C + C D}{k^2 C D} = \frac 1 D + \frac 1 {k^2}

    about a ninth for k = 3 and many channels. Derived in Chapter 12.

    References
    ----------
    .. [1] A. G. Howard et al., "MobileNets: efficient convolutional neural networks for mobile
       vision applications", 2017, arXiv 1704.04861.

    Examples
    --------
    >>> import dlcore as dl
    >>> block = DepthwiseSeparable(16, 32, stride=2, rng=np.random.default_rng(0))
    >>> print(block(dl.zeros(2, 16, 8, 8)).shape, block[0].weight.shape, block[3].weight.shape)
    (2, 32, 4, 4) (16, 1, 3, 3) (32, 16, 1, 1)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        stride: int = 1,
        rng: np.random.Generator | None = None,
    ) -> None:
        rng = default_rng(rng)
        super().__init__(
            nn.Conv2d(
                in_channels, in_channels, 3, stride, 1, groups=in_channels, bias=False, rng=rng
            ),
            nn.BatchNorm2d(in_channels),
            nn.ReLU(),
            nn.Conv2d(in_channels, out_channels, 1, bias=False, rng=rng),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )


class SeparableNet(nn.Module):
    """A small network of depthwise separable convolutions, after MobileNet.

    The other parameters are those of :class:`ResNet`.

    Parameters
    ----------
    widths : sequence of int, default (16, 32, 64)
        Channels of the first, full convolution and after each block.
    strides : sequence of int, default (1, 2)
        Stride of each block.

    Attributes
    ----------
    stem : Sequential
        The full convolution, normalisation, ReLU.
    blocks : Sequential of DepthwiseSeparable
        The blocks.
    fc : Linear
        Scores from the mean of each map.

    Raises
    ------
    ValueError
        If a size is not positive, or the numbers of widths and strides do not fit.

    Notes
    -----
    Derived in Chapter 12, from the same paper as :class:`DepthwiseSeparable`.

    Examples
    --------
    >>> import dlcore as dl
    >>> model = SeparableNet(rng=np.random.default_rng(0))
    >>> print(model(dl.zeros(3, 1, 8, 8)).shape, sum(p.numel() for p in model.parameters()))
    (3, 10) 4106
    """

    def __init__(
        self,
        in_channels: int = 1,
        classes: int = 10,
        widths: Sequence[int] = (16, 32, 64),
        strides: Sequence[int] = (1, 2),
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if len(widths) != len(strides) + 1 or not strides:
            raise ValueError(
                "widths, strides: expected one width more than strides, and a block or more, "
                f"got {list(widths)} and {list(strides)}"
            )
        rng = default_rng(rng)
        self.stem = nn.Sequential(
            nn.Conv2d(in_channels, widths[0], 3, padding=1, bias=False, rng=rng),
            nn.BatchNorm2d(widths[0]),
            nn.ReLU(),
        )
        sizes = zip(pairwise(widths), strides, strict=True)
        self.blocks = nn.Sequential(
            *(DepthwiseSeparable(n_in, n_out, stride, rng) for (n_in, n_out), stride in sizes)
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(widths[-1], classes, rng=rng)

    def forward(self, x: Tensor) -> Tensor:
        """Map images (N, in_channels, H, W) to scores (N, classes)."""
        x = self.pool(self.blocks(self.stem(x)))  # (N, widths[-1], 1, 1)
        scores: Tensor = self.fc(self.flatten(x))  # (N, classes)
        return scores
