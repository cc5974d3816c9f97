"""SentimentEncoder: a Transformer encoder that reads a sentence and judges it."""

import numpy as np

from dlcore import nn
from dlcore.function import Operand, array_of
from dlcore.random import default_rng
from dlcore.tensor import Tensor


class SentimentEncoder(nn.Module):
    r"""Words and positions, pre-norm blocks, the mean over the words, and a score for each class.

    The other parameters are those of :class:`GPT`.

    Parameters
    ----------
    vocabulary : int
        Number of words.
    max_len : int
        Largest number T of words in a sentence.
    d_model : int
        Number E of features.
    num_layers : int
        Number of blocks.
    dim_feedforward : int
        Width of the network at every position.
    classes : int
        Number C of classes.
    padding_idx : int
        The word that fills short sentences up: nothing looks at it, and it is left out of the mean.

    Raises
    ------
    ValueError
        If a size does not fit or, when called, if a sentence is too long.

    Notes
    -----
    With :math:`h_t` for what the blocks and the last norm make of word t, and S for the places of
    the words,

    .. math:: z = W \frac{1}{|S|} \sum_{t \in S} h_t + b.

    Derived in Chapter 15.

    References
    ----------
    .. [1] M. Maleki, "Deep Learning with Rust", Apress 2026, doi 10.1007/979-8-8688-2208-7,
       section 8.6.
    .. [2] R. Xiong et al., "On layer normalization in the Transformer architecture", ICML 2020.

    Examples
    --------
    >>> model = SentimentEncoder(vocabulary=50, max_len=12, rng=np.random.default_rng(0))
    >>> model(np.array([[4, 7, 9, 0, 0]])).shape
    (1, 2)
    """

    def __init__(
        self,
        vocabulary: int,
        max_len: int,
        d_model: int = 32,
        num_heads: int = 4,
        num_layers: int = 1,
        dim_feedforward: int = 64,
        classes: int = 2,
        dropout: float = 0.0,
        padding_idx: int = 0,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if num_layers < 1:
            raise ValueError(f"num_layers: expected at least 1, got {num_layers}")
        rng = default_rng(rng)
        self.padding_idx = padding_idx
        self.embedding = nn.Embedding(vocabulary, d_model, padding_idx, rng=rng)
        self.position = nn.LearnedPosition(max_len, d_model, batch_first=True, rng=rng)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(
                d_model, num_heads, dim_feedforward, dropout,
                batch_first=True, norm_first=True, rng=rng,
            )
            for _ in range(num_layers)
        )  # fmt: skip
        self.norm = nn.LayerNorm(d_model)
        self.head = nn.Linear(d_model, classes, rng=rng)

    def forward(self, words: Operand) -> Tensor:
        """Return the scores (B, C) of sentences (B, T)."""
        x = self.position(self.embedding(words))  # (B, T, E)
        padding = array_of(words) == self.padding_idx  # (B, T)
        for block in self.blocks:
            x = block(x, src_key_padding_mask=padding)  # (B, T, E)
        share = ~padding / np.maximum((~padding).sum(1, keepdims=True), 1)  # (B, T)
        mean = (self.norm(x) * share[:, :, None].astype(x.dtype)).sum(1)  # (B, E)
        out: Tensor = self.head(mean)  # (B, C)
        return out
