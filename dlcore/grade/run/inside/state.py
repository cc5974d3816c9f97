"""What the guard remembers: the state of modules, functions, classes and the shell, as it was.

The source of this file goes to the kernel with that of `guard`, and has no name there either.
"""

import _thread
import builtins
import collections
import gc
import io
import signal
import sys
import time
import types
from collections.abc import Iterator
from typing import Any

from dlcore.grade.limits import THREADS_END
from dlcore.grade.run.inside.line import BUSY, CHANGED, DATA, GOOD, SIGNALS
from dlcore.grade.run.inside.values import Data, Environment, Tables

_KEPT = (
    *("builtins", "math", "cmath", "operator", "functools", "itertools", "numpy", "dlcore"),
    # What stands between a check and the grader.
    *("IPython", "ipykernel", "jupyter_client", "traitlets", "zmq", "comm", "json"),
)
# Names that functions of modules set.
_SET_BY_FUNCTIONS = {"dlcore.random": {"_default"}, "zmq.backend.cython._zmq": {"_gc"}}
_PAUSE = 0.01  # seconds between two looks at the threads that are to end

# Written in C and held here, so that patching does not lead the guard astray.
_threads, _sleep, _now = _thread._count, time.sleep, time.monotonic
_Buffer = io.StringIO
_handler, _SIGNALS = signal.getsignal, frozenset(signal.Signals) - {signal.SIGINT}


def _functions(value: object) -> Iterator[types.FunctionType]:
    """Yield the plain functions behind a value: itself, or what it wraps."""
    for candidate in (value, getattr(value, "_implementation", None)):
        if isinstance(candidate, types.FunctionType):
            yield candidate


class _Given:
    """Functions and classes that the exercise gives: they are what they are for every check."""

    def __init__(self, names: frozenset[str], plain: Any) -> None:
        self.names, self.plain = names, plain
        self.values: dict[str, Any] = {}
        self.before: dict[str, Any] = {}
        self.spaces: dict[type, dict[str, Any]] = {}
        self.functions: dict[types.FunctionType, tuple[Any, Any, Any]] = {}

    def look(self, space: dict[str, Any], known: frozenset[type]) -> None:
        """Take what a cell of the exercise has defined; code of the learner may have run before."""
        for name in self.names:
            value = space.get(name)
            if value is not self.before.get(name) and isinstance(value, types.FunctionType | type):
                self.values[name] = value
        found = [value for value in self.values.values() if isinstance(value, type)]
        self.spaces |= {one: dict(vars(one)) for one in found if _can_be_set(one)}
        values = [*self.values.values(), *(v for one in found for v in vars(one).values())]
        self.functions |= {f: _parts(f) for value in values for f in _functions(value)}
        self.plain.__defaults__ = (*(self.plain.__defaults__ or ())[:-1], known.union(found))
        self.functions[self.plain] = _parts(self.plain)

    def restore(self, space: dict[str, Any]) -> int:
        """Give names, functions and classes back what they were; return how many had changed."""
        changed = sum(space.get(name) is not value for name, value in self.values.items())
        space.update(self.values)
        self.before = {name: space.get(name) for name in self.names}
        changed += sum(_parts(f) != parts for f, parts in self.functions.items())
        for function, (code, defaults, keywords) in self.functions.items():
            function.__code__, function.__defaults__ = code, defaults
            function.__kwdefaults__ = keywords
        return changed + sum(_put_back_class(one, old) for one, old in self.spaces.items())


def _stamp(found: dict[str, Any]) -> Any:
    """Return the place in memory where CPython keeps the stamp of a dictionary."""
    import ctypes

    place = object.__basicsize__ + ctypes.sizeof(ctypes.c_ssize_t)
    return ctypes.c_uint64.from_address(id(found) + place)


