"""A schedule by any function of the step."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from dlcore.optim.lr_scheduler.base import LRScheduler, attributes
from dlcore.optim.optimizer import Optimizer

Factor = Callable[[int], float]


class LambdaLR(LRScheduler):
    r"""Scale the learning rate by any function of the step.

    The other parameters are those of :class:`LRScheduler`.

    Parameters
    ----------
    lr_lambda : callable, or sequence of callable
        Gets the step t, returns the factor :math:`f(t)`; one for all groups, or one a group.

    Raises
    ------
    TypeError
        If `lr_lambda` cannot be called.
    ValueError
        If the number of functions is not that of the groups.

    Notes
    -----
    .. math:: \eta_t = \eta_0 f(t)

    A function cannot be saved: its place in the state dict holds None. Of an object that can be
    called, the attributes are saved. Derived in Chapter 8.

    Examples
    --------
    >>> import dlcore as dl
    >>> optimizer = dl.optim.SGD([dl.tensor([0.0], requires_grad=True)], lr=1.0)
    >>> schedule = LambdaLR(optimizer, lambda t: 1 / (1 + t) ** 0.5)
    >>> curve = []
    >>> for _ in range(4):
    ...     curve += schedule.get_last_lr()
    ...     schedule.step()
    >>> print([round(lr, 2) for lr in curve])
    [1.0, 0.71, 0.58, 0.5]
    """

    def __init__(
        self, optimizer: Optimizer, lr_lambda: Factor | Sequence[Factor], last_epoch: int = -1
    ) -> None:
        groups = len(getattr(optimizer, "param_groups", []))
        given = list(lr_lambda) if isinstance(lr_lambda, Sequence) else [lr_lambda] * groups
        if len(given) != groups:
            raise ValueError(f"lr_lambda: expected {groups} functions, got {len(given)}")
        for function in given:
            if not callable(function):
                raise TypeError(f"lr_lambda: expected a function of the step, got {function!r}")
        self.lr_lambdas: list[Any] = given
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """Compute the learning rates of step ``last_epoch``, one a group."""
        pairs = zip(self.base_lrs, self.lr_lambdas, strict=True)
        return [lr * f(self.last_epoch) for lr, f in pairs]

    def state_dict(self) -> dict[str, Any]:
        """Return everything but the optimiser and the functions, in torch's layout.

        Returns
        -------
        dict
            Under ``"lr_lambdas"`` the attributes of objects, and None for functions.
        """
        state = {k: v for k, v in vars(self).items() if k not in ("optimizer", "lr_lambdas")}
        return deepcopy({**state, "lr_lambdas": [attributes(f) for f in self.lr_lambdas]})

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over a state, and keep the functions.

        The parameters are those of :meth:`LRScheduler.load_state_dict`.
        """
        functions = self.lr_lambdas
        super().load_state_dict(state_dict)
        kept, self.lr_lambdas = self.lr_lambdas, functions
        for function, saved in zip(functions, kept, strict=True):
            if saved is not None:
                vars(function).update(saved)
