"""Each stored table belongs to its script, and its notebook shows exactly what is stored."""

from pathlib import Path

import pytest
from nbformat import NotebookNode

from dlcore.notebooks.files import notebooks_in, read, write
from tests.notebooks.building import chapter, code, words
from tests.seeds import tables
from tests.seeds.__main__ import main

SCRIPT = """
from tests.seeds.tables import table

CELLS = ("twice",)


@table("more-seeds", "Other seeds", "seed | result", 0.1)
def more(book):
    for seed in range(2):
        yield f"{seed} | {book.twice(seed) + 0.5:.2f}"
"""
SHOWN = """<details class="other-seeds">
<summary>Other seeds</summary>

| seed | result |
|---|---:|
| 0 | 0.50 |
| 1 | 2.50 |

</details>"""


@pytest.fixture(params=["03", "03_exercises"])
def small(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Path, Path]:
    """A script whose tables are stored, and its notebook: a chapter, or solutions."""
    script = tmp_path / f"{request.param}.py"
    script.write_text(SCRIPT)
    for folder in ("chapters", "solutions"):
        write(tmp_path / folder / "03_small.ipynb", chapter())
    notebook = tables.notebook_of(script, tmp_path)
    cells = code("twice", "def twice(x):\n    return 2 * x"), words("more-seeds", "")
    write(notebook, chapter(*cells))
    tables.store(script, notebook, tables.make(script, notebook, str))
    return script, notebook


def cell_of(notebook: Path, name: str) -> NotebookNode:
    return next(cell for cell in read(notebook).cells if cell.id == name)


@pytest.mark.parametrize("script", tables.scripts(), ids=lambda path: path.stem)
def test_the_stored_tables_were_made_by_the_script_as_it_is(script: Path) -> None:
    stored = tables.stored(script).by
    assert stored == tables.digest(script, tables.notebook_of(script)), (
        f"the script or a cell that it uses has changed: python -m tests.seeds {script.stem}"
    )


@pytest.mark.parametrize("script", tables.scripts(), ids=lambda path: path.stem)
def test_the_notebook_shows_the_stored_tables(script: Path) -> None:
    stored, made = tables.stored(script).tables, tables.load(script)[1]
    assert list(stored) == [one.cell for one in made]
    for one in made:
        cell = cell_of(tables.notebook_of(script), one.cell)
        assert cell.source == tables.shown(one.title, stored[one.cell])


@pytest.mark.parametrize(
    ("script", "path"),
    [("03", "chapters/03_small.ipynb"), ("03_exercises", "solutions/03_small.ipynb")],
)
def test_a_script_belongs_to_the_chapter_or_to_its_solutions(
    tmp_path: Path, script: str, path: str
) -> None:
    for folder in ("chapters", "solutions"):
        write(tmp_path / folder / "03_small.ipynb", chapter())
    assert tables.notebook_of(Path(f"{script}.py"), tmp_path) == tmp_path / path


def test_no_notebook_shows_a_table_that_no_script_makes() -> None:
    shown = {
        (path, cell.id)
        for folder in ("chapters", "solutions")
        for path in notebooks_in(tables.BOOK / folder)
        for cell in read(path).cells
        if "other-seeds" in cell.source
    }
    made = {
        (tables.notebook_of(script), one.cell)
        for script in tables.scripts()
        for one in tables.load(script)[1]
    }
    assert shown == made


def test_a_table_is_made_by_the_code_of_the_notebook_and_shown_folded(
    small: tuple[Path, Path],
) -> None:
    script, notebook = small
    assert cell_of(notebook, "more-seeds").source == SHOWN
    assert tables.stored(script).tables == {"more-seeds": SHOWN.splitlines()[3:-2]}


def test_each_row_is_said_as_it_comes(small: tuple[Path, Path]) -> None:
    said: list[str] = []
    tables.make(*small, said.append)
    assert said == ["more-seeds: 0 | 0.50", "more-seeds: 1 | 2.50"]


def test_a_changed_script_no_longer_fits_its_tables(small: tuple[Path, Path]) -> None:
    script, notebook = small
    before = tables.digest(script, notebook)
    script.write_text(SCRIPT.replace("range(2)", "range(3)"))
    assert tables.digest(script, notebook) != before


def test_a_changed_cell_no_longer_fits_only_if_the_script_uses_it(
    small: tuple[Path, Path],
) -> None:
    script, notebook = small
    before, changed = tables.digest(script, notebook), read(notebook)
    changed.cells[-1].source += "\nMore."
    write(notebook, changed)
    assert tables.digest(script, notebook) == before
    changed.cells[-2].source += "  # of x"
    write(notebook, changed)
    assert tables.digest(script, notebook) != before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("+ 0.5", "+ 0.55", []),
        ("+ 0.5", "+ 0.7", ["more-seeds: | 0 | 0.70 |, stored is | 0 | 0.50 |"]),
        ("range(2)", "range(1)", ["more-seeds: 3 lines, stored are 4"]),
        ("{seed} |", "no. {seed} |", ["more-seeds: | no. 0 | 0.50 |, stored is | 0 | 0.50 |"]),
        ('"more-seeds"', '"less"', ["the tables are less; stored are more-seeds"]),
    ],
)
def test_a_new_run_may_be_off_by_what_the_table_says(
    small: tuple[Path, Path], old: str, new: str, said: list[str]
) -> None:
    script, notebook = small
    script.write_text(SCRIPT.replace(old, new))
    found = list(tables.differences(script, tables.make(script, notebook, str)))
    assert found[:1] == said


@pytest.mark.parametrize(("wanted", "code"), [("range(2)", 0), ("range(3)", 1)])
def test_check_compares_and_stores_nothing(
    small: tuple[Path, Path],
    wanted: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    script, notebook = small
    script.write_text(SCRIPT.replace("range(2)", wanted))
    before = tables.stored(script), notebook.read_bytes()
    monkeypatch.setattr("tests.seeds.__main__.scripts", lambda: [script])
    monkeypatch.setattr("tests.seeds.__main__.notebook_of", lambda _: notebook)
    monkeypatch.setattr("sys.argv", ["seeds", "--check", script.stem])
    assert main() == code
    assert (tables.stored(script), notebook.read_bytes()) == before
    assert (f"{script.stem}: more-seeds: 5 lines" in capsys.readouterr().err) == bool(code)


def test_a_script_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["seeds", "99"])
    with pytest.raises(SystemExit):
        main()
    known = ", ".join(script.stem for script in tables.scripts())
    assert f"no script 99: there are {known}\n" in capsys.readouterr().err
