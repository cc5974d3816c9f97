"""Functions that act on each element by itself."""

from dlcore.function import Operand, array_of
from dlcore.ops import elementwise
from dlcore.tensor import Tensor


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
