"""Schedules along a cosine, once or with restarts."""

import math

from dlcore.optim.lr_scheduler.base import FactorLR, LRScheduler, check_count
from dlcore.optim.optimizer import Optimizer


class CosineAnnealingLR(FactorLR):
    r"""Let the learning rate fall along half a cosine.

    The other parameters are those of :class:`LRScheduler`.

    Parameters
    ----------
    T_max : int
        The step that has the lowest rate, T; after it the rate climbs again.
    eta_min : float, default 0.0
        The lowest rate, :math:`\eta_{\min}`.

    Notes
    -----
    .. math:: \eta_t = \eta_{\min} + (\eta_0 - \eta_{\min}) \, \frac{1 + \cos(\pi t / T)}{2}

    Derived in Chapter 8.

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts",
       ICLR 2017, arXiv 1608.03983.

    Examples
    --------
    >>> import dlcore as dl
    >>> optimizer = dl.optim.SGD([dl.tensor([0.0], requires_grad=True)], lr=1.0)
    >>> schedule = CosineAnnealingLR(optimizer, T_max=4)
    >>> curve = []
    >>> for _ in range(5):
    ...     curve += schedule.get_last_lr()
    ...     schedule.step()
    >>> print([round(lr, 2) for lr in curve])
    [1.0, 0.85, 0.5, 0.15, 0.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_max: int,
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        check_count("T_max", T_max)
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def scale(self, t: int) -> float:
        """Compute the factor of step t."""
        return half_cosine(t / self.T_max)


class CosineAnnealingWarmRestarts(LRScheduler):
    r"""Let the learning rate fall along half a cosine, again and again.

    The other parameters are those of :class:`CosineAnnealingLR`.

    Parameters
    ----------
    T_0 : int
        The length of the first fall in steps.
    T_mult : int, default 1
        How many times longer each fall is than the one before.

    Raises
    ------
    ValueError
        If a length is no whole number, or below 1.

    Notes
    -----
    With :math:`T_{cur}` steps since the last restart, in a fall of length :math:`T_i`,

    .. math::
        \eta_t = \eta_{\min} + (\eta_0 - \eta_{\min}) \, \frac{1 + \cos(\pi T_{cur} / T_i)}{2},
        \qquad T_{i+1} = T_{mult} \, T_i

    Derived in Chapter 8.

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts",
       ICLR 2017, arXiv 1608.03983.

    Examples
    --------
    >>> import dlcore as dl
    >>> optimizer = dl.optim.SGD([dl.tensor([0.0], requires_grad=True)], lr=1.0)
    >>> schedule = CosineAnnealingWarmRestarts(optimizer, T_0=2, T_mult=2)
    >>> curve = []
    >>> for _ in range(7):
    ...     curve += schedule.get_last_lr()
    ...     schedule.step()
    >>> print([round(lr, 2) for lr in curve])
    [1.0, 0.5, 1.0, 0.85, 0.5, 0.15, 1.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_0: int,
        T_mult: int = 1,
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        check_count("T_0", T_0)
        check_count("T_mult", T_mult)
        self.T_0 = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        self.T_cur: float
        self.T_i: int
        self._go_to(max(last_epoch, 0))
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """Compute the learning rates of the present place in the fall, one a group."""
        height = half_cosine(self.T_cur / self.T_i)
        return [self.eta_min + (lr - self.eta_min) * height for lr in self.base_lrs]

    def step(self, epoch: float | None = None) -> None:
        """Go one step on, or to any place, and set the learning rates there.

        Parameters
        ----------
        epoch : float, optional
            Where to go, counted in falls of `T_0` and so on; a fraction such as epoch plus batch
            over batches moves the rate within an epoch.

        Raises
        ------
        ValueError
            If `epoch` is negative.
        """
        self._step_count += 1
        if epoch is None and self.last_epoch >= 0:
            self.last_epoch += 1
            self.T_cur += 1
            if self.T_cur >= self.T_i:
                self.T_cur -= self.T_i
                self.T_i *= self.T_mult
        else:
            place = 0 if epoch is None else epoch
            if not place >= 0:
                raise ValueError(f"epoch: expected a number at least 0, got {place}")
            self._go_to(place)
            self.last_epoch = math.floor(place)
        self._set(self.get_lr())

    def _restart(self) -> None:
        self.step(0)

    def _go_to(self, place: float) -> None:
        self.T_cur, self.T_i = place, self.T_0
        if self.T_mult == 1:
            self.T_cur %= self.T_0
        while self.T_cur >= self.T_i:
            self.T_cur -= self.T_i
            self.T_i *= self.T_mult


def half_cosine(way: float) -> float:
    """Fall from 1 to 0 along half a cosine.

    Parameters
    ----------
    way : float
        How much of the way is behind; 0 at the top, 1 at the bottom.

    Returns
    -------
    float
        The height.
    """
    return (1 + math.cos(math.pi * way)) / 2
