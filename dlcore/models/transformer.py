"""Transformer: an encoder reads a sequence, a decoder writes one; attention alone joins them."""

import numpy as np
from numpy.typing import NDArray

from dlcore import nn
from dlcore.function import Operand, array_of
from dlcore.models.seq2seq import append_likeliest, finished
from dlcore.nn.module import mode
from dlcore.random import default_rng
from dlcore.tape import no_grad
from dlcore.tensor import Tensor


class Transformer(nn.Module):
    r"""Encoder and decoder with embeddings, sinusoidal positions and a head.

    The other parameters are those of :class:`GPT`.

    Parameters
    ----------
    source_vocabulary, target_vocabulary : int
        Numbers of tokens that are read and written.
    max_len : int
        Largest number of tokens in a sequence.
    d_model : int
        Number E of features.
    num_layers : int
        Number of layers of the encoder, and of the decoder.
    dim_feedforward : int
        Width of the network at every position.
    padding_idx, start, end : int
        Tokens that fill sequences up, begin and end a target, as in
        :class:`~dlcore.data.Vocabulary`. Nothing looks at padding.

    Raises
    ------
    ValueError
        If a size does not fit or, when called, if a sequence is too long.

    Notes
    -----
    .. math::
        m = \operatorname{Encoder}(E_x + P), \qquad
        z = W \operatorname{Decoder}(E_y + P, m) + b.

    In the decoder a position of y looks at itself and earlier ones, and at all of m. Unlike in
    [1]_, norms come before the parts, which trains without a warm-up [2]_, and the tables of
    embeddings are not shared with the head; they start with standard deviation 1, as large as the
    waves, instead of being scaled up by √E. Derived in Chapter 15.

    References
    ----------
    .. [1] A. Vaswani et al., "Attention is all you need", NeurIPS 2017.
    .. [2] R. Xiong et al., "On layer normalization in the Transformer architecture", ICML 2020.

    Examples
    --------
    >>> model = Transformer(20, 30, max_len=16, rng=np.random.default_rng(0))
    >>> source = np.array([[5, 6, 7, 2], [8, 9, 2, 0]])
    >>> print(model(source, np.array([[1, 4, 5], [1, 6, 7]])).shape)
    (2, 3, 30)
    >>> model.greedy_decode(source, max_len=6).shape[0]
    2
    """

    def __init__(
        self,
        source_vocabulary: int,
        target_vocabulary: int,
        max_len: int,
        d_model: int = 64,
        num_heads: int = 4,
        num_layers: int = 2,
        dim_feedforward: int = 128,
        dropout: float = 0.0,
        padding_idx: int = 0,
        start: int = 1,
        end: int = 2,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        rng = default_rng(rng)
        self.padding_idx, self.start, self.end = padding_idx, start, end
        self.source = nn.Embedding(source_vocabulary, d_model, padding_idx, rng=rng)
        self.target = nn.Embedding(target_vocabulary, d_model, padding_idx, rng=rng)
        self.position = nn.SinusoidalPosition(max_len, d_model, batch_first=True)
        self.transformer = nn.Transformer(
            d_model, num_heads, num_encoder_layers=num_layers, num_decoder_layers=num_layers,
            dim_feedforward=dim_feedforward, dropout=dropout, batch_first=True, norm_first=True,
            rng=rng,
        )  # fmt: skip
        self.head = nn.Linear(d_model, target_vocabulary, rng=rng)

    def forward(self, source: Operand, target: Operand) -> Tensor:
        """Score what follows each target token, given the source.

        The parameters are those of :meth:`Seq2Seq.forward`.

        Returns
        -------
        Tensor, shape (B, T, V)
            The scores.
        """
        return self.decode(target, self.encode(source), source)

    def encode(self, source: Operand) -> Tensor:
        """Return what the encoder makes of the source (B, S): a memory (B, S, E)."""
        x = self.position(self.source(source))  # (B, S, E)
        out: Tensor = self.transformer.encoder(x, src_key_padding_mask=self._padding(source))
        return out

    def decode(self, target: Operand, memory: Tensor, source: Operand) -> Tensor:
        """Score what follows each target token.

        Parameters
        ----------
        target : array_like of int, shape (B, T)
            Tokens from `start` on.
        memory : Tensor, shape (B, S, E)
            What the encoder made of the source.
        source : array_like of int, shape (B, S)
            The source: it says which places of the memory are padding.

        Returns
        -------
        Tensor, shape (B, T, V)
            The scores.
        """
        y = self.position(self.target(target))  # (B, T, E)
        y = self.transformer.decoder(
            y, memory, memory_key_padding_mask=self._padding(source), tgt_is_causal=True
        )
        out: Tensor = self.head(y)  # (B, T, V)
        return out

    def greedy_decode(self, source: Operand, max_len: int) -> NDArray[np.int64]:
        """Write the likeliest token at each step.

        The other parameters are those of :meth:`Seq2Seq.greedy_decode`.

        Parameters
        ----------
        max_len : int
            Largest number of tokens; the model's own `max_len` at most.

        Returns
        -------
        ndarray of int64, shape (B, T)
            Without `start`; after `end` there is padding. T is at most `max_len`.
        """
        with mode(self, training=False), no_grad():
            memory = self.encode(source)  # (B, S, E)
            tokens = np.full((len(memory), 1), self.start)
            for _ in range(max_len):
                logits = self.decode(tokens, memory, source)  # (B, T, V)
                tokens = append_likeliest(tokens, logits.data[:, -1], self.end, self.padding_idx)
                if finished(tokens, self.end):
                    break
        return tokens[:, 1:]

    def _padding(self, tokens: Operand) -> NDArray[np.bool_]:
        out: NDArray[np.bool_] = array_of(tokens) == self.padding_idx  # (B, S)
        return out
