"""Adam: steps scaled by running moments of the gradient."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.optim.optimizer import Optimizer, Params, check_range
from dlcore.optim.pack import State


class Adam(Optimizer):
    r"""Adam: each weight's step is its mean gradient over the root of its mean square.

    The other parameters are those of :class:`SGD`.

    Parameters
    ----------
    lr : float, default 1e-3
        Learning rate :math:`\eta`, roughly the length of a step.
    betas : (float, float), default (0.9, 0.999)
        The factors :math:`\beta_1, \beta_2` by which the two means live on.
    eps : float, default 1e-8
        The number :math:`\epsilon` that keeps the denominator from zero.
    amsgrad : bool, default False
        Whether the denominator takes the largest mean square so far.
    decoupled_weight_decay : bool, default False
        Whether to shrink the weights by :math:`1 - \eta\lambda` instead of adding the penalty to
        the gradient, as AdamW does.

    Raises
    ------
    ValueError
        If an option is negative, or a beta is not in [0, 1).

    Notes
    -----
    With the gradient :math:`g_t` (negated by `maximize`, and with :math:`\lambda\theta_{t-1}` added
    unless the decay is decoupled),

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        \hat m_t &= m_t / (1 - \beta_1^t), \qquad \hat v_t = v_t / (1 - \beta_2^t) \\
        \theta_t &= \theta_{t-1} - \eta \, \hat m_t / (\sqrt{\hat v_t} + \epsilon)

    With `amsgrad`, :math:`\max_{s \le t} v_s` takes the place of :math:`v_t` in the third line.
    Both means start at zero; the divisions by :math:`1 - \beta^t` undo the bias of that.
    Derived in Chapter 8.

    References
    ----------
    .. [1] D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015,
       arXiv 1412.6980.
    .. [2] S. J. Reddi, S. Kale and S. Kumar, "On the convergence of Adam and beyond", ICLR 2018.
    .. [3] I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019,
       arXiv 1711.05101.

    Examples
    --------
    >>> import dlcore as dl
    >>> w = dl.tensor([4.0], requires_grad=True)
    >>> optimizer = Adam([w], lr=0.1)
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
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        decoupled_weight_decay: bool = False,
    ) -> None:
        defaults = {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
            "amsgrad": amsgrad, "maximize": maximize,
            "decoupled_weight_decay": decoupled_weight_decay,
        }  # fmt: skip
        super().__init__(params, defaults)

    def _check(self, group: dict[str, Any]) -> None:
        super()._check(group)
        for i, beta in enumerate(group["betas"]):
            check_range(f"betas[{i}]", beta, 0.0, 1.0)

    def _update(
        self, data: NDArray[Any], grad: NDArray[Any], state: State, group: dict[str, Any]
    ) -> None:
        if not state:
            state.update(step=0.0, exp_avg=np.zeros_like(data), exp_avg_sq=np.zeros_like(data))
            if group["amsgrad"]:
                state["max_exp_avg_sq"] = np.zeros_like(data)
        state["step"] += 1
        if group["decoupled_weight_decay"]:
            data *= 1 - group["lr"] * group["weight_decay"]
        elif group["weight_decay"] != 0:
            grad = grad + group["weight_decay"] * data

        (beta1, beta2), mean, square = group["betas"], state["exp_avg"], state["exp_avg_sq"]
        scratch = np.empty_like(data)  # the one intermediate result
        mean *= beta1
        np.multiply(grad, 1 - beta1, out=scratch)
        mean += scratch
        square *= beta2
        np.multiply(grad, grad, out=scratch)
        scratch *= 1 - beta2
        square += scratch
        if group["amsgrad"]:
            square = np.maximum(square, state["max_exp_avg_sq"], out=state["max_exp_avg_sq"])

        # Multiplying numerator and denominator by r = sqrt(1 - beta2^t) saves a pass over memory.
        r = math.sqrt(1 - beta2 ** state["step"])
        np.sqrt(square, out=scratch)
        scratch += group["eps"] * r
        np.divide(mean, scratch, out=scratch)
        scratch *= group["lr"] * r / (1 - beta1 ** state["step"])
        data -= scratch
