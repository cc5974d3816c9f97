"""What people call: functions on Tensors, with the names and arguments of ``torch``.

``dlcore.functional``, usually imported as ``F``, answers to ``torch.nn.functional``; the functions
that torch keeps at its top level (``stack``, ``where``, ``randn``) are found in ``dlcore`` too. A
module here has the name of the one in :mod:`dlcore.ops` whose primitives it calls; what calls
several, or none, has a module of its own, such as ``interpolate`` and ``creation``.
"""

from typing import Any

from dlcore.functional.activation import (
    elu as elu,
    gelu as gelu,
    heaviside as heaviside,
    leaky_relu as leaky_relu,
    log_softmax as log_softmax,
    prelu as prelu,
    relu as relu,
    sigmoid as sigmoid,
    silu as silu,
    softmax as softmax,
    softplus as softplus,
    tanh as tanh,
)
from dlcore.functional.attention import scaled_dot_product_attention as scaled_dot_product_attention
from dlcore.functional.conv import (
    conv1d as conv1d,
    conv2d as conv2d,
    conv_transpose2d as conv_transpose2d,
)
from dlcore.functional.creation import (
    arange as arange,
    eye as eye,
    full as full,
    ones as ones,
    ones_like as ones_like,
    rand as rand,
    randn as randn,
    zeros as zeros,
    zeros_like as zeros_like,
)
from dlcore.functional.cross_entropy import (
    binary_cross_entropy as binary_cross_entropy,
    binary_cross_entropy_with_logits as binary_cross_entropy_with_logits,
    cross_entropy as cross_entropy,
    nll_loss as nll_loss,
    sigmoid_focal_loss as sigmoid_focal_loss,
)
from dlcore.functional.dropout import dropout as dropout, dropout2d as dropout2d
from dlcore.functional.elementwise import (
    cos as cos,
    exp as exp,
    log as log,
    maximum as maximum,
    minimum as minimum,
    sin as sin,
    sqrt as sqrt,
    tril as tril,
    triu as triu,
    where as where,
)
from dlcore.functional.index import (
    embedding as embedding,
    multinomial as multinomial,
    one_hot as one_hot,
    topk as topk,
)
from dlcore.functional.interpolate import interpolate as interpolate
from dlcore.functional.linalg import bilinear as bilinear, linear as linear, matmul as matmul
from dlcore.functional.loss import (
    cosine_embedding_loss as cosine_embedding_loss,
    cosine_similarity as cosine_similarity,
    huber_loss as huber_loss,
    kl_div as kl_div,
    l1_loss as l1_loss,
    mse_loss as mse_loss,
    smooth_l1_loss as smooth_l1_loss,
)
from dlcore.functional.norm import (
    batch_norm as batch_norm,
    group_norm as group_norm,
    layer_norm as layer_norm,
    normalize as normalize,
    rms_norm as rms_norm,
)
from dlcore.functional.pool import (
    adaptive_avg_pool1d as adaptive_avg_pool1d,
    adaptive_avg_pool2d as adaptive_avg_pool2d,
    adaptive_max_pool2d as adaptive_max_pool2d,
    avg_pool1d as avg_pool1d,
    avg_pool2d as avg_pool2d,
    max_pool1d as max_pool1d,
    max_pool2d as max_pool2d,
)
from dlcore.functional.recurrent import gru as gru, lstm as lstm, rnn as rnn
from dlcore.functional.recurrent_cell import (
    gru_cell as gru_cell,
    lstm_cell as lstm_cell,
    rnn_cell as rnn_cell,
)
from dlcore.functional.shape import (
    cat as cat,
    chunk as chunk,
    split as split,
    stack as stack,
)
from dlcore.tensor import Tensor as _Tensor
from dlcore.torch_names import missing as _missing


def __getattr__(name: str) -> Any:
    """Say what to write for a name of torch that is not there."""
    raise _missing(__name__, name, {"x": _Tensor})
