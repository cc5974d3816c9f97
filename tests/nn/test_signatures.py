"""Arguments of layers: torch's names, order and defaults, but for what is listed here."""

import inspect

import pytest
import torch

from dlcore import nn

OURS = {"rng", "dtype"}  # last in every layer that draws or holds numbers
# What torch has besides: devices and memory, tables that renormalise, other borders than zeros.
TORCHS = {
    "_freeze", "_weight", "device", "dtype", "inplace", "max_norm", "norm_type", "padding_mode",
    "recompute_scale_factor", "return_indices", "scale_grad_by_freq", "sparse",
}  # fmt: skip
LAYERS = [
    "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AvgPool1d", "AvgPool2d", "BatchNorm1d",
    "BatchNorm2d", "Bilinear", "Conv1d", "Conv2d", "ConvTranspose2d", "Dropout", "Dropout2d",
    "Embedding", "Flatten", "GroupNorm", "LayerNorm", "Linear", "MaxPool1d", "MaxPool2d",
    "RMSNorm", "Unflatten", "Upsample",
]  # fmt: skip


def _arguments(layer: type, besides: set[str]) -> list[tuple[str, object]]:
    parameters = inspect.signature(layer).parameters.items()
    return [(name, p.default) for name, p in parameters if name not in besides]


@pytest.mark.parametrize("name", LAYERS)
def test_arguments_are_torchs(name: str) -> None:
    ours = _arguments(getattr(nn, name), OURS)
    assert ours == _arguments(getattr(torch.nn, name), TORCHS)
