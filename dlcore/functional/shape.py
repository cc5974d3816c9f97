"""Joining Tensors."""

from collections.abc import Sequence

from dlcore.function import Operand
from dlcore.ops import shape
from dlcore.tensor import Tensor


def cat(tensors: Sequence[Operand], dim: int = 0) -> Tensor:
    """Join Tensors along an axis that they have.

    Parameters
    ----------
    tensors : sequence of Tensor
        Of equal shape but for axis `dim`.
    dim : int, default 0
        The axis.

    Returns
    -------
    Tensor
        The Tensors one behind the other.
    """
    return shape.Concatenate.apply(*tensors, axis=dim)


def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join Tensors of equal shape along a new axis `dim`."""
    shapes = {t.shape for t in tensors}
    if len(shapes) != 1:
        raise ValueError(f"stack: expected Tensors of one shape, got {sorted(shapes)}")
    return cat([t.unsqueeze(dim) for t in tensors], dim)
