"""Texts compared word for word, and the numbers in them within a tolerance.

The rules, from the strict to the lenient:

- Text between numbers must be the same. Blanks beside a number written with a decimal point may
  differ, because a number that changes its width moves its neighbours.
- Digits inside a word (``x1``, ``0x7f``), versions (``2.4.6``) and dates are text.
- If either number is written as an integer (a shape, a count), the two must be equal.
- Two numbers with a decimal point, an exponent, or both may differ by ``tolerance`` times the size
  of the expected one, plus a floor of ``1e-4 * tolerance`` for numbers that are zero but for
  rounding. ``nan`` equals ``nan``, and an infinity equals itself.
"""

import math
import re
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


def split(text: str) -> tuple[list[str], list[Number]]:
    """Split a text into the words between its numbers and the numbers.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    words : list of str
        One more than there are numbers; blanks beside a decimal number are left out.
    numbers : list of Number
        The numbers in the order of the text.
    """
    words, numbers, end = [], [], 0
    for match in _NUMBER.finditer(text):
        if match["digits"] and (_within_a_word(text, match) or len(match[0]) > LONGEST):
            continue
        words.append(text[end : match.start()])
        numbers.append(_number(match))
        end = match.end()
    words.append(text[end:])
    for index, number in enumerate(numbers):
        if not number.integer:
            words[index] = words[index].rstrip(" \t")
            words[index + 1] = words[index + 1].lstrip(" \t")
    return [re.sub(r"[ \t]+", " ", word) for word in words], numbers


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


def text_difference(expected: str, got: str, tolerance: float = TOLERANCE) -> str | None:
    """Say in words where two texts first differ, or return None if they agree.

    Parameters
    ----------
    expected, got : str
        The stored text and the new one.
    tolerance : float
        Relative tolerance for numbers with a decimal point.

    Returns
    -------
    str or None
        The first difference, or None.

    Examples
    --------
    >>> text_difference("loss 0.5012 in 3 steps", "loss 0.5013 in 3 steps")
    >>> text_difference("loss 0.5012 in 3 steps", "loss 0.5012 in 4 steps")
    'the numbers differ: 3 was expected, 4 came'
    """
    if expected == got:
        return None
    if len(got) > 4 * len(expected) + 10_000:
        return f"{len(expected)} characters were expected, {len(got)} came"
    words, numbers = split(expected)
    new_words, new_numbers = split(got)
    for index, number in enumerate(numbers):
        if index >= len(new_numbers) or words[index] != new_words[index]:
            break
        if not agree(number, new_numbers[index], tolerance):
            return f"the numbers differ: {number.text} was expected, {new_numbers[index].text} came"
    if words == new_words:
        return None
    return _first_other_line(expected, got)


def _first_other_line(expected: str, got: str) -> str:
    """Name the first line in which two texts differ."""
    lines, new_lines = expected.splitlines(), got.splitlines()
    for number, (line, new) in enumerate(zip(lines, new_lines, strict=False), start=1):
        if split(line)[0] != split(new)[0]:
            return f"the text differs in line {number}: {line!r} was expected, {new!r} came"
    return f"{len(lines)} lines were expected, {len(new_lines)} came"
