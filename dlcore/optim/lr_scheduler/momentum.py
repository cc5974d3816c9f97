"""Momentum that runs against the learning rate, for the schedules that swing both."""

from collections.abc import Sequence
from typing import Any

from dlcore.optim.optimizer import Optimizer


def check_momentum(optimizer: Optimizer) -> bool:
    """Tell where an optimiser keeps its momentum, and refuse one that has none.

    Parameters
    ----------
    optimizer : Optimizer
        Whose options are looked at.

    Returns
    -------
    bool
        True if it is the first of its betas, False if it is called momentum.

    Raises
    ------
    ValueError
        If it has neither.
    """
    if not {"momentum", "betas"} & set(optimizer.defaults):
        raise ValueError(
            f"cycle_momentum: {type(optimizer).__name__} has neither momentum nor betas; "
            "write cycle_momentum=False"
        )
    return "betas" in optimizer.defaults


def set_momentum(group: dict[str, Any], value: float, use_beta1: bool) -> None:
    """Set the momentum of a group.

    Parameters
    ----------
    group : dict
        The options of the group.
    value : float
        The momentum.
    use_beta1 : bool
        Whether it is the first of the betas.
    """
    if use_beta1:
        group["betas"] = (value, *group["betas"][1:])
    else:
        group["momentum"] = value


def note_momentums(
    optimizer: Optimizer, base: Sequence[float], largest: Sequence[float], use_beta1: bool
) -> None:
    """Start every group at its largest momentum, and note its range there, as torch does.

    Parameters
    ----------
    optimizer : Optimizer
        Whose groups they are.
    base, largest : sequence of float
        The range, one a group.
    use_beta1 : bool
        Whether the momentum is the first of the betas.
    """
    for group, low, high in zip(optimizer.param_groups, base, largest, strict=True):
        set_momentum(group, high, use_beta1)
        group["max_momentum"], group["base_momentum"] = high, low
