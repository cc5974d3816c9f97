"""The solution that a submission is held against."""

from pathlib import Path

from nbformat import NotebookNode

import dlcore
from dlcore.grade.submission import Submission
from dlcore.notebooks.exercises import Exercise, read_exercises
from dlcore.notebooks.files import NotebookError, read


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


def find_reference(submission: Submission, solutions: Path | None = None) -> Reference:
    """Find the solution for a submission.

    Parameters
    ----------
    submission : Submission
        The notebook handed in.
    solutions : Path, optional
        The only folder to look in. Otherwise: the folder ``solutions`` beside that of the
        notebook, below the current folder or one above it, and beside the package.

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
        tops = [here, here.parent, Path.cwd(), *Path.cwd().parents, _package_folder()]
        folders = [here] if here.name == "solutions" else []
        folders += [top / "solutions" for top in tops]
    for name in dict.fromkeys([submission.exercise_set, submission.path.stem]):
        for folder in folders:
            if (folder / f"{name}.ipynb").is_file():
                return Reference(folder / f"{name}.ipynb")
    looked = ", ".join(str(folder) for folder in dict.fromkeys(folders[:4]))
    raise NotebookError(
        f"{submission.path}: unknown assignment {submission.exercise_set!r}: "
        f"no solution of that name in {looked}"
    )


def _package_folder() -> Path:
    """Return the folder that holds the package: the book itself, if that is where it runs from."""
    return Path(dlcore.__file__).resolve().parent.parent
