"""Sampling: the next token from the scores of a language model."""

import numpy as np
from numpy.typing import ArrayLike

from dlcore.random import default_rng


def sample_token(
    logits: ArrayLike,
    temperature: float = 1.0,
    top_k: int | None = None,
    rng: np.random.Generator | None = None,
) -> int:
    r"""Draw a token from the distribution that scores stand for.

    Parameters
    ----------
    logits : array_like, shape (V,)
        The score of each token.
    temperature : float
        Divides the scores: below 1 likely tokens become likelier, above 1 they become less so. At
        0 the likeliest token is returned.
    top_k : int, optional
        Draw from the `top_k` likeliest tokens alone; ties with the last of them stay in.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    int
        A token, from 0 to V-1.

    Raises
    ------
    ValueError
        If there is no score, the temperature is negative, or `top_k` is below 1.

    Notes
    -----
    Token i is drawn with probability :math:`e^{z_i / \tau} / \sum_j e^{z_j / \tau}`. Derived in
    Chapter 16.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> print([sample_token([1.0, 3.0, 2.0], top_k=2, rng=rng) for _ in range(6)])
    [1, 1, 1, 1, 2, 2]
    >>> sample_token([1.0, 3.0, 2.0], temperature=0)
    1
    """
    z = np.asarray(logits, dtype=np.float64)
    if z.ndim != 1 or len(z) == 0:
        raise ValueError(f"logits: expected a score for each token, shape (V,), got {z.shape}")
    if temperature < 0:
        raise ValueError(f"temperature: expected at least 0, got {temperature}")
    if top_k is not None and top_k < 1:
        raise ValueError(f"top_k: expected at least 1, got {top_k}")
    if temperature == 0:
        return int(z.argmax())
    if top_k is not None and top_k < len(z):
        z = np.where(z < np.sort(z)[-top_k], -np.inf, z)
    weights = np.exp((z - z.max()) / temperature)
    return int(default_rng(rng).choice(len(z), p=weights / weights.sum()))
