"""Exercises written from their solutions: the answers taken out, the checks left in."""

import copy
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode

from dlcore.notebooks.exercises import BEGIN, END, Exercise, read_exercises
from dlcore.notebooks.files import NotebookError, dumps, notebooks_in, ours, read, write
from dlcore.notebooks.tidy import strip

WORDS_STUB = "*Your answer here.*"
HIDDEN_CHECKS = "hidden_checks"  # lists the exercises that have checks which the learner lacks


class Released(NamedTuple):
    """What became of one exercise notebook."""

    path: Path
    changed: bool
    error: str = ""


def without_solution(source: str, stub: str) -> str:
    """Replace each solution block by a stub, at the indentation of the block.

    Parameters
    ----------
    source : str
        The source of an answer cell of a solution.
    stub : str
        The line to put in place of each block.

    Returns
    -------
    str
        The source that the learner starts from.
    """
    lines: list[str] = []
    inside = False
    for line in source.splitlines():
        if line.strip() == BEGIN:
            inside = True
            lines.append(line[: len(line) - len(line.lstrip())] + stub)
        elif line.strip() == END:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def released_source(cell: NotebookNode, exercise: Exercise) -> str:
    """Return what stands in an answer cell before the learner has written anything.

    Parameters
    ----------
    cell : NotebookNode
        The answer cell of the solution.
    exercise : Exercise
        The exercise that it belongs to.

    Returns
    -------
    str
        The source of the cell in ``exercises/``.
    """
    if exercise.kind != "text":
        return without_solution(cell.source, exercise.stub)
    return without_solution(cell.source, WORDS_STUB) if BEGIN in cell.source else WORDS_STUB


def release(solution: NotebookNode, name: str, hidden: Collection[str] = ()) -> NotebookNode:
    """Make the exercise that belongs to a solution.

    Answers become stubs; explanations and hidden checks are left out. Of the outputs only the
    figures of given cells are kept, which are there to be read. Which exercises have hidden checks
    is noted in the notebook's metadata.

    Parameters
    ----------
    solution : NotebookNode
        A notebook of ``solutions/``; it is not changed.
    name : str
        The name of its file without ``.ipynb``, by which the grader finds it again.
    hidden : collection of str
        Exercises that have hidden checks elsewhere, besides those of the solution.

    Returns
    -------
    NotebookNode
        The notebook for ``exercises/``.

    Raises
    ------
    NotebookError
        If the metadata of the solution are wrong.
    """
    exercises = {exercise.number: exercise for exercise in read_exercises(solution)}
    made = strip(copy.deepcopy(solution))
    made.cells = [cell for cell in made.cells if _released(ours(cell))]
    made.metadata["dlcore"] = {**made.metadata.get("dlcore", {}), "exercise_set": name}
    if told := [number for number, found in exercises.items() if _has_hidden(found, hidden)]:
        made.metadata["dlcore"][HIDDEN_CHECKS] = told
    for cell in made.cells:
        entries = ours(cell)
        if cell.cell_type == "code":
            cell.execution_count = None
            if not _is_figure(cell):
                cell.outputs = []
        if entries.get("role") == "answer":
            cell.source = released_source(cell, exercises[str(entries["exercise"])])
    return made


def _is_figure(cell: NotebookNode) -> bool:
    """Say whether a cell is given to the learner and shows a picture."""
    pictures = [output for output in cell.outputs if "image/png" in output.get("data", {})]
    return "role" not in ours(cell) and bool(pictures)


def _has_hidden(exercise: Exercise, elsewhere: Collection[str]) -> bool:
    """Say whether the learner is not given all checks of an exercise."""
    own = any(ours(check).get("visibility") == "hidden" for check in exercise.checks)
    return own or exercise.number in elsewhere


def _released(entries: dict[str, object]) -> bool:
    """Say whether the learner gets a cell."""
    return entries.get("role") != "explanation" and entries.get("visibility") != "hidden"


def release_all(solutions: Path, exercises: Path, *, check: bool = False) -> Iterator[Released]:
    """Write all exercises from their solutions, and remove those that have no solution.

    Parameters
    ----------
    solutions, exercises : Path
        The two folders.
    check : bool
        Only report what would change.

    Yields
    ------
    Released
        What became of each notebook in ``exercises/``.
    """
    sources = notebooks_in(solutions)
    for source in sources:
        target = exercises / source.name
        try:
            made = release(read(source), source.stem)
            yield Released(target, _differs(target, made) if check else write(target, made))
        except NotebookError as error:
            yield Released(target, False, "\n".join(f"{source}: {line}" for line in _lines(error)))
    for orphan in sorted({*notebooks_in(exercises)} - {exercises / path.name for path in sources}):
        if not check:
            orphan.unlink()
        yield Released(orphan, True)


def _lines(error: NotebookError) -> list[str]:
    """Return the lines of a message, without the name of the file."""
    return [line.split(".ipynb: ", 1)[-1] for line in str(error).splitlines()]


def _differs(path: Path, notebook: NotebookNode) -> bool:
    """Say whether a file holds anything but this notebook."""
    return not path.is_file() or path.read_bytes() != dumps(notebook).encode()
