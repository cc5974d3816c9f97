"""What the kernel runs before any cell: a watch on what code does, and a line to the grader.

The grader sends the source of this file, and of `state`, to the kernel and calls `install`. Nothing
in them has a name that the learner's code could use: the watch is an audit hook, which Python has
no means to list or to remove, and orders come over a line of their own to a thread that is no part
of the shell.

Only the standard library, NumPy and the numbers of `line` may be used here.
"""

import _thread
import collections
import os
import pathlib
import sys
import types
import typing
from typing import Any

from dlcore.grade.run.inside.line import NONCE, PROOF, REMEMBER, RESTORE, SETTLE, WATCH
from dlcore.grade.run.inside.state import State

# Written in C and held here, so that patching os or pathlib does not lead the watch astray.
_tidy, _current_folder, _process = os.path.normpath, os.getcwd, os.getpid
_thread_number, _frame, _current_frames = _thread.get_ident, sys._getframe, sys._current_frames
_PATHS, _text_of_path = (pathlib.PosixPath, pathlib.PurePosixPath), pathlib.PurePath.__str__
_FORBIDDEN = (
    *("subprocess.Popen", "os.system", "os.fork", "os.forkpty", "os.exec", "os.posix_spawn"),
    *("os.spawn", "pty.spawn", "os.startfile", "os.kill", "os.killpg"),
    *("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"),
    *("os.link", "os.symlink", "cpython.PyInterpreterState_New", "sys.setprofile", "sys.settrace"),
    *("gc.get_objects", "gc.get_referrers", "gc.get_referents", "sys._current_frames"),
    *("sys._current_exceptions", "sys.monitoring.register_callback"),
)
# The way past Python. Libraries use it when they are loaded, so it is closed with the first answer.
_PAST_PYTHON = (
    *("ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle", "ctypes.cdata", "ctypes.addressof"),
    *("ctypes.string_at", "ctypes.wstring_at", "ctypes.call_function", "ctypes.PyObj_FromPtr"),
    *("ctypes.cdata/buffer", "ctypes.create_string_buffer", "ctypes.create_unicode_buffer"),
)
# By a frame, code reaches the names of whoever called it: closed while a check is running.
_FRAMES = ("tb_frame", "gi_frame", "cr_frame", "ag_frame")
# What a function is made of: code, and the values that it has without being told.
_SETS = ("object.__setattr__", "object.__delattr__")
_PARTS = ("__code__", "__defaults__", "__kwdefaults__")
CHECK = "_check_of_the_exercise"  # the name of the function that a check is written as
_CHANGES_A_FILE = (
    *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod", "os.chown"),
    *("shutil.rmtree", "shutil.move"),
)


def forbidden(event: str, args: tuple[Any, ...], folder: str, learner: bool = True) -> str:
    """Say why an event must not go on, or return an empty text.

    Parameters
    ----------
    event : str
        The name of an audit event.
    args : tuple
        What comes with it.
    folder : str
        The only folder in which files may be changed; links in its path are followed already.
    learner : bool
        Whether code of the learner has been run.

    Returns
    -------
    str
        The reason, or nothing.
    """
    if event in _FORBIDDEN or (learner and event in _PAST_PYTHON):
        return f"{event} is not allowed while an exercise is graded"
    if event == "open" and args[0] is not None and type(args[0]) is not int:
        return _forbidden_open(_absolute(args[0]), args[1], args[2], folder)
    if event in _CHANGES_A_FILE:
        paths = [_absolute(path) for path in args if path is not None and type(path) is not int]
        if not all(path.startswith(f"{folder}/") for path in paths):
            return "only the temporary folder may be changed while an exercise is graded"
    return ""


