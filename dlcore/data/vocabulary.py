"""Vocabulary: the numbers of words, or of characters."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

SPECIALS = ("<pad>", "<s>", "</s>", "<unk>")


class Vocabulary:
    """Gives each token of a text a number, and each number its token.

    Parameters
    ----------
    tokens : iterable of str
        The text: words, or a string, whose tokens are its characters.
    specials : sequence of str
        Tokens that come first, whether they occur or not: padding, start, end, and what stands for
        unknown tokens. For characters ``()`` will mostly do.

    Attributes
    ----------
    tokens : list of str
        The token of each number: the specials, then the others from the most frequent to the
        rarest, alphabetically among equals.

    Raises
    ------
    ValueError
        If there is no token, or a special one stands twice.

    Notes
    -----
    The default numbers of padding, start and end are 0, 1 and 2, those that
    :class:`~dlcore.models.Seq2Seq` and :class:`~dlcore.models.Transformer` expect.

    Examples
    --------
    >>> words = Vocabulary("the cat sat on the mat".split())
    >>> words.tokens
    ['<pad>', '<s>', '</s>', '<unk>', 'the', 'cat', 'mat', 'on', 'sat']
    >>> words.encode("the dog sat".split())
    array([4, 3, 8])
    >>> characters = Vocabulary("abracadabra", specials=())
    >>> print("".join(characters.decode(characters.encode("cab"))))
    cab
    """

    def __init__(self, tokens: Iterable[str], specials: Sequence[str] = SPECIALS) -> None:
        counts = Counter(tokens)
        others = sorted(counts.keys() - set(specials), key=lambda token: (-counts[token], token))
        self.tokens = [*specials, *others]
        if not self.tokens or len(set(specials)) < len(specials):
            raise ValueError(
                f"specials: expected different tokens, and at least one token in all, "
                f"got {list(specials)}"
            )
        self._numbers = {token: number for number, token in enumerate(self.tokens)}

    def __len__(self) -> int:
        """Return how many tokens there are."""
        return len(self.tokens)

    def __getitem__(self, token: str) -> int:
        """Return the number of a token; unknown ones have that of ``<unk>``."""
        number = self._numbers.get(token, self._numbers.get("<unk>"))
        if number is None:
            raise ValueError(
                f"token: {token!r} is not among the {len(self)} tokens, nor is '<unk>'"
            )
        return number

    def encode(self, tokens: Iterable[str]) -> NDArray[np.int64]:
        """Return the numbers of tokens.

        Parameters
        ----------
        tokens : iterable of str
            Words, or a string of characters.

        Returns
        -------
        ndarray of int64, shape (T,)
            Their numbers.

        Raises
        ------
        ValueError
            If a token is unknown and there is no ``<unk>``.
        """
        return np.array([self[token] for token in tokens], dtype=np.int64)

    def decode(self, numbers: ArrayLike) -> list[str]:
        """Return the tokens of numbers.

        Parameters
        ----------
        numbers : array_like of int, shape (T,)
            As :meth:`encode` returns them.

        Returns
        -------
        list of str
            Their tokens.
        """
        return [self.tokens[number] for number in np.asarray(numbers)]

    def batch(self, texts: Iterable[Iterable[str]], length: int | None = None) -> NDArray[np.int64]:
        """Return the numbers of several texts, filled up with ``<pad>`` to one length.

        Parameters
        ----------
        texts : iterable of iterables of str
            The tokens of each.
        length : int, optional
            The length T; that of the longest text by default.

        Returns
        -------
        ndarray of int64, shape (N, T)
            A text a row.

        Raises
        ------
        ValueError
            If there is no text, if one is too long, or if there is no ``<pad>`` to fill up with.

        Examples
        --------
        >>> words = Vocabulary("a b c".split(), specials=["<pad>"])
        >>> print(words.batch([["a"], ["c", "b"]]))
        [[1 0]
         [3 2]]
        """
        rows = [self.encode(text) for text in texts]
        longest = max((len(row) for row in rows), default=0)
        length = longest if length is None else length
        if not rows or longest > length:
            raise ValueError(
                f"texts: expected at least one, each of at most {length} tokens, got {len(rows)}, "
                f"the longest of {longest}"
            )
        full = all(len(row) == length for row in rows)
        out = np.full((len(rows), length), 0 if full else self["<pad>"], dtype=np.int64)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out
