"""Schedules that fall: in stairs, exponentially, by inverse time."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from dlcore.optim.lr_scheduler.base import FactorLR, check_count
from dlcore.optim.optimizer import Optimizer


class StepLR(FactorLR):
    r"""Multiply the learning rate by `gamma` every `step_size` steps.

    The other parameters are those of :class:`LRScheduler`.

    Parameters
    ----------
    step_size : int
        How many steps the rate stays, n.
    gamma : float, default 0.1
        The factor :math:`\gamma`.

    Notes
    -----
    .. math:: \eta_t = \eta_0 \gamma^{\lfloor t / n \rfloor}

    Derived in Chapter 8.

    Examples
    --------
    >>> import dlcore as dl
    >>> optimizer = dl.optim.SGD([dl.tensor([0.0], requires_grad=True)], lr=1.0)
    >>> schedule = StepLR(optimizer, step_size=2, gamma=0.5)
    >>> curve = []
    >>> for _ in range(5):
    ...     curve += schedule.get_last_lr()
    ...     schedule.step()
    >>> print([round(lr, 2) for lr in curve])
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        check_count("step_size", step_size)
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def scale(self, t: int) -> float:
        """Compute the factor of step t."""
        return float(self.gamma ** (t // self.step_size))


class MultiStepLR(FactorLR):
    r"""Multiply the learning rate by `gamma` at each milestone: a piecewise constant schedule.

    The other parameters are those of :class:`StepLR`.

    Parameters
    ----------
    milestones : iterable of int
        The steps at which it falls, :math:`m_i`; one that comes twice counts twice.

    Notes
    -----
    .. math:: \eta_t = \eta_0 \gamma^{n(t)}, \qquad n(t) = \#\{i : m_i \le t\}

    Derived in Chapter 8.

    Examples
    --------
    >>> import dlcore as dl
    >>> optimizer = dl.optim.SGD([dl.tensor([0.0], requires_grad=True)], lr=1.0)
    >>> schedule = MultiStepLR(optimizer, milestones=[1, 4], gamma=0.5)
    >>> curve = []
    >>> for _ in range(5):
    ...     curve += schedule.get_last_lr()
    ...     schedule.step()
    >>> print([round(lr, 2) for lr in curve])
    [1.0, 0.5, 0.5, 0.5, 0.25]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        milestones: Iterable[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        self.milestones = Counter(milestones)
        for milestone in self.milestones:
            check_count("milestones", milestone, least=0)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def scale(self, t: int) -> float:
        """Compute the factor of step t."""
        return float(self.gamma ** bisect_right(sorted(self.milestones.elements()), t))

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over a state, in which JSON may have made strings of the milestones.

        Parameters
        ----------
        state_dict : mapping
            As in :class:`LRScheduler`.
        """
        super().load_state_dict(state_dict)
        self.milestones = Counter({int(m): count for m, count in self.milestones.items()})


class ExponentialLR(FactorLR):
    r"""Multiply the learning rate by `gamma` at every step.

    The other parameters are those of :class:`LRScheduler`.

    Parameters
    ----------
    gamma : float
        The factor :math:`\gamma`.

    Notes
    -----
    .. math:: \eta_t = \eta_0 \gamma^t

    Derived in Chapter 8.

    Examples
    --------
    >>> import dlcore as dl
    >>> optimizer = dl.optim.SGD([dl.tensor([0.0], requires_grad=True)], lr=1.0)
    >>> schedule = ExponentialLR(optimizer, gamma=0.5)
    >>> curve = []
    >>> for _ in range(4):
    ...     curve += schedule.get_last_lr()
    ...     schedule.step()
    >>> print([round(lr, 2) for lr in curve])
    [1.0, 0.5, 0.25, 0.12]
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def scale(self, t: int) -> float:
        """Compute the factor of step t."""
        return float(self.gamma**t)


class InverseTimeLR(FactorLR):
    r"""Divide the learning rate by a number that grows with the steps.

    The other parameters are those of :class:`LRScheduler`.

    Parameters
    ----------
    gamma : float
        How fast it grows, :math:`\gamma`; at least 0.

    Raises
    ------
    ValueError
        If `gamma` is negative.

    Notes
    -----
    .. math:: \eta_t = \frac{\eta_0}{1 + \gamma t}

    The steps sum to infinity while their squares do not, which is what the proof of convergence
    asks for [1]_. torch has no such class; it is ``LambdaLR(optimizer, lambda t: 1 / (1 + gamma *
    t))`` there. Derived in Chapter 8.

    References
    ----------
    .. [1] H. Robbins and S. Monro, "A stochastic approximation method", Annals of Mathematical
       Statistics 22, 1951.

    Examples
    --------
    >>> import dlcore as dl
    >>> optimizer = dl.optim.SGD([dl.tensor([0.0], requires_grad=True)], lr=1.0)
    >>> schedule = InverseTimeLR(optimizer, gamma=1.0)
    >>> curve = []
    >>> for _ in range(4):
    ...     curve += schedule.get_last_lr()
    ...     schedule.step()
    >>> print([round(lr, 2) for lr in curve])
    [1.0, 0.5, 0.33, 0.25]
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        if not gamma >= 0:
            raise ValueError(f"gamma: expected a number at least 0, got {gamma}")
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def scale(self, t: int) -> float:
        """Compute the factor of step t."""
        return 1 / (1 + self.gamma * t)
