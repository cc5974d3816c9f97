"""What the kernel runs before any cell: a watch on what code does, and a memory of order.

The grader sends the source of this file to the kernel and calls `install`. Nothing in it has a name
that the learner's code could use: the watch is an audit hook, which Python has no means to list or
to remove, and orders come over a line of their own to a thread that is no part of the shell.

Only the standard library and NumPy may be used here.
"""

import _thread
import builtins
import collections
import os
import pathlib
import signal
import sys
import time
import types
import typing
from collections.abc import Iterator
from typing import Any

_KEPT = ("builtins", "math", "cmath", "operator", "functools", "itertools", "numpy", "dlcore")
_GRACE, _PAUSE = 1.0, 0.01  # seconds for threads to end in, and between two looks at them
GOOD, CHANGED, BUSY, SIGNALS = b"G", b"C", b"T", b"S"  # as in `dlcore.grade.line`

# Written in C and held here, so that patching os or pathlib does not lead the watch astray.
_tidy, _current_folder, _process = os.path.normpath, os.getcwd, os.getpid
_threads, _sleep, _now = _thread._count, time.sleep, time.monotonic
_thread_number, _frame, _current_frames = _thread.get_ident, sys._getframe, sys._current_frames
_handler, _SIGNALS = signal.getsignal, frozenset(signal.Signals) - {signal.SIGINT}
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
_CHECK = "_check_of_the_exercise"  # as in `dlcore.grade.names`
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


def _functions(value: object) -> Iterator[types.FunctionType]:
    """Yield the plain functions behind a value: itself, or what it wraps."""
    for candidate in (value, getattr(value, "_implementation", None)):
        if isinstance(candidate, types.FunctionType):
            yield candidate


