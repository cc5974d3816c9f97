"""What people call: functions on Tensors, with the names and arguments of ``torch``.

``dlcore.functional``, usually imported as ``F``, answers to ``torch.nn.functional``; the functions
that torch keeps at its top level (``stack``, ``where``, ``randn``) are found in ``dlcore`` too. A
module here has the name of the one in :mod:`dlcore.ops` whose primitives it calls; what calls
several, or none, has a module of its own, such as ``interpolate`` and ``creation``.
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
from dlcore.functional.attention import scaled_dot_product_attention
from dlcore.functional.conv import conv1d, conv2d, conv_transpose2d
from dlcore.functional.creation import arange, eye, full, ones, rand, randn, zeros
from dlcore.functional.cross_entropy import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    nll_loss,
    sigmoid_focal_loss,
)
from dlcore.functional.dropout import dropout, dropout2d
from dlcore.functional.elementwise import cos, exp, log, maximum, minimum, sin, sqrt, where
from dlcore.functional.index import embedding, one_hot
from dlcore.functional.interpolate import interpolate
from dlcore.functional.linalg import bilinear, linear, matmul
from dlcore.functional.loss import (
    cosine_embedding_loss,
    cosine_similarity,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    smooth_l1_loss,
)
from dlcore.functional.norm import batch_norm, group_norm, layer_norm, normalize, rms_norm
from dlcore.functional.pool import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_max_pool2d,
    avg_pool1d,
    avg_pool2d,
    max_pool1d,
    max_pool2d,
)
from dlcore.functional.recurrent import gru, lstm, rnn
from dlcore.functional.recurrent_cell import gru_cell, lstm_cell, rnn_cell
from dlcore.functional.shape import cat, stack

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_max_pool2d",
    "arange",
    "avg_pool1d",
    "avg_pool2d",
    "batch_norm",
    "bilinear",
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
    "dropout",
    "dropout2d",
    "elu",
    "embedding",
    "exp",
    "eye",
    "full",
    "gelu",
    "group_norm",
    "gru",
    "gru_cell",
    "heaviside",
    "huber_loss",
    "interpolate",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "linear",
    "log",
    "log_softmax",
    "lstm",
    "lstm_cell",
    "matmul",
    "max_pool1d",
    "max_pool2d",
    "maximum",
    "minimum",
    "mse_loss",
    "nll_loss",
    "normalize",
    "one_hot",
    "ones",
    "prelu",
    "rand",
    "randn",
    "relu",
    "rms_norm",
    "rnn",
    "rnn_cell",
    "scaled_dot_product_attention",
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
