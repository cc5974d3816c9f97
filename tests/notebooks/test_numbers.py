import math

import pytest
from hypothesis import given, settings, strategies as st

from dlcore.notebooks.numbers import FLOOR, split, text_difference

FLOATS = st.floats(min_value=1e-2, max_value=1e12)
WORDS = st.text(st.characters(codec="ascii", categories=["L", "P", "S", "Zs"]), max_size=30)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_agrees_with_itself(text: str) -> None:
    assert text_difference(text, text) is None
    assert text_difference(text, text + " x") is not None


@settings(deadline=None)
@given(FLOATS, st.floats(-0.9, 0.9))
def test_a_number_within_the_tolerance_agrees(value: float, part: float) -> None:
    assert text_difference(f"loss {value!r}", f"loss {value * (1 + 0.01 * part)!r}") is None


@settings(deadline=None)
@given(FLOATS, st.floats(1.1, 50), st.booleans())
def test_a_number_beyond_the_tolerance_differs(value: float, factor: float, up: bool) -> None:
    other = value * (1 + 0.01 * factor) if up else value * (1 - 0.01 * min(factor, 49))
    assert "numbers differ" in str(text_difference(f"loss {value!r}.", f"loss {other!r}."))


@settings(deadline=None)
@given(st.integers(), st.integers())
def test_integers_agree_only_when_equal(one: int, other: int) -> None:
    found = text_difference(f"shape ({one}, 3)", f"shape ({other}, 3)")
    assert (found is None) == (one == other)


@settings(deadline=None)
@given(FLOATS, WORDS, WORDS)
def test_text_around_a_number_is_strict(value: float, before: str, after: str) -> None:
    assert (
        text_difference(f"{before} {value!r} {after}", f"{before} {value!r} {after}!") is not None
    )
    assert text_difference(f"{before} {value!r}", f"#{before} {value!r}") is not None


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_sign_of_a_number_counts(value: float) -> None:
    if abs(value) > 1e-3:
        assert text_difference(f"{value!r}", f"{-value!r}") is not None


@settings(deadline=None)
@given(FLOATS)
def test_zero_tolerance_asks_for_equality(value: float) -> None:
    other = math.nextafter(value, math.inf)
    assert text_difference(f"{value!r}", f"{value!r} ", 0.0) is None
    assert text_difference(f"{value!r}", f"{other!r}", 0.0) is not None


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("1.000e-03", "1.001e-03"),
        ("count: 49,984", "count: 49984.0"),
        ("span: [3, 5]", "span: [3.0, 5.0]"),
        ("side  16, jump  4", "side  16.0, jump 4.0"),
        ("97.5 %", "97.6 %"),
        ("12.3%", "12.31%"),
        ("[ 9.99 -1.  ]", "[10.01 -1.  ]"),
        ("nan and inf and -inf", "nan and inf and -inf"),
        ("1,234.5 dollars", "1,230.5 dollars"),
        ("2.50x", "2.51x"),
        ("error 1.1e-16", "error 0.0e+00"),
        ("−0.50", "-0.50"),
        ("0.00", "-0.00"),
        ("3", "3.0"),
    ],
)
def test_these_agree(expected: str, got: str) -> None:
    assert text_difference(expected, got) is None


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("1.000e-03", "1.000e-02"),
        ("97.5 %", "97.5"),
        ("0.5", "-0.5"),
        ("1.0", "nan"),
        ("nan", "1.0"),
        ("inf", "-inf"),
        ("inf", "1e300"),
        ("1797 images", "1798 images"),
        ("2", "2.001"),
        ("numpy 2.4.6", "numpy 2.4.7"),
        ("x1 = 0.5", "x2 = 0.5"),
        ("0x7f", "0x7e"),
        ("2024-01-05", "2024-01-06"),
        ("0.5 0.5", "0.5 0.5 0.5"),
        ("0.5", "0.5\n"),
        ("1,234", "1,235"),
        ("3d", "4d"),
        ("1.5-2.5j", "1.5+2.5j"),
        ("10" * 300, "10" * 299 + "11"),
    ],
)
def test_these_differ(expected: str, got: str) -> None:
    assert text_difference(expected, got) is not None


def test_the_first_difference_is_named() -> None:
    assert text_difference("a 0.5\nb 0.25", "a 0.5\nb 0.35") == (
        "the numbers differ: 0.25 was expected, 0.35 came"
    )
    assert "line 2" in str(text_difference("a 0.5\nb", "a 0.5\nc"))
    assert text_difference("a\nb", "a") == "2 lines were expected, 1 came"


def test_a_flood_is_not_searched_for_numbers() -> None:
    assert "characters" in str(text_difference("1.0", "1,111," * 100_000))


def test_the_floor_is_small_against_the_tolerance() -> None:
    assert FLOOR <= 1e-4
    assert text_difference("1e-5", "2e-5") is not None


def test_numbers_are_found_with_their_kind() -> None:
    _, numbers = split("3 of 10 at -1e-3, 97.5 % nan")
    assert [(number.text, number.integer) for number in numbers] == [
        ("3", True),
        ("10", True),
        ("-1e-3", False),
        ("97.5", False),
        ("nan", False),
    ]
