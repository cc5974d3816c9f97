"""Seq2Seq: one recurrent network reads a sequence, another writes one and looks back."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dlcore import functional as F, nn
from dlcore.function import Operand, array_of
from dlcore.functional.attention import attention_weights
from dlcore.random import default_rng
from dlcore.tape import no_grad
from dlcore.tensor import Tensor

Attention = Literal["additive", "dot"]


class Seq2Seq(nn.Module):
    r"""A GRU encoder, a GRU decoder, and attention between them.

    The other parameters are those of :class:`Transformer`.

    Parameters
    ----------
    embed_dim : int
        Length E of the vector of a token.
    hidden_size : int
        Length H of the states.
    attention : {"additive", "dot"} or None
        How states of the decoder are compared with those of the encoder. With None all that the
        decoder knows of the source is the last state of the encoder.
    rng : numpy.random.Generator, optional
        Source of the initial weights.

    Raises
    ------
    ValueError
        If the kind of attention is unknown or a size is below 1 or, when called, if a source has no
        token.

    Notes
    -----
    The encoder makes states :math:`h_s` of the source; its last is the first of the decoder, which
    makes :math:`q_t` of the target so far. Then

    .. math::
        a_{ts} = \operatorname{softmax}_s e(q_t, h_s), \quad
        c_t = \sum_s a_{ts} h_s, \quad
        z_t = V \tanh(W [c_t; q_t]) + b,

    with :math:`e = w^\top \tanh(W_q q_t + W_h h_s)` for additive attention [1]_ and
    :math:`e = q_t^\top h_s / \sqrt H` for dot attention, [2]_ with the scale of [3]_. As in [2]_,
    attention comes after the recurrence and not within it, so that in training all steps of the
    target are computed at once. Derived in Chapter 14.

    References
    ----------
    .. [1] D. Bahdanau, K. Cho and Y. Bengio, "Neural machine translation by jointly learning to
       align and translate", ICLR 2015, arXiv 1409.0473.
    .. [2] M.-T. Luong, H. Pham and C. D. Manning, "Effective approaches to attention-based neural
       machine translation", EMNLP 2015, doi 10.18653/v1/D15-1166.
    .. [3] A. Vaswani et al., "Attention is all you need", NeurIPS 2017.
    .. [4] I. Sutskever, O. Vinyals and Q. V. Le, "Sequence to sequence learning with neural
       networks", NeurIPS 2014, arXiv 1409.3215.

    Examples
    --------
    >>> model = Seq2Seq(20, 30, rng=np.random.default_rng(0))
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
        embed_dim: int = 32,
        hidden_size: int = 64,
        attention: Attention | None = "additive",
        padding_idx: int = 0,
        start: int = 1,
        end: int = 2,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if attention not in ("additive", "dot", None):
            raise ValueError(f"attention: expected 'additive', 'dot' or None, got {attention!r}")
        rng = default_rng(rng)
        self.attention = attention
        self.padding_idx, self.start, self.end = padding_idx, start, end
        self.source = nn.Embedding(source_vocabulary, embed_dim, padding_idx, rng=rng)
        self.target = nn.Embedding(target_vocabulary, embed_dim, padding_idx, rng=rng)
        self.encoder = nn.GRU(embed_dim, hidden_size, batch_first=True, rng=rng)
        self.decoder = nn.GRU(embed_dim, hidden_size, batch_first=True, rng=rng)
        if attention == "additive":
            self.query = nn.Linear(hidden_size, hidden_size, rng=rng)
            self.key = nn.Linear(hidden_size, hidden_size, bias=False, rng=rng)
            self.score = nn.Linear(hidden_size, 1, bias=False, rng=rng)
        width = hidden_size if attention is None else 2 * hidden_size
        self.combine = nn.Linear(width, hidden_size, rng=rng)
        self.head = nn.Linear(hidden_size, target_vocabulary, rng=rng)

    def forward(self, source: Operand, target: Operand) -> Tensor:
        """Score what follows each target token, given the source.

        Parameters
        ----------
        source : array_like of int, shape (B, S)
            What is read, filled up with padding.
        target : array_like of int, shape (B, T)
            The true sequence from `start` to the token before the last, whatever the model would
            have written: teacher forcing.

        Returns
        -------
        Tensor, shape (B, T, V)
            The scores.
        """
        memory, state = self.encode(source)
        return self.decode(target, state, memory, self._mask(source))[0]

    def encode(self, source: Operand) -> tuple[Tensor, Tensor]:
        """Read the source.

        Parameters
        ----------
        source : array_like of int, shape (B, S)
            Tokens, filled up with padding.

        Returns
        -------
        memory : Tensor, shape (B, S, H)
            The state after each token.
        state : Tensor, shape (1, B, H)
            The state after the last one that is no padding.
        """
        lengths = (array_of(source) != self.padding_idx).sum(1)  # (B,)
        if (lengths == 0).any():
            raise ValueError("source: expected at least one token in each row, got one of padding")
        memory, state = self.encoder(self.source(source), lengths=lengths)
        return memory, state

    def decode(
        self, target: Operand, state: Tensor, memory: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """Read target tokens, and score what follows each.

        Parameters
        ----------
        target : array_like of int, shape (B, T)
            Tokens written so far, or some of them.
        state : Tensor, shape (1, B, H)
            The state before.
        memory : Tensor, shape (B, S, H)
            What the encoder made of the source.
        mask : Tensor, shape (B, 1, S)
            Added to the scores of attention: minus infinity for padding.

        Returns
        -------
        logits : Tensor, shape (B, T, V)
            The scores.
        state : Tensor, shape (1, B, H)
            The state after the last token.
        weights : Tensor, shape (B, T, S), or None
            What each step looked at.
        """
        h, state = self.decoder(self.target(target), state)  # (B, T, H)
        weights = None
        if self.attention is not None:
            weights = self._weights(h, memory, mask)  # (B, T, S)
            h = F.cat([weights @ memory, h], 2)  # (B, T, 2 H)
        return self.head(self.combine(h).tanh()), state, weights  # (B, T, V)

    def alignment(self, source: Operand, target: Operand) -> NDArray[np.floating]:
        """Return how much each step of the target looks at each token of the source.

        The other parameters are those of :meth:`Seq2Seq.greedy_decode`.

        Parameters
        ----------
        target : array_like of int, shape (B, T)
            What is written, from `start` on.

        Returns
        -------
        ndarray, shape (B, T, S)
            The weights of attention; each row adds up to 1.

        Raises
        ------
        ValueError
            If the model has no attention.
        """
        with no_grad():
            memory, state = self.encode(source)
            weights = self.decode(target, state, memory, self._mask(source))[2]
        if weights is None:
            raise ValueError("alignment: the model was made with attention=None")
        return weights.data

    def greedy_decode(self, source: Operand, max_len: int) -> NDArray[np.int64]:
        """Write the likeliest token at each step.

        Parameters
        ----------
        source : array_like of int, shape (B, S)
            What is read.
        max_len : int
            Largest number of tokens.

        Returns
        -------
        ndarray of int64, shape (B, T)
            Without `start`; after `end` there is padding. T is at most `max_len`.
        """
        with no_grad():
            memory, state = self.encode(source)
            mask = self._mask(source)
            tokens = np.full((len(memory), 1), self.start)
            for _ in range(max_len):
                logits, state, _ = self.decode(tokens[:, -1:], state, memory, mask)
                tokens = append_likeliest(tokens, logits.data[:, -1], self.end, self.padding_idx)
                if finished(tokens, self.end):
                    break
        return tokens[:, 1:]

    def _mask(self, source: Operand) -> Tensor:
        padding = array_of(source)[:, None] == self.padding_idx  # (B, 1, S)
        return Tensor(np.where(padding, -np.inf, 0.0).astype(self.head.weight.dtype))

    def _weights(self, queries: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        if self.attention == "dot":
            return attention_weights(queries, memory, mask)  # (B, T, S)
        pairs = self.query(queries).unsqueeze(2) + self.key(memory).unsqueeze(1)  # (B, T, S, H)
        scores: Tensor = self.score(pairs.tanh()).squeeze(3) + mask  # (B, T, S)
        return scores.softmax(-1)


def append_likeliest(
    tokens: NDArray[np.int64], scores: NDArray[np.floating], end: int, padding_idx: int
) -> NDArray[np.int64]:
    """Write one more token behind each sequence: the likeliest, or padding behind the end.

    Parameters
    ----------
    tokens : ndarray of int64, shape (B, T)
        Sequences so far.
    scores : ndarray, shape (B, V)
        Scores of what comes next.
    end, padding_idx : int
        The token that ends a sequence, and the one that follows it.

    Returns
    -------
    ndarray of int64, shape (B, T + 1)
        The longer sequences.
    """
    over = (tokens == end).any(1)  # (B,)
    return np.column_stack([tokens, np.where(over, padding_idx, scores.argmax(1))])


def finished(tokens: NDArray[np.int64], end: int) -> bool:
    """Return whether every sequence (B, T) has come to its end."""
    return bool((tokens == end).any(1).all())
