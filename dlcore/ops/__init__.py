"""The primitives: everything that dlcore can differentiate is made of these.

Each is one class with its forward, backward and tangent rules side by side. `REGISTRY` names them
all; tests and the API reference are driven by it.
"""

from typing import TYPE_CHECKING, Any

from dlcore.ops import (
    activation as activation,
    attention as attention,
    conv as conv,
    elementwise as elementwise,
    index as index,
    linalg as linalg,
    loss as loss,
    norm as norm,
    pool as pool,
    recurrent as recurrent,
    reduce as reduce,
    shape as shape,
    special as special,
)

if TYPE_CHECKING:
    from dlcore.ops.registry import REGISTRY as REGISTRY, Row as Row


def __getattr__(name: str) -> Any:
    """Load the table when it is first asked for: computing needs the primitives alone."""
    if name in ("REGISTRY", "Row"):
        from dlcore.ops import registry

        return getattr(registry, name)
    raise AttributeError(f"module 'dlcore.ops' has no attribute {name!r}")
