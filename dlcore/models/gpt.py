"""GPT: a Transformer that reads from left to right and says what comes next."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore import functional as F, nn
from dlcore.function import Operand, array_of
from dlcore.models.char_rnn import checked_prompt
from dlcore.models.sampling import sample_token
from dlcore.nn.module import mode
from dlcore.random import default_rng
from dlcore.tape import no_grad
from dlcore.tensor import Tensor

Past = list[tuple[Tensor, Tensor]]  # keys and values of each block, (B, H, T, E / H)


class GPT(nn.Module):
    r"""A decoder-only Transformer: pre-norm blocks, learnt positions, one table in and out.

    Parameters
    ----------
    vocabulary : int
        Number V of tokens.
    block_size : int
        Largest number T of tokens that it looks back at.
    d_model : int
        Number C of features.
    num_heads : int
        Heads of each attention; divides `d_model`.
    num_layers : int
        Number of blocks.
    dropout : float
        Probability of zero in training.
    rng : numpy.random.Generator, optional
        Source of the initial weights and of dropout.

    Raises
    ------
    ValueError
        If a size does not fit or, when called, if there are more than `block_size` tokens.

    Notes
    -----
    .. math::
        x^0_t = E_{w_t} + P_t, \quad
        u = x + \operatorname{MHA}(\operatorname{LN} x), \quad
        x' = u + W_2 \operatorname{gelu}(W_1 \operatorname{LN} u), \quad
        z_t = E \operatorname{LN} x^L_t.

    Position t looks at positions up to t alone, so that all T predictions of a sequence are learnt
    in one step. As in GPT-2, the table E of the embedding is also the matrix of the head
    (``head.weight`` is ``token.weight``), matrices start normal with standard deviation 0.02, and
    those that write into the residual sum with 0.02 / √(2L) for L blocks. Here the network at each
    position is 4 C wide. Derived in Chapter 16.

    References
    ----------
    .. [1] A. Radford et al., "Language models are unsupervised multitask learners", 2019.
    .. [2] O. Press and L. Wolf, "Using the output embedding to improve language models", EACL 2017,
       arXiv 1608.05859.

    Examples
    --------
    >>> model = GPT(vocabulary=49, block_size=32, rng=np.random.default_rng(0))
    >>> print(model(np.array([[3, 1, 4, 1, 5]])).shape)
    (1, 5, 49)
    >>> model.generate([3, 1, 4], 5, rng=np.random.default_rng(0)).shape
    (8,)
    """

    def __init__(
        self,
        vocabulary: int,
        block_size: int,
        d_model: int = 64,
        num_heads: int = 4,
        num_layers: int = 2,
        dropout: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if num_layers < 1:
            raise ValueError(f"num_layers: expected at least 1, got {num_layers}")
        rng = default_rng(rng)
        self.block_size = block_size
        self.token = nn.Embedding(vocabulary, d_model, rng=rng)
        self.position = nn.LearnedPosition(block_size, d_model, batch_first=True, rng=rng)
        self.dropout = nn.Dropout(dropout, rng)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(
                d_model, num_heads, 4 * d_model, dropout, "gelu",
                batch_first=True, norm_first=True, rng=rng,
            )
            for _ in range(num_layers)
        )  # fmt: skip
        self.norm = nn.LayerNorm(d_model)
        self.head = nn.Linear(d_model, vocabulary, bias=False, rng=rng)
        self.head.weight = self.token.weight
        self._initialise(rng)

    def _initialise(self, rng: np.random.Generator) -> None:
        """Draw matrices as GPT-2 does: small, and smaller where they write into the sum."""
        into_sum = 0.02 / math.sqrt(2 * len(self.blocks))
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                writes = name.endswith(("out_proj.weight", "linear2.weight"))
                nn.init.normal_(parameter, 0.0, into_sum if writes else 0.02, rng)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(self, tokens: Operand) -> Tensor:
        """Return the scores (B, T, V) of what follows each of the tokens (B, T)."""
        x = self.dropout(self.position(self.token(tokens)))  # (B, T, C)
        for block in self.blocks:
            x = block(x, is_causal=True)  # (B, T, C)
        out: Tensor = self.head(self.norm(x))  # (B, T, V)
        return out

    def advance(self, tokens: Operand, past: Past | None = None) -> tuple[Tensor, Past]:
        """Read on from what was read before, without reading that again.

        Parameters
        ----------
        tokens : array_like of int, shape (B, T)
            What is read: the beginning or, with `past`, one more token.
        past : list of (Tensor, Tensor), optional
            The keys and values (B, H, P, C / H) of the P tokens before, for each block.

        Returns
        -------
        logits : Tensor, shape (B, T, V)
            The scores of what follows each token, as :meth:`forward` gives them in evaluation mode.
        past : list of (Tensor, Tensor)
            Keys and values of all tokens up to here.

        Raises
        ------
        ValueError
            If several tokens come with `past`, or there are more than `block_size` in all.
        """
        numbers = array_of(tokens)  # (B, T)
        start = past[0][0].shape[2] if past else 0
        stop = start + numbers.shape[1]
        if stop > self.block_size or (start and stop > start + 1):
            raise ValueError(
                f"tokens: expected one token after past, and at most {self.block_size} in all "
                f"(block_size), got shape {numbers.shape} after {start}"
            )
        x = self.token(numbers) + self.position.weight[start:stop]  # (B, T, C)
        present: Past = []
        for i, block in enumerate(self.blocks):
            seen, pair = _attend(block.self_attn, block.norm1(x), past[i] if past else None)
            x = x + seen
            x = x + block.linear2(block.activation(block.linear1(block.norm2(x))))
            present.append(pair)
        return self.head(self.norm(x)), present

    def generate(
        self,
        prompt: ArrayLike,
        length: int,
        temperature: float = 1.0,
        top_k: int | None = None,
        rng: np.random.Generator | None = None,
        cache: bool = True,
    ) -> NDArray[np.int64]:
        """Write on: draw a token, read it, draw the next.

        The other parameters are those of :meth:`CharRNN.sample`.

        Parameters
        ----------
        top_k : int, optional
            Likewise.
        cache : bool
            Whether keys and values are kept rather than computed anew for each token. The scores
            are the same but for rounding.

        Returns
        -------
        ndarray of int64, shape (P + length,)
            The prompt and what follows.

        Raises
        ------
        ValueError
            If the prompt is empty, or the length negative.

        Notes
        -----
        Only the last `block_size` tokens are looked at. Once there are more, every token gets
        another position with each step, so that nothing can be kept. Dropout is off.
        """
        tokens = checked_prompt(prompt, length)
        rng = default_rng(rng)
        past: Past | None = None
        with mode(self, training=False), no_grad():
            for _ in range(length):
                fresh = tokens[-1:] if past else tokens[-self.block_size :]
                logits, past = self.advance(np.array([fresh]), past)
                if not cache or len(tokens) >= self.block_size:
                    past = None
                tokens.append(sample_token(logits.data[0, -1], temperature, top_k, rng))
        return np.array(tokens)


def _attend(
    layer: nn.MultiheadAttention, x: Tensor, past: tuple[Tensor, Tensor] | None
) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    b, t, c = x.shape
    qkv = F.linear(x, layer.in_proj_weight, layer.in_proj_bias)  # (B, T, 3 C)
    qkv = qkv.reshape(b, t, 3, layer.num_heads, -1).permute(2, 0, 3, 1, 4)  # (3, B, H, T, C / H)
    q, k, v = qkv[0], qkv[1], qkv[2]
    if past is not None:
        k, v = F.cat([past[0], k], 2), F.cat([past[1], v], 2)  # (B, H, P + 1, C / H)
    seen = F.scaled_dot_product_attention(q, k, v, is_causal=past is None)
    out: Tensor = layer.out_proj(seen.transpose(1, 2).reshape(b, t, c))  # (B, T, C)
    return out, (k, v)
