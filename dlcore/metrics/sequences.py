"""Scores of sequences of tokens: perplexity of a language model, BLEU of a translation."""

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dlcore.metrics.labels import Labels, as_array, as_weights
from dlcore.metrics.stream import MeanStream, State, Stream

Tokens = Sequence[Hashable]


def perplexity(
    y_true: Labels,
    y_score: Labels,
    *,
    ignore_index: int = -100,
    sample_weight: ArrayLike | None = None,
) -> float:
    r"""Return the exponential of the mean negative log-likelihood of a token.

    Parameters
    ----------
    y_true : array_like or Tensor of int, shape (...,)
        The true tokens, 0 to C-1.
    y_score : array_like or Tensor, shape (..., C)
        Logits: a score for each token, before the softmax. Logarithms of probabilities will do.
    ignore_index : int, default -100
        Tokens of this number are left out, such as padding.
    sample_weight : array_like, of the shape of `y_true`, optional
        How much each token counts.

    Returns
    -------
    float
        At least 1; C for guessing.

    Raises
    ------
    ValueError
        If the shapes do not fit, a token is out of range, or none is left.

    Notes
    -----
    .. math:: \exp\Bigl(-\frac{1}{n} \sum_i \log \operatorname{softmax}(s_i)_{y_i}\Bigr)

    Derived in Chapter 16.

    Examples
    --------
    >>> print(f"{perplexity([0, 1, 2], [[0.0, 0.0, 0.0, 0.0]] * 3):.2f}")
    4.00
    """
    return Perplexity(ignore_index).update(y_true, y_score, sample_weight).compute()


class Perplexity(MeanStream):
    """Perplexity of a stream of batches.

    The parameters are those of :func:`perplexity`.

    Examples
    --------
    >>> score = Perplexity()
    >>> print(f"{score.update([0], [[0.0, 0.0]]).update([[1]], [[[0.0, 0.0]]]).compute():.2f}")
    2.00
    """

    def __init__(self, ignore_index: int = -100) -> None:
        self.ignore_index = ignore_index
        super().__init__()

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        true, score = as_array(y_true), as_array(y_pred)
        if score.shape[:-1] != true.shape or score.ndim == 0 or true.dtype.kind not in "iu":
            raise ValueError(
                "y_true, y_score: expected integers of shape (...,) and scores of shape (..., C), "
                f"got {true.dtype} {true.shape} and {score.shape}"
            )
        weight = None if sample_weight is None else np.asarray(sample_weight).ravel()
        weights = as_weights(weight, true.size)
        used = true.ravel() != self.ignore_index
        tokens, weights = true.ravel()[used], weights[used]
        score = score.reshape(-1, score.shape[-1])[used].astype(np.float64)
        if len(tokens) == 0 or not weights.any():
            raise ValueError("y_true: expected at least one token that counts, got none")
        if tokens.min() < 0 or tokens.max() >= score.shape[1]:
            raise ValueError(f"y_true: expected tokens from 0 to {score.shape[1] - 1}")
        score -= score.max(axis=1, keepdims=True)
        likelihood = score[np.arange(len(tokens)), tokens] - np.log(np.exp(score).sum(axis=1))
        return -(weights @ likelihood), weights.sum()

    def _score(self, state: State) -> float:
        return float(np.exp(super()._score(state)))


