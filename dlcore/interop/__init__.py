"""Other libraries: PyTorch, scikit-learn, safetensors and ONNX.

Each has a module here that bears its name and loads, when it is first used, what it needs.
"""

import importlib
from types import ModuleType

_PARTS = {"onnx", "safetensors", "sklearn", "torch"}


def __getattr__(name: str) -> ModuleType:
    """Load a module when it is first asked for."""
    if name in _PARTS:
        return importlib.import_module(f"dlcore.interop.{name}")
    raise AttributeError(f"module 'dlcore.interop' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the modules, loaded or not."""
    return sorted({*globals(), *_PARTS})
