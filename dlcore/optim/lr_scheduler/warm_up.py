"""Schedules that start low: a warm-up, in one stair or along a line."""

from dlcore.optim.lr_scheduler.base import FactorLR, check_count
from dlcore.optim.optimizer import Optimizer


class ConstantLR(FactorLR):
    r"""Scale the learning rate by `factor` for the first steps.

    The other parameters are those of :class:`LRScheduler`.

    Parameters
    ----------
    factor : float, default 1/3
        The factor :math:`\gamma`, from 0 to 1.
    total_iters : int, default 5
        For how many steps, n.

    Raises
    ------
    ValueError
        If `factor` is not in [0, 1], or the length is out of range.

    Notes
    -----
    .. math:: \eta_t = \begin{cases} \gamma \eta_0 & t < n \\ \eta_0 & t \ge n \end{cases}

    Derived in Chapter 8.

    Examples
    --------
    >>> import dlcore as dl
    >>> optimizer = dl.optim.SGD([dl.tensor([0.0], requires_grad=True)], lr=1.0)
    >>> schedule = ConstantLR(optimizer, factor=0.1, total_iters=2)
    >>> curve = []
    >>> for _ in range(4):
    ...     curve += schedule.get_last_lr()
    ...     schedule.step()
    >>> print([round(lr, 2) for lr in curve])
    [0.1, 0.1, 1.0, 1.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        factor: float = 1.0 / 3,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not 0 <= factor <= 1:
            raise ValueError(f"factor: expected a number in [0, 1], got {factor}")
        check_count("total_iters", total_iters)
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def scale(self, t: int) -> float:
        """Compute the factor of step t."""
        return self.factor if t < self.total_iters else 1.0


class LinearLR(FactorLR):
    r"""Scale the learning rate by a factor that runs along a line, then stays: a warm-up.

    The other parameters are those of :class:`LRScheduler`.

    Parameters
    ----------
    start_factor : float, default 1/3
        The factor at step 0, :math:`a`; above 0, at most 1.
    end_factor : float, default 1.0
        The factor from step `total_iters` on, :math:`b`; from 0 to 1.
    total_iters : int, default 5
        The length of the line in steps, n.

    Raises
    ------
    ValueError
        If a factor or the length is out of range.

    Notes
    -----
    .. math:: \eta_t = \eta_0 \bigl(a + (b - a) \min(t, n) / n\bigr)

    The steps of adaptive optimisers rest on few gradients at first; a warm-up keeps them short.
    Derived in Chapter 8.

    References
    ----------
    .. [1] P. Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017,
       arXiv 1706.02677.

    Examples
    --------
    >>> import dlcore as dl
    >>> optimizer = dl.optim.SGD([dl.tensor([0.0], requires_grad=True)], lr=1.0)
    >>> schedule = LinearLR(optimizer, start_factor=0.25, total_iters=3)
    >>> curve = []
    >>> for _ in range(5):
    ...     curve += schedule.get_last_lr()
    ...     schedule.step()
    >>> print([round(lr, 2) for lr in curve])
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not 0 < start_factor <= 1:
            raise ValueError(f"start_factor: expected a number in (0, 1], got {start_factor}")
        if not 0 <= end_factor <= 1:
            raise ValueError(f"end_factor: expected a number in [0, 1], got {end_factor}")
        check_count("total_iters", total_iters)
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def scale(self, t: int) -> float:
        """Compute the factor of step t."""
        way = min(t, self.total_iters) / self.total_iters
        return self.start_factor + (self.end_factor - self.start_factor) * way
