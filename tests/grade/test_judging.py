"""What a learner is told of a check that has failed."""

import pytest

from dlcore.grade.judging import explain
from dlcore.grade.report import CheckResult

TEN = "".join(f"{k} {k / 7:.3f}\n" for k in range(10))


def told(expected: str, got: str, kind: str = "code", **entries: object) -> CheckResult:
    found = CheckResult("ex-1-1-check", "failed", 1)
    explain(found, {"hint": "Look.", **entries}, kind=kind, expected=expected, got=got)
    return found


@pytest.mark.parametrize("kind", ["code", "build"])
def test_a_long_output_is_shown_from_the_first_line_that_differs(kind: str) -> None:
    found = told(TEN + "right\nend\nend", TEN + "wrong\nend\nend", kind)
    assert found.expected == "… the first 10 lines agree\nright\nend\nend"
    assert found.got == "… the first 10 lines agree\nwrong\nend\nend"


def test_lines_agree_within_the_tolerance_of_the_check() -> None:
    expected, got = TEN + "a 1.00\nb\nc", TEN + "a 1.05\nd\nc"
    assert str(told(expected, got, tolerance=0.1).got).startswith("… the first 11 lines agree\nd")
    assert str(told(expected, got).got).startswith("… the first 10 lines agree\na 1.05")


def test_what_is_accepted_of_a_number_is_followed_from_line_to_line() -> None:
    expected = "".join(f"share {k}.5\n" for k in range(13))
    got = expected.replace("2.5", "2.7", 1).replace("5.5", "9.5", 1)
    rules = [None, None, {"at_least": 2.5}, *[None] * 10]
    found = told(expected, got, accept=rules)
    assert str(found.got).splitlines()[:2] == ["… the first 5 lines agree", "share 9.5"]


def test_an_output_that_ends_too_early_shows_what_is_missing() -> None:
    found = told(TEN + "a\nb\nc", TEN)
    assert found.expected == "… the first 10 lines agree\na\nb\nc"
    assert found.got == "… the first 10 lines agree\n"


def test_a_difference_beyond_what_is_shown_is_seen() -> None:
    long = "".join(f"line {k}: {'x' * 90}\n" for k in range(100))
    found = told(long + "right", long + "wrong")
    assert (found.expected, found.got) == tuple(
        f"… the first 100 lines agree\n{word}" for word in ("right", "wrong")
    )


@pytest.mark.parametrize("lines", [0, 1, 11])
def test_a_short_output_is_shown_whole(lines: int) -> None:
    same = "same\n" * lines
    found = told(same + "right", same + "wrong")
    assert (found.expected, found.got) == (same + "right", same + "wrong")


def test_an_output_that_differs_in_its_first_line_is_shown_whole() -> None:
    found = told("right\n" + TEN + TEN, "wrong\n" + TEN + TEN)
    assert found.got == "wrong\n" + TEN + TEN


def test_a_choice_gives_nothing_away() -> None:
    found = told(TEN + "B\n" * 5, TEN + "C\n" * 5, kind="choice")
    assert (found.expected, found.got) == (None, TEN + "C\n" * 5)
    assert found.message == "not the expected answer"
