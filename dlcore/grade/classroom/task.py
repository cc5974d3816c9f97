"""One notebook of a class, graded anywhere: everything needed is in the task, and named by it."""

import functools
import hashlib
import json
import platform
from pathlib import Path
from typing import Any, NamedTuple

import dlcore
from dlcore.grade import limits
from dlcore.grade.grading import GradingError, grade
from dlcore.grade.run.places import own_folder
from dlcore.notebooks.files import NotebookError


class Task(NamedTuple):
    """A notebook handed in, the solution and the hidden checks: their names and contents."""

    name: str
    notebook: bytes
    solution: tuple[str, bytes]
    hidden: tuple[str, bytes] | None
    timeout: float

    @property
    def key(self) -> str:
        """A name for the result: the same for the same content and the same grader."""
        found = hashlib.sha256(version().encode())
        hidden = self.hidden or ("", b"")
        names = [self.name, self.solution[0], hidden[0], self.timeout]
        for part in (json.dumps(names).encode(), self.notebook, self.solution[1], hidden[1]):
            found.update(len(part).to_bytes(8, "big") + part)
        return found.hexdigest()


@functools.cache
def version() -> str:
    """Return what the result depends on besides the notebooks.

    Returns
    -------
    str
        The versions of Python and NumPy, and a digest of the package's own source.
    """
    import numpy as np

    folder = Path(dlcore.__file__).parent
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{platform.python_version()} {np.__version__} {found.hexdigest()}"


def grade_task(task: Task) -> dict[str, Any]:
    """Grade one notebook of a class; whatever it holds, the answer is a result.

    Parameters
    ----------
    task : Task
        What to grade.

    Returns
    -------
    dict
        ``report``, in its JSON form, or ``fault``, the reason why there is none.
    """
    with own_folder("dlcore-task-") as folder:
        path = _put(folder, "handed-in", task.name, task.notebook)
        solution = _put(folder, "solutions", *task.solution)
        hidden = _put(folder, "hidden", *task.hidden) if task.hidden else None
        try:
            report = grade(path, solution.parent, timeout=task.timeout, hidden=hidden)
        except (NotebookError, GradingError) as error:
            said = str(error).removeprefix(f"{path}: ")
            said = said.replace(f"{solution.parent}/", "").replace(f"{folder}/", "")
            return {"fault": said[: limits.SHOWN]}
        except Exception as error:  # a bad file must not stop the rest of the class
            said = f"the grader itself failed: {type(error).__name__}: {error}"
            return {"fault": said[: limits.SHOWN]}
    report.notebook = ""
    return {"report": report.to_json()}


def _put(folder: Path, kind: str, name: str, content: bytes) -> Path:
    path = folder / kind / name
    path.parent.mkdir()
    path.write_bytes(content)
    return path
