"""Nonlinearities between layers, and the softmax family."""

from dlcore.function import Operand
from dlcore.ops import activation
from dlcore.tensor import Tensor


def relu(input: Operand) -> Tensor:
    """Return ``max(x, 0)``; its slope at 0 is taken to be 0.

    Parameters
    ----------
    input : Tensor
        Any shape.

    Returns
    -------
    Tensor
        Of the same shape.

    Examples
    --------
    >>> import dlcore as dl, dlcore.functional as F
    >>> F.relu(dl.tensor([-1.0, 0.0, 2.0]))
    tensor([0., 0., 2.])
    """
    return activation.Relu.apply(input)


def sigmoid(input: Operand) -> Tensor:
    """Return ``1 / (1 + exp(-x))`` for each element."""
    return activation.Sigmoid.apply(input)


def tanh(input: Operand) -> Tensor:
    """Return the hyperbolic tangent of each element."""
    return activation.Tanh.apply(input)


def softmax(input: Operand, dim: int) -> Tensor:
    """Turn scores into probabilities that sum to 1 over axis `dim`.

    Parameters
    ----------
    input : Tensor
        Scores (logits).
    dim : int
        The axis of the classes.

    Returns
    -------
    Tensor
        Probabilities, in the shape of `input`.

    Examples
    --------
    >>> import dlcore as dl, dlcore.functional as F
    >>> F.softmax(dl.tensor([0.0, 0.0, 1000.0]), dim=0)
    tensor([0., 0., 1.])
    """
    return activation.Softmax.apply(input, axis=dim)


def log_softmax(input: Operand, dim: int) -> Tensor:
    """Return the logarithm of :func:`softmax`, computed without overflow."""
    return activation.LogSoftmax.apply(input, axis=dim)
