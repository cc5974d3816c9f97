"""SumMod: a Transformer encoder that adds digits and keeps the remainder."""

from typing import Literal

import numpy as np

from dlcore import nn
from dlcore.function import Operand
from dlcore.random import default_rng
from dlcore.tensor import Tensor


class SumMod(nn.Module):
    r"""Embedding, pre-norm Transformer blocks, and an affine map to the scores of remainders.

    Parameters
    ----------
    vocabulary : int
        Number of different digits.
    classes : int
        Number C of remainders.
    length : int
        Largest number T of digits in a sequence.
    d_model : int
        Number E of features.
    num_heads : int
        Heads of each attention; divides `d_model`.
    num_layers : int
        Number of blocks.
    dim_feedforward : int
        Width of the network at every position.
    causal : bool
        Whether a position looks at itself and earlier ones alone.
    positions : {"learned", "sinusoidal", None}
        What says where a digit stands, added to it: a learnt vector for each position, waves,
        or nothing.
    pooling : {None, "mean"}
        None scores the sum so far at every position, "mean" averages the positions first and scores
        the sum of all.
    activation : {"relu", "gelu"}
        The bend in the network at every position.
    rng : numpy.random.Generator, optional
        Source of the initial weights.

    Raises
    ------
    ValueError
        If a size does not fit, or `positions`, `pooling` or `activation` is unknown.

    Notes
    -----
    With the whole sum as target a young network gets no gradient towards it, since any fifteen of
    sixteen digits leave the remainder uniform. With the running sum as target each position is a
    lesson of its own length: the first few are learnt at once, and each makes the next one easier.
    Quicker still is to let it write the running sums down as tokens of their own: 15 tokens, twice
    the length, one block. The shape that [1]_ trains, on the whole sum alone, is
    ``SumMod(d_model=64, num_heads=4, num_layers=1, dim_feedforward=256, causal=False,
    positions="sinusoidal", pooling="mean", activation="gelu")``, but for the last norm, which its
    companion code leaves out. Embeddings start with standard deviation 0.3 instead of 1, so that
    what the blocks add is heard from the start: with 1, training took longer.
    Blocks are :class:`~dlcore.nn.TransformerEncoderLayer`,

    .. math::
        u = x + \operatorname{MHA}(\operatorname{LN} x), \qquad
        y = u + W_2\, \phi(W_1 \operatorname{LN} u + b_1) + b_2.

    with :math:`\phi` for the activation. Derived in Chapter 15.

    References
    ----------
    .. [1] M. Maleki, "Deep Learning with Rust", Apress 2026, doi 10.1007/979-8-8688-2208-7,
       section 8.5.
    .. [2] A. Vaswani et al., "Attention is all you need", NeurIPS 2017.

    Examples
    --------
    >>> digits = np.array([[8, 6, 5, 2, 3]])
    >>> SumMod(rng=np.random.default_rng(0))(digits).shape
    (1, 5, 5)
    >>> SumMod(pooling="mean", rng=np.random.default_rng(0))(digits).shape
    (1, 5)
    """

    def __init__(
        self,
        vocabulary: int = 10,
        classes: int = 5,
        length: int = 16,
        d_model: int = 32,
        num_heads: int = 2,
        num_layers: int = 2,
        dim_feedforward: int = 512,
        causal: bool = True,
        positions: Literal["learned", "sinusoidal"] | None = "learned",
        pooling: Literal["mean"] | None = None,
        activation: Literal["relu", "gelu"] = "relu",
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if pooling not in (None, "mean"):
            raise ValueError(f"pooling: expected None or 'mean', got {pooling!r}")
        if positions not in (None, "learned", "sinusoidal"):
            raise ValueError(
                f"positions: expected 'learned', 'sinusoidal' or None, got {positions!r}"
            )
        if num_layers < 1:
            raise ValueError(f"num_layers: expected at least 1, got {num_layers}")
        rng = default_rng(rng)
        self.causal, self.pooling = causal, pooling
        self.embedding = nn.Embedding(vocabulary, d_model, rng=rng)
        nn.init.normal_(self.embedding.weight, 0.0, 0.3, rng)
        self.position: nn.Module = nn.Identity()
        if positions == "learned":
            self.position = nn.LearnedPosition(length, d_model, batch_first=True, rng=rng)
        elif positions == "sinusoidal":
            self.position = nn.SinusoidalPosition(length, d_model, batch_first=True)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(
                d_model, num_heads, dim_feedforward, 0.0, activation,
                batch_first=True, norm_first=True, rng=rng,
            )
            for _ in range(num_layers)
        )  # fmt: skip
        self.norm = nn.LayerNorm(d_model)
        self.head = nn.Linear(d_model, classes, rng=rng)

    def forward(self, digits: Operand) -> Tensor:
        """Return scores (B, T, C) of the running sums of digits (B, T), or (B, C) if pooled."""
        x = self.position(self.embedding(digits))  # (B, T, E)
        for block in self.blocks:
            x = block(x, is_causal=self.causal)  # (B, T, E)
        if self.pooling == "mean":
            x = x.mean(1)  # (B, E)
        out: Tensor = self.head(self.norm(x))  # (B, T, C) or (B, C)
        return out
