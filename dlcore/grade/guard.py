"""What the kernel runs before any cell: limits, a watch on what code does, and a memory of order.

The grader sends the source of this file to the kernel and calls `install`. Nothing in it has a name
that the learner's code could use: the watch is an audit hook, which Python has no means to list or
to remove, and orders come over a line of their own to a thread that is no part of the shell.

Only the standard library and NumPy may be used here.
"""

import builtins
import os
import pathlib
import sys
import types
from collections.abc import Iterator
from typing import Any

_KEPT = ("builtins", "math", "cmath", "operator", "functools", "itertools", "numpy", "dlcore")
_MEBIBYTE = 2**20

# Written in C and held here, so that patching os or pathlib does not lead the watch astray.
_tidy, _current_folder, _process = os.path.normpath, os.getcwd, os.getpid
_PATHS, _text_of_path = (pathlib.PosixPath, pathlib.PurePosixPath), pathlib.PurePath.__str__
_FORBIDDEN = (
    *("subprocess.Popen", "os.system", "os.fork", "os.forkpty", "os.exec", "os.posix_spawn"),
    *("os.spawn", "pty.spawn", "os.startfile", "os.kill", "os.killpg", "os.putenv"),
    *("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"),
    *("os.link", "os.symlink", "cpython.PyInterpreterState_New", "sys.setprofile", "sys.settrace"),
    *("gc.get_objects", "gc.get_referrers", "sys._current_frames"),
)
_CHANGES_A_FILE = (
    *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod", "os.chown"),
    *("shutil.rmtree", "shutil.move"),
)


def limit(memory: int, file_size: int) -> None:
    """Lower the limits of this process for good.

    Parameters
    ----------
    memory, file_size : int
        In mebibytes.
    """
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for name, value in (("DATA", memory), ("FSIZE", file_size), ("CORE", 0)):
        try:
            which = getattr(resource, f"RLIMIT_{name}")
            resource.setrlimit(which, (value * _MEBIBYTE, value * _MEBIBYTE))
        except (ValueError, OSError):  # a system that has no such limit, or a lower one already
            continue


def forbidden(event: str, args: tuple[Any, ...], folder: str) -> str:
    """Say why an event must not go on, or return an empty text.

    Parameters
    ----------
    event : str
        The name of an audit event.
    args : tuple
        What comes with it.
    folder : str
        The only folder in which files may be changed; links in its path are followed already.

    Returns
    -------
    str
        The reason, or nothing.
    """
    if event in _FORBIDDEN:
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


class _Order:
    """The state of modules, classes, functions and the shell, to which it can be put back."""

    def __init__(self, shell: Any, own_names: frozenset[str]) -> None:
        self.shell, self.own_names = shell, own_names
        self.modules: dict[str, types.ModuleType] = {}
        self.stdout, self.stderr = sys.stdout, sys.stderr
        names = [name for name in sys.modules if name.split(".")[0] in _KEPT]
        self.spaces = [(sys.modules[name], dict(vars(sys.modules[name]))) for name in names]
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
        objects = (shell, sys.stdout, sys.stderr, shell.display_pub, shell.displayhook, manager)
        self.instances = [(found, dict(vars(found))) for found in objects]
        self.classes += [
            (base, dict(vars(base)))
            for base in {base for found in objects for base in type(found).__mro__}
            if _can_be_set(base)
        ]

    def remember(self) -> None:
        """Take the modules that have a name now as those of the exercise."""
        self.modules = {
            name: value
            for name, value in self.shell.user_ns.items()
            if isinstance(value, types.ModuleType)
        }

    def restore(self) -> None:
        """Put everything back as it was."""
        for function, code, defaults, keywords in self.functions:
            function.__code__, function.__defaults__ = code, defaults
            function.__kwdefaults__ = keywords
        for module, space in self.spaces:
            _put_back(vars(module), space)
        for found, space in self.classes:
            _put_back_class(found, space)
        for found, items in self.lists:
            found[:] = items
        sys.stdout, sys.stderr = self.stdout, self.stderr
        for instance, space in self.instances:
            _put_back(vars(instance), space)
            for name in set(vars(instance)) - set(space):
                if hasattr(type(instance), name):
                    del vars(instance)[name]
        names = self.shell.user_ns
        for name in set(names) & set(vars(builtins)) - self.own_names:
            if not name.startswith("_"):
                del names[name]
        names.update(self.modules)


def _can_be_set(found: type) -> bool:
    """Say whether attributes of a class can be set, as they cannot for those written in C."""
    return bool(found.__flags__ & (1 << 9))


def _ours(found: type) -> bool:
    """Say whether a class belongs to what is remembered, and can be put back."""
    return _can_be_set(found) and found.__module__.split(".")[0] in _KEPT


def _counts(value: object) -> bool:
    """Say whether a value is put back: what can be called or looked through, but no state."""
    return callable(value) or isinstance(value, types.ModuleType | property | classmethod)


def _put_back(space: dict[str, Any], old: dict[str, Any]) -> None:
    """Give functions, classes and modules their names again, in a module or an object."""
    for name, value in old.items():
        if space.get(name) is not value and _counts(value):
            space[name] = value


def _put_back_class(found: type, old: dict[str, Any]) -> None:
    """Give a class its old methods, and take new ones away."""
    now = dict(vars(found))
    for name, value in old.items():
        if now.get(name) is not value and _counts(value):
            type.__setattr__(found, name, value)
    for name, value in now.items():
        if name not in old and _counts(value):
            type.__delattr__(found, name)


def _listen(order: _Order, port: int) -> None:
    """Carry out the grader's orders from a thread, and prove each time that it was done."""
    import _thread
    import hmac
    import socket

    receive, wait, digest = socket.socket.recv, socket.MSG_WAITALL, hmac.digest
    restore, remember = order.restore, order.remember
    line = socket.create_connection(("127.0.0.1", port))

    def work() -> None:
        secret = receive(line, 32, wait)
        while len(asked := receive(line, 17, wait)) == 17:
            restore() if asked[:1] == b"R" else remember()
            line.sendall(digest(secret, asked, "sha256"))

    _thread.start_new_thread(work, ())


def install(shell: Any, folder: str, own_names: frozenset[str], memory: int, port: int) -> None:
    """Set the limits, remember the order of things and start to watch.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
        The kernel's shell.
    folder : str
        The kernel's temporary folder.
    own_names : frozenset of str
        Names of Python's own functions that the exercise asks the learner to define anew.
    memory : int
        Mebibytes that the process may take.
    port : int
        Where the grader waits for the call.
    """
    import numpy  # noqa: F401  (so that it is there to be remembered)

    import dlcore  # noqa: F401

    _listen(_Order(shell, own_names), port)
    real_folder = os.path.realpath(folder)

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if reason := forbidden(event, args, real_folder):
            raise PermissionError(reason)

    limit(memory, 64)
    sys.addaudithook(watch)
