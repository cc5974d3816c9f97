"""LRScheduler: the base of every schedule, with its count of steps and its state."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from types import FunctionType
from typing import Any

from dlcore.optim.optimizer import Optimizer


class LRScheduler:
    r"""Base of the schedules; a subclass says in ``get_lr`` what the rates are at a step.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set, group by group.
    last_epoch : int, default -1
        -1 starts the schedule. Another number goes on after that step, with the curve as it would
        be there, from the ``initial_lr`` that is in the optimiser's loaded groups.

    Attributes
    ----------
    optimizer : Optimizer
        Whose learning rates are set.
    base_lrs : list of float
        The learning rates at the start, :math:`\eta_0`, one a group.
    last_epoch : int
        The number t of calls of :meth:`step` so far, be it for an epoch or for a batch.

    Raises
    ------
    TypeError
        If `optimizer` is no Optimizer.
    ValueError
        If `last_epoch` is not -1 and a group has no ``initial_lr``.

    Notes
    -----
    Making a schedule sets the rates of step 0; call ``step()`` after the optimiser's. To go on
    after an interruption, save the state of both, make both anew and load both.
    """

    # What the state of a schedule of torch holds as well, apart from names with an underscore.
    _ALSO_IN_TORCH: frozenset[str] = frozenset({"verbose"})

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"optimizer: expected an Optimizer, got {type(optimizer).__name__}")
        for number, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise ValueError(
                    f"last_epoch: group {number} has no initial_lr to go on from; load the "
                    "optimiser's state first, or start with last_epoch=-1"
                )
        self.optimizer = optimizer
        self.base_lrs: list[float] = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self._step_count = 0
        self._last_lr: list[float] = []
        self._begin()

    def get_lr(self) -> list[float]:
        """Compute the learning rates of step ``last_epoch``, one a group.

        Returns
        -------
        list of float
            The rates; to read those that are set, use :meth:`get_last_lr`.
        """
        raise NotImplementedError(f"{type(self).__name__}: no get_lr is defined")

    def get_last_lr(self) -> list[float]:
        """Return the learning rates that were last set, one a group.

        Returns
        -------
        list of float
            The rates.
        """
        return list(self._last_lr)

    def step(self) -> None:
        """Go one step on, and set the learning rates of that step."""
        self.last_epoch += 1
        self._step_count += 1
        self._set(self.get_lr())

    def state_dict(self) -> dict[str, Any]:
        """Return everything but the optimiser, in torch's layout.

        Returns
        -------
        dict
            Numbers, strings and lists by name, as copies.
        """
        return {k: deepcopy(v) for k, v in vars(self).items() if k != "optimizer"}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over a state; the optimiser's own state has to be loaded as well.

        Parameters
        ----------
        state_dict : mapping
            As :meth:`state_dict` returns it. One of torch's schedule of the same name serves too.

        Raises
        ------
        ValueError
            If it is that of another schedule or another number of groups; nothing has been
            changed then.
        """
        own = self.state_dict()
        missing = set(own) - set(state_dict)
        known = set(own) | self._ALSO_IN_TORCH
        unknown = {name for name in state_dict if name not in known and name[0] != "_"}
        if missing or unknown:
            raise ValueError(
                f"state_dict: not the state of {type(self).__name__}: "
                f"unknown {sorted(unknown)}, missing {sorted(missing)}"
            )
        groups, given = len(self.optimizer.param_groups), len(state_dict["_last_lr"])
        if given != groups:
            raise ValueError(f"state_dict: expected rates of {groups} groups, got {given}")
        vars(self).update({k: deepcopy(state_dict[k]) for k in own})

    def _begin(self) -> None:
        self._step_count = 0
        self.step()

    def _rewind(self) -> None:
        """Go back to before step 0, and leave the rates alone."""
        self.last_epoch = -1

    def _restart(self) -> None:
        """Set the rates of step 0 when another schedule has been at work before."""
        self.last_epoch = 0
        self._set(self.get_lr())

    def _set(self, rates: Sequence[float]) -> None:
        groups = self.optimizer.param_groups
        if len(rates) != len(groups):
            raise ValueError(
                f"optimizer: expected {len(rates)} groups, as when this schedule was made, "
                f"got {len(groups)}"
            )
        for group, lr in zip(groups, rates, strict=True):
            group["lr"] = lr
        self._last_lr = list(rates)


