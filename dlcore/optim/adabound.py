"""AdaBound: Adam whose step sizes are squeezed, ever tighter, around that of SGD."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.optim.optimizer import Optimizer, Params, check_range
from dlcore.optim.pack import State


class AdaBound(Optimizer):
    r"""AdaBound: starts as Adam and turns, smoothly, into SGD with momentum.

    The other parameters are those of :class:`Adam`.

    Parameters
    ----------
    lr : float, default 1e-3
        Learning rate :math:`\eta` of Adam.
    final_lr : float, default 0.1
        Learning rate :math:`\eta^*` of SGD, where both bounds meet. It is scaled with `lr` when
        that is changed later, by a schedule for instance.
    gamma : float, default 1e-3
        How fast the bounds close, :math:`\gamma`; in (0, 1).
    amsbound : bool, default False
        Whether the denominator takes the largest mean square so far.

    Raises
    ------
    ValueError
        If an option is out of range. The first `lr` must not be zero: `final_lr` is scaled by it.

    Notes
    -----
    With the gradient :math:`g_t` and the means :math:`m_t, v_t` as in :class:`Adam`,

    .. math::
        \ell_t &= \eta^* \Bigl(1 - \frac{1}{\gamma t + 1}\Bigr), \qquad
        u_t = \eta^* \Bigl(1 + \frac{1}{\gamma t}\Bigr) \\
        \hat\eta_t &= \operatorname{clip}\Bigl(
            \eta \, \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}
            \,/\, (\sqrt{v_t} + \epsilon), \; \ell_t, \; u_t \Bigr) \\
        \theta_t &= \theta_{t-1} - \hat\eta_t \odot m_t

    torch has no AdaBound; names, arguments and defaults are those of the authors' own code [2]_.
    Like that code, and unlike Algorithm 2 of the paper, it corrects the bias of the means and does
    not divide the step by :math:`\sqrt t`, which only the proof needs. Derived in Chapter 8.

    References
    ----------
    .. [1] L. Luo, Y. Xiong, Y. Liu and X. Sun, "Adaptive gradient methods with dynamic bound of
       learning rate", ICLR 2019, arXiv 1902.09843.
    .. [2] https://github.com/Luolc/AdaBound, ``adabound/adabound.py``.

    Examples
    --------
    >>> import dlcore as dl
    >>> w = dl.tensor([4.0], requires_grad=True)
    >>> optimizer = AdaBound([w], lr=0.1)
    >>> for _ in range(3):
    ...     optimizer.zero_grad()
    ...     (w * w).sum().backward()
    ...     optimizer.step()
    >>> print(f"{w.item():.3f}")
    3.700
    """

    elementwise = True

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        final_lr: float = 0.1,
        gamma: float = 1e-3,
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsbound: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        defaults = {
            "lr": lr, "betas": betas, "final_lr": final_lr, "gamma": gamma, "eps": eps,
            "weight_decay": weight_decay, "amsbound": amsbound, "maximize": maximize,
            "base_lr": lr,
        }  # fmt: skip
        super().__init__(params, defaults)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Take in more parameters, and note the learning rate that `final_lr` goes with.

        The parameters are those of :meth:`Optimizer.add_param_group`.
        """
        if isinstance(param_group, dict):
            param_group = {"base_lr": param_group.get("lr", self.defaults["lr"]), **param_group}
        super().add_param_group(param_group)

    def _check(self, group: dict[str, Any]) -> None:
        super()._check(group)
        for i, beta in enumerate(group["betas"]):
            check_range(f"betas[{i}]", beta, 0.0, 1.0)
        check_range("final_lr", group["final_lr"], 0.0, math.inf)
        if not 0 < group["gamma"] < 1:
            raise ValueError(f"gamma: expected a number in (0, 1), got {group['gamma']}")
        if not group["base_lr"] > 0:
            raise ValueError(
                f"lr: expected a first learning rate above 0, got {group['base_lr']}; "
                "final_lr is scaled by lr over the first lr"
            )

    def _update(
        self, data: NDArray[Any], grad: NDArray[Any], state: State, group: dict[str, Any]
    ) -> None:
        if not state:
            state.update(step=0.0, exp_avg=np.zeros_like(data), exp_avg_sq=np.zeros_like(data))
            if group["amsbound"]:
                state["max_exp_avg_sq"] = np.zeros_like(data)
        state["step"] += 1
        if group["weight_decay"] != 0:
            grad = grad + group["weight_decay"] * data

        (beta1, beta2), mean, square = group["betas"], state["exp_avg"], state["exp_avg_sq"]
        scratch = np.multiply(grad, 1 - beta1, out=np.empty_like(data))
        mean *= beta1
        mean += scratch
        np.multiply(grad, grad, out=scratch)
        scratch *= 1 - beta2
        square *= beta2
        square += scratch
        if group["amsbound"]:
            square = np.maximum(square, state["max_exp_avg_sq"], out=state["max_exp_avg_sq"])

        t = state["step"]
        np.sqrt(square, out=scratch)
        scratch += group["eps"]
        np.divide(group["lr"] * math.sqrt(1 - beta2**t) / (1 - beta1**t), scratch, out=scratch)
        np.clip(scratch, *_bounds(t, group), out=scratch)
        scratch *= mean
        data -= scratch


def _bounds(t: float, group: dict[str, Any]) -> tuple[float, float]:
    final_lr = group["final_lr"] * group["lr"] / group["base_lr"]
    lower = final_lr * (1 - 1 / (group["gamma"] * t + 1))
    upper = final_lr * (1 + 1 / (group["gamma"] * t))
    return lower, upper
