"""RMSprop: steps scaled by a running mean of squared gradients."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcore.optim.optimizer import Optimizer, Params, check_range
from dlcore.optim.pack import State


class RMSprop(Optimizer):
    r"""RMSprop: each weight's step is its gradient over the root of a running mean square.

    The other parameters are those of :class:`SGD` and :class:`Adam`.

    Parameters
    ----------
    lr : float, default 1e-2
        Learning rate :math:`\eta`.
    alpha : float, default 0.99
        The factor :math:`\alpha` by which the means live on.
    centered : bool, default False
        Whether the mean gradient is taken out of the mean square, which leaves its variance.

    Raises
    ------
    ValueError
        If an option is negative.

    Notes
    -----
    With the gradient :math:`g_t` (negated by `maximize`),

    .. math::
        g_t &\leftarrow g_t + \lambda \theta_{t-1} \\
        s_t &= \alpha s_{t-1} + (1 - \alpha) g_t^2 \\
        a_t &= \alpha a_{t-1} + (1 - \alpha) g_t \\
        v_t &= \mu v_{t-1} + g_t \,/\, \bigl(\sqrt{s_t - [\text{centered}]\, a_t^2}
            + \epsilon\bigr) \\
        \theta_t &= \theta_{t-1} - \eta v_t

    The means start at zero and are not corrected for it, so the first steps are long, by a factor
    of up to :math:`1 / \sqrt{1 - \alpha}`. As in torch, :math:`\epsilon` is added after the root.
    Derived in Chapter 8.

    References
    ----------
    .. [1] T. Tieleman and G. Hinton, "Lecture 6.5: rmsprop", Neural Networks for Machine
       Learning, Coursera, 2012.
    .. [2] A. Graves, "Generating sequences with recurrent neural networks", 2013,
       arXiv 1308.0850, for the centred form.

    Examples
    --------
    >>> import dlcore as dl
    >>> w = dl.tensor([4.0], requires_grad=True)
    >>> optimizer = RMSprop([w], lr=0.1)
    >>> for _ in range(3):
    ...     optimizer.zero_grad()
    ...     (w * w).sum().backward()
    ...     optimizer.step()
    >>> print(f"{w.item():.3f}")
    1.963
    """

    elementwise = True

    def __init__(
        self,
        params: Params,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        defaults = {
            "lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay,
            "momentum": momentum, "centered": centered, "maximize": maximize,
        }  # fmt: skip
        super().__init__(params, defaults)

    def _check(self, group: dict[str, Any]) -> None:
        super()._check(group)
        for name in ("alpha", "momentum"):
            check_range(name, group[name], 0.0, float("inf"))

    def _update(
        self, data: NDArray[Any], grad: NDArray[Any], state: State, group: dict[str, Any]
    ) -> None:
        if not state:
            state.update(step=0.0, square_avg=np.zeros_like(data))
            if group["momentum"] > 0:
                state["momentum_buffer"] = np.zeros_like(data)
            if group["centered"]:
                state["grad_avg"] = np.zeros_like(data)
        state["step"] += 1
        alpha, square = group["alpha"], state["square_avg"]
        if group["weight_decay"] != 0:
            grad = grad + group["weight_decay"] * data

        scratch = np.multiply(grad, grad, out=np.empty_like(data))
        scratch *= 1 - alpha
        square *= alpha
        square += scratch
        if group["centered"]:
            mean = state["grad_avg"]
            mean += (1 - alpha) * (grad - mean)
            np.multiply(mean, mean, out=scratch)
            square = np.subtract(square, scratch, out=scratch)
            np.maximum(square, 0, out=square)  # rounding may leave a variance below zero
        np.sqrt(square, out=scratch)
        scratch += group["eps"]
        np.divide(grad, scratch, out=scratch)
        if group["momentum"] > 0:
            velocity = state["momentum_buffer"]
            velocity *= group["momentum"]
            velocity += scratch
            np.copyto(scratch, velocity)
        scratch *= group["lr"]
        data -= scratch