def _forbidden_open(path: str, mode: str | None, flags: int | None, folder: str) -> str:
    """Say why a file must not be opened, or return an empty text."""
    if path.endswith(".ipynb") or not path:
        return "notebooks cannot be read while an exercise is graded"
    if path.endswith("/mem"):
        return "the memory of a process cannot be read while an exercise is graded"
    parts = path.split("/")
    if parts[1] == "proc" and len(parts) > 3 and parts[2] not in ("self", str(_process())):
        return "other processes cannot be read while an exercise is graded"
    if isinstance(mode, str):
        writes = any(letter in mode for letter in "wax+")
    else:
        writes = bool((flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    if writes and path != "/dev/null" and not path.startswith(f"{folder}/"):
        return "only the temporary folder may be written to while an exercise is graded"
    return ""


def _absolute(path: object) -> str:
    """Return a path from the root, without following links; empty for an object of one's own."""
    if type(path) is bytes:
        path = path.decode(errors="surrogateescape")
    elif type(path) in _PATHS:
        path = _text_of_path(path)
    if type(path) is not str:
        return ""
    return _tidy(path if path.startswith("/") else f"{_current_folder()}/{path}")


class _Frames:
    """Refuses frames while a check runs: through them an answer reaches the names of its caller."""

    def __init__(self) -> None:
        self.main = _thread_number()
        self.looking: set[int] = set()  # threads in which this class itself asks for frames
        from dlcore.grade.run.inside.frames import by_answer, by_exercise

        named_tuple: Any = collections.namedtuple
        self.harmless = {  # they ask for a frame, and hand out none
            found.__code__
            for found in (named_tuple, getattr(typing, "_caller", None), by_answer, by_exercise)
            if isinstance(found, types.FunctionType)
        }

    def asked(self, event: str, args: tuple[Any, ...]) -> bool:
        """Say whether an event is about to hand out a frame."""
        if event == "sys._getframe" or (event == "object.__getattr__" and args[1] in _FRAMES):
            return _thread_number() not in self.looking
        return False

    def refused(self) -> bool:
        """Say whether a check is running, whoever asks, and in whatever thread."""
        thread = _thread_number()
        self.looking.add(thread)
        try:
            if _frame(2).f_code in self.harmless:
                return False
            frame: types.FrameType | None = _current_frames().get(self.main)
            while frame is not None and frame.f_code.co_name != CHECK:
                frame = frame.f_back
            return frame is not None
        finally:
            self.looking.discard(thread)


def _start_helper_of_zmq() -> None:
    """Start the thread that zmq starts with the first long output, so that it is no surprise."""
    from zmq.utils.garbage import gc

    gc.start()


def _keep_bars_quiet() -> None:
    """Have progress bars start no thread to watch over them, which would outlive their cell."""
    try:
        from tqdm import tqdm
    except ImportError:
        return
    tqdm.monitor_interval = 0


def _name_cells(answers: tuple[str, ...]) -> None:
    """Let checks know code of answers by the files that the kernel will say it is from."""
    from ipykernel.compiler import get_file_name, get_tmp_directory

    from dlcore.grade.run.inside import frames

    folder: str = get_tmp_directory()  # type: ignore[no-untyped-call]
    frames.name(folder, map(get_file_name, answers))


def _call(address: str | int) -> Any:
    """Connect to the grader."""
    import socket

    if isinstance(address, int):
        return socket.create_connection(("127.0.0.1", address))
    line = socket.socket(socket.AF_UNIX)
    line.connect(address)
    return line


def _listen(line: Any, orders: dict[bytes, Any], listener: list[int]) -> None:
    """Carry out the grader's orders from a thread, and prove each time that it was done."""
    import hmac
    import socket

    receive, send = socket.socket.recv, socket.socket.sendall
    wait, digest = socket.MSG_WAITALL, hmac.digest

    def work() -> None:
        listener.append(_thread_number())
        secret = receive(line, PROOF, wait)
        while len(asked := receive(line, 1 + NONCE, wait)) == 1 + NONCE:
            found = orders[asked[:1]]()
            send(line, found + digest(secret, asked + found, "sha256"))

    _thread.start_new_thread(work, ())


def install(
    shell: Any,
    folder: str,
    own_names: frozenset[str],
    given: frozenset[str],
    data: frozenset[str],
    answers: tuple[str, ...],
    address: str | int,
) -> None:
    """Remember the state of things, refuse what the system can refuse, and start to watch.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
        The kernel's shell.
    folder : str
        The kernel's temporary folder.
    own_names : frozenset of str
        Names of Python's own functions and of modules that the exercise itself gives to
        something else.
    given : frozenset of str
        Names that the exercise itself defines, and that no answer is to define anew.
    data : frozenset of str
        Names of values that the exercise gives, which are put back after each cell.
    answers : tuple of str
        The learner's cells, as they will be run.
    address : str or int
        Where the grader waits for the call.
    """
    import dlcore.data
    import dlcore.metrics
    import dlcore.nn
    import dlcore.optim  # noqa: F401  (all, so that they are there to be remembered)
    from dlcore.grade.run.enclosure.seccomp import refuse_processes_and_sockets
    from dlcore.grade.run.inside import aside, kinds, settings  # noqa: F401  (the same)

    _start_helper_of_zmq()
    if any("tqdm" in answer for answer in answers):
        _keep_bars_quiet()
    _name_cells(answers)
    state, line = State(shell, own_names, given, data), _call(address)
    real_folder, frames, listener = os.path.realpath(folder), _Frames(), list[int]()

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event == "object.__getattr__" and args[1] not in _FRAMES:
            return  # the state asks every function for its parts, after every cell
        if event == "sys._current_frames" and _thread_number() in frames.looking:
            return
        if event == "gc.get_referents" and _thread_number() in listener and not state.learner:
            return
        if frames.asked(event, args) and frames.refused():
            raise PermissionError("frames cannot be looked at while a check is running")
        made_anew = event in _SETS and args[1] in _PARTS and state.holds(args[0])
        if made_anew and state.learner and _thread_number() not in listener:
            raise PermissionError("functions that are given cannot be made others")
        if reason := forbidden(event, args, real_folder, state.learner):
            raise PermissionError(reason)

    line.sendall(b"1" if refuse_processes_and_sockets() else b"0")
    orders = {RESTORE: state.restore, SETTLE: state.settle}
    orders |= {REMEMBER: state.remember, WATCH: state.learner_comes}
    _listen(line, orders, listener)
    sys.addaudithook(watch)
