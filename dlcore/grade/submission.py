"""The answers of a learner, and nothing else, taken out of a notebook that may be in any state."""

import re
from pathlib import Path
from typing import Any, NamedTuple

from dlcore.notebooks.exercises import Exercise
from dlcore.notebooks.files import ours, read_json
from dlcore.notebooks.release import released_source

_SET_NAME = re.compile(r"\w[\w.-]*")


class Answer(NamedTuple):
    """What the learner has put into one answer cell, or why there is nothing to be run."""

    source: str = ""
    fault: str = ""
    attempted: bool = True


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
        self._notebook = read_json(path)
        self._cells: list[dict[str, Any]] = self._notebook["cells"]

    @property
    def exercise_set(self) -> str:
        """The name of the assignment: from the notebook's metadata, else from the file's name."""
        metadata = self._notebook.get("metadata")
        entries = metadata.get("dlcore") if isinstance(metadata, dict) else None
        name = entries.get("exercise_set") if isinstance(entries, dict) else None
        return name if isinstance(name, str) and _SET_NAME.fullmatch(name) else self.path.stem

    def answer(self, cell: Any, exercise: Exercise) -> Answer:
        """Return the learner's answer for one answer cell of the solution.

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
        found = self._with_id(cell.id) or self._with_entries(exercise)
        if not found:
            return Answer(
                fault=f"the cell {cell.id} is not in the notebook: copy it from the exercise as "
                "it was handed out, and put your answer there"
            )
        if len(found) > 1:
            return Answer(
                fault=f"{len(found)} cells have the id {cell.id}: keep the one that counts"
            )
        if found[0].get("cell_type") != cell.cell_type:
            return Answer(
                fault=f"the cell {cell.id} must be a {cell.cell_type} cell, "
                f"not {found[0].get('cell_type')}"
            )
        source = _source(found[0])
        stub = released_source(cell, exercise)
        return Answer(source, attempted=_words(source) not in (_words(stub), ""))

    def _with_id(self, identifier: str) -> list[dict[str, Any]]:
        """Return the cells that have an identifier; there should be one."""
        return [cell for cell in self._cells if cell.get("id") == identifier]

    def _with_entries(self, exercise: Exercise) -> list[dict[str, Any]]:
        """Return the answer cells of an exercise by metadata, for formats that have no ids."""
        if len(exercise.answers) > 1 or any("id" in cell for cell in self._cells):
            return []
        wanted = {"exercise": exercise.number, "role": "answer"}
        return [
            cell
            for cell in self._cells
            if isinstance(cell.get("metadata"), dict) and wanted.items() <= ours(cell).items()  # type: ignore[arg-type]
        ]


def _source(cell: dict[str, Any]) -> str:
    """Return the source of a cell, with the line ends of Unix."""
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _words(source: str) -> str:
    """Return a source without its blanks, so that reformatting does not count as an answer."""
    return "".join(source.split())
