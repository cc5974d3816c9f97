"""CharRNN: a recurrent network that says, at each token, what it expects there or next."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcore import nn
from dlcore.function import Operand
from dlcore.models.sampling import sample_token
from dlcore.random import default_rng
from dlcore.tape import no_grad
from dlcore.tensor import Tensor

Cell = Literal["rnn", "lstm", "gru"]
CELLS: dict[str, Any] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class CharRNN(nn.Module):
    r"""Embedding, recurrent layers, and an affine map to the scores of the tokens.

    Parameters
    ----------
    vocabulary : int
        Number V of tokens, characters for instance.
    embed_dim : int
        Length E of the vector of a token.
    hidden_size : int
        Length H of the state.
    cell : {"rnn", "lstm", "gru"}
        Kind of the recurrent layers.
    num_layers : int
        How many lie on top of each other.
    rng : numpy.random.Generator, optional
        Source of the initial weights.

    Raises
    ------
    ValueError
        If the kind is unknown or a size is below 1.

    Notes
    -----
    .. math:: h_t = f(E_{x_t}, h_{t-1}), \qquad z_t = W h_t + b,

    where f is one step of the cell and :math:`\operatorname{softmax} z_t` the distribution over
    tokens at step t. The plain cell is derived in Chapter 13, LSTM and GRU in Chapter 14.

    References
    ----------
    .. [1] J. L. Elman, "Finding structure in time", Cognitive Science 14 (2), 1990,
       doi 10.1207/s15516709cog1402_1.
    .. [2] S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9 (8),
       1997, doi 10.1162/neco.1997.9.8.1735.
    .. [3] K. Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical
       machine translation", EMNLP 2014, doi 10.3115/v1/D14-1179.

    Examples
    --------
    >>> model = CharRNN(10, cell="lstm", rng=np.random.default_rng(0))
    >>> print(model(np.array([[3, 1, 4, 1]])).shape)
    (1, 4, 10)
    """

    def __init__(
        self,
        vocabulary: int,
        embed_dim: int = 32,
        hidden_size: int = 64,
        cell: Cell = "rnn",
        num_layers: int = 1,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if cell not in CELLS:
            raise ValueError(f"cell: expected one of {', '.join(CELLS)}, got {cell!r}")
        rng = default_rng(rng)
        self.embedding = nn.Embedding(vocabulary, embed_dim, rng=rng)
        self.recurrent = CELLS[cell](embed_dim, hidden_size, num_layers, batch_first=True, rng=rng)
        self.head = nn.Linear(hidden_size, vocabulary, rng=rng)

    def forward(self, tokens: Operand) -> Tensor:
        """Return the scores (B, T, V) at each of the tokens (B, T)."""
        return self.advance(tokens)[0]

    def advance(self, tokens: Operand, state: Any = None) -> tuple[Tensor, Any]:
        """Read on from a state.

        Parameters
        ----------
        tokens : array_like of int, shape (B, T)
            What is read.
        state : Tensor, shape (num_layers, B, H), or two of them for an LSTM, optional
            The state before; zero by default.

        Returns
        -------
        logits : Tensor, shape (B, T, V)
            The scores at each token.
        state : Tensor or (Tensor, Tensor)
            The state after the last one.
        """
        x = self.embedding(tokens)  # (B, T, E)
        h, state = self.recurrent(x, state)  # (B, T, H)
        return self.head(h), state  # (B, T, V)

    def sample(
        self,
        prompt: ArrayLike,
        length: int,
        temperature: float = 1.0,
        rng: np.random.Generator | None = None,
    ) -> NDArray[np.int64]:
        """Write on: draw a token, read it, draw the next.

        Parameters
        ----------
        prompt : array_like of int, shape (P,)
            The beginning, of at least one token.
        length : int
            How many tokens to add.
        temperature : float
            As in :func:`~dlcore.models.sample_token`.
        rng : numpy.random.Generator, optional
            Source of randomness.

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
        Makes sense for a model that was trained on the next token. The state is carried along, so
        that each step costs the same.
        """
        tokens = checked_prompt(prompt, length)
        rng, state, fresh = default_rng(rng), None, tokens
        with no_grad():
            for _ in range(length):
                logits, state = self.advance(np.array([fresh]), state)
                fresh = [sample_token(logits.data[0, -1], temperature, rng=rng)]
                tokens = tokens + fresh
        return np.array(tokens)


def checked_prompt(prompt: ArrayLike, length: int) -> list[int]:
    """Return a prompt as a list of at least one token.

    Parameters
    ----------
    prompt : array_like of int, shape (P,)
        The prompt.
    length : int
        How many tokens are to follow.

    Returns
    -------
    list of int
        Its tokens.

    Raises
    ------
    ValueError
        If it is empty or has several axes, or if `length` is negative.
    """
    array = np.asarray(prompt)
    if array.ndim != 1 or len(array) == 0 or array.dtype.kind not in "iu":
        raise ValueError(
            f"prompt: expected at least one token, as integers of shape (P,), got {array.dtype} "
            f"of shape {array.shape}"
        )
    if length < 0:
        raise ValueError(f"length: expected at least 0, got {length}")
    return [int(token) for token in array]
