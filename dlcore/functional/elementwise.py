"""Functions that act on each element by itself."""

from dlcore.function import Operand, array_of
from dlcore.ops import elementwise
from dlcore.tensor import Tensor, as_tensor


def exp(input: Operand) -> Tensor:
    """Return e to the power of each element."""
    return elementwise.Exp.apply(input)


def log(input: Operand) -> Tensor:
    """Return the natural logarithm of each element."""
    return elementwise.Log.apply(input)


def sqrt(input: Operand) -> Tensor:
    """Return the square root of each element."""
    return elementwise.Sqrt.apply(input)


def sin(input: Operand) -> Tensor:
    """Return the sine of each element, in radians."""
    return elementwise.Sin.apply(input)


def cos(input: Operand) -> Tensor:
    """Return the cosine of each element, in radians."""
    return elementwise.Cos.apply(input)


def maximum(input: Operand, other: Operand) -> Tensor:
    """Return the larger of two elements at each place; ties share the gradient."""
    return elementwise.Maximum.apply(input, other)


def minimum(input: Operand, other: Operand) -> Tensor:
    """Return the smaller of two elements at each place; ties share the gradient."""
    return elementwise.Minimum.apply(input, other)


def where(condition: Operand, input: Operand, other: Operand) -> Tensor:
    """Take `input` where `condition` holds, and `other` elsewhere."""
    return elementwise.Where.apply(input, other, condition=array_of(condition).astype(bool))


def tril(input: Operand, diagonal: int = 0) -> Tensor:
    """Keep each matrix on and below a diagonal, with zeros above it.

    Parameters
    ----------
    input : Tensor, shape (..., N, M)
        Matrices.
    diagonal : int, default 0
        Which diagonal: 0 is the main one, 1 the one above it, -1 the one below.

    Returns
    -------
    Tensor
        Of the same shape.

    Examples
    --------
    >>> import dlcore as dl
    >>> dl.tril(dl.ones(2, 3))
    tensor([[1., 0., 0.],
            [1., 1., 0.]])
    """
    return as_tensor(input).tril(diagonal)


def triu(input: Operand, diagonal: int = 0) -> Tensor:
    """Keep each matrix on and above a diagonal, with zeros below it; as :func:`tril`."""
    return as_tensor(input).triu(diagonal)
