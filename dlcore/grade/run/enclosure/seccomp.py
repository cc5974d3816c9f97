"""Seccomp: Linux refuses a process new processes, sockets and other means it does not need."""

import ctypes
import errno
import os

from dlcore.grade.run.enclosure.calls import call, give_up_new_rights

# Numbers of system calls; those from 424 on are the same on every machine.
_NAMES = (
    *("socket", "socketpair", "clone", "fork", "vfork", "execve", "kill", "tkill", "tgkill"),
    *("ptrace", "process_vm_readv", "process_vm_writev", "mount", "umount2", "unshare", "setns"),
    *("bpf", "perf_event_open", "userfaultfd", "execveat", "rt_sigqueueinfo", "rt_tgsigqueueinfo"),
    *("keyctl", "add_key", "request_key", "seccomp", "rt_sigaction"),
)
_X86_64 = (
    *(41, 53, 56, 57, 58, 59, 62, 200, 234, 101, 310, 311, 165, 166, 272, 308, 321, 298, 323),
    *(322, 129, 297, 250, 248, 249, 317, 13),
)
_AARCH64 = (
    *(198, 199, 220, None, None, 221, 129, 130, 131, 117, 270, 271, 40, 39, 97, 268, 280, 241),
    *(282, 281, 138, 240, 219, 217, 218, 277, 134),
)
_MACHINES = {"x86_64": (0xC000003E, _X86_64), "aarch64": (0xC00000B7, _AARCH64)}
_ALWAYS_REFUSED = (
    *("fork", "vfork", "execve", "execveat", "tkill", "ptrace", "process_vm_readv"),
    *("process_vm_writev", "mount", "umount2", "unshare", "setns", "bpf", "perf_event_open"),
    *("userfaultfd", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "keyctl", "add_key", "request_key"),
    "rt_sigaction",  # a handler of one's own is handed the frame of whatever it interrupts
)
_SEND_BY_FILE, _RINGS = 424, (425, 426, 427)  # pidfd_send_signal, io_uring
_CLONE_3, _PIDFD_GETFD = 435, 438
_THREAD = 0x00010000  # the flag of clone that says: a thread, no process
_UNIX_SOCKET = 1
_X32 = 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _FIRST = 0, 4, 16  # where these stand in what a filter sees
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_ALL_THREADS = 1

Step = tuple[int, int, int, int]


class _Step(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    ]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step))]


def refuse_processes_and_sockets() -> bool:
    """Refuse this process and all its threads, for good, new processes and most sockets.

    Threads, and sockets of the kind that stays on this machine and has a name in the file system,
    are allowed; signals go to this process only, and keep the handlers that they have.

    Returns
    -------
    bool
        Whether the system has taken the filter.
    """
    machine = _MACHINES.get(os.uname().machine) if hasattr(os, "uname") else None
    if machine is None or ctypes.sizeof(ctypes.c_void_p) != 8:
        return False
    steps = filter_for(machine[0], dict(zip(_NAMES, machine[1], strict=True)), os.getpid())
    made = (_Step * len(steps))(*[_Step(*step) for step in steps])
    try:
        give_up_new_rights()
        program = ctypes.byref(_Program(len(steps), made))
        number = dict(zip(_NAMES, machine[1], strict=True))["seccomp"]
        return call("syscall", number or 0, 1, _ALL_THREADS, program) == 0
    except OSError:
        return False


def filter_for(machine: int, numbers: dict[str, int | None], process: int) -> list[Step]:
    """Return the filter as steps of Linux's small machine.

    Parameters
    ----------
    machine : int
        What Linux calls this kind of machine.
    numbers : dict
        The number of each system call on it.
    process : int
        The only process that signals may go to.

    Returns
    -------
    list of tuple
        Code, steps to jump if true and if false, and value.
    """
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        *_refuse_if((_AT_LEAST, _X32), errno.EPERM),
        *_refuse_if((_EQUAL, _CLONE_3), errno.ENOSYS),  # the C library then takes clone
    ]
    refused = [numbers[name] for name in _ALWAYS_REFUSED]
    for number in (*refused, _SEND_BY_FILE, *_RINGS, _PIDFD_GETFD):
        if number is not None:
            steps += _refuse_if((_EQUAL, number), errno.EPERM)
    for name, test, value in (
        ("clone", _ANY_BIT, _THREAD),
        ("socket", _EQUAL, _UNIX_SOCKET),
        ("socketpair", _EQUAL, _UNIX_SOCKET),
        ("kill", _EQUAL, process),
        ("tgkill", _EQUAL, process),
    ):
        number = numbers[name]
        if number is not None:
            steps += _refuse_unless(number, test, value)
    return [*steps, (_RETURN, 0, 0, _ALLOW)]


def _refuse_if(test: tuple[int, int], reason: int) -> list[Step]:
    """Return the steps that refuse a call whose number passes a test."""
    return [(test[0], 0, 1, test[1]), (_RETURN, 0, 0, _REFUSE | reason)]


def _refuse_unless(number: int, test: int, value: int) -> list[Step]:
    """Return the steps that refuse a call whose first argument does not pass a test."""
    return [
        (_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, _FIRST),
        (test, 1, 0, value),
        (_RETURN, 0, 0, _REFUSE | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
