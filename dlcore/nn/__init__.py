"""Layers, losses and initialisers: the building blocks of models.

Names, arguments, defaults and state-dict keys are those of ``torch.nn``.
"""

from dlcore.nn import init
from dlcore.nn.activation import ReLU, Sigmoid, Softmax, Tanh
from dlcore.nn.container import Flatten, Sequential
from dlcore.nn.linear import Linear
from dlcore.nn.loss import CrossEntropyLoss, MSELoss
from dlcore.nn.module import Module
from dlcore.nn.parameter import Parameter

__all__ = [
    "CrossEntropyLoss",
    "Flatten",
    "Linear",
    "MSELoss",
    "Module",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "init",
]
