"""Losses as modules; arguments and defaults are torch's."""

from numbers import Real
from typing import Any, Literal

from dlcore import functional as F
from dlcore.function import Operand
from dlcore.functional.loss import Reduction
from dlcore.nn.module import Module
from dlcore.tensor import Tensor, as_tensor


class _Loss(Module):
    def __init__(self, reduction: Reduction = "mean") -> None:
        super().__init__()
        if reduction not in ("mean", "sum", "none"):
            raise ValueError(f"reduction: expected 'mean', 'sum' or 'none', got {reduction!r}")
        self.reduction = reduction


class _Weighted(_Loss):
    """A loss whose weights, which are not learnt, belong to its state."""

    def __init__(self, reduction: Reduction, **weights: Operand | None) -> None:
        super().__init__(reduction)
        for name, weight in weights.items():
            if isinstance(weight, Tensor) and weight.requires_grad:
                raise ValueError(
                    f"{name}: expected constants, which the loss keeps in its state, got a Tensor "
                    "that requires a gradient; detach() it, or call the function of functional"
                )
            self.register_buffer(name, None if weight is None else as_tensor(weight))


class MSELoss(_Loss):
    """Squared error between prediction and target.

    The parameters are those of :func:`dlcore.functional.mse_loss`.
    """

    def forward(self, input: Operand, target: Operand) -> Tensor:
        """Return :func:`dlcore.functional.mse_loss`."""
        return F.mse_loss(input, target, self.reduction)


class L1Loss(_Loss):
    """Absolute error between prediction and target.

    The parameters are those of :class:`MSELoss`.
    """

    def forward(self, input: Operand, target: Operand) -> Tensor:
        """Return :func:`dlcore.functional.l1_loss`."""
        return F.l1_loss(input, target, self.reduction)


class HuberLoss(_Loss):
    """Squared error that turns into an absolute one beyond `delta`.

    The parameters are those of :func:`dlcore.functional.huber_loss`.
    """

    def __init__(self, reduction: Reduction = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction)
        if not isinstance(delta, Real) or delta <= 0:
            raise ValueError(f"delta: expected a positive number, got {delta!r}")
        self.delta: float = delta

    def forward(self, input: Operand, target: Operand) -> Tensor:
        """Return :func:`dlcore.functional.huber_loss`."""
        return F.huber_loss(input, target, self.reduction, self.delta)


class SmoothL1Loss(_Loss):
    """Absolute error, rounded off within `beta` of zero.

    The parameters are those of :func:`dlcore.functional.smooth_l1_loss`.
    """

    def __init__(self, reduction: Reduction = "mean", beta: float = 1.0) -> None:
        super().__init__(reduction)
        self.beta = beta

    def forward(self, input: Operand, target: Operand) -> Tensor:
        """Return :func:`dlcore.functional.smooth_l1_loss`."""
        return F.smooth_l1_loss(input, target, self.reduction, self.beta)


class BCELoss(_Weighted):
    """Cross-entropy of probabilities against yes (1) and no (0).

    The parameters are those of :func:`dlcore.functional.binary_cross_entropy`.
    """

    def __init__(self, weight: Operand | None = None, reduction: Reduction = "mean") -> None:
        super().__init__(reduction, weight=weight)

    def forward(self, input: Operand, target: Operand) -> Tensor:
        """Return :func:`dlcore.functional.binary_cross_entropy`."""
        return F.binary_cross_entropy(input, target, self.weight, self.reduction)


class BCEWithLogitsLoss(_Weighted):
    """Cross-entropy of scores against yes (1) and no (0).

    The parameters are those of :func:`dlcore.functional.binary_cross_entropy_with_logits`.
    """

    def __init__(
        self,
        weight: Operand | None = None,
        reduction: Reduction = "mean",
        pos_weight: Operand | None = None,
    ) -> None:
        super().__init__(reduction, weight=weight, pos_weight=pos_weight)

    def forward(self, input: Operand, target: Operand) -> Tensor:
        """Return :func:`dlcore.functional.binary_cross_entropy_with_logits`."""
        return F.binary_cross_entropy_with_logits(
            input, target, self.weight, self.reduction, self.pos_weight
        )


class NLLLoss(_Weighted):
    """Negative log-likelihood of the true classes.

    The parameters are those of :func:`dlcore.functional.nll_loss`.
    """

    def __init__(
        self,
        weight: Operand | None = None,
        ignore_index: int = -100,
        reduction: Reduction = "mean",
    ) -> None:
        super().__init__(reduction, weight=weight)
        self.ignore_index = ignore_index

    def forward(self, input: Operand, target: Operand) -> Tensor:
        """Return :func:`dlcore.functional.nll_loss`."""
        return F.nll_loss(input, target, self.weight, self.ignore_index, self.reduction)


class CrossEntropyLoss(_Weighted):
    """Cross-entropy of class scores against the true classes.

    The parameters are those of :func:`dlcore.functional.cross_entropy`.
    """

    def __init__(
        self,
        weight: Operand | None = None,
        ignore_index: int = -100,
        reduction: Reduction = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(reduction, weight=weight)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input: Operand, target: Operand) -> Tensor:
        """Return :func:`dlcore.functional.cross_entropy`."""
        return F.cross_entropy(
            input, target, weight=self.weight, ignore_index=self.ignore_index,
            reduction=self.reduction, label_smoothing=self.label_smoothing,
        )  # fmt: skip


class KLDivLoss(Module):
    """Kullback-Leibler divergence of a target distribution from a prediction.

    The parameters are those of :func:`dlcore.functional.kl_div`.
    """

    def __init__(
        self,
        reduction: Literal["none", "mean", "sum", "batchmean"] = "mean",
        log_target: bool = False,
    ) -> None:
        super().__init__()
        self.reduction, self.log_target = reduction, log_target

    def forward(self, input: Operand, target: Operand) -> Tensor:
        """Return :func:`dlcore.functional.kl_div`."""
        return F.kl_div(input, target, self.reduction, self.log_target)


class CosineSimilarity(Module):
    """Cosine of the angle between vectors.

    The parameters are those of :func:`dlcore.functional.cosine_similarity`.
    """

    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        super().__init__()
        self.dim, self.eps = dim, eps

    def forward(self, x1: Operand, x2: Operand) -> Tensor:
        """Return :func:`dlcore.functional.cosine_similarity`."""
        return F.cosine_similarity(x1, x2, self.dim, self.eps)


class CosineEmbeddingLoss(_Loss):
    """Loss that turns pairs of vectors together or apart.

    The parameters are those of :func:`dlcore.functional.cosine_embedding_loss`.
    """

    def __init__(self, margin: float = 0.0, reduction: Reduction = "mean") -> None:
        super().__init__(reduction)
        self.margin = margin

    def forward(self, input1: Operand, input2: Operand, target: Any) -> Tensor:
        """Return :func:`dlcore.functional.cosine_embedding_loss`."""
        return F.cosine_embedding_loss(input1, input2, target, self.margin, self.reduction)
