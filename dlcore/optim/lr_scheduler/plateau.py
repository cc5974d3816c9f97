"""A learning rate that falls when a score has stopped getting better."""

import math
from collections.abc import Sequence
from typing import Literal, SupportsFloat

from dlcore.optim.lr_scheduler.base import LRScheduler, check_count, per_group
from dlcore.optim.optimizer import Optimizer


class ReduceLROnPlateau(LRScheduler):
    r"""Multiply the learning rate by `factor` when a score has not got better for a while.

    The other parameters are those of :class:`LRScheduler`.

    Parameters
    ----------
    mode : {"min", "max"}, default "min"
        Whether lower or higher scores are better.
    factor : float, default 0.1
        What the rate is multiplied by; below 1.
    patience : int, default 10
        How many scores that are no better are borne; the next one lowers the rate.
    threshold : float, default 1e-4
        How much better than the best is better.
    threshold_mode : {"rel", "abs"}, default "rel"
        Whether `threshold` is a part of the best score, or a difference.
    cooldown : int, default 0
        How many scores are not counted after the rate fell.
    min_lr : float, or sequence of float, default 0
        The lowest rate; one for all groups, or one a group.
    eps : float, default 1e-8
        A change of the rate no greater than this is left out.

    Raises
    ------
    TypeError
        If `optimizer` is no Optimizer.
    ValueError
        If an option is out of range.

    Notes
    -----
    A score s is better than the best b if :math:`s < b (1 - \tau)` ("min", "rel"),
    :math:`s < b - \tau` ("min", "abs"), :math:`s > b (1 + \tau)` ("max", "rel") or
    :math:`s > b + \tau` ("max", "abs"). NaN is never better. Derived in Chapter 8.

    Examples
    --------
    >>> import dlcore as dl
    >>> optimizer = dl.optim.SGD([dl.tensor([0.0], requires_grad=True)], lr=1.0)
    >>> schedule = ReduceLROnPlateau(optimizer, patience=1)
    >>> for loss in [0.9, 0.5, 0.5, 0.6, 0.4]:
    ...     schedule.step(loss)
    ...     print(f"{schedule.get_last_lr()[0]:.1f}")
    1.0
    1.0
    1.0
    0.1
    0.1
    """

    _ALSO_IN_TORCH = frozenset({"verbose", "default_min_lr", "mode_worse"})

    def __init__(
        self,
        optimizer: Optimizer,
        mode: Literal["min", "max"] = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: Literal["rel", "abs"] = "rel",
        cooldown: int = 0,
        min_lr: float | Sequence[float] = 0,
        eps: float = 1e-8,
    ) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"optimizer: expected an Optimizer, got {type(optimizer).__name__}")
        if mode not in ("min", "max"):
            raise ValueError(f"mode: expected 'min' or 'max', got {mode!r}")
        if threshold_mode not in ("rel", "abs"):
            raise ValueError(f"threshold_mode: expected 'rel' or 'abs', got {threshold_mode!r}")
        if not factor < 1:
            raise ValueError(f"factor: expected a number below 1, got {factor}")
        check_count("patience", patience, least=0)
        check_count("cooldown", cooldown, least=0)
        self.optimizer = optimizer
        self.mode = mode
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.threshold_mode = threshold_mode
        self.cooldown = cooldown
        self.min_lrs = per_group("min_lr", min_lr, optimizer)
        self.eps = eps
        self.last_epoch = 0
        self.best = math.inf if mode == "min" else -math.inf
        self.cooldown_counter = 0
        self.num_bad_epochs = 0
        self._last_lr = [group["lr"] for group in optimizer.param_groups]

    # The other schedules need no score: this one takes the place of their step, as in torch.
    def step(self, metrics: SupportsFloat) -> None:  # type: ignore[override]
        """Take in a score, and lower the learning rates if it has been the same too long.

        Parameters
        ----------
        metrics : float or Tensor of one number
            The score, such as the validation loss of the epoch.
        """
        score = float(metrics)
        self.last_epoch += 1
        if self._is_better(score):
            self.best, self.num_bad_epochs = score, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        rates: list[float] = [group["lr"] for group in self.optimizer.param_groups]
        if self.num_bad_epochs > self.patience:
            rates = [self._lower(lr, i) for i, lr in enumerate(rates)]
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
        self._set(rates)

    def _is_better(self, score: float) -> bool:
        sign = 1 if self.mode == "max" else -1
        relative = self.threshold_mode == "rel"
        margin = sign * self.threshold
        bar = self.best * (1 + margin) if relative else self.best + margin
        return score * sign > bar * sign

    def _lower(self, lr: float, group: int) -> float:
        lower = max(lr * self.factor, self.min_lrs[group])
        return lower if lr - lower > self.eps else lr
