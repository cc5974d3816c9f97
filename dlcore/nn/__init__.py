"""Layers, losses and initialisers: the building blocks of models.

Names, arguments, defaults and state-dict keys are those of ``torch.nn``.
"""

from dlcore.nn import init
from dlcore.nn.activation import (
    ELU,
    GELU,
    LeakyReLU,
    LogSoftmax,
    PReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from dlcore.nn.attention import MultiheadAttention
from dlcore.nn.container import (
    Flatten,
    ModuleDict,
    ModuleList,
    Sequential,
    Unflatten,
)
from dlcore.nn.conv import Conv1d, Conv2d, ConvTranspose2d
from dlcore.nn.dropout import Dropout, Dropout2d
from dlcore.nn.embedding import Embedding
from dlcore.nn.linear import Bilinear, Identity, Linear
from dlcore.nn.loss import (
    BCELoss,
    BCEWithLogitsLoss,
    CosineEmbeddingLoss,
    CosineSimilarity,
    CrossEntropyLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,
)
from dlcore.nn.module import (
    Module,
)
from dlcore.nn.norm import BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm, RMSNorm
from dlcore.nn.parameter import (
    Parameter,
)
from dlcore.nn.pool import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveMaxPool2d,
    AvgPool1d,
    AvgPool2d,
    MaxPool1d,
    MaxPool2d,
)
from dlcore.nn.position import LearnedPosition, SinusoidalPosition
from dlcore.nn.recurrent import GRU, LSTM, RNN
from dlcore.nn.recurrent_cell import GRUCell, LSTMCell, RNNCell
from dlcore.nn.transformer import Transformer, TransformerDecoder, TransformerEncoder
from dlcore.nn.transformer_layer import TransformerDecoderLayer, TransformerEncoderLayer
from dlcore.nn.upsample import Upsample

__all__ = [
    "ELU",
    "GELU",
    "GRU",
    "LSTM",
    "RNN",
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveMaxPool2d",
    "AvgPool1d",
    "AvgPool2d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "Bilinear",
    "Conv1d",
    "Conv2d",
    "ConvTranspose2d",
    "CosineEmbeddingLoss",
    "CosineSimilarity",
    "CrossEntropyLoss",
    "Dropout",
    "Dropout2d",
    "Embedding",
    "Flatten",
    "GRUCell",
    "GroupNorm",
    "HuberLoss",
    "Identity",
    "KLDivLoss",
    "L1Loss",
    "LSTMCell",
    "LayerNorm",
    "LeakyReLU",
    "LearnedPosition",
    "Linear",
    "LogSoftmax",
    "MSELoss",
    "MaxPool1d",
    "MaxPool2d",
    "Module",
    "ModuleDict",
    "ModuleList",
    "MultiheadAttention",
    "NLLLoss",
    "PReLU",
    "Parameter",
    "RMSNorm",
    "RNNCell",
    "ReLU",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SinusoidalPosition",
    "SmoothL1Loss",
    "Softmax",
    "Softplus",
    "Tanh",
    "Transformer",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
    "Unflatten",
    "Upsample",
    "init",
]