class _Stamps:
    """Stamps that CPython puts on a dictionary with each change, so that one undone shows too.

    A patch that mends itself is gone when the cell has ended. Where Python keeps no stamps (from
    3.14), none are looked at. Those of ``builtins`` are left aside, since the shell itself changes
    it with every cell; a check holds the functions that it uses.
    """

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []
        self.stamps: list[Any] = []
        self.seen: list[int] = []
        self.contents: list[dict[str, Any]] = []
        trial: dict[str, Any] = {}
        before = _stamp(trial).value
        trial["x"] = 1
        self.kept = _stamp(trial).value != before

    def add(self, modules: list[dict[str, Any]], classes: set[type]) -> None:
        """Look at more modules and classes."""
        import copyreg

        for space in modules:  # Python itself would set these later
            space.setdefault("__warningregistry__", {})
            space.setdefault("__annotations__", {})
        for one in classes:
            getattr(one, "__annotations__", None)
            if not getattr(one, "_is_protocol", False):  # it would be taken for a member of one
                copyreg._slotnames(one)  # type: ignore[attr-defined]
        found = [*modules, *(gc.get_referents(vars(one))[0] for one in classes)]
        found = [one for one in found if type(one) is dict and self.kept]
        self.found += found
        self.stamps += map(_stamp, found)
        self.seen += [0] * len(found)
        self.contents += [{} for _ in found]
        self.take()

    def take(self) -> None:
        """Note the stamps, and what the dictionaries hold."""
        for index, stamp in enumerate(self.stamps):
            if stamp.value != self.seen[index]:
                self.contents[index] = dict(self.found[index])
                self.seen[index] = stamp.value

    def undone(self) -> int:
        """Return how many dictionaries were changed meanwhile, other than by what is honest."""
        changed = [i for i, stamp in enumerate(self.stamps) if stamp.value != self.seen[i]]
        return sum(not _honest(self.found[i], self.contents[i]) for i in changed)


def _honest(now: dict[str, Any], old: dict[str, Any]) -> bool:
    """Say whether a module was changed as the learner may: parts loaded, a generator seeded."""
    name = now.get("__name__")
    different = {key for key in {*now, *old} if now.get(key) is not old.get(key)}
    loaded = {
        key for key in different - old.keys() if now[key] is sys.modules.get(f"{name}.{key}", now)
    }
    return bool(different) and different - loaded <= _SET_BY_FUNCTIONS.get(str(name), set())


