"""The same network, built of PyTorch's layers."""

import inspect
from typing import Any

import numpy as np
import torch

from dlcore import nn
from dlcore.interop.torch.weights import load_into_torch
from dlcore.tensor import Tensor

# Layers that both libraries build from the same arguments and keep them in the same attributes.
_LAYERS = {
    nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d, nn.AvgPool1d, nn.AvgPool2d,
    nn.BatchNorm1d, nn.BatchNorm2d, nn.Bilinear, nn.Conv1d, nn.Conv2d, nn.ConvTranspose2d,
    nn.Dropout, nn.Dropout2d, nn.ELU, nn.Embedding, nn.Flatten, nn.GELU, nn.GRU, nn.GroupNorm,
    nn.Identity, nn.LSTM, nn.LayerNorm, nn.LeakyReLU, nn.Linear, nn.LogSoftmax, nn.MaxPool1d,
    nn.MaxPool2d, nn.PReLU, nn.RMSNorm, nn.RNN, nn.ReLU, nn.SiLU, nn.Sigmoid, nn.Softmax,
    nn.Softplus, nn.Tanh, nn.Unflatten, nn.Upsample,
}  # fmt: skip


def twin(module: nn.Module) -> torch.nn.Module:
    """Build the same network of torch's layers, with the same weights.

    Parameters
    ----------
    module : Module
        A layer that torch has too, or such layers in ``Sequential``, ``ModuleList`` and
        ``ModuleDict``; a model that is a ``Sequential``, such as ``models.MLP``, is one.

    Returns
    -------
    torch.nn.Module
        Same names, weights, dtype, mode, frozen parameters, and sharing of weights and layers.

    Raises
    ------
    TypeError
        If it holds a module of another kind; for one with a ``forward`` of its own, write it with
        torch and fill it by :func:`load_into_torch`.

    Examples
    --------
    >>> twin(nn.Sequential(nn.Linear(2, 3), nn.ReLU()))
    Sequential(
      (0): Linear(in_features=2, out_features=3, bias=True)
      (1): ReLU()
    )
    """
    made = _twin(module, "", {})
    _tie(module, made)
    load_into_torch(made, module)
    return made


def _twin(module: nn.Module, path: str, made: dict[int, torch.nn.Module]) -> torch.nn.Module:
    if id(module) not in made:
        made[id(module)] = _container(module, path, made) or _layer(module, path)
        made[id(module)].training = module.training
    return made[id(module)]


def _container(
    module: nn.Module, path: str, made: dict[int, torch.nn.Module]
) -> torch.nn.Module | None:
    for kind in (nn.Sequential, nn.ModuleList, nn.ModuleDict):
        if isinstance(module, kind) and type(module).forward is kind.forward:
            out: torch.nn.Module = getattr(torch.nn, kind.__name__)()
            for name, child in module.named_children():
                out.add_module(name, _twin(child, f"{path}.{name}".lstrip("."), made))
            return out
    return None


def _layer(module: nn.Module, path: str) -> torch.nn.Module:
    kind = type(module)
    if kind not in _LAYERS:
        place = f"layer {path!r}" if path else "module"
        raise TypeError(
            f"{place}: torch has no layer that is built like {kind.__name__}; write it with torch "
            "and fill it by load_into_torch(twin, module)"
        )
    make = getattr(torch.nn, kind.__name__)
    options = {}
    for name in _arguments(make):
        value = getattr(module, name, None)
        if name == "bias" and not isinstance(value, bool):
            value = value is not None
        if hasattr(module, name) and not isinstance(value, np.ndarray | Tensor):
            options[name] = value
    layer: torch.nn.Module = make(**options)
    floats = [a for a in module.state_dict().values() if a.dtype.kind == "f"]
    return layer.to(torch.from_numpy(floats[0]).dtype) if floats else layer


def _arguments(make: Any) -> list[str]:
    """Names that the constructor takes; those of recurrent layers stand in their base."""
    if not issubclass(make, torch.nn.RNNBase):
        return list(inspect.signature(make.__init__).parameters)[1:]
    names = list(inspect.signature(torch.nn.RNNBase.__init__).parameters)
    return [*names[2:], *(["nonlinearity"] if make is torch.nn.RNN else [])]  # no self, no mode


def _tie(module: nn.Module, made: torch.nn.Module) -> None:
    first: dict[int, torch.nn.Parameter] = {}
    for path, inner in module.named_modules():
        there = made.get_submodule(path)
        for name, parameter in inner._parameters.items():
            if parameter is not None:
                own = first.setdefault(id(parameter), getattr(there, name))
                setattr(there, name, own.requires_grad_(parameter.requires_grad))
