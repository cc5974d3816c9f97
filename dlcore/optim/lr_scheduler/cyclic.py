"""A learning rate that goes up and down between two bounds."""

import math
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, Literal

from dlcore.optim.lr_scheduler.base import LRScheduler, attributes, check_count, per_group
from dlcore.optim.lr_scheduler.momentum import check_momentum, note_momentums, set_momentum
from dlcore.optim.optimizer import Optimizer

Mode = Literal["triangular", "triangular2", "exp_range"]


class CyclicLR(LRScheduler):
    r"""Move the learning rate up and down between two bounds, and momentum against it.

    The other parameters are those of :class:`LRScheduler`.

    Parameters
    ----------
    base_lr, max_lr : float, or sequence of float
        The bounds, :math:`\eta_{\min}` and :math:`\eta_{\max}`; one for all groups, or one a group.
    step_size_up : int, default 2000
        The steps from the lower bound to the upper, :math:`n_\uparrow`.
    step_size_down : int, optional
        The steps back, :math:`n_\downarrow`; as many as up by default.
    mode : {"triangular", "triangular2", "exp_range"}, default "triangular"
        Whether each cycle is as high as the last, or half as high, or all falls by `gamma` a step.
    gamma : float, default 1.0
        The factor of "exp_range".
    scale_fn : callable, optional
        Any height instead of `mode`: gets the number of the cycle, from 1, or of the step.
    scale_mode : {"cycle", "iterations"}, default "cycle"
        Which of the two `scale_fn` gets.
    cycle_momentum : bool, default True
        Whether momentum, or the first beta, moves from `max_momentum` to `base_momentum` and back.
    base_momentum, max_momentum : float, or sequence of float
        The bounds of momentum, 0.8 and 0.9 by default.

    Raises
    ------
    ValueError
        If an option is out of range, or the optimiser has no momentum to cycle.

    Notes
    -----
    In cycle c, from 1, and with the height :math:`h(t)` of a triangle that climbs from 0 to 1 in
    :math:`n_\uparrow` steps and falls in :math:`n_\downarrow`,

    .. math::
        \eta_t = \eta_{\min} + (\eta_{\max} - \eta_{\min}) \, h(t) \cdot
        \{1, \; 2^{1-c}, \; \gamma^t\}

    A step is a batch here. Derived in Chapter 8.

    References
    ----------
    .. [1] L. N. Smith, "Cyclical learning rates for training neural networks", WACV 2017,
       arXiv 1506.01186.

    Examples
    --------
    >>> import dlcore as dl
    >>> optimizer = dl.optim.SGD([dl.tensor([0.0], requires_grad=True)], momentum=0.9)
    >>> schedule = CyclicLR(optimizer, base_lr=0.0, max_lr=1.0, step_size_up=2)
    >>> curve = []
    >>> for _ in range(6):
    ...     curve += schedule.get_last_lr()
    ...     schedule.step()
    >>> print([round(lr, 2) for lr in curve])
    [0.0, 0.5, 1.0, 0.5, 0.0, 0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | Sequence[float],
        max_lr: float | Sequence[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: Mode = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: Literal["cycle", "iterations"] = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float | Sequence[float] = 0.8,
        max_momentum: float | Sequence[float] = 0.9,
        last_epoch: int = -1,
    ) -> None:
        step_size_down = step_size_up if step_size_down is None else step_size_down
        check_count("step_size_up", step_size_up)
        check_count("step_size_down", step_size_down)
        if scale_fn is None and mode not in ("triangular", "triangular2", "exp_range"):
            raise ValueError(
                f"mode: expected 'triangular', 'triangular2' or 'exp_range', got {mode!r}"
            )
        if scale_mode not in ("cycle", "iterations"):
            raise ValueError(f"scale_mode: expected 'cycle' or 'iterations', got {scale_mode!r}")
        base_lrs = per_group("base_lr", base_lr, optimizer)
        self.max_lrs = per_group("max_lr", max_lr, optimizer)
        self.total_size = float(step_size_up + step_size_down)
        self.step_ratio = step_size_up / self.total_size
        self.mode = mode
        self.gamma = gamma
        self._scale_fn_custom = scale_fn
        self.scale_mode = scale_mode
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.use_beta1 = check_momentum(optimizer)
            self.base_momentums = per_group("base_momentum", base_momentum, optimizer)
            self.max_momentums = per_group("max_momentum", max_momentum, optimizer)
        if last_epoch == -1:
            for group, lr in zip(optimizer.param_groups, base_lrs, strict=True):
                group["lr"] = lr
            if cycle_momentum:
                note_momentums(optimizer, self.base_momentums, self.max_momentums, self.use_beta1)
        super().__init__(optimizer, last_epoch)
        self.base_lrs = base_lrs

    def get_lr(self) -> list[float]:
        """Compute the rates of step ``last_epoch``, one a group; momentum is set on the way."""
        turn = self.last_epoch / self.total_size
        cycle = math.floor(1 + turn)
        x = 1 + turn - cycle
        up = x <= self.step_ratio
        triangle = x / self.step_ratio if up else (x - 1) / (self.step_ratio - 1)
        height = triangle * self._scale(cycle)
        if self.cycle_momentum:
            for group, low, high in zip(
                self.optimizer.param_groups, self.base_momentums, self.max_momentums, strict=True
            ):
                set_momentum(group, high - (high - low) * height, self.use_beta1)
        bounds = zip(self.base_lrs, self.max_lrs, strict=True)
        return [low + (high - low) * height for low, high in bounds]

    def state_dict(self) -> dict[str, Any]:
        """Return everything but the optimiser and a function `scale_fn`, in torch's layout.

        Returns
        -------
        dict
            As in :class:`LRScheduler`; of a `scale_fn` that is an object, its attributes.
        """
        state = {k: v for k, v in vars(self).items() if k not in ("optimizer", "_scale_fn_custom")}
        return deepcopy({**state, "_scale_fn_custom": attributes(self._scale_fn_custom)})

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over a state, and keep the function `scale_fn`.

        The parameters are those of :meth:`LRScheduler.load_state_dict`.
        """
        function = self._scale_fn_custom
        super().load_state_dict(state_dict)
        saved: Any = self._scale_fn_custom
        self._scale_fn_custom = function
        if saved is not None:
            vars(function).update(saved)

    def _scale(self, cycle: int) -> float:
        if self._scale_fn_custom is not None:
            in_cycles = self.scale_mode == "cycle"
            return float(self._scale_fn_custom(cycle if in_cycles else self.last_epoch))
        if self.mode == "exp_range":
            return float(self.gamma**self.last_epoch)
        return 2.0 ** (1 - cycle) if self.mode == "triangular2" else 1.0
