"""Made-up problems on sequences, seeded: what a network with a memory must be able to do."""

import numpy as np
from numpy.typing import NDArray

from dlcore.random import default_rng

Tokens = NDArray[np.int64]


def one_shift(
    n_samples: int = 1000,
    *,
    length: int = 8,
    vocabulary: int = 10,
    rng: np.random.Generator | None = None,
) -> tuple[Tokens, Tokens]:
    """Draw random tokens, and ask at each place for the token that follows it in the vocabulary.

    Parameters
    ----------
    n_samples : int
        Number of sequences.
    length : int
        Tokens in a sequence.
    vocabulary : int
        Number of different tokens, V.
    rng : numpy.random.Generator, optional
        Source of randomness.

    Returns
    -------
    x : ndarray of int64, shape (n_samples, length)
        Tokens from 0 to V-1.
    y : ndarray of int64, shape (n_samples, length)
        (x + 1) mod V.

    Examples
    --------
    >>> x, y = one_shift(1, length=5, rng=np.random.default_rng(0))
    >>> print(x[0], y[0])
    [8 6 5 2 3] [9 7 6 3 4]
    """
    x = _tokens(n_samples, length, vocabulary, rng)
    return x, (x + 1) % vocabulary


def sum_mod(
    n_samples: int = 1000,
    *,
    length: int = 16,
    modulus: int = 5,
    vocabulary: int = 10,
    running: bool = False,
    rng: np.random.Generator | None = None,
) -> tuple[Tokens, Tokens]:
    """Draw random digits, and ask for the remainder of their sum.

    The other parameters are those of :func:`one_shift`.

    Parameters
    ----------
    length : int
        Digits in a sequence.
    modulus : int
        What the sum is divided by, C.
    vocabulary : int
        Number of different digits.
    running : bool
        Whether to ask at each place for the sum so far, rather than once for the whole.

    Returns
    -------
    x : ndarray of int64, shape (n_samples, length)
        Digits from 0 to vocabulary-1.
    y : ndarray of int64, shape (n_samples,), or (n_samples, length) if `running`
        The remainder, 0 to C-1.

    Notes
    -----
    Every digit counts, so that a guess without one of them is right once in C times.

    Examples
    --------
    >>> x, y = sum_mod(1, length=5, rng=np.random.default_rng(0))
    >>> print(x[0], y[0])
    [8 6 5 2 3] 4
    >>> print(sum_mod(1, length=5, running=True, rng=np.random.default_rng(0))[1][0])
    [3 4 4 1 4]
    """
    x = _tokens(n_samples, length, vocabulary, rng)
    if modulus < 2:
        raise ValueError(f"modulus: expected at least 2, got {modulus}")
    sums = np.cumsum(x, axis=1) % modulus
    return x, sums if running else sums[:, -1]


def copy_memory(
    n_samples: int = 1000,
    *,
    length: int = 10,
    delay: int = 100,
    symbols: int = 8,
    rng: np.random.Generator | None = None,
) -> tuple[Tokens, Tokens]:
    """Show a few symbols, then blanks, then a sign: now the symbols must be repeated.

    The other parameters are those of :func:`one_shift`.

    Parameters
    ----------
    length : int
        Symbols to remember, K.
    delay : int
        Steps from the last symbol to the sign, D.
    symbols : int
        Number of different symbols, S.

    Returns
    -------
    x : ndarray of int64, shape (n_samples, D + 2K)
        K symbols from 1 to S, D-1 blanks (0), the sign (S+1), and K blanks.
    y : ndarray of int64, shape (n_samples, D + 2K)
        D+K blanks, and the K symbols.

    Notes
    -----
    Without a memory the best guess of a symbol is right once in S times.

    References
    ----------
    .. [1] S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9 (8),
       1997, doi 10.1162/neco.1997.9.8.1735, whose tasks this one follows.
    .. [2] M. Arjovsky, A. Shah and Y. Bengio, "Unitary evolution recurrent neural networks",
       ICML 2016, arXiv 1511.06464, section 5.1.

    Examples
    --------
    >>> x, y = copy_memory(1, length=3, delay=4, rng=np.random.default_rng(0))
    >>> print(x[0], y[0])
    [7 6 5 0 0 0 9 0 0 0] [0 0 0 0 0 0 0 7 6 5]
    """
    _at_least_one(delay=delay)
    shown = 1 + _tokens(n_samples, length, symbols, rng)
    x = np.zeros((n_samples, delay + 2 * length), dtype=np.int64)
    y = np.zeros_like(x)
    x[:, :length] = shown
    x[:, length + delay - 1] = symbols + 1
    y[:, length + delay :] = shown
    return x, y


