"""The notebooks of the book held to its rules."""

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode

from dlcore.notebooks.accept import accept_of
from dlcore.notebooks.compare import as_text, displays, first_difference
from dlcore.notebooks.exercises import Exercise, read_exercises
from dlcore.notebooks.files import NotebookError, dumps, notebooks_in, ours, read
from dlcore.notebooks.names import read_names, top_names
from dlcore.notebooks.predictions import complaints
from dlcore.notebooks.release import release
from dlcore.notebooks.rules import CELL_RULES, CHAPTER_RULES
from dlcore.notebooks.syntax import parsed
from dlcore.notebooks.tidy import BOOK_METADATA, KERNEL

MAX_OPT_OUTS = 2
BUILD_NAMES = {"np", "dl", "nn"}  # what a build may read besides its own names
FILE_NAME = re.compile(r"(\d\d)_[a-z][a-z0-9_]*")
_TRUTH = re.compile(r"\b(?:True|False)\b")
_VERDICT = re.compile(
    r"(?:\W|\b(?:true|false|ok|okay|pass|passed|correct|right|yes|no|none)\b)*", re.I
)


class Complaint(NamedTuple):
    """A rule that is broken: in which notebook, in which cell, and how."""

    path: Path
    cell: str
    what: str

    def __str__(self) -> str:
        """Return the complaint as one line."""
        return f"{self.path}: {f'cell {self.cell}: ' if self.cell else ''}{self.what}"


def lint(path: Path) -> list[Complaint]:
    """Hold one notebook to the rules.

    Parameters
    ----------
    path : Path
        A notebook. In ``chapters/`` the rules for chapters hold too, in ``solutions/`` those
        for exercises; one in ``exercises/`` must agree with its solution.

    Returns
    -------
    list of Complaint
        Empty if the notebook keeps to all rules.
    """
    try:
        notebook = read(path)
    except NotebookError as error:
        return [Complaint(path, "", str(error).removeprefix(f"{path}: "))]
    folder = path.resolve().parent.name
    if folder == "exercises":
        return [Complaint(path, "", what) for what in _agrees(path, notebook)]
    found = [
        Complaint(path, cell.id, what)
        for cell in notebook.cells
        for rule in (*CELL_RULES, *(CHAPTER_RULES if folder == "chapters" else ()))
        for what in rule(cell)
    ]
    found += [Complaint(path, "", what) for what in _whole(path, notebook)]
    found += [Complaint(path, cell, what) for cell, what in complaints(notebook)]
    if folder == "chapters":
        found += [Complaint(path, cell, what) for cell, what in _chapter(path, notebook)]
    if folder == "solutions":
        found += [Complaint(path, cell, what) for cell, what in _solution(path, notebook)]
    return found


def lint_book(book: Path) -> Iterator[Complaint]:
    """Hold all notebooks of the book to the rules.

    Parameters
    ----------
    book : Path
        The book's top folder.

    Yields
    ------
    Complaint
        Every rule broken, notebook by notebook; an exercise without solution, or the other
        way round, among them.
    """
    for folder in ("chapters", "solutions", "exercises"):
        for path in notebooks_in(book / folder):
            yield from lint(path)
    released = {path.name for path in notebooks_in(book / "exercises")}
    for path in notebooks_in(book / "solutions"):
        if path.name not in released:
            yield Complaint(path, "", "has no exercise: run 'dlcore exercises'")


def _whole(path: Path, notebook: NotebookNode) -> Iterator[str]:
    """Yield complaints about a notebook as a whole."""
    if not FILE_NAME.fullmatch(path.stem):
        yield "the file name must be a number of two digits and a slug, such as 06_autodiff.ipynb"
    extra = sorted(set(notebook.metadata) - {*BOOK_METADATA, "kernelspec", "language_info"})
    if extra:
        yield f"metadata that do not belong in the book: {', '.join(extra)}"
    if notebook.metadata.get("kernelspec") != KERNEL:
        yield f"the kernelspec must be {KERNEL}"
    if notebook.metadata.get("language_info") != {"name": "python"}:
        yield "language_info must hold the name only; run 'dlcore outputs'"
    counts = [cell.execution_count for cell in notebook.cells if _runs(cell)]
    if None not in counts and counts != list(range(1, len(counts) + 1)):
        yield "the cells were not run once from top to bottom: run 'dlcore outputs'"
    opted_out = [cell.id for cell in notebook.cells if "skip_compare" in ours(cell)]
    if len(opted_out) > MAX_OPT_OUTS:
        yield (
            f"{len(opted_out)} cells are not compared ({', '.join(opted_out)}); "
            f"the limit is {MAX_OPT_OUTS}"
        )


def _runs(cell: NotebookNode) -> bool:
    """Say whether a cell holds code to run."""
    return cell.cell_type == "code" and bool(cell.source.strip())


