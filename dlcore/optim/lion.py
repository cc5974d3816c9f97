"""Lion: steps of one length, along the sign of a running mean of gradients."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.optim.optimizer import Optimizer, Params, check_range
from dlcore.optim.pack import State


class Lion(Optimizer):
    r"""Lion: every weight moves by the learning rate, up or down; one mean is all it remembers.

    The other parameters are those of :class:`SGD`.

    Parameters
    ----------
    lr : float, default 1e-4
        Learning rate :math:`\eta`; the authors advise a third to a tenth of AdamW's.
    betas : (float, float), default (0.9, 0.99)
        How far the mean counts in the step, :math:`\beta_1`, and lives on, :math:`\beta_2`.
    weight_decay : float, default 0
        The factor :math:`\lambda` of decoupled decay; the authors advise 3 to 10 times AdamW's.

    Raises
    ------
    ValueError
        If an option is negative, or a beta is not in [0, 1).

    Notes
    -----
    With the gradient :math:`g_t` (negated by `maximize`) and :math:`m_0 = 0`,

    .. math::
        c_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        \theta_t &= (1 - \eta\lambda)\, \theta_{t-1} - \eta \operatorname{sign}(c_t) \\
        m_t &= \beta_2 m_{t-1} + (1 - \beta_2) g_t

    torch has no Lion; names, arguments and defaults are those of the authors' own code [2]_.
    Derived in Chapter 8.

    References
    ----------
    .. [1] X. Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023,
       arXiv 2302.06675, Algorithm 2.
    .. [2] https://github.com/google/automl, ``lion/lion_pytorch.py``.

    Examples
    --------
    >>> import dlcore as dl
    >>> w = dl.tensor([4.0], requires_grad=True)
    >>> optimizer = Lion([w], lr=0.1)
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
        lr: float = 1e-4,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        defaults = {"lr": lr, "betas": betas, "weight_decay": weight_decay, "maximize": maximize}
        super().__init__(params, defaults)

    def _check(self, group: dict[str, Any]) -> None:
        super()._check(group)
        for i, beta in enumerate(group["betas"]):
            check_range(f"betas[{i}]", beta, 0.0, 1.0)

    def _update(
        self, data: NDArray[Any], grad: NDArray[Any], state: State, group: dict[str, Any]
    ) -> None:
        if not state:
            state["exp_avg"] = np.zeros_like(data)
        (beta1, beta2), mean, lr = group["betas"], state["exp_avg"], group["lr"]
        if group["weight_decay"] != 0:
            data *= 1 - lr * group["weight_decay"]
        step = np.multiply(mean, beta1, out=np.empty_like(data))
        step += (1 - beta1) * grad
        np.sign(step, out=step)
        step *= lr
        data -= step
        mean *= beta2
        mean += (1 - beta2) * grad
