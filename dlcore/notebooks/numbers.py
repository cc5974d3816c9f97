"""Texts compared word for word, and the numbers in them within a tolerance.

The rules, from the strict to the lenient:

- Text between numbers must be the same. Blanks beside a number written with a decimal point may
  differ, because a number that changes its width moves its neighbours.
- Digits inside a word (``x1``, ``0x7f``), versions (``2.4.6``) and dates are text.
- If either number is written as an integer (a shape, a count), the two must be equal: 3 and 3.0
  are.
- Two numbers with a decimal point, an exponent, or both may differ by ``tolerance`` times the size
  of the expected one, plus a floor of ``1e-4 * tolerance`` for numbers that are zero but for
  rounding. ``nan`` equals ``nan``, and an infinity equals itself.
- Where a rule says what is accepted, the number must be finite and within the rule's bounds; the
  one expected, how it is written, and blanks beside it do not matter.
"""

import math
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

TOLERANCE = 1e-2
FLOOR = 1e-4
LONGEST = 400  # characters; a longer row of digits is compared as text

_NUMBER = re.compile(
    r"""(?<![\w.])                              # not inside a word or a version
    (?P<sign>[-+\u2212]?)
    (?:(?P<special>nan|inf(?:inity)?)(?!\w)
      |(?P<digits>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?:(?<=\d)\.\d*|\.\d+)?(?<=[\d.])(?:[eE][-+]?\d+)?)
       (?!\d|\.\d|,\d{3}(?!\d)|_)
    )""",
    re.VERBOSE | re.IGNORECASE,
)


class Number(NamedTuple):
    """A number found in a text, its value and whether it is written as an integer."""

    value: float
    integer: bool
    text: str


class Rule(NamedTuple):
    """What a number may be: the rule in words, and its bounds, which belong to it."""

    words: str
    least: float
    most: float

    def allows(self, value: float) -> bool:
        """Say whether a value is finite and within the bounds.

        Parameters
        ----------
        value : float
            The value.

        Returns
        -------
        bool
            True if it is.
        """
        return self.least <= value <= self.most and abs(value) != math.inf


Accept = Sequence[Rule | None]  # for each number of a text; none at all for all as usual


def _number(match: re.Match[str]) -> Number:
    """Return the number that a match of the pattern stands for."""
    negative = match["sign"] in {"-", "\u2212"}
    if match["special"]:
        size = math.nan if match["special"].lower() == "nan" else math.inf
        return Number(-size if negative else size, False, match[0])
    digits = match["digits"].replace(",", "")
    integer = digits.isdecimal()
    size = int(digits) if integer else float(digits)
    return Number(-size if negative else size, integer, match[0])


