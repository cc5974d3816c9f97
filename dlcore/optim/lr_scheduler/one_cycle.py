"""One long cycle of learning rate and momentum, for a whole training run."""

from collections.abc import Sequence
from typing import Any, Literal

from dlcore.optim.lr_scheduler.base import LRScheduler, check_count, per_group
from dlcore.optim.lr_scheduler.cosine import half_cosine
from dlcore.optim.lr_scheduler.momentum import check_momentum, note_momentums, set_momentum
from dlcore.optim.optimizer import Optimizer


class OneCycleLR(LRScheduler):
    r"""Let the learning rate climb, and fall far below its start, within one run.

    The other parameters are those of :class:`CyclicLR`.

    Parameters
    ----------
    max_lr : float, or sequence of float
        The top; one for all groups, or one a group.
    total_steps : int, optional
        The length of the cycle; `epochs` times `steps_per_epoch` by default.
    epochs, steps_per_epoch : int, optional
        Both are needed where `total_steps` is not given.
    pct_start : float, default 0.3
        Which part of the cycle climbs, from 0 to 1.
    anneal_strategy : {"cos", "linear"}, default "cos"
        The form of each slope.
    base_momentum, max_momentum : float, or sequence of float
        The bounds of momentum, 0.85 and 0.95 by default.
    div_factor : float, default 25.0
        How many times lower than the top the start is.
    final_div_factor : float, default 1e4
        How many times lower than the start the end is.
    three_phase : bool, default False
        Whether the rate falls to its start as fast as it climbed, and from there to its end.

    Raises
    ------
    ValueError
        If an option is out of range, the optimiser has no momentum to cycle, or ``step`` is
        called more than `total_steps` times.

    Notes
    -----
    With slopes that join start, top and end at the steps :math:`s_0 = 0 < s_1 < s_2 = T - 1`,

    .. math::
        \eta_t = b + (a - b) \, \frac{1 + \cos(\pi p)}{2}, \qquad
        p = \frac{t - s_i}{s_{i+1} - s_i}

    on the slope from rate a to rate b. A step is a batch here. Derived in Chapter 8.

    References
    ----------
    .. [1] L. N. Smith and N. Topin, "Super-convergence: very fast training of neural networks
       using large learning rates", 2018, arXiv 1708.07120.

    Examples
    --------
    >>> import dlcore as dl
    >>> optimizer = dl.optim.SGD([dl.tensor([0.0], requires_grad=True)], momentum=0.9)
    >>> schedule = OneCycleLR(optimizer, max_lr=1.0, total_steps=8, pct_start=0.5)
    >>> curve = []
    >>> for _ in range(8):
    ...     curve += schedule.get_last_lr()
    ...     schedule.step()
    >>> print([round(lr, 2) for lr in curve])
    [0.04, 0.28, 0.76, 1.0, 0.85, 0.5, 0.15, 0.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | Sequence[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: Literal["cos", "linear"] = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | Sequence[float] = 0.85,
        max_momentum: float | Sequence[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        self.total_steps = _length(total_steps, epochs, steps_per_epoch)
        if not 0 <= pct_start <= 1:
            raise ValueError(f"pct_start: expected a number in [0, 1], got {pct_start}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                f"anneal_strategy: expected 'cos' or 'linear', got {anneal_strategy!r}"
            )
        self._anneal_func_type = anneal_strategy
        self._schedule_phases = _phases(self.total_steps, pct_start, three_phase)
        self.cycle_momentum = cycle_momentum
        tops = per_group("max_lr", max_lr, optimizer)
        if cycle_momentum:
            self.use_beta1 = check_momentum(optimizer)
            low = per_group("base_momentum", base_momentum, optimizer)
            high = per_group("max_momentum", max_momentum, optimizer)
            if last_epoch == -1:
                note_momentums(optimizer, low, high, self.use_beta1)
        if last_epoch == -1:
            for group, top in zip(optimizer.param_groups, tops, strict=True):
                group["initial_lr"] = top / div_factor
                group["max_lr"] = top
                group["min_lr"] = group["initial_lr"] / final_div_factor
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """Compute the rates of step ``last_epoch``, one a group; momentum is set on the way."""
        if self.last_epoch > self.total_steps:
            raise ValueError(
                f"OneCycleLR: step {self.last_epoch} of {self.total_steps}: the cycle is over; "
                "make one with more total_steps"
            )
        start, phase = self._phase()
        length = phase["end_step"] - start
        way = (self.last_epoch - start) / length if length else 1.0
        rates = []
        for group in self.optimizer.param_groups:
            rates.append(self._anneal(group[phase["start_lr"]], group[phase["end_lr"]], way))
            if self.cycle_momentum:
                ends = group[phase["start_momentum"]], group[phase["end_momentum"]]
                set_momentum(group, self._anneal(*ends, way), self.use_beta1)
        return rates

    def _phase(self) -> tuple[float, dict[str, Any]]:
        start = 0.0
        for phase in self._schedule_phases[:-1]:
            if self.last_epoch <= phase["end_step"]:
                return start, phase
            start = phase["end_step"]
        return start, self._schedule_phases[-1]

    def _anneal(self, start: float, end: float, way: float) -> float:
        if self._anneal_func_type == "cos":
            return end + (start - end) * half_cosine(way)
        return start + (end - start) * way


def _length(total_steps: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    if total_steps is not None:
        check_count("total_steps", total_steps)
        return total_steps
    if epochs is None or steps_per_epoch is None:
        raise ValueError("total_steps: give it, or both epochs and steps_per_epoch")
    check_count("epochs", epochs)
    check_count("steps_per_epoch", steps_per_epoch)
    return epochs * steps_per_epoch


def _phases(total_steps: int, pct_start: float, three_phase: bool) -> list[dict[str, Any]]:
    """List the slopes in torch's layout: where each ends, and between which notes of a group."""
    climb = float(pct_start * total_steps)
    ends = (
        [climb - 1, 2 * climb - 2, total_steps - 1] if three_phase else [climb - 1, total_steps - 1]
    )
    rates = (
        ["initial_lr", "max_lr", "initial_lr", "min_lr"]
        if three_phase
        else ["initial_lr", "max_lr", "min_lr"]
    )
    momentums = ["max_momentum", "base_momentum", "max_momentum", "max_momentum"]
    return [
        {
            "end_step": end,
            "start_lr": rates[i],
            "end_lr": rates[i + 1],
            "start_momentum": momentums[i],
            "end_momentum": momentums[i + 1],
        }
        for i, end in enumerate(ends)
    ]
