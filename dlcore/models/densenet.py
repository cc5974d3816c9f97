"""Densely connected networks: each layer sees what all layers before it have made."""

from collections.abc import Sequence

import numpy as np

from dlcore import functional as F, nn
from dlcore.random import default_rng
from dlcore.tensor import Tensor


class DenseLayer(nn.Module):
    """Normalise, activate, convolve, and put the new maps beside the old.

    Parameters
    ----------
    in_channels : int
        Channels of the input.
    growth : int
        How many maps are added.
    rng : numpy.random.Generator, optional
        Source of the starting weights.

    Attributes
    ----------
    norm : BatchNorm2d
        The normalisation.
    conv : Conv2d
        Kernels of 3×3, without bias.

    Raises
    ------
    ValueError
        If a size is not positive.

    Examples
    --------
    >>> import dlcore as dl
    >>> DenseLayer(16, 4, rng=np.random.default_rng(0))(dl.zeros(2, 16, 8, 8)).shape
    (2, 20, 8, 8)
    """

    def __init__(
        self, in_channels: int, growth: int, rng: np.random.Generator | None = None
    ) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(in_channels)
        self.conv = nn.Conv2d(in_channels, growth, 3, padding=1, bias=False, rng=rng)

    def forward(self, x: Tensor) -> Tensor:
        """Map maps (N, in_channels, H, W) to (N, in_channels + growth, H, W)."""
        return F.cat([x, self.conv(F.relu(self.norm(x)))], dim=1)


class DenseBlock(nn.Sequential):
    r"""Dense layers one after the other.

    The other parameters are those of :class:`DenseLayer`.

    Parameters
    ----------
    growth : int
        How many maps each layer adds.
    layers : int
        How many layers.

    Attributes
    ----------
    out_channels : int
        Channels of the output, ``in_channels + layers · growth``.

    Raises
    ------
    ValueError
        If a size is not positive.

    Notes
    -----
    Layer l sees everything before it:

    .. math:: x_l = H_l([x_0, x_1, \dots, x_{l-1}])

    so that the last layer hands its gradient to the first directly. Derived in Chapter 12.

    References
    ----------
    .. [1] G. Huang, Z. Liu, L. van der Maaten and K. Q. Weinberger, "Densely connected
       convolutional networks", CVPR 2017, doi 10.1109/CVPR.2017.243.

    Examples
    --------
    >>> import dlcore as dl
    >>> DenseBlock(8, 4, 3, rng=np.random.default_rng(0))(dl.zeros(2, 8, 6, 6)).shape
    (2, 20, 6, 6)
    """

    def __init__(
        self, in_channels: int, growth: int, layers: int, rng: np.random.Generator | None = None
    ) -> None:
        if layers < 1:
            raise ValueError(f"layers: expected at least 1, got {layers}")
        rng = default_rng(rng)
        super().__init__(
            *(DenseLayer(in_channels + i * growth, growth, rng) for i in range(layers))
        )
        self.out_channels = in_channels + layers * growth


class Transition(nn.Sequential):
    """What stands between dense blocks: fewer maps, of half the height and width.

    The parameters are those of :class:`ResidualBlock`.

    Raises
    ------
    ValueError
        If a size is not positive.

    Notes
    -----
    Normalisation, activation, a convolution of 1×1, and the mean of windows of 2×2. Derived in
    Chapter 12.

    Examples
    --------
    >>> import dlcore as dl
    >>> Transition(20, 10, rng=np.random.default_rng(0))(dl.zeros(2, 20, 8, 8)).shape
    (2, 10, 4, 4)
    """

    def __init__(
        self, in_channels: int, out_channels: int, rng: np.random.Generator | None = None
    ) -> None:
        super().__init__(
            nn.BatchNorm2d(in_channels),
            nn.ReLU(),
            nn.Conv2d(in_channels, out_channels, 1, bias=False, rng=rng),
            nn.AvgPool2d(2),
        )


class DenseNet(nn.Module):
    """A small densely connected network for small images.

    The other parameters are those of :class:`ResNet`.

    Parameters
    ----------
    growth : int, default 8
        How many maps each dense layer adds; the first convolution makes twice as many.
    blocks : sequence of int, default (3, 3)
        Dense layers in each block; between blocks, a transition halves maps, height and width.

    Attributes
    ----------
    conv : Conv2d
        What comes before the first block.
    blocks : Sequential of DenseBlock and Transition
        In turn.
    norm : BatchNorm2d
        After the last block.
    fc : Linear
        Scores from the mean of each map.

    Raises
    ------
    ValueError
        If a size is not positive, or there is no block.

    Notes
    -----
    The paper's version with compression 1/2 and without bottlenecks. Derived in Chapter 12.

    References
    ----------
    .. [1] G. Huang, Z. Liu, L. van der Maaten and K. Q. Weinberger, "Densely connected
       convolutional networks", CVPR 2017, doi 10.1109/CVPR.2017.243.

    Examples
    --------
    >>> import dlcore as dl
    >>> model = DenseNet(growth=4, rng=np.random.default_rng(0))
    >>> print(model(dl.zeros(3, 1, 8, 8)).shape, model.fc.in_features)
    (3, 10) 22
    """

    def __init__(
        self,
        in_channels: int = 1,
        classes: int = 10,
        growth: int = 8,
        blocks: Sequence[int] = (3, 3),
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if not blocks or growth < 1:
            raise ValueError(
                f"blocks, growth: expected at least one block and one map, "
                f"got {list(blocks)} and {growth}"
            )
        rng = default_rng(rng)
        width = 2 * growth
        self.conv = nn.Conv2d(in_channels, width, 3, padding=1, bias=False, rng=rng)
        parts: list[nn.Module] = []
        for number, layers in enumerate(blocks):
            if number:
                parts.append(Transition(width, width // 2, rng))
                width //= 2
            block = DenseBlock(width, growth, layers, rng)
            parts.append(block)
            width = block.out_channels
        self.blocks = nn.Sequential(*parts)
        self.norm = nn.BatchNorm2d(width)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(width, classes, rng=rng)

    def forward(self, x: Tensor) -> Tensor:
        """Map images (N, in_channels, H, W) to scores (N, classes)."""
        x = F.relu(self.norm(self.blocks(self.conv(x))))  # (N, fc.in_features, ...)
        scores: Tensor = self.fc(self.flatten(self.pool(x)))  # (N, classes)
        return scores
