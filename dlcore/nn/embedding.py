"""Embedding: a learnt vector for each of a number of things."""

import numpy as np
from numpy.typing import DTypeLike

from dlcore import functional as F
from dlcore.function import Operand
from dlcore.nn import init
from dlcore.nn.module import Module
from dlcore.nn.parameter import Parameter
from dlcore.tensor import Tensor


class Embedding(Module):
    """Table with one row for each of `num_embeddings` things, words for instance.

    Parameters
    ----------
    num_embeddings : int
        Number of rows.
    embedding_dim : int
        Length of a row.
    padding_idx : int, optional
        A row that stands for nothing: it starts at zero and is not learnt.
    dtype : dtype_like, default float32
        Kind of number of the table.
    rng : numpy.random.Generator, optional
        Source of the starting values: standard normal, as in torch.

    Attributes
    ----------
    weight : Parameter, shape (num_embeddings, embedding_dim)
        The table.

    Raises
    ------
    ValueError
        If a size is not positive, if `padding_idx` is no row or, when called, if an index lies
        outside the table.

    Notes
    -----
    Derived in Chapter 15.

    Examples
    --------
    >>> import numpy as np, dlcore as dl
    >>> table = dl.nn.Embedding(10, 3, rng=np.random.default_rng(0))
    >>> table(np.array([[1, 2], [2, 9]])).shape
    (2, 2, 3)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        dtype: DTypeLike = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if num_embeddings < 1 or embedding_dim < 1:
            raise ValueError(
                f"Embedding: num_embeddings and embedding_dim must be at least 1, "
                f"got {num_embeddings} and {embedding_dim}"
            )
        if padding_idx is not None:
            if not -num_embeddings <= padding_idx < num_embeddings:
                raise ValueError(
                    f"Embedding: padding_idx must be a row of {num_embeddings}, got {padding_idx}"
                )
            padding_idx %= num_embeddings
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = padding_idx
        self.weight = Parameter(np.empty((num_embeddings, embedding_dim), dtype))
        init.normal_(self.weight, rng=rng)
        if padding_idx is not None:
            self.weight.data[padding_idx] = 0

    def forward(self, x: Operand) -> Tensor:
        """Return a row for each index in x: shape (..., embedding_dim)."""
        return F.embedding(x, self.weight, self.padding_idx)

    def extra_repr(self) -> str:
        """Show the sizes."""
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"
