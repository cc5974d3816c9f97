"""The primitives: everything that dlcore can differentiate is made of these.

Each is one class with its forward, backward and tangent rules side by side. `REGISTRY` names them
all; tests and the API reference are driven by it.
"""

from dlcore.ops import (
    activation,
    attention,
    conv,
    elementwise,
    index,
    linalg,
    loss,
    norm,
    pool,
    recurrent,
    reduce,
    shape,
    special,
)
from dlcore.ops.registry import REGISTRY, Row

__all__ = [
    "REGISTRY",
    "Row",
    "activation",
    "attention",
    "conv",
    "elementwise",
    "index",
    "linalg",
    "loss",
    "norm",
    "pool",
    "recurrent",
    "reduce",
    "shape",
    "special",
]