def adding_problem(
    n_samples: int = 1000, *, length: int = 100, rng: np.random.Generator | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw a sequence of numbers of which two are marked, and ask for the sum of the two.

    The other parameters are those of :func:`one_shift`.

    Parameters
    ----------
    length : int
        Numbers in a sequence, two or more.

    Returns
    -------
    x : ndarray of float32, shape (n_samples, length, 2)
        At each step a number from [0, 1), and 1 where it is marked, otherwise 0. One of the marks
        lies in the first half, one in the second.
    y : ndarray of float32, shape (n_samples, 1)
        The sum of the marked numbers.

    Notes
    -----
    Who always answers 1 has a mean squared error of 1/6. Without a memory little better can be
    had: the last number, if it is marked, is known.

    References
    ----------
    .. [1] S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9 (8),
       1997, doi 10.1162/neco.1997.9.8.1735, section 5.4.

    Examples
    --------
    >>> x, y = adding_problem(1000, length=20, rng=np.random.default_rng(0))
    >>> print(x.shape, y.shape, f"{y.mean():.1f} {y.var():.2f}")
    (1000, 20, 2) (1000, 1) 1.0 0.17
    """
    _at_least_one(n_samples=n_samples)
    if length < 2:
        raise ValueError(f"length: expected at least 2, got {length}")
    rng = default_rng(rng)
    x = np.zeros((n_samples, length, 2), dtype=np.float32)
    x[:, :, 0] = rng.random((n_samples, length), dtype=np.float32)
    rows = np.arange(n_samples)
    x[rows, rng.integers(length // 2, size=n_samples), 1] = 1
    x[rows, rng.integers(length // 2, length, size=n_samples), 1] = 1
    return x, (x[:, :, 0] * x[:, :, 1]).sum(axis=1, keepdims=True)


def reversal(
    n_samples: int = 1000,
    *,
    length: int = 8,
    vocabulary: int = 10,
    rng: np.random.Generator | None = None,
) -> tuple[Tokens, Tokens]:
    """Draw random tokens, and ask for them in reverse.

    The other parameters are those of :func:`one_shift`.

    Parameters
    ----------
    vocabulary : int
        Number of different tokens.

    Returns
    -------
    x, y : ndarray of int64, shape (n_samples, length)
        Tokens from 0 to vocabulary-1, and the same from the last to the first.

    Examples
    --------
    >>> x, y = reversal(1, length=5, rng=np.random.default_rng(0))
    >>> print(x[0], y[0])
    [8 6 5 2 3] [3 2 5 6 8]
    """
    x = _tokens(n_samples, length, vocabulary, rng)
    return x, x[:, ::-1].copy()


def _tokens(
    n_samples: int, length: int, vocabulary: int, rng: np.random.Generator | None
) -> Tokens:
    _at_least_one(n_samples=n_samples, length=length, vocabulary=vocabulary)
    return default_rng(rng).integers(vocabulary, size=(n_samples, length))


def _at_least_one(**counts: int) -> None:
    for name, value in counts.items():
        if value < 1:
            raise ValueError(f"{name}: expected at least 1, got {value}")
