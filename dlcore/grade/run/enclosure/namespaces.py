"""Namespaces of Linux: a process with a file system, processes and a network of its own."""

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path

from dlcore.grade.run.enclosure.calls import call

_NEW = {"user": 0x10000000, "mount": 0x20000, "ipc": 0x08000000, "pid": 0x20000000}
_NEW_NETWORK = 0x40000000
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_EXEC = 1, 2, 4, 8
_BIND, _RECURSIVE, _PRIVATE = 4096, 16384, 1 << 18
_HERE, _RECURSIVELY = -100, 0x8000  # AT_FDCWD, AT_RECURSIVE
_MOUNT_SETATTR = 442
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_DETACH = 2
_INNER_USER = 1000  # not root, so that the kernel starts without any rights over its namespaces


class _Attributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "user")]


def unshare() -> None:
    """Leave the namespaces of this system for new ones; children are in a new one of processes.

    Raises
    ------
    OSError
        If the system does not allow it.
    """
    user, group = os.getuid(), os.getgid()
    call("unshare", sum(_NEW.values()) | _NEW_NETWORK)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    for name, number in (("uid", user), ("gid", group)):
        Path(f"/proc/self/{name}_map").write_text(f"{_INNER_USER} {number} 1", encoding="ascii")


def enter_root(
    place: str,
    readable: Sequence[str],
    writable: Sequence[str],
    secret: Sequence[str],
    home: tuple[str, int],
) -> None:
    """Make a file system of some folders only, and enter it; the way back is closed.

    Parameters
    ----------
    place : str
        An empty folder, to build in.
    readable, writable : sequence of str
        Files and folders that are in it, under the names they have now; the first cannot be
        written to. What does not exist is passed over.
    secret : sequence of str
        Folders that are empty in it, should they lie below one that is readable.
    home : tuple of str and int
        A folder with a few files, and how many mebibytes it may hold: it becomes a disk of its own,
        with copies of these files, and can be written to.

    Raises
    ------
    OSError
        If the system does not allow it.
    """
    pivot = _PIVOT_ROOT.get(os.uname().machine)
    if pivot is None:
        raise OSError("not known how to change the root on this machine")
    _mount(None, "/", None, _RECURSIVE | _PRIVATE)
    _mount("tmpfs", place, "tmpfs", _NO_SUID | _NO_DEVICES, "size=1m,mode=755")
    for path in sorted({*readable, *map(os.path.realpath, readable)}):
        _show(path, place, read_only=True)
    for path in secret:
        if os.path.isdir(place + path):
            _mount("tmpfs", place + path, "tmpfs", _NO_SUID | _NO_DEVICES, "size=4k")
            _set_attributes(place + path, _READ_ONLY)
    for path in writable:
        _show(path, place, read_only=False)
    _make_disk(*home, place)
    _show_processes(place)
    _set_attributes(place, _READ_ONLY)
    os.chdir(place)
    call("syscall", pivot, b".", b".")
    call("umount2", b".", _DETACH)
    os.chdir("/")


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    text = [None if name is None else os.fsencode(name) for name in (source, target, kind)]
    call("mount", *text, flags, data.encode() or None)


def _set_attributes(path: str, attributes: int, recursive: int = 0) -> None:
    """Set attributes of a mount, and of all below it."""
    wanted = ctypes.byref(_Attributes(attributes, 0, 0, 0))
    call("syscall", _MOUNT_SETATTR, _HERE, os.fsencode(path), recursive, wanted, 32)


def _show(path: str, place: str, read_only: bool) -> None:
    """Let a file or a folder be seen in the new file system."""
    target = place + path
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    elif os.path.exists(path):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if not os.path.exists(target):
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY))
    else:
        return
    _mount(path, target, None, _BIND | _RECURSIVE)
    if read_only:
        _set_attributes(target, _READ_ONLY | _NO_SUID, _RECURSIVELY)


def _make_disk(folder: str, size: int, place: str) -> None:
    """Put a small disk in the place of a folder, with copies of the files in it."""
    os.makedirs(place + folder, exist_ok=True)
    flags, amount = _NO_SUID | _NO_DEVICES, f"size={size}m,nr_inodes={64 * size},mode=700"
    _mount("tmpfs", place + folder, "tmpfs", flags, amount)
    for found in Path(folder).iterdir():
        if found.is_file():
            Path(place + folder, found.name).write_bytes(found.read_bytes())


def _show_processes(place: str) -> None:
    """Give the new file system a /proc of the new processes, where the system allows it."""
    os.makedirs(f"{place}/proc", exist_ok=True)
    flags = _READ_ONLY | _NO_SUID | _NO_DEVICES | _NO_EXEC
    try:
        _mount("proc", f"{place}/proc", "proc", flags)
    except OSError:  # in a container whose own /proc is covered in part: then there is none
        return
