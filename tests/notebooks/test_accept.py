"""What a check accepts: rules for the numbers printed, and nothing that is no number."""

import math
from typing import Any

import pytest
from hypothesis import given, strategies as st

from dlcore.notebooks.accept import accept_of
from dlcore.notebooks.compare import first_difference
from dlcore.notebooks.numbers import in_words, text_difference
from tests.notebooks.building import stdout

LEAST = {"at_least": 0.93}


def difference(accept: Any, stored: str, came: str, tolerance: float = 1e-2) -> str | None:
    return text_difference(stored, came, tolerance, accept_of({"accept": accept}))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_bound_belongs_to_what_is_accepted(bound: float, value: float) -> None:
    came = f"share {value!r}"
    stored = f"share {bound!r}"
    assert (difference({"at_least": bound}, stored, came) is None) == (value >= bound)
    assert (difference({"at_most": bound}, stored, came) is None) == (value <= bound)
    ends = [min(bound, 0.0), max(bound, 0.0)]
    assert (difference({"between": ends}, stored, came) is None) == (ends[0] <= value <= ends[1])
    assert difference({"at_least": bound}, stored, stored) is None


def test_close_to_has_a_relative_tolerance_its_own_or_that_of_the_cell() -> None:
    assert difference({"close_to": 3.14}, "pi 3.1400", "pi 3.1500") is None
    assert difference({"close_to": 3.14, "tolerance": 1e-3}, "pi 3.14", "pi 3.15") is not None
    (rule,) = accept_of({"accept": {"close_to": 3.14}, "tolerance": 1e-3})
    assert rule is not None
    assert rule.allows(3.142)
    assert not rule.allows(3.15)


@pytest.mark.parametrize(
    "came",
    [
        "share read: nan",
        "share read: inf",
        "share read: True",
        "share read:",
        "share read: 0.92999",
        "share read: -0.99",
        "share read: 0.95 0.95",
        "share read: 0.91 0.95",
        "share: 0.95",
        "share read: 0.95 of all",
        "share read: 0.95\nshare read: 0.95",
        "share read: x0.95",
        "share read: " + "9" * 500,
        "0.95",
        "",
    ],
)
def test_what_is_not_the_one_number_wanted_fails(came: str) -> None:
    assert difference(LEAST, "share read: 0.9412\n", f"{came}\n") is not None


@pytest.mark.parametrize("came", ["0.93", "1", " 1.0", "1e0", "+0.95", "1,000", "9" * 390])
def test_how_the_number_is_written_does_not_matter(came: str) -> None:
    assert difference(LEAST, "share read: 0.9412 of all\n", f"share read: {came} of all\n") is None


def test_infinity_is_within_no_bound() -> None:
    for sign in "+-":
        assert difference({"at_least": 0}, "a 1.0", f"a {sign}inf") is not None
        assert difference({"at_most": 0}, "a -1.0", f"a {sign}inf") is not None


def test_each_number_has_its_rule_and_none_is_compared_as_usual() -> None:
    accept = [None, {"at_most": 1e-6}, None]
    stored = "3 runs, worst 0.0000001, mean 0.500"
    assert difference(accept, stored, "3 runs, worst 0.0000009, mean 0.501") is None
    assert difference(accept, stored, "4 runs, worst 0.0000009, mean 0.501") == (
        "the numbers differ: 3 was expected, 4 came"
    )
    assert difference(accept, stored, "3 runs, worst 0.01, mean 0.501") == (
        "at most 1e-06 was expected, 0.01 came"
    )
    assert difference(accept, stored, "3 runs, worst 0.0000009, mean 0.600") is not None


def test_the_words_between_numbers_are_compared_and_the_rule_is_said_in_their_line() -> None:
    found = difference([None, LEAST], "runs 3\nshare read: 0.94\n", "runs 3\nshare read: False\n")
    assert found == (
        "the text differs in line 2: 'share read: at least 0.93' was expected, "
        "'share read: False' came"
    )


def test_the_stored_number_does_not_count_where_there_is_a_rule() -> None:
    """Nor is it taken for right because it is the same: it must keep to the rule."""
    assert difference(LEAST, "share 0.5", "share 0.95") is None
    assert difference(LEAST, "share 0.5", "share 0.5") == "at least 0.93 was expected, 0.5 came"


@pytest.mark.parametrize("accept", [LEAST, [LEAST] * 3, [None, None, LEAST]])
def test_rules_that_do_not_fit_the_stored_text_accept_nothing(accept: Any) -> None:
    assert "numbers; 2 are stored" in str(difference(accept, "a 1.0 b 2.0", "a 1.0 b 2.0"))


def test_a_cell_that_stored_no_text_accepts_nothing() -> None:
    accept = accept_of({"accept": LEAST})
    assert first_difference([], [], accept=accept) is not None
    assert first_difference([], [stdout("0.95\n")], accept=accept) is not None
    assert first_difference([stdout("0.95\n")], [stdout("0.99\n")], accept=accept) is None


def test_the_text_is_told_with_the_rules_in_place_of_the_numbers() -> None:
    accept = accept_of({"accept": [None, {"between": [1, 70]}, {"close_to": 2.5}]})
    said = in_words("v2: 3 runs, 52 nodes, 2.50 s", accept)
    assert said == "v2: 3 runs, between 1 and 70 nodes, close to 2.5 s"
    assert in_words("as it is: 0.5\n", ()) == "as it is: 0.5\n"


@pytest.mark.parametrize(
    "accept",
    [
        0.93,
        True,
        "at_least",
        {},
        [],
        [None],
        [0.93],
        {"at_least": "0.93"},
        {"at_least": True},
        {"at_least": math.nan},
        {"at_least": math.inf},
        {"at_least": 10**400},
        {"at_least": None},
        {"atleast": 0.93},
        {"at_least": 0.9, "at_most": 1.0},
        {"at_least": 0.9, "tolerance": 0.1},
        {"between": 0.5},
        {"between": [0.5]},
        {"between": [1, 0]},
        {"between": [0, True]},
        {"close_to": 1.0, "tolerance": -1},
        {"tolerance": 0.1},
    ],
)
def test_a_rule_that_is_none_is_refused(accept: Any) -> None:
    with pytest.raises(ValueError, match=r"dlcore\.(accept|tolerance)"):
        accept_of({"accept": accept})


def test_without_rules_all_is_compared_as_usual() -> None:
    assert accept_of({}) == ()
    assert accept_of({"accept": None}) == ()
