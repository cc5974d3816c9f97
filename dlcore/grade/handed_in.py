"""The notebooks that a class has handed in, found in the folders that teachers have.

Three layouts are understood, also mixed: ``learner.ipynb``, ``learner/notebook.ipynb`` and
nbgrader's ``learner/assignment/notebook.ipynb``.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MAX_SIZE = 20 * 2**20  # bytes of a notebook that is read at all


class HandedIn(NamedTuple):
    """One notebook of one learner, or the reason why there is none."""

    learner: str
    file: str
    path: Path
    fault: str = ""


def find_handed_in(folder: Path) -> list[HandedIn]:
    """Find what was handed in.

    Parameters
    ----------
    folder : Path
        The folder of the class.

    Returns
    -------
    list of HandedIn
        In the order of learners and files. Hidden files are left out. A folder of a learner
        without a notebook is listed with that fault, and so is what is no plain file: a link may
        lead to somebody else's work.
    """
    found: list[HandedIn] = []
    for entry in _entries(folder):
        if _is_notebook(entry):
            found.append(_handed_in(entry.stem, entry, folder))
        elif entry.is_dir() and not entry.is_symlink():
            inside = [_handed_in(entry.name, path, folder) for path in _notebooks_below(entry)]
            nothing = HandedIn(entry.name, f"{entry.name}/", entry, "no notebook was handed in")
            found += inside or [nothing]
    return [one._replace(learner=_shown(one.learner), file=_shown(one.file)) for one in found]


def _entries(folder: Path) -> list[Path]:
    """Return what lies in a folder and is not hidden, in an order that is always the same."""
    return sorted(
        (path for path in folder.iterdir() if not path.name.startswith(".")),
        key=lambda path: os.fsencode(path.name),
    )


def _is_notebook(path: Path) -> bool:
    """Say whether a path has the name of a notebook; what it is, is looked at later."""
    return path.suffix.lower() == ".ipynb" and (path.is_symlink() or not path.is_dir())


def _notebooks_below(folder: Path) -> Iterator[Path]:
    """Yield the notebooks of a learner's folder, and of the folders in it."""
    for entry in _entries(folder):
        if _is_notebook(entry):
            yield entry
        elif entry.is_dir() and not entry.is_symlink():
            yield from (path for path in _entries(entry) if _is_notebook(path))


def _handed_in(learner: str, path: Path, folder: Path) -> HandedIn:
    """Return one notebook, with the reason if it is not even to be read."""
    found = path.lstat()
    fault = ""
    if not stat.S_ISREG(found.st_mode):
        fault = "a link or a device, and not a plain file"
    elif found.st_size > MAX_SIZE:
        fault = f"larger than {MAX_SIZE // 2**20} MiB"
    return HandedIn(learner, path.relative_to(folder).as_posix(), path, fault)


def _shown(name: str) -> str:
    """Return a file's name as text, also where the system's bytes are not UTF-8."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
