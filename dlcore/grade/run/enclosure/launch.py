"""Become the kernel, in an enclosure: what the grader starts in place of the kernel's command."""

import contextlib
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from dlcore.grade.run.enclosure import landlock, namespaces
from dlcore.grade.run.enclosure.calls import call
from dlcore.grade.run.enclosure.resources import MEBIBYTE, limit

_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_NAMED = {
    "DATA": "memory",
    "FSIZE": "size of a file",
    "CPU": "processor time",
    "NOFILE": "open files",
}
_NO_FILES = (
    "files: code that goes past Python can read what you can read, the solutions too, and write "
    "where you can write"
)


@dataclass
class Room:
    """What the enclosure is to be: paths are absolute, sizes in mebibytes, times in seconds."""

    folder: str
    build_in: str
    report: str
    readable: list[str]
    sockets: str
    memory: int
    processor: int
    file_size: int
    disk: int
    open_files: int
    processes: int
    secret: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)  # "namespaces", "landlock": for tests


@dataclass
class Held:
    """What the enclosure holds, in words for the report."""

    enforced: list[str] = field(default_factory=list)
    not_enforced: list[str] = field(default_factory=list)


def main() -> None:
    """Read the description of the room and the command from the arguments, and become it."""
    room, command = Room(**json.loads(sys.argv[1])), sys.argv[2:]
    held = Held()
    lower_limits(room, held)
    if "namespaces" in room.without or not _apart():
        held.not_enforced.append(
            "processes: the system refuses namespaces, so other processes can be listed"
        )
        become(room, command, held, apart=False)
    child = os.fork()
    if child == 0:
        with contextlib.suppress(OSError):
            call("prctl", _DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
        limit({"NPROC": room.processes})
        become(room, command, held, apart=True)
    _wait_for(child)


def lower_limits(room: Room, held: Held) -> None:
    """Limit what the process may use.

    Parameters
    ----------
    room : Room
        What is wanted.
    held : Held
        Gets what could be done, and what could not.
    """
    wanted = {
        "DATA": room.memory * MEBIBYTE,
        "FSIZE": room.file_size * MEBIBYTE,
        "CPU": room.processor,
        "NOFILE": room.open_files,
        "CORE": 0,
    }
    failed = limit(wanted)
    amounts = {
        "DATA": f"{room.memory:,} MiB",
        "FSIZE": f"{room.file_size} MiB",
        "CPU": f"{room.processor:,} seconds",
        "NOFILE": f"{room.open_files:,}",
    }
    for name, what in _NAMED.items():
        (held.not_enforced if name in failed else held.enforced).append(f"{what}: {amounts[name]}")


def _apart() -> bool:
    """Go into namespaces, and say whether the system lets us; one half way in could not go on."""
    trial = os.fork()
    if trial == 0:
        with contextlib.suppress(OSError):
            namespaces.unshare()
            os._exit(0)
        os._exit(1)
    if os.waitstatus_to_exitcode(os.waitpid(trial, 0)[1]):
        return False
    namespaces.unshare()
    return True


def become(room: Room, command: list[str], held: Held, apart: bool) -> None:
    """Close the file system, write down what holds, and run the command in this process.

    Parameters
    ----------
    room : Room
        What is wanted.
    command : list of str
        A program and its arguments.
    held : Held
        What holds already.
    apart : bool
        Whether this process is in namespaces of its own.
    """
    if apart:
        held.enforced.append("network: none; other processes: out of sight")
    rooted = apart and _enter_root(room)
    os.chdir(room.folder)
    with Path(room.report).open("w", encoding="utf-8") as report:  # while it may still be written
        locked = 0 if "landlock" in room.without else _lock(room, apart)
        _describe(room, held, apart, rooted, locked)
        json.dump(vars(held), report)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.execv(command[0], command)


def _enter_root(room: Room) -> bool:
    try:
        namespaces.enter_root(
            room.build_in,
            room.readable,
            [room.sockets, room.folder, *_devices()],
            room.secret,
            (room.folder, room.disk),
        )
    except OSError:
        return False
    return True


def _devices() -> list[str]:
    return [f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom")]


def _lock(room: Room, apart: bool) -> int:
    """Have Landlock refuse all other files; returns its version, 0 if that cannot be done."""
    own = ["/proc"] if apart else ["/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat"]
    try:
        return landlock.restrict([*room.readable, *own], [room.folder, *_devices()], [room.sockets])
    except OSError:
        return 0


def _describe(room: Room, held: Held, apart: bool, rooted: bool, locked: int) -> None:
    if rooted and locked:
        held.enforced.append(f"temporary folder: {room.disk} MiB")
    elif rooted:
        held.not_enforced.append("temporary folder: the folder of the sockets can fill the disk")
    else:
        held.not_enforced.append("temporary folder: many files can fill the disk until the end")
    means = [word for word, there in (("namespaces", rooted), ("Landlock", locked)) if there]
    exposed = [] if rooted else [path for path in room.secret if _is_below(path, room.readable)]
    if means and not exposed:
        held.enforced.append(
            "files: nothing but Python, dlcore, the data sets and a temporary folder can be read, "
            f"and nothing but that folder written ({' and '.join(means)})"
        )
    elif means:
        held.not_enforced.append(
            f"files: {', '.join(exposed)} can be read, since Python itself lies around it"
        )
    else:
        held.not_enforced.append(_NO_FILES)
    if not apart and locked >= landlock.FIRST_WITH_TCP:
        held.enforced.append("network: no TCP (Landlock)")


def _is_below(path: str, folders: list[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _wait_for(child: int) -> None:
    """Stand between the grader and the kernel until the kernel ends, and end as it does."""

    def hand_on(number: int, _: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it goes to the group, and so to the child too
    signal.signal(signal.SIGTERM, hand_on)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os._exit(ended if ended >= 0 else 128 - ended)