def _found(text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of the pattern that stand for numbers."""
    for match in _NUMBER.finditer(text):
        if not match["digits"] or not (_within_a_word(text, match) or len(match[0]) > LONGEST):
            yield match


def split(
    text: str, accept: Accept = (), loose: Collection[int] = ()
) -> tuple[list[str], list[Number]]:
    """Split a text into the words between its numbers and the numbers.

    Parameters
    ----------
    text : str
        Any text.
    accept : sequence of Rule or None
        What is accepted, number by number.
    loose : collection of int
        Numbers by their place, from 0 on, beside which blanks do not matter either.

    Returns
    -------
    words : list of str
        One more than there are numbers; blanks beside a decimal number are left out, and beside
        one for which there is a rule.
    numbers : list of Number
        The numbers in the order of the text.
    """
    words, numbers, end = [], [], 0
    for match in _found(text):
        words.append(text[end : match.start()])
        numbers.append(_number(match))
        end = match.end()
    words.append(text[end:])
    for index, number in enumerate(numbers):
        if not number.integer or any(accept[index : index + 1]) or index in loose:
            words[index] = words[index].rstrip(" \t")
            words[index + 1] = words[index + 1].lstrip(" \t")
    return [re.sub(r"[ \t]+", " ", word) for word in words], numbers


def in_words(text: str, accept: Accept) -> str:
    """Return a text in which the words of each rule stand in place of the number.

    Parameters
    ----------
    text : str
        Any text.
    accept : sequence of Rule or None
        What is accepted, number by number.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> in_words("2 runs, the worst 0.9412", [None, Rule("at least 0.93", 0.93, math.inf)])
    '2 runs, the worst at least 0.93'
    """
    parts, end = [], 0
    for match, rule in zip(_found(text), accept, strict=False):
        parts += [text[end : match.start()], rule.words if rule else match[0]]
        end = match.end()
    return "".join([*parts, text[end:]])


def _within_a_word(text: str, match: re.Match[str]) -> bool:
    """Say whether an integer is followed by a letter, as in ``3d``; ``1.5x`` is a number."""
    follows = text[match.end() : match.end() + 1]
    return match["digits"].replace(",", "").isdecimal() and (follows.isalpha() or follows == "_")


def agree(expected: Number, got: Number, tolerance: float = TOLERANCE) -> bool:
    """Say whether two numbers are the same within a tolerance.

    Parameters
    ----------
    expected, got : Number
        The stored number and the new one.
    tolerance : float
        Relative to the expected number; 0 asks for equality.

    Returns
    -------
    bool
        True if they agree.
    """
    if expected.integer or got.integer:
        return expected.value == got.value
    if math.isnan(expected.value) or math.isnan(got.value):
        return math.isnan(expected.value) and math.isnan(got.value)
    if math.isinf(expected.value) or math.isinf(got.value):
        return expected.value == got.value
    gap = abs(expected.value - got.value)
    return gap <= tolerance * (abs(expected.value) + FLOOR)


def text_difference(
    expected: str, got: str, tolerance: float = TOLERANCE, accept: Accept = ()
) -> str | None:
    """Say in words where two texts first differ, or return None if they agree.

    Parameters
    ----------
    expected, got : str
        The stored text and the new one.
    tolerance : float
        Relative tolerance for numbers with a decimal point.
    accept : sequence of Rule or None
        What is accepted, number by number of the stored text: one for each, or none at all.

    Returns
    -------
    str or None
        The first difference, or None.

    Examples
    --------
    >>> text_difference("loss 0.5012 in 3 steps", "loss 0.5013 in 3 steps")
    >>> text_difference("loss 0.5012 in 3 steps", "loss 0.5012 in 4 steps")
    'the numbers differ: 3 was expected, 4 came'
    >>> at_most = Rule("at most 0.6", -math.inf, 0.6)
    >>> text_difference("loss 0.5012 in 3 steps", "loss 0.7133 in 3 steps", accept=[at_most, None])
    'at most 0.6 was expected, 0.7133 came'
    """
    if expected == got and not accept:
        return None
    if len(got) > 4 * len(expected) + 10_000:
        return f"{len(expected)} characters were expected, {len(got)} came"
    words, numbers, new_words, new_numbers = _both(expected, got, accept)
    if accept and len(accept) != len(numbers):
        return f"what is accepted is said of {len(accept)} numbers; {len(numbers)} are stored"
    for index, (number, rule) in enumerate(zip_longest(numbers, accept)):
        if index >= len(new_numbers) or words[index] != new_words[index]:
            break
        new = new_numbers[index]
        if rule is not None and not rule.allows(new.value):
            return f"{rule.words} was expected, {new.text} came"
        if rule is None and not agree(number, new, tolerance):
            return f"the numbers differ: {number.text} was expected, {new.text} came"
    if words == new_words:
        return None
    return _first_other_line(expected, got, accept)


def lines_alike(expected: str, got: str, tolerance: float = TOLERANCE, accept: Accept = ()) -> int:
    r"""Count the lines, from the first on, in which two texts agree.

    Parameters
    ----------
    expected, got : str
        The stored text and the new one.
    tolerance : float
        Relative tolerance for numbers with a decimal point.
    accept : sequence of Rule or None
        What is accepted, number by number of the stored text: one for each, or none at all.

    Returns
    -------
    int
        How many lines stand before the first that differs.

    Examples
    --------
    >>> lines_alike("loss 0.50\n3 steps\nend", "loss 0.501\n4 steps\nend")
    1
    """
    count, seen = 0, 0
    for line, new in zip(expected.splitlines(), got.splitlines(), strict=False):
        numbers = len(split(line)[1])
        if text_difference(line, new, tolerance, accept[seen : seen + numbers]):
            break
        count, seen = count + 1, seen + numbers
    return count


def _both(
    expected: str, got: str, accept: Accept
) -> tuple[list[str], list[Number], list[str], list[Number]]:
    """Split two texts; blanks do not matter beside a number that either writes as a decimal."""
    _, numbers = split(expected, accept)
    _, new_numbers = split(got, accept)
    pairs = enumerate(zip(numbers, new_numbers, strict=False))
    loose = {index for index, (one, new) in pairs if one.integer != new.integer}
    return *split(expected, accept, loose), *split(got, accept, loose)


def _first_other_line(expected: str, got: str, accept: Accept) -> str:
    """Name the first line in which two texts differ."""
    lines, new_lines, seen = expected.splitlines(), got.splitlines(), 0
    for number, (line, new) in enumerate(zip(lines, new_lines, strict=False), start=1):
        rules = accept[seen:]
        words, numbers, new_words, _ = _both(line, new, rules)
        if words != new_words:
            wanted = in_words(line, rules)
            return f"the text differs in line {number}: {wanted!r} was expected, {new!r} came"
        seen += len(numbers)
    return f"{len(lines)} lines were expected, {len(new_lines)} came"
