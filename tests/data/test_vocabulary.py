"""Vocabulary: numbers and tokens, both ways."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from dlcore.data import Vocabulary

WORDS = ["the", "cat", "sat", "on", "the", "mat"]


@given(st.text(min_size=1))
def test_characters_there_and_back(text):
    characters = Vocabulary(text, specials=())
    assert len(characters) == len(set(text))
    numbers = characters.encode(text)
    assert numbers.dtype == np.int64
    assert "".join(characters.decode(numbers)) == text


def test_specials_come_first_then_the_frequent():
    words = Vocabulary([*WORDS, "<s>", "mat"])
    assert words.tokens == ["<pad>", "<s>", "</s>", "<unk>", "mat", "the", "cat", "on", "sat"]
    assert [words[token] for token in words.tokens] == list(range(9))


def test_unknown_words():
    assert Vocabulary(WORDS).encode(["cat", "dog"]).tolist() == [5, 3]
    with pytest.raises(ValueError, match="'dog' is not among the 5 tokens, nor is '<unk>'"):
        Vocabulary(WORDS, specials=()).encode(["dog"])


def test_batches():
    words = Vocabulary(["a", "b", "c"], specials=["<unk>", "<pad>"])
    texts = [["a"], ["c", "d"], []]
    assert words.batch(texts).tolist() == [[2, 1], [4, 0], [1, 1]]
    assert words.batch(texts, length=3).tolist() == [[2, 1, 1], [4, 0, 1], [1, 1, 1]]
    assert Vocabulary("ab", specials=()).batch(["ab", "ba"]).tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("texts", "options", "message"),
    [
        ([], {}, "at least one"),
        ([["a", "b"]], {"length": 1}, "each of at most 1 tokens, got 1, the longest of 2"),
        ([["a"], ["a", "b"]], {}, "'<pad>' is not among the 2 tokens"),
    ],
)
def test_bad_batches(texts, options, message):
    with pytest.raises(ValueError, match=message):
        Vocabulary("ab", specials=()).batch(texts, **options)


@pytest.mark.parametrize("arguments", [("", ()), ("ab", ("<pad>", "<pad>"))])
def test_bad_arguments(arguments):
    with pytest.raises(ValueError, match="specials: expected different tokens"):
        Vocabulary(*arguments)
