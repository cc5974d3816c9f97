"""Layers and losses beside torch's samples of its modules: values, buffers, derivatives, errors."""

import numpy as np
import pytest

import dlcore as dl
from dlcore import nn
from tests.parity.differences import PAGE
from tests.parity.modules import DIFFERENCES, check, names

NAMES = [
    "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveMaxPool2d", "AvgPool1d", "AvgPool2d",
    "BatchNorm1d", "BatchNorm2d", "Conv1d", "Conv2d", "ConvTranspose2d", "CosineEmbeddingLoss",
    "ELU", "L1Loss", "SmoothL1Loss", "Linear", "Bilinear", "MaxPool1d", "MaxPool2d", "KLDivLoss",
    "MSELoss", "NLLLoss", "HuberLoss", "BCELoss", "BCEWithLogitsLoss", "CrossEntropyLoss", "GELU",
    "GroupNorm", "LayerNorm", "RMSNorm", "TransformerEncoder", "TransformerEncoderLayer",
    "TransformerDecoderLayer", "Transformer", "MultiheadAttention", "Embedding", "ReLU",
    "LeakyReLU", "PReLU", "RNNCell", "GRUCell", "LSTMCell", "Sigmoid", "SiLU", "Softmax",
    "LogSoftmax", "Softplus", "Tanh", "RNN", "GRU", "LSTM",
]  # fmt: skip


def test_every_module_of_the_same_name_is_swept() -> None:
    assert names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_samples_of_torch(name: str) -> None:
    check(name)


@pytest.mark.parametrize("known", DIFFERENCES, ids=lambda known: known.phrase)
def test_the_page_of_differences_says_so(known) -> None:
    assert known.phrase in PAGE.read_text(encoding="utf-8")


class _Halved(nn.Tanh):
    def forward(self, x: dl.Tensor) -> dl.Tensor:
        return super().forward(x) * 0.5


class _Detached(nn.Tanh):
    def forward(self, x: dl.Tensor) -> dl.Tensor:
        return super().forward(x) * 2 - super().forward(x.detach())


class _Deep(nn.Tanh):
    def forward(self, x: dl.Tensor) -> dl.Tensor:
        return dl.Tensor(np.tanh(x.data) + np.ones(3)[int(x.ndim) + 7])


@pytest.mark.parametrize(
    ("wrong", "says"), [(_Halved, "wrong: "), (_Detached, "gradient"), (_Deep, "unclear: ")]
)
def test_a_fault_is_found(wrong: type, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nn, "Tanh", wrong)
    with pytest.raises(AssertionError, match=says):
        check("Tanh")
