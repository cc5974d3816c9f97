"""dlcore: deep learning from scratch in NumPy, the library of *Deep Learning, Line by Line*.

Importing dlcore loads NumPy and nothing heavier; its parts (``nn``, ``optim``, ``data``,
``metrics``, ``plot``, ``train``, ``models``, …) load when they are first used.
"""

import importlib
from types import ModuleType

import numpy as _np

from dlcore import forward as forward, functional as functional, ops as ops
from dlcore.function import Function as Function
from dlcore.functional import (
    arange as arange,
    cat as cat,
    chunk as chunk,
    cos as cos,
    exp as exp,
    eye as eye,
    full as full,
    log as log,
    matmul as matmul,
    maximum as maximum,
    minimum as minimum,
    multinomial as multinomial,
    ones as ones,
    ones_like as ones_like,
    rand as rand,
    randn as randn,
    relu as relu,
    sigmoid as sigmoid,
    sin as sin,
    softmax as softmax,
    split as split,
    sqrt as sqrt,
    stack as stack,
    tanh as tanh,
    topk as topk,
    tril as tril,
    triu as triu,
    where as where,
    zeros as zeros,
    zeros_like as zeros_like,
)
from dlcore.gradcheck import (
    GradcheckError as GradcheckError,
    gradcheck as gradcheck,
    gradgradcheck as gradgradcheck,
)
from dlcore.memory import keep_freed as _keep_freed
from dlcore.random import default_rng as default_rng, seed as seed
from dlcore.tape import (
    enable_grad as enable_grad,
    is_grad_enabled as is_grad_enabled,
    no_grad as no_grad,
)
from dlcore.tensor import Tensor as Tensor, grad as grad, tensor as tensor
from dlcore.torch_names import missing as _missing

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


def __getattr__(name: str) -> ModuleType:
    """Load a part of the library when it is first asked for."""
    if name in _PARTS:
        return importlib.import_module(f"dlcore.{name}")
    raise _missing("dlcore", name, {"x": Tensor, "dlcore.functional": functional})
