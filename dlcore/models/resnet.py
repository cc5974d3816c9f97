"""Residual networks: layers that learn what to add to their input."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from dlcore import functional as F, nn
from dlcore.random import default_rng
from dlcore.tensor import Tensor


class ResidualBlock(nn.Module):
    r"""Two convolutions of 3×3, and the input added to what they give.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels of input and output.
    stride : int, default 1
        Stride of the first convolution.
    preactivation : bool, default False
        Whether normalisation and activation come before each convolution instead of after it.
    residual : bool, default True
        Whether the input is added. Without it this is a plain block, to compare with.
    rng : numpy.random.Generator, optional
        Source of the starting weights.

    Attributes
    ----------
    conv1, conv2 : Conv2d
        The convolutions, without bias.
    bn1, bn2 : BatchNorm2d
        The normalisations.
    downsample : Sequential or None
        A projection of 1×1 where the sum needs another shape; otherwise the input is added as it
        is.

    Raises
    ------
    ValueError
        If a size is not positive.

    Notes
    -----
    With the residual :math:`\mathcal F`, of the original [1]_ and with preactivation [2]_:

    .. math:: y = \operatorname{relu}(x + \mathcal F(x)), \qquad y = x + \mathcal F(x)

    The gradient reaches x by both roads,
    :math:`\bar x = (I + \partial \mathcal F / \partial x)^\top \bar y`, so it does not die out when
    that of :math:`\mathcal F` is small. The original projects x and normalises it (names of the
    state dict: torchvision's); with preactivation the projection sees what the first convolution
    sees. Derived in Chapter 12.

    References
    ----------
    .. [1] K. He, X. Zhang, S. Ren and J. Sun, "Deep residual learning for image recognition",
       CVPR 2016, doi 10.1109/CVPR.2016.90.
    .. [2] K. He, X. Zhang, S. Ren and J. Sun, "Identity mappings in deep residual networks",
       ECCV 2016, doi 10.1007/978-3-319-46493-0_38.

    Examples
    --------
    >>> import dlcore as dl
    >>> block = ResidualBlock(16, 32, stride=2, rng=np.random.default_rng(0))
    >>> block(dl.zeros(2, 16, 8, 8)).shape
    (2, 32, 4, 4)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        stride: int = 1,
        preactivation: bool = False,
        residual: bool = True,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        rng = default_rng(rng)
        self.preactivation, self.residual = preactivation, residual
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False, rng=rng)
        self.bn1 = nn.BatchNorm2d(in_channels if preactivation else out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False, rng=rng)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if residual and (stride != 1 or in_channels != out_channels):
            project = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False, rng=rng)
            norm = [] if preactivation else [nn.BatchNorm2d(out_channels)]
            self.downsample = nn.Sequential(project, *norm)

    def forward(self, x: Tensor) -> Tensor:
        """Map maps (N, in_channels, H, W) to (N, out_channels, H / stride, W / stride)."""
        if self.preactivation:
            active = F.relu(self.bn1(x))
            out: Tensor = self.conv2(F.relu(self.bn2(self.conv1(active))))
            return out + self._shortcut(x, active) if self.residual else out
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(out + self._shortcut(x, x) if self.residual else out)

    def _shortcut(self, x: Tensor, projected: Tensor) -> Tensor:
        return x if self.downsample is None else self.downsample(projected)


class ResNet(nn.Module):
    """A small residual network for small images.

    The other parameters are those of :class:`ResidualBlock`.

    Parameters
    ----------
    in_channels : int, default 1
        Channels of an image.
    classes : int, default 10
        Number of scores that come out.
    widths : sequence of int, default (16, 32)
        Channels in each stage; every stage after the first halves height and width.
    blocks : int, default 1
        Residual blocks in each stage.
    residual : bool, default True
        Whether the inputs of blocks are added. Without it this is a plain network of the same
        depth.

    Attributes
    ----------
    conv1, bn1 : Conv2d, BatchNorm2d
        What comes before the first block.
    stages : Sequential of Sequential of ResidualBlock
        The blocks.
    norm : BatchNorm2d or Identity
        After the last block, with preactivation.
    fc : Linear
        Scores from the mean of each map.

    Raises
    ------
    ValueError
        If a size is not positive, or there is no stage or no block.

    Notes
    -----
    There are ``2 · blocks · len(widths) + 2`` layers of weights on the longest road. Derived in
    Chapter 12, from the same papers as :class:`ResidualBlock`.

    Examples
    --------
    >>> import dlcore as dl
    >>> model = ResNet(widths=(8, 16), blocks=2, rng=np.random.default_rng(0))
    >>> model(dl.zeros(3, 1, 8, 8)).shape
    (3, 10)
    """

    def __init__(
        self,
        in_channels: int = 1,
        classes: int = 10,
        widths: Sequence[int] = (16, 32),
        blocks: int = 1,
        preactivation: bool = False,
        residual: bool = True,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if not widths or blocks < 1:
            raise ValueError(
                f"widths, blocks: expected at least one stage and one block, "
                f"got {list(widths)} and {blocks}"
            )
        rng = default_rng(rng)
        self.conv1 = nn.Conv2d(in_channels, widths[0], 3, 1, 1, bias=False, rng=rng)
        self.bn1 = nn.Identity() if preactivation else nn.BatchNorm2d(widths[0])
        self.relu = nn.Identity() if preactivation else nn.ReLU()
        stages = []
        for number, (n_in, n_out) in enumerate(pairwise([widths[0], *widths])):
            sizes = [(n_in, n_out, 2 if number else 1)] + [(n_out, n_out, 1)] * (blocks - 1)
            stages.append(
                nn.Sequential(
                    *(ResidualBlock(*size, preactivation, residual, rng) for size in sizes)
                )
            )
        self.stages = nn.Sequential(*stages)
        last = [nn.BatchNorm2d(widths[-1]), nn.ReLU()] if preactivation else []
        self.norm = nn.Sequential(*last)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(widths[-1], classes, rng=rng)

    def forward(self, x: Tensor) -> Tensor:
        """Map images (N, in_channels, H, W) to scores (N, classes)."""
        x = self.relu(self.bn1(self.conv1(x)))  # (N, widths[0], H, W)
        x = self.norm(self.stages(x))  # (N, widths[-1], H / 2^(stages - 1), ...)
        scores: Tensor = self.fc(self.flatten(self.pool(x)))  # (N, classes)
        return scores
