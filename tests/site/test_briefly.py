"""What is shortened of a chapter, and whose numbers that can change."""

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from tests.site.briefly import altered, shortened, without_numbers


def cell(ident: str, source: str, **brief: str) -> NotebookNode:
    found: NotebookNode = new_code_cell(source, id=ident)
    if brief:
        found.metadata["dlcore"] = {"brief": brief}
    return found


CELLS = [
    cell("begin", "import numpy as np\nrng = np.random.default_rng(1)"),
    cell("data", "x = rng.normal(size=9)"),
    cell("train", "net = fit(x, 300, rng)", **{"300": "3"}),
    cell("use", "share = net(x)"),
    cell("further", "print(share)"),
    cell("drawn", "print(rng.normal())"),
    cell("own", "print(np.random.default_rng(2).normal(), x)"),
]


def test_only_what_hangs_on_a_shortened_cell_is_altered() -> None:
    assert shortened(CELLS) == {"train": "net = fit(x, 3, rng)"}
    assert altered(CELLS) == {"train", "use", "further", "drawn"}
    assert altered([one for one in CELLS if one.id != "train"]) == set()


def test_words_pictures_and_the_number_of_numbers_are_still_compared() -> None:
    def printed(text: str) -> list[Any]:
        return [{"output_type": "stream", "name": "stdout", "text": text}]

    stored = without_numbers(printed("loss  0.25 -> 1e-7, 98.0% right\n"))
    assert stored == without_numbers(printed("loss 12.5 -> -0.3, 2.0% right\n"))
    assert stored != without_numbers(printed("loss 12.5 -> -0.3, 2.0% wrong\n"))
    assert stored != without_numbers(printed("loss 12.5 -> -0.3\n"))
    shown = [{"output_type": "display_data", "data": {"text/plain": "<Figure size 3x2>"}}]
    assert without_numbers(shown)[0]["data"] == {"text/plain": "<Figure size # x # >"}