class FactorLR(LRScheduler):
    r"""Base of the schedules that scale every rate by one factor.

    The parameters are those of :class:`LRScheduler`.

    Attributes
    ----------
    eta_min : float
        What the rates tend to, :math:`\eta_{\min}`; 0 unless the schedule has it as an option.

    Notes
    -----
    .. math:: \eta_t = \eta_{\min} + (\eta_0 - \eta_{\min}) f(t)

    As in torch, a step multiplies what lies above :math:`\eta_{\min}` by :math:`f(t) / f(t-1)`, so
    that a rate changed by hand, or by a second schedule, is scaled too rather than overwritten.
    """

    eta_min: float = 0.0

    def scale(self, t: int) -> float:
        """Compute the factor of step t.

        Parameters
        ----------
        t : int
            The step, from 0 on.

        Returns
        -------
        float
            What the rates are scaled by, f(t).
        """
        raise NotImplementedError(f"{type(self).__name__}: no scale is defined")

    def get_lr(self) -> list[float]:
        """Compute the learning rates of step ``last_epoch`` from those of the step before.

        Returns
        -------
        list of float
            The rates, one a group.
        """
        t = self.last_epoch
        now, before = self.scale(t), self.scale(t - 1) if t > 0 else 1.0
        current: list[float] = [group["lr"] for group in self.optimizer.param_groups]
        resumed = self._step_count == 1 and t > 0
        if resumed:
            return self._from_the_start(now)
        if now == before:
            return current
        if before == 0:  # nothing is left that could be scaled
            pairs = zip(current, self.base_lrs, strict=True)
            return [lr + (base - self.eta_min) * now for lr, base in pairs]
        return [self.eta_min + (lr - self.eta_min) * (now / before) for lr in current]

    def _restart(self) -> None:
        self.last_epoch = 0
        self._set(self._from_the_start(self.scale(0)))

    def _from_the_start(self, factor: float) -> list[float]:
        return [self.eta_min + (lr - self.eta_min) * factor for lr in self.base_lrs]


def per_group(name: str, value: float | Sequence[float], optimizer: Optimizer) -> list[float]:
    """Spread an option over the groups of an optimiser.

    Parameters
    ----------
    name : str
        The option.
    value : float or sequence of float
        One for all, or one a group.
    optimizer : Optimizer
        Whose groups are counted.

    Returns
    -------
    list of float
        One a group.

    Raises
    ------
    ValueError
        If the number of values is not that of the groups.
    """
    groups = len(optimizer.param_groups)
    if not isinstance(value, Sequence):
        return [value] * groups
    if len(value) != groups:
        raise ValueError(f"{name}: expected a number, or {groups} (one a group), got {len(value)}")
    return list(value)


def check_count(name: str, value: int, least: int = 1) -> None:
    """Refuse a number of steps that is no whole number, or too small.

    Parameters
    ----------
    name : str
        The option.
    value : int
        What came.
    least : int, default 1
        The smallest that will do.

    Raises
    ------
    ValueError
        If it will not do.
    """
    if isinstance(value, bool) or value != int(value) or value < least:
        raise ValueError(f"{name}: expected a whole number of at least {least}, got {value}")


def attributes(function: Any) -> dict[str, Any] | None:
    """Return what can be saved of something that can be called.

    Parameters
    ----------
    function : callable or None
        A function, or an object with ``__call__``.

    Returns
    -------
    dict or None
        The attributes of the object; None for a function, and for None.
    """
    return None if function is None or isinstance(function, FunctionType) else dict(vars(function))
