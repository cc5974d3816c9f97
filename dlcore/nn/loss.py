"""Losses as modules."""

from typing import Any

from dlcore import functional as F
from dlcore.functional.loss import Reduction
from dlcore.nn.module import Module
from dlcore.tensor import Tensor


class _Loss(Module):
    def __init__(self, reduction: Reduction = "mean") -> None:
        super().__init__()
        if reduction not in ("mean", "sum", "none"):
            raise ValueError(f"reduction: expected 'mean', 'sum' or 'none', got {reduction!r}")
        self.reduction = reduction


class MSELoss(_Loss):
    """Squared error between prediction and target.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}, default "mean"
        Average or sum over all elements, or keep them.
    """

    def forward(self, input: Tensor, target: Any) -> Tensor:
        """Return :func:`dlcore.functional.mse_loss`."""
        return F.mse_loss(input, target, self.reduction)


class CrossEntropyLoss(_Loss):
    """Cross-entropy of class scores against the true classes.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}, default "mean"
        Average or sum over the examples, or keep them.
    """

    def forward(self, input: Tensor, target: Any) -> Tensor:
        """Return :func:`dlcore.functional.cross_entropy`."""
        return F.cross_entropy(input, target, self.reduction)
