"""Attention with several heads; arguments, defaults and state are torch's."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from dlcore import functional as F
from dlcore.functional.attention import attention_weights, causal_mask
from dlcore.nn import init
from dlcore.nn.linear import Linear
from dlcore.nn.module import Module
from dlcore.nn.parameter import Parameter
from dlcore.tensor import Tensor, as_floating, as_tensor


class MultiheadAttention(Module):
    """Attention in several heads side by side, each in its own projection of the features.

    Parameters
    ----------
    embed_dim : int
        The length E of queries and outputs.
    num_heads : int
        Number H of heads; divides `embed_dim`.
    dropout : float, default 0
        Probability with which a weight is set to zero in training.
    bias : bool, default True
        Whether the projections have biases.
    kdim, vdim : int, optional
        Lengths of keys and values; `embed_dim` by default.
    batch_first : bool, default False
        Whether the axis of sequences comes before that of positions.
    dtype : dtype_like, default float32
        Kind of number of the weights.
    rng : numpy.random.Generator, optional
        Source of the starting values (Glorot uniform; output projection as :class:`Linear`), and
        of dropout.

    Attributes
    ----------
    in_proj_weight : Parameter, shape (3 E, E), or None
        Projections of queries, keys and values, one below the other. If `kdim` or `vdim` differ
        from E, there are instead `q_proj_weight` (E, E), `k_proj_weight` (E, kdim) and
        `v_proj_weight` (E, vdim).
    in_proj_bias : Parameter, shape (3 E,), or None
        Their biases.
    out_proj : Linear
        Projection of the heads side by side.

    Raises
    ------
    ValueError
        If sizes do not fit or, when called, if shapes or masks do not.

    Notes
    -----
    As in torch, True in a mask forbids to look, unlike in
    :func:`dlcore.functional.scaled_dot_product_attention`. Unlike there, `is_causal` needs no mask
    beside it, and a query that may look nowhere gets zeros rather than NaN. ``add_bias_kv`` and
    ``add_zero_attn`` are left out. Derived in Chapter 15.

    References
    ----------
    A. Vaswani et al., "Attention is all you need", NeurIPS 2017.

    Examples
    --------
    >>> import dlcore as dl
    >>> layer = dl.nn.MultiheadAttention(8, num_heads=2, batch_first=True)
    >>> x = dl.ones(3, 5, 8)
    >>> output, weights = layer(x, x, x)
    >>> output.shape, weights.shape
    ((3, 5, 8), (3, 5, 5))
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        dtype: DTypeLike = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if embed_dim < 1 or num_heads < 1 or embed_dim % num_heads:
            raise ValueError(
                f"MultiheadAttention: embed_dim must be divisible by num_heads, "
                f"got {embed_dim} and {num_heads}"
            )
        self.embed_dim, self.num_heads, self.dropout = embed_dim, num_heads, dropout
        self.kdim, self.vdim = kdim or embed_dim, vdim or embed_dim
        self.batch_first, self.rng = batch_first, rng
        together = self.kdim == self.vdim == embed_dim
        shapes: dict[str, tuple[int, int]] = {
            "q_proj_weight": (embed_dim, embed_dim),
            "k_proj_weight": (embed_dim, self.kdim),
            "v_proj_weight": (embed_dim, self.vdim),
            "in_proj_weight": (3 * embed_dim, embed_dim),
        }
        for name, shape in shapes.items():
            wanted = together == (name == "in_proj_weight")
            weight = Parameter(np.empty(shape, dtype)) if wanted else None
            self.register_parameter(name, weight)
            if weight is not None:
                init.xavier_uniform_(weight, rng=rng)
        zeros = Parameter(np.zeros(3 * embed_dim, dtype)) if bias else None
        self.register_parameter("in_proj_bias", zeros)
        self.out_proj = Linear(embed_dim, embed_dim, bias, dtype, rng)
        if bias:
            init.zeros_(self.out_proj.bias)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """Let queries look at keys and take from values.

        Parameters
        ----------
        query : Tensor, shape (L, N, E), (N, L, E) if batch_first, or (L, E)
            What is looked for.
        key : Tensor, shape (S, N, kdim), (N, S, kdim) if batch_first, or (S, kdim)
            What each value is found by.
        value : Tensor, shape (S, N, vdim), (N, S, vdim) if batch_first, or (S, vdim)
            What is found.
        key_padding_mask : Tensor, shape (N, S) or (S,), optional
            True, or minus infinity, for keys that are padding.
        need_weights : bool, default True
            Return the weights too; without them the layer is faster.
        attn_mask : Tensor, shape (L, S) or (N * H, L, S), optional
            True where a query must not look; or numbers, which are added to the scores.
        average_attn_weights : bool, default True
            Average the weights over the heads.
        is_causal : bool, default False
            Let query i look at keys 0 to i alone; with `attn_mask`, a hint that changes nothing.

        Returns
        -------
        output : Tensor
            Of the shape of `query`.
        weights : Tensor, shape (N, L, S) or (N, H, L, S), or None
            Without N if there is one sequence.
        """
        query, key, value = as_floating(query), as_floating(key), as_floating(value)
        single = query.ndim == 2
        q, k, v = self._batches(query, key, value)  # (N, L, E), (N, S, kdim), (N, S, vdim)
        mask = self._mask(q, k, attn_mask, key_padding_mask, is_causal)
        q, k, v = (self._heads(i, x) for i, x in enumerate((q, k, v)))  # (N, H, ., E / H)
        weights = None
        p = self.dropout if self.training else 0.0
        if need_weights:
            weights = F.dropout(attention_weights(q, k, mask), p, rng=self.rng)
            out = weights @ v
        else:
            out = F.scaled_dot_product_attention(q, k, v, mask, p, rng=self.rng)
        n, _, length, _ = out.shape
        output = self.out_proj(out.transpose(1, 2).reshape(n, length, self.embed_dim))
        if weights is not None and average_attn_weights:
            weights = weights.mean(1)
        if single:
            return output.squeeze(0), None if weights is None else weights.squeeze(0)
        return output if self.batch_first else output.transpose(0, 1), weights

    def _batches(self, *tensors: Tensor) -> list[Tensor]:
        ndim, sizes = tensors[0].ndim, (self.embed_dim, self.kdim, self.vdim)
        for name, x, size in zip(("query", "key", "value"), tensors, sizes, strict=True):
            if x.ndim != ndim or ndim not in (2, 3) or x.shape[-1] != size:
                raise ValueError(
                    f"MultiheadAttention: {name} must have 3 axes (all three may have 2), the last "
                    f"of length {size}, got shape {x.shape}"
                )
        if ndim == 2:
            batches = [x.unsqueeze(0) for x in tensors]
        else:
            batches = [x if self.batch_first else x.transpose(0, 1) for x in tensors]
        q, k, v = batches
        if k.shape[:2] != v.shape[:2] or q.shape[0] != k.shape[0]:
            raise ValueError(
                "MultiheadAttention: key and value must have one length, and all one batch, got "
                f"shapes {', '.join(str(x.shape) for x in tensors)}"
            )
        return batches

    def _heads(self, i: int, x: Tensor) -> Tensor:
        """Project queries (0), keys (1) or values (2), and cut the features into heads."""
        size = self.embed_dim
        rows = slice(i * size, (i + 1) * size)
        if self.in_proj_weight is not None:
            weight = self.in_proj_weight[rows]
        else:
            weight = (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)[i]
        x = F.linear(x, weight, None if self.in_proj_bias is None else self.in_proj_bias[rows])
        n, length, _ = x.shape
        return x.reshape(n, length, self.num_heads, size // self.num_heads).transpose(1, 2)

    def _mask(
        self, q: Tensor, k: Tensor, attn_mask: Any, key_padding_mask: Any, is_causal: bool
    ) -> Tensor | None:
        n, length, keys = q.shape[0], q.shape[1], k.shape[1]
        parts: list[Tensor] = []
        if attn_mask is not None:
            mask = _additive("attn_mask", attn_mask, q.dtype)
            if mask.shape == (n * self.num_heads, length, keys):
                mask = mask.reshape(n, self.num_heads, length, keys)
            elif mask.shape != (length, keys):
                raise ValueError(
                    f"MultiheadAttention: attn_mask must have shape {(length, keys)} or "
                    f"{(n * self.num_heads, length, keys)}, got {mask.shape}"
                )
            parts.append(mask)
        elif is_causal:
            parts.append(Tensor(causal_mask(length, keys, q.dtype)))
        if key_padding_mask is not None:
            mask = _additive("key_padding_mask", key_padding_mask, q.dtype)
            if mask.shape != (n, keys) and (n != 1 or mask.shape != (keys,)):
                raise ValueError(
                    f"MultiheadAttention: key_padding_mask must have shape {(n, keys)}, "
                    f"got {mask.shape}"
                )
            parts.append(mask.reshape(n, 1, 1, keys))
        return sum(parts[1:], parts[0]) if parts else None


def _additive(name: str, mask: Any, dtype: Any) -> Tensor:
    """Turn True (must not look) into minus infinity; numbers stay as they are."""
    given = as_tensor(mask)
    if given.dtype.kind == "b":
        return Tensor(np.where(given.data, dtype.type(-np.inf), dtype.type(0)))
    if given.dtype.kind != "f":
        raise ValueError(
            f"MultiheadAttention: {name} must hold booleans or floating-point numbers, "
            f"got {given.dtype}"
        )
    return given.to(dtype)  # np.full makes float64
