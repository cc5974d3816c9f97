import numpy as np
import pytest
from nbformat.v4 import new_output

from dlcore.notebooks.compare import as_text, first_difference, tolerance_of
from tests.notebooks.building import figure, stdout

SQUARE = np.zeros((60, 60, 4))
SQUARE[10:50, 10:50] = (0, 114, 178, 255)


def result(text: str, **more: str) -> dict[str, object]:
    return new_output("execute_result", data={"text/plain": text, **more}, execution_count=1)


def test_streams_are_joined_before_they_are_compared() -> None:
    assert first_difference([stdout("a\n0.5\n")], [stdout("a\n"), stdout("0.501\n")]) is None


@pytest.mark.parametrize(
    ("expected", "got", "why"),
    [
        ([stdout("a")], [], "no stdout came"),
        ([], [stdout("a")], "no stdout was expected"),
        ([], [new_output("stream", name="stderr", text="careful")], "no stderr was expected"),
        ([result("1")], [result("2")], "numbers differ"),
        ([result("1")], [result("1"), result("1")], "1 displayed outputs were expected, 2 came"),
        ([result("1", **{"text/html": "<b>1</b>"})], [result("1")], "no text/html came"),
        ([figure(SQUARE)], [figure(SQUARE[:, ::-1] * 0)], "pictures differ"),
        ([], [new_output("error", ename="E", evalue="v", traceback=[])], "the cell raised"),
    ],
)
def test_a_difference_is_named(expected: list, got: list, why: str) -> None:
    found = first_difference(expected, got)
    assert found is not None
    assert why in found.why


def test_a_larger_tolerance_widens_numbers_and_pictures_alike() -> None:
    moved = np.roll(SQUARE, 6, axis=0)
    assert first_difference([figure(SQUARE)], [figure(moved)]) is not None
    assert first_difference([figure(SQUARE)], [figure(moved)], tolerance=0.05) is None
    assert first_difference([stdout("1.0")], [stdout("1.04")], tolerance=0.05) is None


def test_widget_models_are_left_aside() -> None:
    kind = "application/vnd.jupyter.widget-view+json"
    one = new_output("display_data", data={kind: {"model_id": "a"}, "text/plain": "x"})
    other = new_output("display_data", data={kind: {"model_id": "b"}, "text/plain": "x"})
    assert first_difference([one], [other]) is None


@pytest.mark.parametrize("tolerance", [-1, "much", True, float("nan")])
def test_a_tolerance_must_be_a_number(tolerance: object) -> None:
    with pytest.raises(ValueError, match="tolerance"):
        tolerance_of({"tolerance": tolerance})


def test_outputs_are_shown_as_a_person_reads_them() -> None:
    assert as_text([stdout("a\n"), result("5"), figure(SQUARE)]) == "a\n5\n[picture]"
