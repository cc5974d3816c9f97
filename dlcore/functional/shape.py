"""Joining Tensors, and cutting them."""

from collections.abc import Sequence

from dlcore.function import Operand
from dlcore.ops import shape
from dlcore.tensor import Tensor, as_tensor


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


def split(
    tensor: Operand, split_size_or_sections: int | Sequence[int], dim: int = 0
) -> tuple[Tensor, ...]:
    """Cut a Tensor into parts along an axis.

    Parameters
    ----------
    tensor : Tensor
        What is cut.
    split_size_or_sections : int or sequence of int
        Length of each part, the last being what is left over; or the lengths of all parts.
    dim : int, default 0
        The axis.

    Returns
    -------
    tuple of Tensor
        The parts, in order.

    Raises
    ------
    ValueError
        If the lengths do not sum to that of the axis.

    Examples
    --------
    >>> import dlcore as dl
    >>> [part.tolist() for part in dl.split(dl.arange(5), 2)]
    [[0, 1], [2, 3], [4]]
    """
    return as_tensor(tensor).split(split_size_or_sections, dim)


def chunk(input: Operand, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """Cut axis `dim` into at most `chunks` parts of one length; the last may be shorter."""
    return as_tensor(input).chunk(chunks, dim)
