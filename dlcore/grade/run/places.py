"""Temporary folders that hold what nobody else is to find, also when the process is killed.

A process that ends, also by Ctrl-C, removes its folder. One that is killed cannot. So a folder
holds a lock, which the system lets go with the process, and whoever makes the next folder of the
same kind on this machine removes those that nobody holds any more.
"""

import contextlib
import os
import platform
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from dlcore.grade import limits

LOCK = "lock"
_RANDOM = r"[a-z0-9_]{8}"  # what `tempfile` puts behind the start of a name


def short_folder(more: int = 0) -> str | None:
    """Return where temporary folders go: names of sockets may have no more than 104 characters.

    Parameters
    ----------
    more : int
        Characters of a folder that is made there to hold the others.

    Returns
    -------
    str or None
        A folder, or None where that of the system will do.
    """
    long = len(tempfile.gettempdir()) + more > limits.TEMPORARY_FOLDER
    return "/tmp" if long and os.path.isdir("/tmp") else None


@contextlib.contextmanager
def own_folder(start: str) -> Iterator[Path]:
    """Make a temporary folder, and remove those of its kind that killed processes have left.

    Parameters
    ----------
    start : str
        What its name begins with.

    Yields
    ------
    Path
        The folder, which is gone afterwards.
    """
    parent = Path(short_folder() or tempfile.gettempdir())
    clear_after_the_dead(parent, start)
    with (
        tempfile.TemporaryDirectory(prefix=start, dir=parent, ignore_cleanup_errors=True) as name,
        held(Path(name)),
    ):
        yield Path(name)


@contextlib.contextmanager
def held(folder: Path) -> Iterator[str]:
    """Hold the lock of a folder.

    Parameters
    ----------
    folder : Path
        A new folder.

    Yields
    ------
    str
        What stands in the lock's file, before the name of the machine: nobody else knows it.
    """
    token = secrets.token_hex(16)
    with (folder / LOCK).open("w", encoding="utf-8") as lock:
        locked(lock)
        lock.write(f"{token}\n{platform.node()}")  # only now may others try the lock
        lock.flush()
        yield token


def clear_after_the_dead(parent: Path, start: str) -> None:
    """Remove the folders of one kind that nobody holds.

    Parameters
    ----------
    parent : Path
        Where they lie.
    start : str
        What their names begin with.
    """
    for folder in parent.glob(f"{start}*"):
        if re.fullmatch(re.escape(start) + _RANDOM, folder.name) and left(folder):
            shutil.rmtree(folder, ignore_errors=True)


def left(folder: Path, token: str | None = None) -> bool:
    """Say whether a folder was left by a process of this user that has ended.

    Parameters
    ----------
    folder : Path
        The folder.
    token : str, optional
        What must stand in its lock's file. By default anything will do that was written on this
        machine: a folder may be shared with others, and locks need not be.

    Returns
    -------
    bool
        True if it is there, ours, and nobody's any more.
    """
    try:
        ours = not folder.is_symlink() and _belongs(folder)
        with (folder / LOCK).open("r+", encoding="utf-8") as file:
            found, _, machine = file.read().partition("\n")
            known = machine == platform.node() if token is None else found == token
            return ours and known and locked(file)
    except OSError:
        return False


def _belongs(folder: Path) -> bool:
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()


def locked(file: IO[Any]) -> bool:
    """Lock a file until it is closed.

    Parameters
    ----------
    file : file
        An open file.

    Returns
    -------
    bool
        Whether that was possible.
    """
    try:
        import fcntl
    except ImportError:  # Windows: nobody can say whether a process is dead
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
