"""The solution that a submission is held against."""

import copy
import hashlib
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from dlcore.data import FILES, DataFileError, locate
from dlcore.grade.hidden import HiddenCheck, hidden_cells
from dlcore.grade.judging import difference
from dlcore.grade.run.process import run_cells
from dlcore.grade.run.rewriting import given_data
from dlcore.grade.submission import Answer, Submission
from dlcore.notebooks.exercises import Exercise, read_exercises
from dlcore.notebooks.files import (
    NotebookError,
    book_folders,
    notebooks_in,
    ours,
    read,
    read_json,
)
from dlcore.notebooks.names import defined_names, top_names


class Reference:
    """A solution with stored outputs, fit to be graded against.

    Parameters
    ----------
    path : Path
        A notebook of ``solutions/``.

    Raises
    ------
    NotebookError
        If it is no notebook, has no exercises, or lacks the output of a check.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notebook: NotebookNode = read(path)
        try:
            self.exercises: list[Exercise] = read_exercises(self.notebook)
        except NotebookError as error:
            raise NotebookError(f"{path}: the solution is faulty:\n{error}") from None
        if not self.exercises:
            raise NotebookError(f"{path}: the solution holds no exercise")
        for exercise in self.exercises:
            for check in exercise.checks:
                if check.execution_count is None or not check.outputs:
                    raise NotebookError(
                        f"{path}: cell {check.id} has no stored output to compare with: "
                        "run 'dlcore outputs'"
                    )

    def add_hidden(self, checks: list[HiddenCheck], path: Path, timeout: float) -> None:
        """Add a teacher's checks, each after the cells of its exercise, with what they print here.

        Parameters
        ----------
        checks : list of HiddenCheck
            What the teacher's file holds; checks of other chapters are left aside.
        path : Path
            The file, for messages.
        timeout : float
            Seconds for a check.

        Raises
        ------
        NotebookError
            If a check is for an exercise that does not exist, or fails on the solution.
        """
        known = {exercise.number: exercise for exercise in self.exercises}
        chapters = {number.split(".")[0] for number in known}
        ours_of_them = [check for check in checks if check.exercise.split(".")[0] in chapters]
        for check in ours_of_them:
            if check.exercise not in known or known[check.exercise].kind == "text":
                raise NotebookError(f"{path}: {check.exercise}: no exercise that cells can check")
        if not ours_of_them:
            return
        cells = hidden_cells(ours_of_them)
        for cell in cells:
            exercise = known[str(ours(cell)["exercise"])]
            last = [*exercise.answers, *exercise.checks][-1]
            place = next(i for i, old in enumerate(self.notebook.cells) if old.id == last.id)
            self.notebook.cells.insert(place + 1, cell)
            exercise.checks.append(cell)
        outputs = _printed_by_solution(self, tuple(cell.id for cell in cells), timeout, path)
        for cell in cells:
            cell.outputs = copy.deepcopy(outputs[cell.id])
            if found := difference(ours(cell), cell.outputs, cell.outputs):
                raise NotebookError(f"{path}: {cell.id}: on the solution itself: {found.why}")

    def with_answers(self, answers: dict[str, Answer], visibility: str) -> list[NotebookNode]:
        """Return the code cells that are to be run, with a learner's answers in their places.

        Parameters
        ----------
        answers : dict
            The learner's answer for each answer cell.
        visibility : str
            Which checks are wanted: ``public`` or ``hidden``.

        Returns
        -------
        list of NotebookNode
            In the order of the solution. Exercises with nothing to run are left out; of the
            learner's notebook nothing but source is taken.
        """
        left_out = {one.number for one in self.exercises if not _to_be_run(one, answers)}
        cells = []
        for cell in self.notebook.cells:
            entries = ours(cell)
            role = entries.get("role")
            if cell.cell_type != "code" or entries.get("exercise") in left_out:
                continue
            if role == "check" and entries.get("visibility", "public") != visibility:
                continue
            new = cell.copy()
            if role == "answer":
                new["source"] = answers[cell.id].source
            if role != "check":
                new["outputs"] = []
            new["execution_count"] = 1
            cells.append(new)
        return cells

    def given_functions(self) -> set[str]:
        """Return the functions and classes that the exercise defines, and no answer is to define.

        Returns
        -------
        set of str
            Their names.
        """
        cells = self.code_cells()
        given = defined_names([cell.source for cell in cells if not ours(cell).get("role")])
        return given - top_names([c.source for c in cells if ours(c).get("role") == "answer"])

    def data(self) -> set[str]:
        """Return the names of values that the exercise gives, and that no answer is to change.

        Returns
        -------
        set of str
            Without functions, classes and modules, and without what the solution's own answers and
            checks write to.
        """
        return given_data(
            [cell.source for cell in self.code_cells() if not ours(cell).get("role")],
            [cell.source for cell in self.code_cells() if ours(cell).get("role")],
        )

    def names(self) -> set[str]:
        """Return the names that the cells of the solution define.

        Returns
        -------
        set of str
            Those of given cells and of answers; checks keep theirs to themselves.
        """
        return top_names([c.source for c in self.code_cells() if ours(c).get("role") != "check"])

    def missing_data(self) -> str:
        """Say which data set is not here, as no answer is to lose points by that.

        Returns
        -------
        str
            What is missing and what to do; empty if everything is here.
        """
        code = "\n".join(cell.source for cell in self.code_cells())
        for name, file in FILES.items():
            if re.search(rf"\b{file.loader}\b", code):
                try:
                    locate(name)
                except DataFileError:
                    return (
                        f"{self.path.stem} needs the data set {name}, which is missing or damaged "
                        f"on this machine: run 'dlcore data {name}'"
                    )
        return ""

    def code_cells(self) -> list[NotebookNode]:
        """Return the code cells of the solution.

        Returns
        -------
        list of NotebookNode
            In their order.
        """
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]


def _to_be_run(exercise: Exercise, answers: dict[str, Answer]) -> bool:
    given = [answers[cell.id] for cell in exercise.answers]
    faulty = any(answer.fault for answer in given)
    return exercise.kind != "text" and not faulty and any(answer.attempted for answer in given)


_PRINTED: dict[str, dict[str, list[NotebookNode]]] = {}  # the same for a whole class


def _printed_by_solution(
    reference: Reference, hidden: tuple[str, ...], timeout: float, path: Path
) -> dict[str, list[NotebookNode]]:
    """Run hidden checks on the solution, once for each content of both."""
    cells = reference.code_cells()
    wanted = [cell for cell in cells if cell.id in hidden or ours(cell).get("role") != "check"]
    key = hashlib.sha256(repr([cell.source for cell in wanted]).encode()).hexdigest()
    if key not in _PRINTED:
        bare = [copy.deepcopy(cell) for cell in wanted]
        for cell in bare:
            cell.outputs, cell.execution_count = [], 1
        secret = [path.resolve().parent]
        ran = run_cells(bare, reference, timeout=timeout, secret=secret, printed=True)
        for cell in bare:
            ended = ran.endings.get(cell.id, {"status": "not run", "message": ""})
            if cell.id in hidden and (ended["status"] != "passed" or not ended["outputs"]):
                why = ended["message"] or "prints nothing"
                raise NotebookError(f"{path}: {cell.id}: on the solution itself: {why}")
        _PRINTED[key] = {name: nbformat.from_dict(ran.endings[name]["outputs"]) for name in hidden}  # type: ignore[no-untyped-call]
    return _PRINTED[key]


def _like(submission: Submission, solutions: list[Path]) -> Path | None:
    """Return the solution that a notebook without a name of its own belongs to, if it is clear."""
    by_name = [path for path in solutions if path.stem.lower() in submission.path.stem.lower()]
    by_cells = [path for path in solutions if submission.has_cells_of(read_json(path)["cells"])]
    for found in (by_cells, by_name):
        if len(found) == 1:
            return found[0]
    return None


def find_reference(submission: Submission, solutions: Path | None = None) -> Reference:
    """Find the solution for a submission.

    Parameters
    ----------
    submission : Submission
        The notebook handed in.
    solutions : Path, optional
        The only folder to look in. Otherwise: the folder ``solutions`` below the current folder
        or one above it, beside the package, and last beside the notebook's own folder, so that
        what a learner hands in is never preferred to the book's.

    Returns
    -------
    Reference
        The solution of the same name; for a notebook whose own metadata is gone, the one whose
        answer cells it holds, or whose name stands in that of its file.

    Raises
    ------
    NotebookError
        If there is none, or if it is not fit to be graded against.
    """
    here = submission.path.resolve().parent
    if solutions is not None:
        folders = [solutions]
    else:
        folders = [here] if here.name == "solutions" else []
        folders += [top / "solutions" for top in (*book_folders(), here.parent)]
    for name in dict.fromkeys([submission.exercise_set, submission.path.stem]):
        for folder in folders:
            if (folder / f"{name}.ipynb").is_file():
                return Reference(folder / f"{name}.ipynb")
    if not submission.named:
        for folder in folders:
            if found := _like(submission, notebooks_in(folder)):
                return Reference(found)
    looked = ", ".join(str(folder) for folder in dict.fromkeys(folders[:4]))
    raise NotebookError(
        f"{submission.path}: unknown assignment {submission.exercise_set!r}: "
        f"no solution of that name in {looked}; name their folder with --solutions. "
        "A hand-out for a class has none: there, check() in the notebook runs the checks"
    )