def bleu_score(
    y_true: Sequence[Sequence[Tokens]], y_pred: Sequence[Tokens], *, max_order: int = 4
) -> float:
    r"""Return the BLEU of a corpus of translations.

    Parameters
    ----------
    y_true : sequence of sequence of sequence of tokens
        For each sentence, its references: one or more, each a list of tokens.
    y_pred : sequence of sequence of tokens
        For each sentence, the translation, a list of tokens.
    max_order : int, default 4
        Up to how many tokens in a row are compared, N.

    Returns
    -------
    float
        Between 0 and 1; 0 as soon as no N tokens in a row are found in a reference.

    Raises
    ------
    ValueError
        If there is no sentence, the numbers of sentences differ, or one has no reference.
    TypeError
        If a sentence is a string rather than a list of tokens.

    Notes
    -----
    With the modified precisions :math:`p_n`, in which an n-gram counts at most as often as in the
    reference that has it most often, with the length c of all translations and the length r of the
    references that are nearest in length, the shorter one of two,

    .. math:: \text{BLEU} = \min\bigl(1, e^{1 - r/c}\bigr)
        \Bigl(\prod_{n=1}^{N} p_n\Bigr)^{1/N}

    Counts are summed over the corpus before they are divided, and not smoothed, as in the paper:
    the mean over sentences is another number. Derived in Chapter 14.

    References
    ----------
    .. [1] K. Papineni, S. Roukos, T. Ward and W.-J. Zhu, "BLEU: a method for automatic evaluation
       of machine translation", ACL 2002.

    Examples
    --------
    >>> reference = "the cat is on the mat".split()
    >>> translation = "the cat sat on the mat".split()
    >>> print(f"{bleu_score([[reference]], [translation], max_order=2):.3f}")
    0.707
    """
    return BLEU(max_order).update(y_true, y_pred).compute()


class BLEU(Stream[float]):
    """BLEU of a stream of batches of sentences.

    The parameters are those of :func:`bleu_score`.

    Examples
    --------
    >>> score = BLEU(max_order=1)
    >>> batches = [[[["a", "cat"]]], [[["a", "dog"]]]]
    >>> for references in batches:
    ...     score = score.update(references, [["a", "cat"]])
    >>> print(f"{score.compute():.2f}")
    0.75
    """

    def __init__(self, max_order: int = 4) -> None:
        if max_order < 1:
            raise ValueError(f"max_order: expected at least 1, got {max_order}")
        self.max_order = max_order
        super().__init__()

    def _measure(self, y_true: Any, y_pred: Any, sample_weight: ArrayLike | None) -> State:
        if sample_weight is not None:
            raise ValueError("sample_weight: BLEU of a corpus has no weights")
        _check(y_true, y_pred)
        matches = np.zeros(self.max_order)
        possible = np.zeros(self.max_order)
        length = reference_length = 0
        for references, translation in zip(y_true, y_pred, strict=True):
            length += len(translation)
            reference_length += _nearest(len(translation), references)
            for n in range(1, self.max_order + 1):
                grams = _grams(translation, n)
                best: Counter[tuple[Hashable, ...]] = Counter()
                for reference in references:
                    best |= _grams(reference, n)
                matches[n - 1] += (grams & best).total()
                possible[n - 1] += grams.total()
        return matches, possible, length, reference_length

    def _score(self, state: State) -> float:
        matches, possible, length, reference_length = state
        if not matches.all():
            return 0.0
        brevity = min(1.0, math.exp(1 - reference_length / length))
        return brevity * math.exp(float(np.log(matches / possible).mean()))


def _grams(tokens: Tokens, n: int) -> Counter[tuple[Hashable, ...]]:
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def _nearest(length: int, references: Sequence[Tokens]) -> int:
    return min((len(r) for r in references), key=lambda r: (abs(r - length), r))


def _check(y_true: Sequence[Sequence[Tokens]], y_pred: Sequence[Tokens]) -> None:
    if len(y_true) != len(y_pred) or len(y_pred) == 0:
        raise ValueError(
            "y_true, y_pred: expected as many lists of references as translations, at least one, "
            f"got {len(y_true)} and {len(y_pred)}"
        )
    for i, (references, translation) in enumerate(zip(y_true, y_pred, strict=True)):
        if len(references) == 0:
            raise ValueError(f"y_true[{i}]: expected at least one reference, got none")
        for name, tokens in [("y_pred", translation), *(("y_true", r) for r in references)]:
            if isinstance(tokens, str):
                raise TypeError(
                    f"{name}[{i}]: expected a list of tokens, got a string; split it first"
                )
