"""LeNet: convolution and pooling in turn, then dense layers; the first network to read digits."""

from collections.abc import Callable

import numpy as np

from dlcore import nn
from dlcore.random import default_rng
from dlcore.tensor import Tensor


class LeNet(nn.Module):
    r"""A convolutional network for images of 28×28 pixels, after LeNet-5.

    The other parameters are those of :class:`ResNet`.

    Parameters
    ----------
    in_channels : int, default 1
        Channels of an image: 1 for grey.
    activation : callable, default ``nn.ReLU``
        Makes the activations; ``nn.Tanh`` is nearer to the original.
    pool : callable, default ``nn.MaxPool2d``
        Makes a pooling layer from its window; ``nn.AvgPool2d`` is nearer to the original.
    channels : (int, int), default (6, 16)
        Feature maps of C1 and C3.
    dropout : float, default 0.0
        Which part of the inputs of C5 and F6 is dropped in training.
    rng : numpy.random.Generator, optional
        Source of the starting weights, and of what dropout drops.

    Attributes
    ----------
    c1, c3 : Conv2d
        Convolutions with kernels of 5×5.
    c5, f6, output : Linear
        Dense layers. C5 sees all of S4, so that as a convolution it would compute the same.

    Raises
    ------
    ValueError
        If a size is not positive or, when called, if x has another shape.

    Notes
    -----
    Shapes, for a batch of N and the default channels:

    .. math::

        (N, 1, 28, 28) \xrightarrow{C1} (N, 6, 28, 28) \xrightarrow{S2} (N, 6, 14, 14)
        \xrightarrow{C3} (N, 16, 10, 10) \\
        \xrightarrow{S4} (N, 16, 5, 5) \xrightarrow{C5} (N, 120)
        \xrightarrow{F6} (N, 84) \to (N, 10)

    The original [1]_ pads its images to 32×32 beforehand, learns a scale for each pooled map, joins
    only some maps of S2 to those of C3, and compares F6 with drawn prototypes of the digits. Here
    C1 pads by 2, pooling learns nothing, C3 sees every map, and a linear layer gives the scores for
    a cross-entropy. Derived in Chapter 11.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to
       document recognition", Proceedings of the IEEE 86 (11), 1998, doi 10.1109/5.726791.

    Examples
    --------
    >>> import dlcore as dl
    >>> model = LeNet(rng=np.random.default_rng(0))
    >>> print(model(dl.zeros(3, 1, 28, 28)).shape, sum(p.numel() for p in model.parameters()))
    (3, 10) 61706
    """

    def __init__(
        self,
        in_channels: int = 1,
        classes: int = 10,
        activation: Callable[[], nn.Module] = nn.ReLU,
        pool: Callable[[int], nn.Module] = nn.MaxPool2d,
        channels: tuple[int, int] = (6, 16),
        dropout: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        rng = default_rng(rng)
        first, second = channels
        self.c1 = nn.Conv2d(in_channels, first, 5, padding=2, rng=rng)
        self.s2 = pool(2)
        self.c3 = nn.Conv2d(first, second, 5, rng=rng)
        self.s4 = pool(2)
        self.flatten = nn.Flatten()
        self.c5 = nn.Linear(second * 5 * 5, 120, rng=rng)
        self.f6 = nn.Linear(120, 84, rng=rng)
        self.output = nn.Linear(84, classes, rng=rng)
        self.activation = activation()
        self.dropout = nn.Dropout(dropout, rng=rng)

    def forward(self, x: Tensor) -> Tensor:
        """Map images (N, in_channels, 28, 28) to scores (N, classes)."""
        expected = (self.c1.in_channels, 28, 28)
        if x.ndim != 4 or x.shape[1:] != expected:
            raise ValueError(f"LeNet: x must have shape (N, {expected[0]}, 28, 28), got {x.shape}")
        x = self.s2(self.activation(self.c1(x)))  # (N, 6, 14, 14)
        x = self.s4(self.activation(self.c3(x)))  # (N, 16, 5, 5)
        x = self.dropout(self.flatten(x))  # (N, 400)
        x = self.dropout(self.activation(self.c5(x)))  # (N, 120)
        scores: Tensor = self.output(self.activation(self.f6(x)))  # (N, classes)
        return scores
