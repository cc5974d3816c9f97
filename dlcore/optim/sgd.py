"""Stochastic gradient descent, with momentum."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.optim.optimizer import Optimizer, Params, check_range
from dlcore.optim.pack import State


class SGD(Optimizer):
    r"""Stochastic gradient descent, optionally with momentum, Nesterov's too.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
        What is learnt, or groups of it with options of their own.
    lr : float, default 1e-3
        Learning rate :math:`\eta`.
    momentum : float, default 0
        The factor :math:`\mu` by which the velocity lives on.
    dampening : float, default 0
        The share :math:`\tau` of the gradient that is kept out of the velocity.
    weight_decay : float, default 0
        The factor :math:`\lambda` of an L2 penalty.
    nesterov : bool, default False
        Whether to look ahead along the velocity; needs momentum and no dampening.
    maximize : bool, default False
        Whether to climb instead.

    Raises
    ------
    ValueError
        If an option is negative, or `nesterov` comes without momentum or with dampening.

    Notes
    -----
    With the gradient :math:`g_t` (negated by `maximize`),

    .. math::
        g_t &\leftarrow g_t + \lambda \theta_{t-1} \\
        v_t &= \mu v_{t-1} + (1 - \tau) g_t, \qquad v_1 = g_1 \\
        \theta_t &= \theta_{t-1} - \eta \begin{cases}
            g_t + \mu v_t & \text{Nesterov} \\ v_t & \text{otherwise} \end{cases}

    The first velocity is the undamped gradient, as in torch. Derived in Chapter 8.

    References
    ----------
    .. [1] I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization
       and momentum in deep learning", ICML 2013.

    Examples
    --------
    >>> import dlcore as dl
    >>> w = dl.tensor([4.0], requires_grad=True)
    >>> optimizer = SGD([w], lr=0.1)
    >>> for _ in range(3):
    ...     optimizer.zero_grad()
    ...     (w * w).sum().backward()
    ...     optimizer.step()
    >>> print(f"{w.item():.3f}")
    2.048
    """

    elementwise = True

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        defaults = {
            "lr": lr, "momentum": momentum, "dampening": dampening,
            "weight_decay": weight_decay, "nesterov": nesterov, "maximize": maximize,
        }  # fmt: skip
        super().__init__(params, defaults)

    def _check(self, group: dict[str, Any]) -> None:
        super()._check(group)
        check_range("momentum", group["momentum"], 0.0, float("inf"))
        if group["nesterov"] and (group["momentum"] == 0 or group["dampening"] != 0):
            raise ValueError("nesterov: needs momentum > 0 and dampening = 0")

    def _update(
        self, data: NDArray[Any], grad: NDArray[Any], state: State, group: dict[str, Any]
    ) -> None:
        mu = group["momentum"]
        scratch = np.empty_like(data)
        if group["weight_decay"] != 0:
            grad = grad + group["weight_decay"] * data
        if mu != 0:
            velocity = state.get("momentum_buffer")
            if velocity is None:
                velocity = state["momentum_buffer"] = np.array(grad)
            else:
                velocity *= mu
                np.multiply(grad, 1 - group["dampening"], out=scratch)
                velocity += scratch
            grad = grad + mu * velocity if group["nesterov"] else velocity
        np.multiply(grad, group["lr"], out=scratch)
        data -= scratch
