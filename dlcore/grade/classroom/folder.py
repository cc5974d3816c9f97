"""The notebooks that a class has handed in, found in the folders that teachers have.

Three layouts are understood, also mixed: ``learner.ipynb``, ``learner/notebook.ipynb`` and
nbgrader's ``learner/assignment/notebook.ipynb``. The first is also how systems name what they
collect, ``learner_12345_assignment.ipynb``; the name of the assignment is then taken off.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from dlcore.grade import limits

_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz")
_OF_NBGRADER = ("timestamp.txt", "submission_secret.txt")  # lie in each folder handed in by it
_NO_FILE = "a link or a device, and not a plain file"
_OF_MACOS = "__MACOSX"  # its archives hold a folder of this name, for nobody else
# What a teacher keeps in the folder of a class: lists anywhere, notes beside folders of learners.
_LISTS, _NOTES = (".csv", ".tsv", ".xls", ".xlsx", ".ods"), (".txt", ".md", ".json", ".log")


class HandedIn(NamedTuple):
    """One notebook of one learner, or the reason why there is none."""

    learner: str
    file: str
    path: Path
    fault: str = ""


def find_handed_in(folder: Path, assignments: Iterable[str] = ()) -> list[HandedIn]:
    """Find what was handed in.

    Parameters
    ----------
    folder : Path
        The folder of the class.
    assignments : iterable of str
        Names of assignments, which are no part of the name of a learner.

    Returns
    -------
    list of HandedIn
        In the order of learners and files. Hidden files and a teacher's lists are left out. A
        folder of a learner without a notebook is listed with that fault, also if it is that of one
        assignment among others, and so are other files than notebooks, and what is no plain file:
        a link may lead to somebody else's work.
    """
    found: list[HandedIn] = []
    names = sorted(assignments, key=len, reverse=True)
    entries = _entries(folder)
    flat = any(map(_is_notebook, entries))
    for entry in entries:
        if _is_notebook(entry):
            found.append(_handed_in(_learner(entry.stem, names), entry, folder))
        elif entry.is_dir() and not entry.is_symlink():
            found += _in_folder(entry, names)
        elif entry.suffix.lower() in _ARCHIVES:
            learner = _learner(entry.name.partition(".")[0], names)
            found.append(HandedIn(learner, entry.name, entry, "an archive: unpack it"))
        elif _is_handed_in(entry, flat):
            found.append(_no_notebook(entry, names))
    return [
        HandedIn(_shown(one.learner), _shown(one.file), one.path, _shown(one.fault))
        for one in found
    ]


def _entries(folder: Path) -> list[Path]:
    """Return what lies in a folder and is not hidden, in an order that is always the same."""
    return sorted(
        (path for path in folder.iterdir() if not path.name.startswith((".", _OF_MACOS))),
        key=lambda path: os.fsencode(path.name),
    )


def _is_notebook(path: Path) -> bool:
    """Say whether a path has the name of a notebook; what it is, is looked at later."""
    return path.suffix.lower() == ".ipynb" and (path.is_symlink() or not path.is_dir())


def _is_handed_in(path: Path, flat: bool) -> bool:
    """Say whether a file that is no notebook was handed in, and not put there by the teacher."""
    kept = _LISTS if flat else (*_LISTS, *_NOTES)
    return ".ipynb" in path.name.lower() or path.suffix.lower() not in kept


def _no_notebook(path: Path, assignments: list[str]) -> HandedIn:
    """Return what lies where a notebook should, with what to do."""
    learner = _learner(re.split(r"\.ipynb", path.name, flags=re.I)[0], assignments)
    if path.is_symlink() or not path.is_file():
        return HandedIn(learner, path.name, path, _NO_FILE)
    if learner != path.name:
        return HandedIn(learner, path.name, path, f"not a notebook: name it {learner}.ipynb")
    learner = _learner(path.stem, assignments)
    fault = f"not a notebook but {path.suffix or 'a file'}: ask for the .ipynb file itself"
    return HandedIn(learner, path.name, path, fault)


def _in_folder(home: Path, assignments: list[str]) -> list[HandedIn]:
    """Return what a learner has handed in, or why that is not known."""
    try:
        found = list(_of_learner(home, assignments))
        return found or [_nothing(home.name, home, home.parent)]
    except OSError as error:
        said = f"the folder cannot be read: {error.strerror}"
        return [HandedIn(home.name, f"{home.name}/", home, said)]


def _of_learner(home: Path, assignments: list[str]) -> Iterator[HandedIn]:
    for entry in _entries(home):
        if _is_notebook(entry):
            yield _handed_in(home.name, entry, home.parent)
        elif entry.is_dir() and not entry.is_symlink():
            inside = [path for path in _entries(entry) if _is_notebook(path)]
            yield from (_handed_in(home.name, path, home.parent) for path in inside)
            if not inside and (entry.name in assignments or (entry / _OF_NBGRADER[0]).is_file()):
                yield _nothing(home.name, entry, home.parent)


def _learner(stem: str, assignments: list[str]) -> str:
    """Return the name of a file without that of the assignment and the count of a second try."""
    for name in assignments:
        start, again = r"(.*?)(?:[ _-]+copy of)?[ _-]+", r"(?:[ _-]*copy)?(?:[ _-]*\(?\d+\)?)?"
        found = re.fullmatch(rf"{start}{re.escape(name)}{again}", stem, re.I | re.S)
        if stem.lower() == name.lower() or (found and found[1]):
            return found[1] if found else stem
    return stem


def _why_nothing(folder: Path) -> str:
    files = [
        path
        for path in _below(folder)
        if path.name not in _OF_NBGRADER and (path.is_symlink() or not path.is_dir())
    ]
    deep = [path for path in files if _is_notebook(path)]
    archives = [path for path in files if path.suffix.lower() in _ARCHIVES]
    for found, word in ((deep, "lies too deep: move it up"), (archives, "is there: unpack it")):
        if found:
            return f"no notebook was found, but {found[0].relative_to(folder).as_posix()} {word}"
    if files:
        return f"no notebook was handed in, but {files[0].relative_to(folder).as_posix()}"
    return "no notebook was handed in"


def _below(folder: Path, levels: int = 8) -> Iterator[Path]:
    """Yield what lies some levels below a folder, and is neither hidden nor behind a link."""
    for entry in _entries(folder):
        yield entry
        if levels and entry.is_dir() and not entry.is_symlink():
            yield from _below(entry, levels - 1)


def _handed_in(learner: str, path: Path, folder: Path) -> HandedIn:
    """Return one notebook, with the reason if it is not even to be read."""
    found = path.lstat()
    fault = ""
    if not stat.S_ISREG(found.st_mode):
        fault = _NO_FILE
    elif found.st_size > limits.NOTEBOOK:
        fault = limits.too_large()
    return HandedIn(learner, path.relative_to(folder).as_posix(), path, fault)


def _nothing(learner: str, place: Path, folder: Path) -> HandedIn:
    return HandedIn(learner, f"{place.relative_to(folder).as_posix()}/", place, _why_nothing(place))


def _shown(name: str) -> str:
    """Return a file's name as text, also where the system's bytes are not UTF-8."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
