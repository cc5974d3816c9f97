"""Attention."""

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dlcore.function import Operand
from dlcore.functional.dropout import dropout
from dlcore.functional.elementwise import where
from dlcore.ops import attention
from dlcore.tensor import Tensor, as_floating, as_tensor


def scaled_dot_product_attention(
    query: Operand,
    key: Operand,
    value: Operand,
    attn_mask: Operand | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Give each query a mean of the values, weighted by how well the keys answer it.

    Parameters
    ----------
    query : Tensor, shape (..., L, E)
        What is looked for.
    key : Tensor, shape (..., S, E)
        What each value is found by.
    value : Tensor, shape (..., S, F)
        What is found.
    attn_mask : Tensor, shape broadcasting to (..., L, S), optional
        Of booleans: where a query may look. Of numbers: added to the scores, and a gradient flows
        to it.
    dropout_p : float, default 0
        Probability with which a weight is set to zero; 0 except in training.
    is_causal : bool, default False
        Let query i look at keys 0 to i alone.
    scale : float, optional
        Factor of the scores, ``1 / sqrt(E)`` by default.
    rng : numpy.random.Generator, optional
        Source of randomness for dropout.

    Returns
    -------
    Tensor, shape (..., L, F)
        ``softmax(scale * query @ key.mT + mask) @ value``; zeros for a query that may look nowhere.

    Raises
    ------
    ValueError
        If shapes do not fit, or if both `attn_mask` and `is_causal` are given.

    Notes
    -----
    Unlike in torch, leading axes broadcast. Derived in Chapter 15.

    References
    ----------
    A. Vaswani et al., "Attention is all you need", NeurIPS 2017.

    Examples
    --------
    >>> import dlcore as dl, dlcore.functional as F
    >>> value = dl.tensor([[1.0], [3.0], [8.0]])
    >>> F.scaled_dot_product_attention(dl.ones(3, 2), dl.ones(3, 2), value, is_causal=True)
    tensor([[1.],
            [2.],
            [4.]])
    """
    q, k, v = (as_floating(x) for x in (query, key, value))
    shape = _scores_shape(q, k, v)
    mask: NDArray[Any] | None = None
    bias: tuple[Tensor, ...] = ()
    if is_causal:
        if attn_mask is not None:
            raise ValueError(
                "scaled_dot_product_attention: expected attn_mask or is_causal, got both"
            )
        mask = causal_mask(shape[-2], shape[-1], q.dtype)
    elif attn_mask is not None:
        given = as_tensor(attn_mask)
        _check_mask(given, shape)
        if given.dtype.kind == "f":
            given = given.to(q.dtype)  # np.full makes float64
        if given.dtype.kind == "b":
            mask = np.where(given.data, q.dtype.type(0), q.dtype.type(-np.inf))
        elif given.requires_grad or given.level:
            bias = (given,)
        else:
            mask = given.data
    kept = None
    if dropout_p:
        kept = dropout(np.ones(shape, q.dtype), dropout_p, rng=rng).data
    scale = 1 / math.sqrt(max(q.shape[-1], 1)) if scale is None else scale
    return attention.Attention.apply(q, k, v, *bias, scale=scale, mask=mask, kept=kept)


def attention_weights(query: Tensor, key: Tensor, mask: Tensor | None) -> Tensor:
    """Return the weights (..., L, S) with which queries take the values of keys.

    The other parameters are those of :func:`scaled_dot_product_attention`.

    Parameters
    ----------
    mask : Tensor, shape broadcasting to (..., L, S), or None
        Added to the scores.

    Returns
    -------
    Tensor, shape (..., L, S)
        Distributions over the keys; zeros for a query that may look nowhere.
    """
    scores = (query * (1 / math.sqrt(query.shape[-1]))) @ key.mT
    if mask is None:
        return scores.softmax(-1)
    scores = scores + mask
    nowhere = np.isneginf(scores.data).all(-1, keepdims=True)
    if not nowhere.any():
        return scores.softmax(-1)
    return where(nowhere, 0.0, where(nowhere, 0.0, scores).softmax(-1))


def causal_mask(queries: int, keys: int, dtype: DTypeLike = np.float32) -> NDArray[np.floating]:
    """Return what is added to scores so that query i looks at keys 0 to i alone.

    Parameters
    ----------
    queries, keys : int
        How many there are.
    dtype : dtype_like, default float32
        Kind of number.

    Returns
    -------
    numpy.ndarray, shape (queries, keys)
        0 where a query may look, minus infinity elsewhere.
    """
    mask = np.zeros((queries, keys), dtype)
    mask[~np.tri(queries, keys, dtype=bool)] = -np.inf
    return mask


def _scores_shape(q: Tensor, k: Tensor, v: Tensor) -> tuple[int, ...]:
    name = "scaled_dot_product_attention"
    if min(q.ndim, k.ndim, v.ndim) < 2:
        raise ValueError(
            f"{name}: query, key and value must have at least 2 axes, "
            f"got shapes {q.shape}, {k.shape} and {v.shape}"
        )
    if q.shape[-1] != k.shape[-1] or k.shape[-2] != v.shape[-2]:
        raise ValueError(
            f"{name}: query (..., L, E), key (..., S, E) and value (..., S, F) must agree in E and "
            f"S, got shapes {q.shape}, {k.shape} and {v.shape}"
        )
    try:
        batch = np.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2])
    except ValueError:
        raise ValueError(
            f"{name}: leading axes of query, key and value must broadcast, "
            f"got shapes {q.shape}, {k.shape} and {v.shape}"
        ) from None
    return (*batch, q.shape[-2], k.shape[-2])


def _check_mask(mask: Tensor, shape: tuple[int, ...]) -> None:
    if mask.dtype.kind not in "bf":
        raise ValueError(
            f"scaled_dot_product_attention: attn_mask must hold booleans or floating-point "
            f"numbers, got {mask.dtype}"
        )
    try:
        fits = np.broadcast_shapes(mask.shape, shape) == shape
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(
            f"scaled_dot_product_attention: attn_mask must broadcast to {shape}, got {mask.shape}"
        )
