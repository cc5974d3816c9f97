"""One schedule after the other: a warm-up, then anything."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from dlcore.optim.lr_scheduler.base import LRScheduler
from dlcore.optim.lr_scheduler.plateau import ReduceLROnPlateau
from dlcore.optim.optimizer import Optimizer


class SequentialLR(LRScheduler):
    """Follow one schedule up to a milestone, and the next from its own step 0 on.

    The other parameters are those of :class:`LRScheduler`.

    Parameters
    ----------
    schedulers : sequence of LRScheduler
        The schedules, in order, all made for `optimizer`.
    milestones : sequence of int
        The step at which each schedule but the first takes over; growing.
    last_epoch : int, default -1
        -1 starts with the first schedule. Another number goes on after that step.

    Raises
    ------
    TypeError
        If something else than a schedule is given.
    ValueError
        If there is none, one belongs to another optimiser or needs a score, or there are not as
        many milestones as changes.

    Notes
    -----
    Derived in Chapter 8.

    Examples
    --------
    >>> import dlcore as dl
    >>> from dlcore.optim.lr_scheduler import CosineAnnealingLR, LinearLR
    >>> optimizer = dl.optim.SGD([dl.tensor([0.0], requires_grad=True)], lr=1.0)
    >>> warm_up = LinearLR(optimizer, start_factor=0.5, total_iters=2)
    >>> fall = CosineAnnealingLR(optimizer, T_max=4)
    >>> schedule = SequentialLR(optimizer, [warm_up, fall], milestones=[2])
    >>> curve = []
    >>> for _ in range(7):
    ...     curve += schedule.get_last_lr()
    ...     schedule.step()
    >>> print([round(lr, 2) for lr in curve])
    [0.5, 0.75, 1.0, 0.85, 0.5, 0.15, 0.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedulers: Sequence[LRScheduler],
        milestones: Sequence[int],
        last_epoch: int = -1,
    ) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"optimizer: expected an Optimizer, got {type(optimizer).__name__}")
        _check(optimizer, schedulers, milestones)
        self.optimizer = optimizer
        self._schedulers = list(schedulers)
        self._milestones = list(milestones)
        self.last_epoch = -1
        self._last_lr: list[float] = []
        for group in optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        self._rewind()
        self._begin()
        for _ in range(last_epoch + 1):
            self.step()

    def step(self) -> None:
        """Go one step on in the schedule whose turn it is."""
        self.last_epoch += 1
        number = bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[number]
        if number > 0 and self._milestones[number - 1] == self.last_epoch:
            scheduler._restart()
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()

    def state_dict(self) -> dict[str, Any]:
        """Return milestones, place and the states of all schedules, in torch's layout.

        Returns
        -------
        dict
            Under ``"_schedulers"`` a state a schedule.
        """
        states = [scheduler.state_dict() for scheduler in self._schedulers]
        return {
            "_schedulers": states,
            "_milestones": list(self._milestones),
            "last_epoch": self.last_epoch,
            "_last_lr": list(self._last_lr),
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over the states of all schedules.

        The parameters are those of :meth:`LRScheduler.load_state_dict`.

        Raises
        ------
        ValueError
            If it is that of other schedules; nothing has been changed then.
        """
        own, before = self._schedulers, self.state_dict()
        super().load_state_dict(state_dict)
        states: Any = self._schedulers
        self._schedulers = own
        try:
            if len(states) != len(own):
                raise ValueError(
                    f"state_dict: expected states of {len(own)} schedules, got {len(states)}"
                )
            for scheduler, state in zip(own, states, strict=True):
                scheduler.load_state_dict(state)
        except ValueError:
            for scheduler, state in zip(own, before.pop("_schedulers"), strict=True):
                scheduler.load_state_dict(state)
            vars(self).update(before)
            raise

    def _begin(self) -> None:
        self.last_epoch = 0
        first = self._schedulers[bisect_right(self._milestones, 0)]
        first._begin()
        self._last_lr = first.get_last_lr()

    def _rewind(self) -> None:
        self.last_epoch = -1
        for scheduler in self._schedulers:
            scheduler._rewind()

    def _restart(self) -> None:
        self._rewind()
        self.last_epoch = 0
        first = self._schedulers[bisect_right(self._milestones, 0)]
        first._restart()
        self._last_lr = first.get_last_lr()


def _check(
    optimizer: Optimizer, schedulers: Sequence[LRScheduler], milestones: Sequence[int]
) -> None:
    if not schedulers:
        raise ValueError("schedulers: expected at least one schedule, got none")
    for i, scheduler in enumerate(schedulers):
        if not isinstance(scheduler, LRScheduler):
            raise TypeError(f"schedulers[{i}]: expected a schedule, got {type(scheduler).__name__}")
        if isinstance(scheduler, ReduceLROnPlateau):
            raise ValueError(
                f"schedulers[{i}]: ReduceLROnPlateau needs a score at every step; call it yourself"
            )
        if scheduler.optimizer is not optimizer:
            raise ValueError(f"schedulers[{i}]: belongs to another optimiser")
    if len(milestones) != len(schedulers) - 1:
        raise ValueError(
            f"milestones: expected {len(schedulers) - 1}, one fewer than schedules, "
            f"got {len(milestones)}"
        )
    if any(later <= earlier for earlier, later in pairwise(milestones)):
        raise ValueError(f"milestones: expected growing steps, got {list(milestones)}")
