"""Normalising layers; arguments, defaults and state are torch's."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from dlcore import functional as F
from dlcore.nn.module import Module
from dlcore.nn.parameter import Parameter
from dlcore.tensor import Tensor


class _BatchNorm(Module):
    axes: tuple[int, ...]

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        dtype: DTypeLike = np.float32,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        _register_affine(self, (num_features,), affine, affine and bias, dtype)
        tracked = track_running_stats
        self.register_buffer("running_mean", np.zeros(num_features, dtype) if tracked else None)
        self.register_buffer("running_var", np.ones(num_features, dtype) if tracked else None)
        self.register_buffer("num_batches_tracked", np.array(0) if tracked else None)

    def forward(self, x: Tensor) -> Tensor:
        """Standardise x of shape (N, C, ...) channel by channel."""
        if x.ndim not in self.axes or x.shape[1] != self.num_features:
            raise ValueError(
                f"{type(self).__name__}: x must have {' or '.join(map(str, self.axes))} axes and "
                f"{self.num_features} channels (axis 1), got shape {x.shape}"
            )
        momentum = self.momentum
        if self.training and self.track_running_stats:
            self.num_batches_tracked += 1
            if momentum is None:  # every batch counts alike
                momentum = 1 / int(self.num_batches_tracked)
        return F.batch_norm(
            x, self.running_mean, self.running_var, weight=self.weight, bias=self.bias,
            training=self.training, momentum=momentum or 0.0, eps=self.eps,
        )  # fmt: skip

    def extra_repr(self) -> str:
        """Show the sizes and settings."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
            f"affine={self.affine}, track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(_BatchNorm):
    """Batch normalisation of features (N, C) or sequences (N, C, L).

    Parameters
    ----------
    num_features : int
        The number C of channels.
    eps : float, default 1e-5
        Added to the variance.
    momentum : float or None, default 0.1
        Share of a batch in the running statistics; None averages all batches alike.
    affine : bool, default True
        Whether a scale and a shift are learnt.
    track_running_stats : bool, default True
        Whether statistics are kept for evaluation.
    dtype : dtype_like, default float32
        Kind of number of parameters and statistics.
    bias : bool, default True
        Whether the learnt ones include a shift.

    Attributes
    ----------
    weight, bias : Parameter, shape (C,), or None
        Scale, at first 1, and shift, at first 0.
    running_mean, running_var : numpy.ndarray, shape (C,), or None
        Statistics used in evaluation.
    num_batches_tracked : numpy.ndarray of int64, shape (), or None
        How many batches they stand for.

    Raises
    ------
    ValueError
        When called, if x has other axes or channels.
    """

    axes = (2, 3)


class BatchNorm2d(_BatchNorm):
    """Batch normalisation of images (N, C, H, W).

    The parameters are those of :class:`BatchNorm1d`.

    Attributes
    ----------
    weight, bias : Parameter, shape (C,), or None
        Scale, at first 1, and shift, at first 0.
    running_mean, running_var : numpy.ndarray, shape (C,), or None
        Statistics used in evaluation.
    num_batches_tracked : numpy.ndarray of int64, shape (), or None
        How many batches they stand for.

    Raises
    ------
    ValueError
        When called, if x has other axes or channels.
    """

    axes = (4,)


class LayerNorm(Module):
    """Standardisation of each example over its last axes.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        Shape of the last axes.
    eps : float, default 1e-5
        Added to the variance.
    elementwise_affine : bool, default True
        Whether a scale and a shift are learnt.
    bias : bool, default True
        Whether there is a shift.
    dtype : dtype_like, default float32
        Kind of number of the parameters.

    Attributes
    ----------
    weight, bias : Parameter, shape `normalized_shape`, or None
        Scale, at first 1, and shift, at first 0.

    Raises
    ------
    ValueError
        When called, if the last axes of x have another shape.
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        dtype: DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.normalized_shape = _shape(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        _register_affine(
            self, self.normalized_shape, elementwise_affine, elementwise_affine and bias, dtype
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.layer_norm` of x."""
        return F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Show the shape and settings."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        )


class GroupNorm(Module):
    """Standardisation of each example over groups of its channels.

    The other parameters are those of :class:`LayerNorm` and :class:`BatchNorm1d`.

    Parameters
    ----------
    num_groups : int
        Number of groups; divides `num_channels`.
    num_channels : int
        The number C of channels.

    Attributes
    ----------
    weight, bias : Parameter, shape (C,), or None
        Scale, at first 1, and shift, at first 0.

    Raises
    ------
    ValueError
        If the groups do not divide the channels or, when called, if x has other channels.
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        dtype: DTypeLike = np.float32,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        if num_groups < 1 or num_channels % num_groups:
            raise ValueError(
                f"GroupNorm: num_channels must be divisible by num_groups, "
                f"got {num_channels} and {num_groups}"
            )
        self.num_groups, self.num_channels = num_groups, num_channels
        self.eps, self.affine = eps, affine
        _register_affine(self, (num_channels,), affine, affine and bias, dtype)

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.group_norm` of x."""
        if x.ndim < 2 or x.shape[1] != self.num_channels:
            raise ValueError(
                f"GroupNorm: x must have {self.num_channels} channels (axis 1), got shape {x.shape}"
            )
        return F.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Show the sizes and settings."""
        return f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}"


class RMSNorm(Module):
    """Division of each example by the root mean square of its last axes.

    The other parameters are those of :class:`LayerNorm`.

    Parameters
    ----------
    eps : float, optional
        Added to the mean square; by default the spacing of numbers at 1 in the dtype of x.
    elementwise_affine : bool, default True
        Whether a scale is learnt.

    Attributes
    ----------
    weight : Parameter, shape `normalized_shape`, or None
        Scale, at first 1.

    Raises
    ------
    ValueError
        When called, if the last axes of x have another shape.
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        dtype: DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.normalized_shape = _shape(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        weight = Parameter(np.ones(self.normalized_shape, dtype)) if elementwise_affine else None
        self.register_parameter("weight", weight)

    def forward(self, x: Tensor) -> Tensor:
        """Return :func:`dlcore.functional.rms_norm` of x."""
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        """Show the shape and settings."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
        )


def _shape(normalized_shape: int | Sequence[int]) -> tuple[int, ...]:
    if isinstance(normalized_shape, int | np.integer):
        return (int(normalized_shape),)
    return tuple(normalized_shape)


def _register_affine(
    module: Module, shape: tuple[int, ...], weight: bool, bias: bool, dtype: DTypeLike
) -> None:
    module.register_parameter("weight", Parameter(np.ones(shape, dtype)) if weight else None)
    module.register_parameter("bias", Parameter(np.zeros(shape, dtype)) if bias else None)
