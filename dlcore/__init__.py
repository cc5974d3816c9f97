"""dlcore: deep learning from scratch in NumPy, the library of *Deep Learning, Line by Line*.

Importing dlcore loads NumPy and nothing heavier; its parts (``nn``, ``optim``, ``data``,
``metrics``, ``plot``, ``train``, ``models``, …) load when they are first used.
"""

import importlib
from types import ModuleType

import numpy as _np

from dlcore import forward, functional, ops
from dlcore.function import Function
from dlcore.functional import (
    arange,
    cat,
    cos,
    exp,
    eye,
    full,
    log,
    matmul,
    maximum,
    minimum,
    ones,
    rand,
    randn,
    sin,
    softmax,
    sqrt,
    stack,
    tanh,
    where,
    zeros,
)
from dlcore.gradcheck import GradcheckError, gradcheck, gradgradcheck
from dlcore.memory import keep_freed as _keep_freed
from dlcore.random import default_rng, seed
from dlcore.tape import enable_grad, is_grad_enabled, no_grad
from dlcore.tensor import Tensor, grad, tensor

_keep_freed()

float32, float64, int64 = _np.float32, _np.float64, _np.int64

__version__ = "0.1.0"

_PARTS = {
    "data",
    "grade",
    "interop",
    "metrics",
    "models",
    "nn",
    "notebooks",
    "optim",
    "plot",
    "train",
}

__all__ = [
    "Function",
    "GradcheckError",
    "Tensor",
    "arange",
    "cat",
    "cos",
    "default_rng",
    "enable_grad",
    "exp",
    "eye",
    "float32",
    "float64",
    "forward",
    "full",
    "functional",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "int64",
    "is_grad_enabled",
    "log",
    "matmul",
    "maximum",
    "minimum",
    "no_grad",
    "ones",
    "ops",
    "rand",
    "randn",
    "seed",
    "sin",
    "softmax",
    "sqrt",
    "stack",
    "tanh",
    "tensor",
    "where",
    "zeros",
]


def __getattr__(name: str) -> ModuleType:
    """Load a part of the library when it is first asked for."""
    if name in _PARTS:
        return importlib.import_module(f"dlcore.{name}")
    raise AttributeError(f"module 'dlcore' has no attribute {name!r}")
