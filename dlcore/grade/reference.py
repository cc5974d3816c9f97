"""The solution that a submission is held against."""

import copy
import hashlib
from pathlib import Path

import nbformat
from nbformat import NotebookNode

import dlcore
from dlcore.grade.hidden import HiddenCheck, hidden_cells
from dlcore.grade.run.process import run
from dlcore.grade.submission import Submission
from dlcore.notebooks.exercises import Exercise, read_exercises
from dlcore.notebooks.files import NotebookError, ours, read


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


_PRINTED: dict[str, dict[str, list[NotebookNode]]] = {}  # the same for a whole class


def _printed_by_solution(
    reference: Reference, hidden: tuple[str, ...], timeout: float, path: Path
) -> dict[str, list[NotebookNode]]:
    """Run hidden checks on the solution, once for each content of both."""
    cells = [cell for cell in reference.notebook.cells if cell.cell_type == "code"]
    wanted = [cell for cell in cells if cell.id in hidden or ours(cell).get("role") != "check"]
    key = hashlib.sha256(repr([cell.source for cell in wanted]).encode()).hexdigest()
    if key not in _PRINTED:
        plain = [copy.deepcopy(cell) for cell in wanted]
        for cell in plain:
            cell.outputs, cell.execution_count = [], 1
        results = run(plain, reference, timeout, [path.resolve().parent], printed=True)
        for cell in plain:
            ended = results.get(cell.id, {"status": "not run", "message": ""})
            if cell.id in hidden and (ended["status"] != "passed" or not ended["outputs"]):
                why = ended["message"] or "prints nothing"
                raise NotebookError(f"{path}: {cell.id}: on the solution itself: {why}")
        _PRINTED[key] = {name: nbformat.from_dict(results[name]["outputs"]) for name in hidden}  # type: ignore[no-untyped-call]
    return _PRINTED[key]


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
        The solution of the same name.

    Raises
    ------
    NotebookError
        If there is none, or if it is not fit to be graded against.
    """
    here = submission.path.resolve().parent
    if solutions is not None:
        folders = [solutions]
    else:
        tops = [Path.cwd(), *Path.cwd().parents, _package_folder(), here.parent]
        folders = [here] if here.name == "solutions" else []
        folders += [top / "solutions" for top in tops]
    for name in dict.fromkeys([submission.exercise_set, submission.path.stem]):
        for folder in folders:
            if (folder / f"{name}.ipynb").is_file():
                return Reference(folder / f"{name}.ipynb")
    looked = ", ".join(str(folder) for folder in dict.fromkeys(folders[:4]))
    raise NotebookError(
        f"{submission.path}: unknown assignment {submission.exercise_set!r}: "
        f"no solution of that name in {looked}; name their folder with --solutions. "
        "A hand-out for a class has none: there, check() in the notebook runs the checks"
    )


def _package_folder() -> Path:
    """Return the folder that holds the package: the book itself, if that is where it runs from."""
    return Path(dlcore.__file__).resolve().parent.parent
