"""The page of speed shows the tables that were measured."""

import pytest
from bench_tables import section

TEXT = "# Speed\n\n## Growth\n\n| a |\n|---|\n\n## Peak memory\n\nsmall\n"


def test_a_section_ends_before_the_next_heading() -> None:
    assert section(TEXT, "Growth") == ["", "| a |", "|---|"]
    assert section(TEXT, "Peak memory") == ["", "small"]


def test_an_unknown_section_is_an_error_that_names_the_others() -> None:
    with pytest.raises(ValueError, match=r"expected one of \['Growth', 'Peak memory'\], got 'X'"):
        section(TEXT, "X")