class _Frames:
    """Refuses frames while a check runs: through them an answer reaches the names of its caller."""

    def __init__(self) -> None:
        self.main = _thread_number()
        self.looking: set[int] = set()  # threads in which this class itself asks for frames
        self.harmless = {  # they ask for a frame, and hand out none
            found.__code__
            for found in (collections.namedtuple, getattr(typing, "_caller", None))
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
            while frame is not None and frame.f_code.co_name != _CHECK:
                frame = frame.f_back
            return frame is not None
        finally:
            self.looking.discard(thread)


class _Order:
    """The state of modules, classes, functions and the shell, to which it can be put back."""

    def __init__(self, shell: Any, own_names: frozenset[str]) -> None:
        self.shell, self.own_names = shell, own_names
        self.modules: dict[str, types.ModuleType] = {}
        self.threads = _threads() + 1  # with that which listens to the grader
        self.handlers = {number: _handler(number) for number in _SIGNALS}
        self.stdout, self.stderr = sys.stdout, sys.stderr
        self.builtins = shell.user_ns.get("__builtins__", builtins)
        names = [name for name in sys.modules if name.split(".")[0] in _KEPT]
        self.known = {name: sys.modules[name] for name in names}
        self.spaces = [(module, dict(vars(module))) for module in self.known.values()]
        values = [value for _, space in self.spaces for value in space.values()]
        classes = {value for value in values if isinstance(value, type) and _ours(value)}
        self.classes = [(found, dict(vars(found))) for found in classes]
        values += [value for _, space in self.classes for value in space.values()]
        self.functions = [
            (found, found.__code__, found.__defaults__, found.__kwdefaults__)
            for value in values
            for found in _functions(value)
        ]
        manager = shell.input_transformer_manager
        self.lists = [
            (found, list(found))
            for found in (
                shell.ast_transformers,
                shell.input_transformers_post,
                manager.cleanup_transforms,
                manager.line_transforms,
                manager.token_transformers,
                *shell.events.callbacks.values(),
            )
        ]
        kernel = shell.kernel
        self.handlings = [
            (found, dict(found)) for found in (kernel.shell_handlers, kernel.control_handlers)
        ]
        objects = [shell, sys.stdout, sys.stderr, shell.display_pub, shell.displayhook, manager]
        objects += [kernel, kernel.session]
        self.instances = [(found, dict(vars(found))) for found in objects]
        self.classes += [
            (base, dict(vars(base)))
            for base in {base for found in objects for base in type(found).__mro__}
            if _can_be_set(base)
        ]

    def remember(self) -> bytes:
        """Take the modules that have a name now as those of the exercise."""
        self.threads = max(self.threads, _threads())
        self.handlers = {number: _handler(number) for number in _SIGNALS}
        self.modules = {
            name: value
            for name, value in self.shell.user_ns.items()
            if isinstance(value, types.ModuleType)
        }
        return GOOD

    def restore(self) -> bytes:
        """Put everything back as it was, and say what was found."""
        changed = self._restore_functions() + self._restore_classes() + self._restore_names()
        for found, items in self.lists:
            found[:] = items
        changed += (sys.stdout, sys.stderr) != (self.stdout, self.stderr)
        sys.stdout, sys.stderr = self.stdout, self.stderr
        for handling, items_of_it in self.handlings:
            handling.update(items_of_it)
        for instance, space in self.instances:
            _put_back(vars(instance), space)
            for name in set(vars(instance)) - set(space):
                if hasattr(type(instance), name):
                    del vars(instance)[name]
        if any(_handler(number) != handler for number, handler in self.handlers.items()):
            return SIGNALS
        if not self._alone():
            return BUSY
        return CHANGED if changed else GOOD

    def _restore_functions(self) -> int:
        """Give functions their code again; return how many had another."""
        changed = 0
        for function, code, defaults, keywords in self.functions:
            changed += function.__code__ is not code
            function.__code__, function.__defaults__ = code, defaults
            function.__kwdefaults__ = keywords
        return changed

    def _restore_classes(self) -> int:
        """Give modules and classes their names again; return how many had changed."""
        changed = sum(sys.modules.get(name) is not found for name, found in self.known.items())
        sys.modules.update(self.known)
        changed += sum(_put_back(vars(module), space) for module, space in self.spaces)
        return changed + sum(_put_back_class(found, space) for found, space in self.classes)

    def _restore_names(self) -> int:
        """Clear the notebook's names of what hides Python's own; return how many did."""
        names = self.shell.user_ns
        changed = int(names.get("__builtins__", self.builtins) is not self.builtins)
        names["__builtins__"] = self.builtins
        for name in set(names) & set(vars(builtins)) - self.own_names:
            if not name.startswith("_"):
                del names[name]
                changed += 1
        for name, module in self.modules.items():
            changed += names.get(name) is not module and name not in self.own_names
            names[name] = module
        return changed

    def _alone(self) -> bool:
        """Wait a little for threads to end, and say whether all have."""
        deadline = _now() + _GRACE
        while _threads() > self.threads and _now() < deadline:
            _sleep(_PAUSE)
        return _threads() <= self.threads


def _can_be_set(found: type) -> bool:
    """Say whether attributes of a class can be set, as they cannot for those written in C."""
    return bool(found.__flags__ & (1 << 9))


def _ours(found: type) -> bool:
    """Say whether a class belongs to what is remembered, and can be put back."""
    return _can_be_set(found) and found.__module__.split(".")[0] in _KEPT


def _counts(value: object) -> bool:
    """Say whether a value is put back: what can be called or looked through, but no state."""
    return callable(value) or isinstance(value, types.ModuleType | property | classmethod)


def _put_back(space: dict[str, Any], old: dict[str, Any]) -> bool:
    """Give functions, classes and modules their names again; say whether any had lost it."""
    changed = False
    for name, value in old.items():
        if space.get(name) is not value and _counts(value):
            space[name] = value
            changed = True
    return changed


def _put_back_class(found: type, old: dict[str, Any]) -> bool:
    """Give a class its old methods, and take new ones away; say whether there was need to."""
    now, changed = dict(vars(found)), False
    for name, value in old.items():
        if now.get(name) is not value and _counts(value):
            type.__setattr__(found, name, value)
            changed = True
    for name, value in now.items():
        if name not in old and _counts(value):
            type.__delattr__(found, name)
            changed = True
    return changed


def _start_helper_of_zmq() -> None:
    """Start the thread that zmq starts with the first long output, so that it is no surprise."""
    from zmq.utils.garbage import gc

    gc.start()


def _call(address: str | int) -> Any:
    """Connect to the grader."""
    import socket

    if isinstance(address, int):
        return socket.create_connection(("127.0.0.1", address))
    line = socket.socket(socket.AF_UNIX)
    line.connect(address)
    return line


def _listen(line: Any, orders: dict[bytes, Any]) -> None:
    """Carry out the grader's orders from a thread, and prove each time that it was done."""
    import hmac
    import socket

    receive, send = socket.socket.recv, socket.socket.sendall
    wait, digest = socket.MSG_WAITALL, hmac.digest

    def work() -> None:
        secret = receive(line, 32, wait)
        while len(asked := receive(line, 17, wait)) == 17:
            found = orders[asked[:1]]()
            send(line, found + digest(secret, asked + found, "sha256"))

    _thread.start_new_thread(work, ())


def install(shell: Any, folder: str, own_names: frozenset[str], address: str | int) -> None:
    """Remember the order of things, refuse what the system can refuse, and start to watch.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
        The kernel's shell.
    folder : str
        The kernel's temporary folder.
    own_names : frozenset of str
        Names of Python's own functions and of modules that the exercise itself gives to
        something else.
    address : str or int
        Where the grader waits for the call.
    """
    import numpy  # noqa: F401  (so that it is there to be remembered)

    import dlcore  # noqa: F401
    from dlcore.grade.enclosure.seccomp import refuse_processes_and_sockets

    _start_helper_of_zmq()
    order, line, real_folder = _Order(shell, own_names), _call(address), os.path.realpath(folder)
    frames = _Frames()
    learner: list[bool] = []

    def learner_comes() -> bytes:
        learner.append(True)
        return GOOD

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event == "sys._current_frames" and _thread_number() in frames.looking:
            return
        if frames.asked(event, args) and frames.refused():
            raise PermissionError("frames cannot be looked at while a check is running")
        if reason := forbidden(event, args, real_folder, bool(learner)):
            raise PermissionError(reason)

    line.sendall(b"1" if refuse_processes_and_sockets() else b"0")
    _listen(line, {b"R": order.restore, b"K": order.remember, b"W": learner_comes})
    sys.addaudithook(watch)
