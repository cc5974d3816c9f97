"""How each number was made: results named in the metadata of cells, values from their output."""

from pathlib import Path

import nbformat
import pytest
import result_table
from nbformat import NotebookNode

from tests.site.pages import CHAPTERS, ROOT, soup

PAGE = "book/numbers.html"
STRAIGHT = str.maketrans("‘’“”", "''\"\"")  # quotation marks, which a page sets in its own way


def notebook(text: str, **entries: object) -> NotebookNode:
    """A notebook with one cell that printed `text`."""
    made = nbformat.v4.new_notebook()
    cell = nbformat.v4.new_code_cell("1", id="one", metadata={"dlcore": entries})
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
    made.cells.append(cell)
    return made


def test_value_comes_from_the_stored_output() -> None:
    claims = {"second": r"^b +(\S+)", "first": r"^a +(\S+)"}
    made = notebook("a  97.2%\nb  12\n", result=claims, tolerance=0.05)
    first, second = result_table.results(made, "x")
    assert first == ("first", "97.2%", 0.05, "one")
    assert second == ("second", "12", 0.05, "one")
    assert (result_table.held_to(first), result_table.held_to(second)) == ("0.05", "exact")


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ({"result": {"a": r"a (\S+)"}}, "once in the output, found 2"),
        ({"result": {"a": r"c (\S+)"}}, "once in the output, found 0"),
        ({"result": {"a": r"a \S+"}}, "a pattern with one group"),
        ({"result": "a"}, "must map claims to patterns"),
        ({"result": {"a": r"b (\S+)"}, "skip_compare": "x"}, "must come from a compared cell"),
    ],
)
def test_a_result_that_cannot_be_found_is_an_error(
    entries: dict[str, object], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        list(result_table.results(notebook("a 1\na 2\nb 3\n", **entries), "x"))


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_chapter_names_results_that_its_page_shows(html: Path, name: str) -> None:
    """A row for each, with the value, a link to the cell, and the command that makes it again."""
    found = list(result_table.results(nbformat.read(ROOT / f"{name}.ipynb", as_version=4), name))
    assert len(found) >= 3
    page = soup(html / PAGE)
    rows = {
        row.select("td")[0].text.translate(STRAIGHT): row
        for row in page.select("div.numbers tbody tr")
    }
    for result in found:
        row = rows[result.what]
        assert row.select("td")[1].text == result.value
        (link,) = row.select("td a")
        assert str(link["href"]) == f"../{name}.html#cell-{result.cell}"
        assert soup(html / f"{name}.html").find(id=f"cell-{result.cell}") is not None
    assert f"$ dlcore outputs {name}.ipynb" in page.text
