"""Where a class is graded: one temporary folder for a run, which the next run can find.

A run that ends, also by Ctrl-C, removes its folder. One that is killed cannot. So it leaves a note
beside its report, and the next run with the same report removes what the note names, if nobody
works there any more: a run holds a lock in its folder, which the system lets go with the process.
"""

import contextlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dlcore.grade.run.places import held, left, short_folder
from dlcore.storage import write_whole

_PREFIX = "dlcore-class-"
_NOTES = ".running-*.json"
_NAME = len("/dlcore-class-12345678")


@contextlib.contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """Have all temporary files of a run made in one folder, and remove those of dead runs.

    Parameters
    ----------
    out : Path
        The folder of the report, in which a note says where the temporary folder is.

    Yields
    ------
    Path
        The folder, which is gone afterwards.
    """
    clear_after_dead_runs(out)
    with tempfile.TemporaryDirectory(
        prefix=_PREFIX, dir=short_folder(_NAME), ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        with held(folder) as token, _temporary_files_in(folder):
            note = out / f".running-{token[:8]}.json"
            write_whole(note, json.dumps({"on": platform.node(), "folder": name, "token": token}))
            try:
                yield folder
            finally:
                note.unlink(missing_ok=True)


def clear_after_dead_runs(out: Path) -> None:
    """Remove what runs with this report have left when they were killed.

    Parameters
    ----------
    out : Path
        The folder of the report. A temporary folder that a note in it names is removed only if it
        is the one that was meant, belongs to this user, and no run has its lock; with it go the
        files of the report that were half written. Processes that still grade are ended first:
        nobody waits for what they find.
    """
    for note in out.glob(_NOTES):
        try:
            said = json.loads(note.read_text(encoding="utf-8"))
            folder, token, on = Path(said["folder"]), said["token"], said["on"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if on == platform.node() and _dead(folder, token):
            _end_sessions_in(folder)
            shutil.rmtree(folder, ignore_errors=True)
            for half in out.rglob(".*.part"):  # a file that was being written
                half.unlink(missing_ok=True)
            note.unlink(missing_ok=True)


def _dead(folder: Path, token: str) -> bool:
    """Say whether a folder is gone, or was left by a run of this user that has ended."""
    return not folder.exists() or (folder.name.startswith(_PREFIX) and left(folder, token))


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Have this process, and those that it starts, make their temporary files in a folder."""
    before, named = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
        os.environ.pop("TMPDIR")
        if named is not None:
            os.environ["TMPDIR"] = named


def _end_sessions_in(folder: Path) -> None:
    """Kill the processes that go on grading in a folder, and their kernels."""
    import psutil

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            words = " ".join(process.cmdline())
            if "dlcore.grade.run.session" in words and process.environ().get("TMPDIR") == str(
                folder
            ):
                end_session(process)


def end_session(process: Any) -> None:
    """Kill a process that grades a notebook, and its kernels.

    Parameters
    ----------
    process : psutil.Process
        What `dlcore.grade.run.process` has started.
    """
    import psutil

    for one in (*process.children(recursive=True), process):
        with contextlib.suppress(psutil.Error):
            one.kill()
