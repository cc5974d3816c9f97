"""Clipping: keep gradients from growing beyond a bound, before the step."""

import math
from collections.abc import Iterable

import numpy as np

from dlcore.tensor import Tensor


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> Tensor:
    r"""Scale all gradients by one factor where their norm, taken together, is too large.

    Parameters
    ----------
    parameters : Tensor or iterable of Tensor
        Whose gradients are clipped, in place; those without a gradient are passed over.
    max_norm : float
        The largest norm :math:`c` that is left as it is.
    norm_type : float, default 2.0
        The order p of the norm; ``float("inf")`` for the largest absolute entry.
    error_if_nonfinite : bool, default False
        Whether a norm that is NaN or infinite raises an error, with the gradients untouched.

    Returns
    -------
    Tensor, shape ()
        The norm before.

    Raises
    ------
    ValueError
        If `max_norm` is negative.
    RuntimeError
        If the norm is not finite and `error_if_nonfinite` is set.

    Notes
    -----
    .. math:: g \leftarrow g \cdot \min\Bigl(1, \frac{c}{\lVert g \rVert_p + 10^{-6}}\Bigr)

    The direction stays. As ``torch.nn.utils.clip_grad_norm_``. Derived in Chapter 8.

    References
    ----------
    .. [1] R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural
       networks", ICML 2013, arXiv 1211.5063.

    Examples
    --------
    >>> import dlcore as dl
    >>> w = dl.tensor([3.0, 4.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> norm = clip_grad_norm_([w], max_norm=1.0)
    >>> print(f"{norm.item():.1f} {w.grad.data.round(2)}")
    10.0 [0.6 0.8]
    """
    if not max_norm >= 0:
        raise ValueError(f"max_norm: expected a number at least 0, got {max_norm}")
    grads = _gradients(parameters)
    if not grads:
        return Tensor(np.float32(0.0))
    kind = np.result_type(*(g.data for g in grads))
    wide = np.promote_types(kind, np.float32)  # squares of float16 overflow at 256
    norms = [np.linalg.norm(g.data.ravel().astype(wide, copy=False), norm_type) for g in grads]
    total = np.linalg.norm(np.array(norms), norm_type)
    if error_if_nonfinite and not np.isfinite(total):
        raise RuntimeError(
            f"parameters: the norm of their gradients is {total}, so that it cannot be clipped; "
            "look for the loss or layer that overflows"
        )
    factor = float(max_norm / (total + 1e-6))
    if not factor >= 1:
        with np.errstate(invalid="ignore"):  # what is not finite becomes NaN, as in torch
            for g in grads:
                g.data *= factor
    return Tensor(kind.type(total))


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float) -> None:
    r"""Cut every entry of every gradient off at a bound.

    The other parameters are those of :func:`clip_grad_norm_`.

    Parameters
    ----------
    clip_value : float
        The bound :math:`c`.

    Raises
    ------
    ValueError
        If `clip_value` is negative.

    Notes
    -----
    .. math:: g \leftarrow \min(\max(g, -c), c)

    The direction changes where an entry is cut. As ``torch.nn.utils.clip_grad_value_``. Derived in
    Chapter 8.

    Examples
    --------
    >>> import dlcore as dl
    >>> w = dl.tensor([3.0, 0.25], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> clip_grad_value_([w], clip_value=1.0)
    >>> print(w.grad.tolist())
    [1.0, 0.5]
    """
    if not 0 <= clip_value <= math.inf:
        raise ValueError(f"clip_value: expected a number at least 0, got {clip_value}")
    for g in _gradients(parameters):
        np.clip(g.data, -clip_value, clip_value, out=g.data)


def _gradients(parameters: Tensor | Iterable[Tensor]) -> list[Tensor]:
    given = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    for i, p in enumerate(given):
        if not isinstance(p, Tensor):
            raise TypeError(f"parameters[{i}]: expected a Tensor, got {type(p).__name__}")
    return [p.grad for p in given if p.grad is not None]
