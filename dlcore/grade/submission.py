"""The answers of a learner, and nothing else, taken out of a notebook that may be in any state."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from dlcore.grade import limits
from dlcore.notebooks.exercises import Exercise
from dlcore.notebooks.files import NotebookError, ours, read_json, source_of
from dlcore.notebooks.names import defined_names, top_names
from dlcore.notebooks.release import HIDDEN_CHECKS, released_source
from dlcore.notebooks.syntax import magic_lines, parse, python_of

_READ = ("cell_type", "id", "metadata", "source")  # of a cell
_SET_NAME = re.compile(r"\w[\w.-]{0,99}")

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
        return self.named or self.path.stem

    @property
    def named(self) -> str:
        """The name of the assignment in the notebook's own metadata; some editors drop it."""
        name = ours(self._notebook).get("exercise_set")
        return name if isinstance(name, str) and _SET_NAME.fullmatch(name) else ""

    def has_cells_of(self, solution: list[Cell]) -> bool:
        """Say whether an answer cell of a solution is in this notebook.

        Parameters
        ----------
        solution : list of dict
            The cells of the solution.

        Returns
        -------
        bool
            Cells are known by their identifiers, or by the metadata.
        """
        answers = [cell for cell in solution if ours(cell).get("role") == "answer"]
        ids = {str(cell["id"]) for cell in answers}
        numbers = {ours(cell).get("exercise") for cell in answers}
        mine = [cell for cell in self._cells if ours(cell).get("role") == "answer"]
        named = any(str(cell.get("id")) in ids for cell in self._cells)
        return named or any(str(ours(cell).get("exercise")) in numbers for cell in mine)

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
        source = self._joined(found[0], cell, exercise, repairs)
        if found[0].get("cell_type") != cell.cell_type:
            kind = str(found[0].get("cell_type"))[: limits.SHOWN_LINE]
            repairs.append(
                f"the cell {cell.id} should be a {cell.cell_type} cell, not {kind}: its text was "
                "taken"
            )
        if len(source) > limits.SOURCE:
            return Answer(fault=f"the cell {cell.id} is longer than {limits.SOURCE:,} characters")
        if not _worked_on(source, stub):
            source = self._copy_of(cell, exercise, repairs) or source
        if word := self._elsewhere(cell, source):
            repairs.append(word)
        attempted = _worked_on(source, stub)
        if exercise.kind != "text":
            source = _python_alone(source, cell.id, repairs)
        return Answer(source, "", attempted, tuple(repairs))

    def own_cells(self) -> list[str]:
        """Return the code that is neither an answer nor a check.

        Returns
        -------
        list of str
            The source of each cell.
        """
        roles = ("answer", "check")
        code = [cell for cell in self._cells if cell.get("cell_type") == "code"]
        return [source_of(cell) for cell in code if ours(cell).get("role") not in roles]

    def _by_metadata(self, cell: Any, exercise: Exercise) -> list[Cell]:
        """Return the cell that the metadata name, where identifiers are missing or new."""
        marked = [given for given in self._cells if _marked(given, exercise)]
        place = [answer.id for answer in exercise.answers].index(cell.id)
        if len(exercise.answers) == 1:
            together = _neighbours(self._cells, marked)
            return [group[0] for group in together]
        return [marked[place]] if len(marked) == len(exercise.answers) else []

    def _joined(self, cell: Cell, wanted: Any, exercise: Exercise, repairs: list[str]) -> str:
        """Return the source of a cell with those that were split off it."""
        if len(exercise.answers) > 1:
            return source_of(cell)
        stub = released_source(wanted, exercise)
        marked = [
            given
            for given in self._cells
            if given is cell or (_marked(given, exercise) and _worked_on(source_of(given), stub))
        ]
        groups = _neighbours(self._cells, marked)
        parts = next(group for group in groups if any(part is cell for part in group))
        if len(parts) > 1 and not _worked_on(source_of(cell), stub):
            parts = [part for part in parts if part is not cell]
        source, whole = (_source(found) for found in (parts, marked))
        if len(parts) > 1:
            repairs.append(f"{len(parts)} cells marked as the answer stand together: joined")
        if source == whole or not _worked_on(source, stub):
            return source
        if _completes(whole, source, marked, wanted.source):
            repairs.append(f"{len(marked)} cells marked as the answer: joined")
            return whole
        if len(marked) > len(parts):
            repairs.append("other cells marked as an answer to it were left aside")
        return source

    def _copy_of(self, cell: Any, exercise: Exercise, repairs: list[str]) -> str:
        """Return the answer from another cell, where that of the exercise was left as it was."""
        stub, names = released_source(cell, exercise), top_names([cell.source])
        alone = len(exercise.answers) == 1
        copies = [given for given in self._cells if alone and _marked(given, exercise)]
        code = [g for g in self._cells if g.get("cell_type") == "code" and "role" not in ours(g)]
        others = [given for given in code if names and names <= top_names([source_of(given)])]
        for found in (copies, others):
            worked_on = [g for g in found if _worked_on(source_of(g), stub)]
            sources = {_words(source_of(given)): source_of(given) for given in worked_on}
            if len(sources) > 1:
                word = f"{len(sources)} cells hold an answer to it: move the one that counts to"
                repairs.append(f"{word} {cell.id}")
                return ""
            for source in sources.values():
                repairs.append(f"the cell {cell.id} is as it was handed out: a copy was taken")
                return source
        return ""

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
        _words(source_of(cell)): cell for cell in found if _worked_on(source_of(cell), stub)
    }
    word = f"{len(found)} cells have the id {name}: the one that was worked on was taken"
    return list(worked_on.values()) or found[:1], word


def _source(parts: list[Cell]) -> str:
    return "\n".join(source_of(part) for part in parts)


def _completes(whole: str, source: str, parts: list[Cell], solution: str) -> bool:
    """Say whether cells that stand apart are pieces of one answer, and not several."""
    if not _is_python(whole):
        return False
    lacking = top_names([solution]) - top_names([source])
    broken = any(not _is_python(source_of(part)) for part in parts)
    return broken or bool(lacking & top_names([whole]))


def _is_python(source: str) -> bool:
    try:
        parse(python_of(source))
    except SyntaxError:
        return False
    return True


def _python_alone(source: str, name: str, repairs: list[str]) -> str:
    """Return an answer without the lines that speak to IPython or to the shell."""
    lines = source.split("\n")
    begins = [n for n in magic_lines(source) if n == 0 or not lines[n - 1].endswith("\\")]
    said = ", ".join(f"{lines[number].strip()!r}" for number in begins)
    if begins:
        repairs.append(
            f"{said} was left out of {name}: nothing is installed and no program started while an "
            "exercise is graded, and magics are not needed"
        )
    return python_of(source) if begins else source


def _worked_on(source: str, stub: str) -> bool:
    return _words(source) not in (_words(stub), "")


def _marked(cell: Cell, exercise: Exercise) -> bool:
    wanted = {"exercise": exercise.number, "role": "answer"}
    return wanted.items() <= ours(cell).items()


def _words(source: str) -> str:
    """Return a source without its blanks, so that reformatting does not count as an answer."""
    return "".join(source.split())