def _chapter(path: Path, notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield complaints about the build of a chapter."""
    text = [cell for cell in notebook.cells[:2] if cell.cell_type == "markdown"]
    if len(text) < 2:
        yield "", "the first two cells must be the title with its question, and 'At a glance'"
        return
    opening, glance = text
    if not re.search(r"^# \S", opening.source, re.M):
        yield opening.id, "the first cell must begin with the title: # Title"
    if "?" not in opening.source:
        yield opening.id, "the first cell must open with a question"
    label = f"(ch-{path.stem[:2]})="
    if label not in opening.source:
        yield opening.id, f"the first cell must carry the label {label}"
    if not re.search(
        r":::+\s*\{admonition\} At a glance\s+:class: .*\bat-a-glance\b", glance.source
    ):
        yield glance.id, "the second cell must be the admonition 'At a glance', class at-a-glance"
    for cell in notebook.cells[1:]:
        if cell.cell_type == "markdown" and re.search(r"^# \S", _prose(cell.source), re.M):
            yield cell.id, "a chapter has one title; use ## for its sections"


def _prose(source: str) -> str:
    """Return a text cell without its blocks of code."""
    return re.sub(r"```.*?```", "", source, flags=re.S)


def _solution(path: Path, notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield complaints about the exercises of a solution and about its release."""
    try:
        exercises = read_exercises(notebook)
    except NotebookError as error:
        yield from (("", line) for line in str(error).splitlines())
        return
    shared = _generators(notebook)
    for exercise in exercises:
        yield from _exercise(path, exercise)
        yield from _shared_draws(exercise, shared)
        yield from _leaning(exercise, notebook)
    target = path.resolve().parent.parent / "exercises" / path.name
    if target.is_file() and target.read_bytes() != dumps(release(notebook, path.stem)).encode():
        yield "", "its exercise does not agree with it: run 'dlcore exercises'"


def _exercise(path: Path, exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Yield complaints about one exercise."""
    chapter, _, number = exercise.number.partition(".")
    if chapter != str(int(path.stem[:2]) if path.stem[:2].isdigit() else ""):
        yield "", f"exercise {exercise.number}: does not belong to this chapter"
    for cell in (*exercise.prompts, *exercise.answers, *exercise.checks):
        start = f"ex-{chapter}-{number}-{ours(cell)['role']}"
        if cell.id != start and not cell.id.startswith(f"{start}-"):
            yield cell.id, f"the id must begin with {start}"
    for check in exercise.checks:
        if exercise.kind in ("code", "build") and _VERDICT.fullmatch(as_text(check.outputs)):
            yield check.id, "the check prints a verdict or nothing; it must print values to compare"
        yield from ((check.id, what) for what in _printed(check))
    if exercise.kind in ("choice", "number"):
        yield from _assigned(exercise)
    for cell in exercise.answers if exercise.kind == "build" else ():
        yield from ((cell.id, what) for what in _stands_alone(cell.source))


def _stands_alone(source: str) -> Iterator[str]:
    """Ask a build for a cell that can be taken out of its notebook as it is."""
    if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(parsed(source))):
        yield "a build imports nothing: np, dl and nn are there"
    if foreign := sorted(read_names(source) - BUILD_NAMES - set(dir(builtins))):
        yield (
            f"a build reads np, dl, nn and what it defines itself, but this reads "
            f"{', '.join(foreign)}"
        )


def _printed(check: NotebookNode) -> Iterator[str]:
    """Yield complaints about what a check prints for the solution."""
    if _TRUTH.search(as_text(check.outputs)):
        yield (
            "the check prints a truth value; it must print the number that decides, and dlcore."
            "accept say which numbers are accepted"
        )
    if accept := accept_of(ours(check)):
        if displays(check.outputs):
            yield "a check with dlcore.accept must print, and display nothing"
        if found := first_difference(check.outputs, check.outputs, accept=accept):
            yield f"the solution does not pass it: {found.why}"


def _generators(notebook: NotebookNode) -> set[str]:
    """Return the names of the random generators that cells outside the exercises make."""
    return {
        target.id
        for cell in notebook.cells
        if _runs(cell) and "role" not in ours(cell)
        for node in ast.walk(parsed(cell.source))
        if isinstance(node, ast.Assign) and "default_rng(" in ast.unparse(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _shared_draws(exercise: Exercise, shared: set[str]) -> Iterator[tuple[str, str]]:
    """Refuse to draw from a shared generator, which another exercise may have moved on."""
    code = [cell for cell in (*exercise.answers, *exercise.checks) if cell.cell_type == "code"]
    for cell in code:
        nodes = list(ast.walk(parsed(cell.source)))
        names = [node for node in nodes if isinstance(node, ast.Name)]
        own = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        for name in sorted({node.id for node in names} & shared - own):
            yield cell.id, f"draws from {name}, which is shared: give it a generator of its own"


def _leaning(exercise: Exercise, notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    """Refuse a check that needs what another one has defined: it must be right or wrong alone."""
    answered = top_names([cell.source for cell in exercise.answers if cell.cell_type == "code"])
    for check in exercise.checks:
        place = next(i for i, cell in enumerate(notebook.cells) if cell.id == check.id)
        before = [cell for cell in notebook.cells[:place] if _runs(cell)]
        given = top_names([cell.source for cell in before if "role" not in ours(cell)])
        if missing := read_names(check.source) - given - answered - set(dir(builtins)):
            names = ", ".join(sorted(missing))
            yield check.id, f"{names}: defined neither here, nor by a given cell or the answer"


def _assigned(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Ask a choice or a number for its variable: ``answer_6_2`` for exercise 6.2."""
    name = f"answer_{exercise.number.replace('.', '_')}"
    for cell in exercise.answers:
        stored = {
            node.id
            for node in ast.walk(parsed(cell.source))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        if name not in stored:
            yield cell.id, f"an answer of kind {exercise.kind} must assign {name}"


def _agrees(path: Path, notebook: NotebookNode) -> Iterable[str]:
    """Yield complaints about an exercise that is not the release of its solution."""
    source = path.resolve().parent.parent / "solutions" / path.name
    if not source.is_file():
        yield "has no solution: run 'dlcore exercises'"
        return
    try:
        if dumps(release(read(source), path.stem)).encode() != path.read_bytes():
            yield "does not agree with its solution: run 'dlcore exercises'"
    except NotebookError:
        return
