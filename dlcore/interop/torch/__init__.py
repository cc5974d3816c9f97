"""Tensors and weights, to PyTorch and back.

Layers bear the names that they have in PyTorch, and so do their parameters: what is here converts,
checks and copies, and nothing has to be renamed.
"""

from dlcore.interop.extras import missing

try:
    import torch as _installed  # noqa: F401 (asked for here, so that the answer is a clear one)
except ModuleNotFoundError as error:
    raise missing("torch", "torch") from error

from dlcore.interop.torch.tensors import from_torch as from_torch, to_torch as to_torch
from dlcore.interop.torch.twin import twin as twin
from dlcore.interop.torch.weights import (
    load_from_torch as load_from_torch,
    load_into_torch as load_into_torch,
)
