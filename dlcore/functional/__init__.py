"""What people call: functions on Tensors, with the names and arguments of ``torch``.

``dlcore.functional``, usually imported as ``F``, answers to ``torch.nn.functional``; the functions
that torch keeps at its top level (``stack``, ``where``, ``randn``) are found in ``dlcore`` too. Its
rooms are those of :mod:`dlcore.ops`.
"""

from dlcore.functional.activation import (
    elu,
    gelu,
    heaviside,
    leaky_relu,
    log_softmax,
    prelu,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)
from dlcore.functional.conv import conv1d, conv2d, conv_transpose2d
from dlcore.functional.creation import arange, eye, full, ones, rand, randn, zeros
from dlcore.functional.cross_entropy import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    nll_loss,
    sigmoid_focal_loss,
)
from dlcore.functional.elementwise import cos, exp, log, maximum, minimum, sin, sqrt, where
from dlcore.functional.index import one_hot
from dlcore.functional.linalg import linear, matmul
from dlcore.functional.loss import (
    cosine_embedding_loss,
    cosine_similarity,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    smooth_l1_loss,
)
from dlcore.functional.shape import cat, stack

__all__ = [
    "arange",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cat",
    "conv1d",
    "conv2d",
    "conv_transpose2d",
    "cos",
    "cosine_embedding_loss",
    "cosine_similarity",
    "cross_entropy",
    "elu",
    "exp",
    "eye",
    "full",
    "gelu",
    "heaviside",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "leaky_relu",
    "linear",
    "log",
    "log_softmax",
    "matmul",
    "maximum",
    "minimum",
    "mse_loss",
    "nll_loss",
    "one_hot",
    "ones",
    "prelu",
    "rand",
    "randn",
    "relu",
    "sigmoid",
    "sigmoid_focal_loss",
    "silu",
    "sin",
    "smooth_l1_loss",
    "softmax",
    "softplus",
    "sqrt",
    "stack",
    "tanh",
    "where",
    "zeros",
]