class State:
    """The state of modules, classes, functions and the shell, to which it can be put back."""

    def __init__(
        self,
        shell: Any,
        own_names: frozenset[str],
        given: frozenset[str],
        data: frozenset[str],
    ) -> None:
        from dlcore.grade.run.inside import plain

        self.shell, self.own_names, self.classes_now = shell, own_names, plain.classes
        made_plain: Any = plain.plain
        self.data, self.environment, self.tables = Data(data, plain.own), Environment(), Tables()
        self.given, self.known_classes = _Given(given, made_plain), plain.classes()
        self.space, self.module = shell.user_ns, shell.user_module
        self.modules: dict[str, types.ModuleType] = {}
        self.learner = False
        self.threads = _threads() + 1  # with that which listens to the grader
        self.handlers = {number: _handler(number) for number in _SIGNALS}
        self.stdout, self.stderr = sys.stdout, sys.stderr
        self.builtins = self.space.get("__builtins__", builtins)
        self.known: dict[str, types.ModuleType] = {}
        self.spaces: list[tuple[types.ModuleType, dict[str, Any]]] = []
        self.classes: list[tuple[type, dict[str, Any]]] = []
        self.functions: dict[types.FunctionType, tuple[Any, Any, Any]] = {}
        self.stamps = _Stamps()
        self._adopt(set(sys.modules))
        del self.functions[made_plain]
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
                *(sys.meta_path, sys.path_hooks, gc.callbacks),
            )
        ]
        kernel = shell.kernel
        self.handlings = [
            (found, dict(found)) for found in (kernel.shell_handlers, kernel.control_handlers)
        ]
        objects = [shell, sys.stdout, sys.stderr, shell.display_pub, shell.displayhook, manager]
        objects += [kernel, kernel.session, kernel.iopub_socket, kernel.iopub_thread]
        objects += [shell.compile, shell.events, shell.display_formatter]
        self.instances = [(found, type(found), dict(vars(found))) for found in objects]
        settled = [found for found in objects if found not in (shell, kernel)]
        traits = [vars(found).get("_trait_values", {}) for found in settled]
        self.traits = [(found, dict(found)) for found in traits]
        self.classes += [
            (base, dict(vars(base)))
            for base in {base for found in objects for base in type(found).__mro__}
            if _can_be_set(base)
        ]

    def _adopt(self, loaded: set[str]) -> None:
        """Remember modules as they are now, with their classes and functions."""
        names = [name for name in loaded - set(self.known) if name.split(".")[0] in _KEPT]
        new = {name: sys.modules[name] for name in names}
        spaces = [(module, dict(vars(module))) for module in new.values()]
        for name, module in new.items():
            self.tables.add(name, vars(module))
        values = [value for _, space in spaces for value in space.values()]
        old = {found for found, _ in self.classes}
        classes = {value for value in values if isinstance(value, type) and _ours(value)} - old
        inside = [(found, dict(vars(found))) for found in classes]
        values += [value for _, space in inside for value in space.values()]
        if not self.learner:
            self.stamps.add([vars(new[name]) for name in names if name != "builtins"], classes)
        self.known |= new
        self.spaces += spaces
        self.classes += inside
        self.functions |= {f: _parts(f) for value in values for f in _functions(value)}
        self.loaded = set(sys.modules)

    def holds(self, function: object) -> bool:
        """Say whether a function is one of those that are remembered."""
        return function in self.functions or function in self.given.functions

    def remember(self) -> bytes:
        """Take the modules that have a name now as those of the exercise."""
        self._adopt(set(sys.modules) - self.loaded)
        self.threads = max(self.threads, _threads())
        self.handlers = {number: _handler(number) for number in _SIGNALS}
        self.modules = {
            name: value for name, value in self.space.items() if isinstance(value, types.ModuleType)
        }
        if not self.learner:
            self.known_classes = self.classes_now()
        self.given.look(self.space, self.known_classes)
        self.data.look(self.space)
        self.environment.look()
        return GOOD

    def learner_comes(self) -> bytes:
        """Hear that code of the learner is run from now on."""
        self.known_classes, self.learner = self.classes_now(), True
        self.stamps.take()
        self.given.look(self.space, self.known_classes)
        return GOOD

    def restore(self) -> bytes:
        """Put everything back as it was, and say what was found."""
        changed, touched = self.environment.restore(), self.data.restore(self.space)
        found = self.settle()
        if found == GOOD and (changed or touched):
            return CHANGED if changed else DATA
        return found

    def settle(self) -> bytes:
        """Put back what no cell is to change, and say what was found."""
        changed = self.stamps.undone() + self._restore_functions() + self._restore_classes()
        changed += self._restore_names() + self.given.restore(self.space)
        changed += self.tables.restore()
        for found, items in self.lists:
            found[:] = items
        changed += (sys.stdout, sys.stderr) != (self.stdout, self.stderr)
        sys.stdout, sys.stderr = self.stdout, self.stderr
        for handling, items_of_it in self.handlings:
            handling.update(items_of_it)
        changed += self._restore_shell() + sum(map(_restore_stream, (self.stdout, self.stderr)))
        for instance, kind, space in self.instances:
            if type(instance) is not kind:
                instance.__class__ = kind
                changed += 1
            _put_back(vars(instance), space)
            for name in set(vars(instance)) - set(space):
                if hasattr(type(instance), name):
                    del vars(instance)[name]
        changed += sum(_put_back(found, old) for found, old in self.traits)
        self.loaded = set(sys.modules)
        self.stamps.take()
        if any(_handler(number) != handler for number, handler in self.handlers.items()):
            return SIGNALS
        if not self._alone():
            return BUSY
        return CHANGED if changed else GOOD

    def _restore_shell(self) -> int:
        """Give the shell its names again; return how often it had others."""
        shell = self.shell
        changed = (shell.user_ns is not self.space) + (shell.user_module is not self.module)
        shell.user_ns, shell.user_module = self.space, self.module
        return changed

    def _restore_functions(self) -> int:
        """Give functions their code again; return how many had another."""
        changed = 0
        for function, (code, defaults, keywords) in self.functions.items():
            if function.__code__ is not code:
                function.__code__ = code
                changed += 1
            if function.__defaults__ is not defaults:
                function.__defaults__ = defaults
            if function.__kwdefaults__ is not keywords:
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
        names = self.space
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
        deadline = _now() + THREADS_END
        while _threads() > self.threads and _now() < deadline:
            _sleep(_PAUSE)
        return _threads() <= self.threads


def _restore_stream(stream: Any) -> bool:
    """Give a stream buffers as they come from Python; say whether it had others."""
    buffers = vars(stream).get("_buffers")
    if buffers is None:
        return False
    kept = type(buffers) is collections.defaultdict and buffers.default_factory is _Buffer
    if kept and {type(one) for one in dict.values(buffers)} <= {_Buffer}:
        return False
    stream._buffers = collections.defaultdict(_Buffer)
    return True


def _parts(function: types.FunctionType) -> tuple[Any, Any, Any]:
    """Return what a function can be given anew."""
    return function.__code__, function.__defaults__, function.__kwdefaults__


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
