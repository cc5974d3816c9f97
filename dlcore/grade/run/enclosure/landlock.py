"""Landlock: Linux refuses files and connections that are not on a list; no rights are needed."""

import ctypes
import os
import stat
from collections.abc import Sequence

from dlcore.grade.run.enclosure.calls import call, give_up_new_rights

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_REMOVE_FILE, _MAKE_SOCKET = 1 << 5, 1 << 9
_REFER, _TRUNCATE, _DEVICE = 1 << 13, 1 << 14, 1 << 15
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE | _DEVICE
_READING = _EXECUTE | _READ | _LIST
_TCP = 1 | 2  # bind, connect
_SCOPES = 1 | 2  # abstract sockets, signals
FIRST_WITH_TCP, _FIRST_WITH_SCOPES = 4, 6


class _Rules(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("tcp", ctypes.c_uint64), ("scope", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def version() -> int:
    """Return the version of Landlock that this system has; 0 if it has none.

    Returns
    -------
    int
        The number by which Linux calls it.
    """
    try:
        return call("syscall", _CREATE, None, 0, 1)
    except OSError:
        return 0


def restrict(readable: Sequence[str], writable: Sequence[str], sockets: Sequence[str] = ()) -> int:
    """Refuse this process, for good, every file but those below some folders, and TCP.

    Parameters
    ----------
    readable, writable : sequence of str
        Files and folders; what does not exist is passed over.
    sockets : sequence of str
        Folders in which sockets may be made, and nothing be written.

    Returns
    -------
    int
        The version of Landlock: 4 or more refuses TCP, 6 or more signals to others too.

    Raises
    ------
    OSError
        If it cannot be done.
    """
    found = version()
    if not found:
        raise OSError("this system has no Landlock")
    handled = (1 << 13) - 1
    handled |= _REFER * (found >= 2) | _TRUNCATE * (found >= 3) | _DEVICE * (found >= 5)
    tcp = _TCP if found >= FIRST_WITH_TCP else 0
    scope = _SCOPES if found >= _FIRST_WITH_SCOPES else 0
    size = 24 if scope else 16 if tcp else 8
    rules = call("syscall", _CREATE, ctypes.byref(_Rules(handled, tcp, scope)), size, 0)
    try:
        for path in readable:
            _allow(rules, path, _READING)
        for path in sockets:
            _allow(rules, path, _READ | _LIST | _MAKE_SOCKET | _REMOVE_FILE)
        for path in writable:
            _allow(rules, path, handled & ~_EXECUTE)
        give_up_new_rights()
        call("syscall", _RESTRICT, rules, 0)
    finally:
        os.close(rules)
    return found


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _OF_FILES & ~(_DEVICE | _TRUNCATE) if rights & _WRITE else _EXECUTE | _READ
        call("syscall", _ADD, rules, 1, ctypes.byref(_Beneath(rights, place)), 0)
    finally:
        os.close(place)
