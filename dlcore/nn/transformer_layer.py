"""One layer of a Transformer; arguments, defaults and state are torch's."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from dlcore import functional as F
from dlcore.nn.attention import MultiheadAttention
from dlcore.nn.dropout import Dropout
from dlcore.nn.linear import Linear
from dlcore.nn.module import Module
from dlcore.nn.norm import LayerNorm
from dlcore.tensor import Tensor

Activation = str | Callable[[Tensor], Tensor]


class _TransformerLayer(Module):
    attentions: tuple[str, ...]

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = "relu",
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        dtype: DTypeLike = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        for name in self.attentions:
            attention = MultiheadAttention(
                d_model, nhead, dropout, bias, batch_first=batch_first, dtype=dtype, rng=rng
            )
            self.add_module(name, attention)
        self.linear1 = Linear(d_model, dim_feedforward, bias, dtype, rng)
        self.dropout = Dropout(dropout, rng)
        self.linear2 = Linear(dim_feedforward, d_model, bias, dtype, rng)
        self.norm_first = norm_first
        parts = range(1, len(self.attentions) + 2)
        for i in parts:
            norm = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
            self.add_module(f"norm{i}", norm)
        for i in parts:
            self.add_module(f"dropout{i}", Dropout(dropout, rng))
        self.activation = _activation(type(self).__name__, activation)

    def _add(self, i: int, x: Tensor, part: Callable[[Tensor], Tensor]) -> Tensor:
        """Add to x what part i makes of it; the norm comes before the part or after the sum."""
        norm, dropout = getattr(self, f"norm{i}"), getattr(self, f"dropout{i}")
        if self.norm_first:
            out: Tensor = x + dropout(part(norm(x)))
        else:
            out = norm(x + dropout(part(x)))
        return out

    def _feed_forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.linear2(self.dropout(self.activation(self.linear1(x))))
        return out


class TransformerEncoderLayer(_TransformerLayer):
    """Self-attention, then a small network at every position; each is added to its own input.

    Parameters
    ----------
    d_model : int
        Number E of features.
    nhead : int
        Number of heads; divides `d_model`.
    dim_feedforward : int, default 2048
        Width of the network at every position.
    dropout : float, default 0.1
        Probability of zero in training: of weights, hidden units and what is added.
    activation : {"relu", "gelu"} or callable, default "relu"
        Nonlinearity of the network.
    layer_norm_eps : float, default 1e-5
        Added to variances.
    batch_first : bool, default False
        Whether the axis of sequences comes before that of positions.
    norm_first : bool, default False
        Normalise what the parts read (pre-norm) rather than the sums (post-norm).
    bias : bool, default True
        Whether there are biases.
    dtype : dtype_like, default float32
        Kind of number of the weights.
    rng : numpy.random.Generator, optional
        Source of starting values and dropout.

    Raises
    ------
    ValueError
        If sizes do not fit or the activation is unknown or, when called, if shapes do not fit.

    Notes
    -----
    Derived in Chapter 15.

    References
    ----------
    A. Vaswani et al., "Attention is all you need", NeurIPS 2017.
    R. Xiong et al., "On layer normalization in the Transformer architecture", ICML 2020.

    Examples
    --------
    >>> import dlcore as dl
    >>> layer = dl.nn.TransformerEncoderLayer(8, nhead=2, dim_feedforward=16, batch_first=True)
    >>> layer(dl.ones(3, 5, 8), is_causal=True).shape
    (3, 5, 8)
    """

    attentions = ("self_attn",)

    def forward(
        self,
        src: Tensor,
        src_mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Tensor:
        """Pass `src` through the layer; masks as in :class:`MultiheadAttention`."""

        def attend(x: Tensor) -> Tensor:
            out: Tensor = self.self_attn(
                x, x, x, key_padding_mask=src_key_padding_mask, need_weights=False,
                attn_mask=src_mask, is_causal=is_causal,
            )[0]  # fmt: skip
            return out

        return self._add(2, self._add(1, src, attend), self._feed_forward)


class TransformerDecoderLayer(_TransformerLayer):
    """Self-attention, attention to a memory, then a small network at every position.

    The parameters are those of :class:`TransformerEncoderLayer`.

    Raises
    ------
    ValueError
        If sizes do not fit or the activation is unknown or, when called, if shapes do not fit.

    Notes
    -----
    The memory is the output of an encoder. Derived in Chapter 15.

    References
    ----------
    A. Vaswani et al., "Attention is all you need", NeurIPS 2017.
    """

    attentions = ("self_attn", "multihead_attn")

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """Pass `tgt` through the layer; masks as in :class:`MultiheadAttention`."""

        def attend(x: Tensor) -> Tensor:
            out: Tensor = self.self_attn(
                x, x, x, key_padding_mask=tgt_key_padding_mask, need_weights=False,
                attn_mask=tgt_mask, is_causal=tgt_is_causal,
            )[0]  # fmt: skip
            return out

        def recall(x: Tensor) -> Tensor:
            out: Tensor = self.multihead_attn(
                x, memory, memory, key_padding_mask=memory_key_padding_mask, need_weights=False,
                attn_mask=memory_mask, is_causal=memory_is_causal,
            )[0]  # fmt: skip
            return out

        return self._add(3, self._add(2, self._add(1, tgt, attend), recall), self._feed_forward)


def _activation(name: str, activation: Activation) -> Callable[[Tensor], Tensor]:
    if callable(activation):
        return activation
    if activation not in ("relu", "gelu"):
        raise ValueError(f"{name}: activation must be 'relu' or 'gelu', got {activation!r}")
    return F.relu if activation == "relu" else F.gelu
