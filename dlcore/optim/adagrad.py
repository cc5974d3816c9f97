"""AdaGrad: steps scaled by all the gradients so far."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.optim.optimizer import Optimizer, Params, check_range
from dlcore.optim.pack import State


class Adagrad(Optimizer):
    r"""AdaGrad: each weight's step shrinks with the squares of all its gradients so far.

    The other parameters are those of :class:`SGD`.

    Parameters
    ----------
    lr : float, default 1e-2
        Learning rate :math:`\eta`.
    lr_decay : float, default 0
        The rate :math:`\gamma` at which the learning rate falls, by inverse time.
    initial_accumulator_value : float, default 0
        What the sums of squares start from.
    eps : float, default 1e-10
        The number :math:`\epsilon` that keeps the denominator from zero.

    Raises
    ------
    ValueError
        If an option is negative.

    Notes
    -----
    With the gradient :math:`g_t` (negated by `maximize`),

    .. math::
        g_t &\leftarrow g_t + \lambda \theta_{t-1} \\
        s_t &= s_{t-1} + g_t^2 \\
        \theta_t &= \theta_{t-1} - \frac{\eta}{1 + (t - 1) \gamma} \,
            \frac{g_t}{\sqrt{s_t} + \epsilon}

    Rare features, whose gradients are mostly zero, keep long steps; the sums never fall, so
    neither does any step grow again. Derived in Chapter 8.

    References
    ----------
    .. [1] J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and
       stochastic optimization", Journal of Machine Learning Research 12, 2011.

    Examples
    --------
    >>> import dlcore as dl
    >>> w = dl.tensor([4.0], requires_grad=True)
    >>> optimizer = Adagrad([w], lr=0.1)
    >>> for _ in range(3):
    ...     optimizer.zero_grad()
    ...     (w * w).sum().backward()
    ...     optimizer.step()
    >>> print(f"{w.item():.3f}")
    3.774
    """

    elementwise = True

    def __init__(
        self,
        params: Params,
        lr: float = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        defaults = {
            "lr": lr, "lr_decay": lr_decay, "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value, "eps": eps,
            "maximize": maximize,
        }  # fmt: skip
        super().__init__(params, defaults)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Take in more parameters, and start their sums, before any gradient comes, as torch does.

        The parameters are those of :meth:`Optimizer.add_param_group`.
        """
        super().add_param_group(param_group)
        group = self.param_groups[-1]
        for p in group["params"]:
            start = np.full_like(p.data, group["initial_accumulator_value"])
            self.state[p] = {"step": 0.0, "sum": start}

    def _check(self, group: dict[str, Any]) -> None:
        super()._check(group)
        for name in ("lr_decay", "initial_accumulator_value"):
            check_range(name, group[name], 0.0, float("inf"))

    def _update(
        self, data: NDArray[Any], grad: NDArray[Any], state: State, group: dict[str, Any]
    ) -> None:
        state["step"] += 1
        if group["weight_decay"] != 0:
            grad = grad + group["weight_decay"] * data
        scratch = np.multiply(grad, grad, out=np.empty_like(data))
        state["sum"] += scratch
        np.sqrt(state["sum"], out=scratch)
        scratch += group["eps"]
        np.divide(grad, scratch, out=scratch)
        scratch *= group["lr"] / (1 + (state["step"] - 1) * group["lr_decay"])
        data -= scratch
