"""Calls to Linux for which Python 3.11 has no function."""

import ctypes
import os
import sys

LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None


def call(name: str, *args: object) -> int:
    """Call a function of the C library.

    Parameters
    ----------
    name : str
        Its name.
    *args : object
        Numbers, bytes or pointers.

    Returns
    -------
    int
        What it returns.

    Raises
    ------
    OSError
        If it returns -1, or if this is not Linux.
    """
    if _libc is None:
        raise OSError(f"{name} is a call to Linux")
    ctypes.set_errno(0)
    found = int(getattr(_libc, name)(*[_long(arg) for arg in args]))
    if found == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return found


def _long(argument: object) -> object:
    """Return a number as C's long, which is what system calls take."""
    return ctypes.c_long(argument) if isinstance(argument, int) else argument


def give_up_new_rights() -> None:
    """See that no program which this process starts can have more rights than it has now."""
    call("prctl", 38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
