"""AdamW: Adam whose weight decay stays out of the gradient."""

from collections.abc import Mapping
from typing import Any

from dlcore.optim.adam import Adam
from dlcore.optim.optimizer import Params


class AdamW(Adam):
    r"""Adam with decoupled weight decay: every weight shrinks at the same rate.

    The other parameters are those of :class:`Adam`.

    Parameters
    ----------
    weight_decay : float, default 1e-2
        The factor :math:`\lambda` of the decay.

    Raises
    ------
    ValueError
        If an option is negative, or a beta is not in [0, 1).

    Notes
    -----
    .. math::
        \theta_t = (1 - \eta\lambda)\, \theta_{t-1}
            - \eta \, \hat m_t / (\sqrt{\hat v_t} + \epsilon)

    with the means of :class:`Adam`, taken of the gradient alone. An L2 penalty, which Adam adds to
    the gradient, is divided by :math:`\sqrt{\hat v_t}` as well, so that weights with large
    gradients hardly decay. Derived in Chapter 8.

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019,
       arXiv 1711.05101.

    Examples
    --------
    >>> import dlcore as dl
    >>> w = dl.tensor([4.0], requires_grad=True)
    >>> optimizer = AdamW([w], lr=0.1, weight_decay=0.5)
    >>> for _ in range(3):
    ...     optimizer.zero_grad()
    ...     (w * w).sum().backward()
    ...     optimizer.step()
    >>> print(f"{w.item():.3f}")
    3.145
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params, lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad,
            maximize=maximize, decoupled_weight_decay=True,
        )  # fmt: skip

    def _options(self, group: Mapping[str, Any]) -> dict[str, Any]:
        # torch wrote no such key before 2.6, and sets it in an AdamW whatever was loaded.
        return super()._options({**group, "decoupled_weight_decay": True})
