"""Transformers: stacks of layers; arguments, defaults and state are torch's."""

import copy
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from dlcore.functional.attention import causal_mask
from dlcore.nn import init
from dlcore.nn.container import ModuleList
from dlcore.nn.module import Module
from dlcore.nn.norm import LayerNorm
from dlcore.nn.transformer_layer import (
    Activation,
    TransformerDecoderLayer,
    TransformerEncoderLayer,
)
from dlcore.tensor import Tensor


class TransformerEncoder(Module):
    """A stack of encoder layers.

    Parameters
    ----------
    encoder_layer : TransformerEncoderLayer
        Is copied, weights and all, as in torch: initialise the copies anew if that matters.
    num_layers : int
        Number of copies.
    norm : Module, optional
        Applied to the result.

    Raises
    ------
    ValueError
        If there is no layer.
    """

    def __init__(
        self,
        encoder_layer: TransformerEncoderLayer,
        num_layers: int,
        norm: Module | None = None,
    ) -> None:
        super().__init__()
        self.layers = _copies("TransformerEncoder", encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self,
        src: Tensor,
        mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Tensor:
        """Pass `src` through all layers; masks as in :class:`MultiheadAttention`."""
        for layer in self.layers:
            src = layer(src, mask, src_key_padding_mask, is_causal)
        return src if self.norm is None else self.norm(src)


class TransformerDecoder(Module):
    """A stack of decoder layers.

    The other parameters are those of :class:`TransformerEncoder`.

    Parameters
    ----------
    decoder_layer : TransformerDecoderLayer
        Is copied, weights and all, as in torch: initialise the copies anew if that matters.

    Raises
    ------
    ValueError
        If there is no layer.
    """

    def __init__(
        self,
        decoder_layer: TransformerDecoderLayer,
        num_layers: int,
        norm: Module | None = None,
    ) -> None:
        super().__init__()
        self.layers = _copies("TransformerDecoder", decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

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
        """Pass `tgt` through all layers; masks as in :class:`MultiheadAttention`."""
        for layer in self.layers:
            tgt = layer(
                tgt, memory, tgt_mask=tgt_mask, memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask, tgt_is_causal=tgt_is_causal,
                memory_is_causal=memory_is_causal,
            )  # fmt: skip
        return tgt if self.norm is None else self.norm(tgt)


class Transformer(Module):
    """Encoder and decoder: the decoder reads what the encoder made of another sequence.

    The other parameters are those of :class:`TransformerEncoderLayer`.

    Parameters
    ----------
    d_model : int, default 512
        Number E of features.
    nhead : int, default 8
        Number of heads; divides `d_model`.
    num_encoder_layers, num_decoder_layers : int, default 6
        Numbers of layers.
    dropout : float, default 0.1
        Probability of zero in training.
    activation : {"relu", "gelu"} or callable, default "relu"
        Nonlinearity of that network.
    rng : numpy.random.Generator, optional
        Source of starting values (matrices are Glorot uniform) and dropout.

    Attributes
    ----------
    encoder : TransformerEncoder
        Reads the source.
    decoder : TransformerDecoder
        Reads the target and what the encoder made.

    Raises
    ------
    ValueError
        If sizes do not fit or the activation is unknown or, when called, if shapes do not fit.

    Notes
    -----
    Embeddings, positions and the projection to words are the caller's, as in torch; custom encoders
    and decoders are left out. Derived in Chapter 15.

    References
    ----------
    A. Vaswani et al., "Attention is all you need", NeurIPS 2017.
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
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
        options: tuple[Any, ...] = (
            d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first,
            norm_first, bias, dtype, rng,
        )  # fmt: skip
        self.encoder = TransformerEncoder(
            TransformerEncoderLayer(*options),
            num_encoder_layers,
            LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype),
        )
        self.decoder = TransformerDecoder(
            TransformerDecoderLayer(*options),
            num_decoder_layers,
            LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype),
        )
        for parameter in self.parameters():
            if parameter.ndim > 1:
                init.xavier_uniform_(parameter, rng=rng)

    def forward(
        self,
        src: Tensor,
        tgt: Tensor,
        src_mask: Any = None,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        src_key_padding_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        src_is_causal: bool = False,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """Encode `src` and decode `tgt` with it; masks as in :class:`MultiheadAttention`."""
        memory = self.encoder(src, src_mask, src_key_padding_mask, src_is_causal)
        out: Tensor = self.decoder(
            tgt, memory, tgt_mask=tgt_mask, memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask, tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )  # fmt: skip
        return out

    @staticmethod
    def generate_square_subsequent_mask(sz: int, dtype: DTypeLike = np.float32) -> Tensor:
        """Return a causal mask (sz, sz): 0 where to look, minus infinity above the diagonal."""
        return Tensor(causal_mask(sz, sz, dtype))


def _copies(name: str, layer: Module, count: int) -> ModuleList:
    """Copy a layer, weights and all; generators are shared, so that dropout differs."""
    if count < 1:
        raise ValueError(f"{name}: num_layers must be at least 1, got {count}")
    generators = [getattr(m, "rng", None) for m in layer.modules()]
    return ModuleList(copy.deepcopy(layer, {id(g): g for g in generators}) for _ in range(count))
