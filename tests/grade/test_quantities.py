import math

import pytest

from dlcore.grade import in_unit


@pytest.mark.parametrize(
    ("answer", "unit", "expected"),
    [
        (3, "s", 3.0),
        ("3", "s", 3.0),
        ("3.5 ms", "s", 0.0035),
        ("3.5e-3s", "ms", 3.5),
        (" -2 km ", "m", -2000.0),
        ("2 GiB", "MiB", 2048.0),
        ("1 kB", "bit", 8000.0),
        ("1 MB/s", "kbit/s", 8000.0),
        ("2 min", "s", 120.0),
        ("12.5 %", "", 0.125),
        (0.125, "%", 0.125),
        ("1 nat", "bits", 1 / math.log(2)),
        ("3 GFLOP", "FLOP", 3e9),
        ("3.5 \N{MICRO SIGN}s", "s", 3.5e-6),
        ("3.5 \N{GREEK SMALL LETTER MU}s", "s", 3.5e-6),
        ("2 ms", "\N{GREEK SMALL LETTER MU}s", 2000.0),
        ("\N{MINUS SIGN}3.5\N{NO-BREAK SPACE}ms", "s", -0.0035),
    ],
)
def test_a_quantity_is_turned_into_the_unit(answer: object, unit: str, expected: float) -> None:
    assert in_unit(answer, unit) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("answer", "unit", "error", "word"),
    [
        ("fast", "s", ValueError, "a number was expected, in s, got 'fast'"),
        ("3 m", "s", ValueError, "'m' cannot be turned into 's'"),
        ("3 parsecs", "m", ValueError, "the unit 'parsecs' is not known"),
        ("3,5 ms", "s", ValueError, "a comma in '3,5 ms': write a point before the decimals"),
        ("1,500", "s", ValueError, "a comma in '1,500': .*and nothing between thousands"),
        (None, "s", TypeError, "a number or a text was expected, got NoneType"),
        ([1, 2], "s", TypeError, "got list"),
    ],
)
def test_what_is_no_quantity_is_named(
    answer: object, unit: str, error: type[Exception], word: str
) -> None:
    with pytest.raises(error, match=word):
        in_unit(answer, unit)
