"""Make the tables of a script, store them beside it, and show them in the notebook it belongs to.

``NN.py`` belongs to a chapter, and ``NN_exercises.py`` to the solutions of its exercises. A script
says ``CELLS``, the ids of the notebook's cells whose code it uses, and has a function for each
table, marked by `table`. So the tables are made by the very code that the notebook shows. Stored
with them is a digest of the script and of those cells.
"""

import contextlib
import hashlib
import importlib.util
import io
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import NamedTuple

from nbformat import NotebookNode

from dlcore.notebooks.files import read, write
from dlcore.notebooks.numbers import Number, split

BOOK = Path(__file__).parents[2]
Rows = Callable[[SimpleNamespace], Iterator[str]]


class Table(NamedTuple):
    """What one table is called, what heads its columns, who makes its rows, how near they are."""

    cell: str
    title: str
    head: str
    within: float
    rows: Rows


def table(cell: str, title: str, head: str, within: float) -> Callable[[Rows], Table]:
    """Mark a function as the maker of a table's rows, each written ``a | b | c``.

    It is given the names that the notebook's cells define. ``cell`` is the text cell that shows the
    table; a number of a new run may be off by ``within``, and a whole number not at all.
    """
    return lambda rows: Table(cell, title, head, within, rows)


def scripts() -> list[Path]:
    """Return the scripts of all chapters and solutions that have one."""
    return sorted(Path(__file__).parent.glob("[0-9][0-9]*.py"))


def notebook_of(script: Path, book: Path = BOOK) -> Path:
    """Return the notebook that a script belongs to."""
    number, _, exercises = script.stem.partition("_")
    (notebook,) = (book / ("solutions" if exercises else "chapters")).glob(f"{number}_*.ipynb")
    return notebook


def load(script: Path) -> tuple[ModuleType, list[Table]]:
    """Return a script as a module, and its tables in order."""
    spec = importlib.util.spec_from_file_location(f"seeds_{script.stem}", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, [found for found in vars(module).values() if isinstance(found, Table)]


def used(module: ModuleType, notebook: NotebookNode) -> list[str]:
    """Return the sources of the notebook's cells that a script uses, in its order."""
    sources = {cell.id: cell.source for cell in notebook.cells}
    return [sources[name] for name in module.CELLS]


def digest(script: Path, path: Path) -> str:
    """Return what changes when a script, or a cell whose code it uses, does."""
    module, _ = load(script)
    parts = [script.read_text(encoding="utf-8"), *used(module, read(path))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


class Made(NamedTuple):
    """The digest of a script, and the lines of its tables under the ids of their cells."""

    by: str
    tables: dict[str, list[str]]


def make(script: Path, path: Path, say: Callable[[str], None] = print) -> Made:
    """Run a script on the cells of a notebook and return its tables."""
    by, (module, tables) = digest(script, path), load(script)
    names: dict[str, object] = {"__name__": f"book_{script.stem}"}
    with contextlib.chdir(path.parent), contextlib.redirect_stdout(io.StringIO()):
        for source in used(module, read(path)):
            exec(source, names)
    book = SimpleNamespace(**names)
    return Made(by, {one.cell: list(_lines(one, book, say)) for one in tables})


def _lines(one: Table, book: SimpleNamespace, say: Callable[[str], None]) -> Iterator[str]:
    """Yield the lines of a table, and say each row as soon as it is there."""
    columns = one.head.count("|") + 1
    yield f"| {one.head} |"
    yield "|" + "|".join(["---", *["---:"] * (columns - 1)]) + "|"
    for row in one.rows(book):
        say(f"{one.cell}: {row}")
        yield f"| {row} |"


def shown(title: str, lines: Iterable[str]) -> str:
    """Return the text of the cell that shows a table, folded."""
    return "\n".join(
        [
            '<details class="other-seeds">',
            f"<summary>{title}</summary>",
            "",
            *lines,
            "",
            "</details>",
        ]
    )


def stored(script: Path) -> Made:
    """Return what is stored beside a script."""
    return Made(**json.loads(script.with_suffix(".json").read_text(encoding="utf-8")))


def store(script: Path, path: Path, made: Made) -> None:
    """Store tables beside their script, and put them into the cells of the notebook."""
    text = json.dumps(made._asdict(), indent=1, ensure_ascii=False)
    script.with_suffix(".json").write_text(f"{text}\n", encoding="utf-8")
    titles = {one.cell: one.title for one in load(script)[1]}
    notebook = read(path)
    for cell in notebook.cells:
        if cell.id in made.tables:
            cell.source = shown(titles[cell.id], made.tables[cell.id])
    write(path, notebook)


def differences(script: Path, made: Made) -> Iterator[str]:
    """Yield in words where tables made again are not those stored."""
    old, new = stored(script).tables, made.tables
    if list(new) != list(old):
        yield f"the tables are {', '.join(new)}; stored are {', '.join(old)}"
        return
    for one in load(script)[1]:
        before, now = old[one.cell], new[one.cell]
        if len(before) != len(now):
            yield f"{one.cell}: {len(now)} lines, stored are {len(before)}"
        for first, second in zip(before, now, strict=False):
            if not _near(first, second, one.within):
                yield f"{one.cell}: {second}, stored is {first}"


def _near(first: str, second: str, within: float) -> bool:
    """Say whether two rows hold the same words, and numbers that lie near."""
    (words, numbers), (new_words, new_numbers) = split(first), split(second)
    return words == new_words and all(
        _same(old, new, within) for old, new in zip(numbers, new_numbers, strict=True)
    )


def _same(old: Number, new: Number, within: float) -> bool:
    """Say whether two numbers lie near; whole ones must be equal."""
    exact = old.integer or new.integer
    return abs(old.value - new.value) <= (0 if exact else within)
