"""The answers of a learner, and nothing else, taken out of a notebook that may be in any state."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from dlcore.grade import limits
from dlcore.notebooks.exercises import Exercise
from dlcore.notebooks.files import NotebookError, ours, read_json, source_of
from dlcore.notebooks.names import defined_names
from dlcore.notebooks.release import HIDDEN_CHECKS, released_source

_READ = ("cell_type", "id", "metadata", "source")  # of a cell
_SET_NAME = re.compile(r"\w[\w.-]*")

Cell = dict[str, Any]


class Answer(NamedTuple):
    """What the learner has put into one answer cell, or why there is nothing to be run."""

    source: str = ""
    fault: str = ""
    attempted: bool = True
    repairs: tuple[str, ...] = ()


class Submission:
    """A notebook handed in.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    NotebookError
        If the file is not a notebook at all.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.is_file() and path.stat().st_size > limits.NOTEBOOK:
            raise NotebookError(f"{path}: {limits.too_large()}")
        self._notebook = read_json(path)
        self._cells: list[Cell] = self._notebook["cells"]

    @property
    def exercise_set(self) -> str:
        """The name of the assignment: from the notebook's metadata, else from the file's name."""
        name = ours(self._notebook).get("exercise_set")
        return name if isinstance(name, str) and _SET_NAME.fullmatch(name) else self.path.stem

    @property
    def hidden_checks(self) -> list[Any]:
        """The exercises of which the hand-out tells that they have hidden checks."""
        told = ours(self._notebook).get(HIDDEN_CHECKS)
        return told if isinstance(told, list) else []

    def slim(self) -> bytes:
        """Return the notebook without what the grader does not read, above all its outputs.

        Returns
        -------
        bytes
            JSON, which is graded as the file itself.
        """
        cells = [{key: cell[key] for key in _READ if key in cell} for cell in self._cells]
        kept = {"cells": cells, "metadata": {"dlcore": ours(self._notebook)}}
        return json.dumps(kept).encode()

    def answer(self, cell: Any, exercise: Exercise) -> Answer:
        """Return the learner's answer for one answer cell of the solution.

        A cell that has lost its identifier is known by its metadata; one that was split is joined;
        of several with the same identifier the one that was worked on is taken.

        Parameters
        ----------
        cell : NotebookNode
            The answer cell of the solution.
        exercise : Exercise
            The exercise that it belongs to.

        Returns
        -------
        Answer
            The source, or what is wrong with the cell.
        """
        stub = released_source(cell, exercise)
        repairs: list[str] = []
        found = [given for given in self._cells if given.get("id") == cell.id]
        if not found:
            found = self._by_metadata(cell, exercise)
            repairs += [f"the cell {cell.id} was known by its metadata"] * bool(found)
        if not found:
            return Answer(
                fault=f"the cell {cell.id} is not in the notebook: copy it from the exercise as "
                "it was handed out, and put your answer there"
            )
        if len(found) > 1:
            found, word = _one_of(found, cell.id, stub)
            repairs.append(word)
        if len(found) > 1:
            return Answer(
                fault=f"{len(found)} cells have the id {cell.id}: keep the one that counts"
            )
        source = self._joined(found[0], exercise, repairs)
        if found[0].get("cell_type") != cell.cell_type:
            repairs.append(
                f"the cell {cell.id} should be a {cell.cell_type} cell, not "
                f"{found[0].get('cell_type')}: its text was taken"
            )
        if len(source) > limits.SOURCE:
            return Answer(fault=f"the cell {cell.id} is longer than {limits.SOURCE:,} characters")
        if word := self._elsewhere(cell, source):
            repairs.append(word)
        return Answer(source, "", _words(source) not in (_words(stub), ""), tuple(repairs))

    def _by_metadata(self, cell: Any, exercise: Exercise) -> list[Cell]:
        """Return the cell that the metadata name, where identifiers are missing or new."""
        marked = [given for given in self._cells if _marked(given, exercise)]
        place = [answer.id for answer in exercise.answers].index(cell.id)
        if len(exercise.answers) == 1:
            together = _neighbours(self._cells, marked)
            return [group[0] for group in together]
        return [marked[place]] if len(marked) == len(exercise.answers) else []

    def _joined(self, cell: Cell, exercise: Exercise, repairs: list[str]) -> str:
        if len(exercise.answers) > 1:
            return source_of(cell)
        marked = [given for given in self._cells if _marked(given, exercise) or given is cell]
        groups = _neighbours(self._cells, marked)
        parts = next(group for group in groups if any(part is cell for part in group))
        if len(parts) > 1:
            repairs.append(f"{len(parts)} cells marked as the answer stand together: joined")
        if len(marked) > len(parts):
            repairs.append("other cells marked as an answer to it were left aside")
        return "\n".join(source_of(part) for part in parts)

    def _elsewhere(self, cell: Any, source: str) -> str:
        """Say which names of the answer are defined in a cell that is not taken."""
        missing = defined_names([cell.source]) - defined_names([source])
        for other in self._cells:
            if missing and other.get("cell_type") == "code" and "role" not in ours(other):
                names = sorted(missing & defined_names([source_of(other)]))
                if names:
                    return f"{', '.join(names)}: defined in another cell, move it to {cell.id}"
        return ""


def _neighbours(cells: list[Cell], marked: list[Cell]) -> list[list[Cell]]:
    """Return the marked cells in groups of those that follow each other."""
    wanted = {id(cell) for cell in marked}
    groups: list[list[Cell]] = []
    before = False
    for cell in cells:
        if id(cell) in wanted:
            if not before:
                groups.append([])
            groups[-1].append(cell)
        before = id(cell) in wanted
    return groups


def _one_of(found: list[Cell], name: str, stub: str) -> tuple[list[Cell], str]:
    """Return the cells of one identifier that were worked on, if they are all the same just one."""
    worked_on = {
        _words(source_of(cell)): cell
        for cell in found
        if _words(source_of(cell)) not in (_words(stub), "")
    }
    word = f"{len(found)} cells have the id {name}: the one that was worked on was taken"
    return list(worked_on.values()) or found[:1], word


def _marked(cell: Cell, exercise: Exercise) -> bool:
    wanted = {"exercise": exercise.number, "role": "answer"}
    return wanted.items() <= ours(cell).items()


def _words(source: str) -> str:
    """Return a source without its blanks, so that reformatting does not count as an answer."""
    return "".join(source.split())
