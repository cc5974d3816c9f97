"""Layers, losses and initialisers: the building blocks of models.

Names, arguments, defaults and state-dict keys are those of ``torch.nn``.
"""

from typing import Any

from dlcore import functional as _functional
from dlcore.nn import init as init
from dlcore.nn.activation import (
    ELU as ELU,
    GELU as GELU,
    LeakyReLU as LeakyReLU,
    LogSoftmax as LogSoftmax,
    PReLU as PReLU,
    ReLU as ReLU,
    Sigmoid as Sigmoid,
    SiLU as SiLU,
    Softmax as Softmax,
    Softplus as Softplus,
    Tanh as Tanh,
)
from dlcore.nn.attention import MultiheadAttention as MultiheadAttention
from dlcore.nn.container import (
    Flatten as Flatten,
    ModuleDict as ModuleDict,
    ModuleList as ModuleList,
    Sequential as Sequential,
    Unflatten as Unflatten,
)
from dlcore.nn.conv import Conv1d as Conv1d, Conv2d as Conv2d, ConvTranspose2d as ConvTranspose2d
from dlcore.nn.dropout import Dropout as Dropout, Dropout2d as Dropout2d
from dlcore.nn.embedding import Embedding as Embedding
from dlcore.nn.linear import Bilinear as Bilinear, Identity as Identity, Linear as Linear
from dlcore.nn.loss import (
    BCELoss as BCELoss,
    BCEWithLogitsLoss as BCEWithLogitsLoss,
    CosineEmbeddingLoss as CosineEmbeddingLoss,
    CosineSimilarity as CosineSimilarity,
    CrossEntropyLoss as CrossEntropyLoss,
    HuberLoss as HuberLoss,
    KLDivLoss as KLDivLoss,
    L1Loss as L1Loss,
    MSELoss as MSELoss,
    NLLLoss as NLLLoss,
    SmoothL1Loss as SmoothL1Loss,
)
from dlcore.nn.module import Module as Module
from dlcore.nn.norm import (
    BatchNorm1d as BatchNorm1d,
    BatchNorm2d as BatchNorm2d,
    GroupNorm as GroupNorm,
    LayerNorm as LayerNorm,
    RMSNorm as RMSNorm,
)
from dlcore.nn.parameter import Parameter as Parameter
from dlcore.nn.pool import (
    AdaptiveAvgPool1d as AdaptiveAvgPool1d,
    AdaptiveAvgPool2d as AdaptiveAvgPool2d,
    AdaptiveMaxPool2d as AdaptiveMaxPool2d,
    AvgPool1d as AvgPool1d,
    AvgPool2d as AvgPool2d,
    MaxPool1d as MaxPool1d,
    MaxPool2d as MaxPool2d,
)
from dlcore.nn.position import (
    LearnedPosition as LearnedPosition,
    SinusoidalPosition as SinusoidalPosition,
)
from dlcore.nn.recurrent import GRU as GRU, LSTM as LSTM, RNN as RNN
from dlcore.nn.recurrent_cell import GRUCell as GRUCell, LSTMCell as LSTMCell, RNNCell as RNNCell
from dlcore.nn.transformer import (
    Transformer as Transformer,
    TransformerDecoder as TransformerDecoder,
    TransformerEncoder as TransformerEncoder,
)
from dlcore.nn.transformer_layer import (
    TransformerDecoderLayer as TransformerDecoderLayer,
    TransformerEncoderLayer as TransformerEncoderLayer,
)
from dlcore.nn.upsample import Upsample as Upsample
from dlcore.torch_names import missing as _missing


def __getattr__(name: str) -> Any:
    """Say what to write for a name of torch that is not there."""
    raise _missing(__name__, name, {"dlcore.functional": _functional})
