"""What people call: functions on Tensors, with the names and arguments of ``torch``.

``dlcore.functional``, usually imported as ``F``, answers to ``torch.nn.functional``; the functions
that torch keeps at its top level (``stack``, ``where``, ``randn``) are found in ``dlcore`` too. Its
rooms are those of :mod:`dlcore.ops`.
"""

from dlcore.functional.activation import log_softmax, relu, sigmoid, softmax, tanh
from dlcore.functional.creation import arange, eye, full, ones, rand, randn, zeros
from dlcore.functional.elementwise import cos, exp, log, maximum, minimum, sin, sqrt, where
from dlcore.functional.index import one_hot
from dlcore.functional.linalg import linear, matmul
from dlcore.functional.loss import cross_entropy, mse_loss
from dlcore.functional.shape import cat, stack

__all__ = [
    "arange",
    "cat",
    "cos",
    "cross_entropy",
    "exp",
    "eye",
    "full",
    "linear",
    "log",
    "log_softmax",
    "matmul",
    "maximum",
    "minimum",
    "mse_loss",
    "one_hot",
    "ones",
    "rand",
    "randn",
    "relu",
    "sigmoid",
    "sin",
    "softmax",
    "sqrt",
    "stack",
    "tanh",
    "where",
    "zeros",
]
