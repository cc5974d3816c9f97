"""What the guard remembers, and puts back, seen without a kernel: the shell is a stand-in."""

import builtins
import io
import signal
import sys
import threading
import types
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import dlcore as dl
from dlcore.data import Dataset
from dlcore.grade.run.inside import plain, state as module
from dlcore.grade.run.inside.state import BUSY, CHANGED, GOOD, SIGNALS, State


class Part:
    """A part of the shell; it has a method that an attribute can hide."""

    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    def send(self) -> str:
        return "sent"


class Stream(Part):
    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None: ...


class Evil(Part):
    pass


def make_shell() -> Part:
    """Return what `State` looks at in a shell."""
    transforms = ("cleanup_transforms", "line_transforms", "token_transformers")
    return Part(
        user_ns={"__builtins__": builtins, "np": np},
        user_module=types.ModuleType("__main__"),
        ast_transformers=[],
        input_transformers_post=[],
        input_transformer_manager=Part(**{name: [] for name in transforms}),
        events=Part(callbacks={"pre_run_cell": [], "post_run_cell": []}),
        display_pub=Part(),
        displayhook=Part(),
        compile=Part(),
        display_formatter=Part(_trait_values={"formatter": len, "depth": 3}),
        kernel=Part(
            shell_handlers={"execute_request": len},
            control_handlers={},
            session=Part(),
            iopub_socket=Part(),
            iopub_thread=Part(),
        ),
    )


Begin = Callable[..., tuple[State, Part]]


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Remember all, as before the first cell; nothing of what a test does outlives it.

    A test begins by itself, as pytest has other streams while it prepares one.
    """
    made: list[State] = []

    def begun(grace: float = 0.05) -> tuple[State, Part]:
        for name in ("stdout", "stderr"):
            monkeypatch.setattr(sys, name, Stream(_buffers=defaultdict(io.StringIO)))
        monkeypatch.setattr(plain.plain, "__defaults__", plain.plain.__defaults__)
        monkeypatch.setattr(module, "THREADS_END", grace)
        shell = make_shell()
        order = State(
            shell, frozenset({"max"}), frozenset({"square", "Box"}), frozenset({"houses"})
        )
        assert order.remember() == GOOD
        made.append(order)
        return order, shell

    yield begun
    made[0].restore()


def test_what_is_as_it_was_is_found_good(begin: Begin) -> None:
    order, _ = begin()
    assert order.restore() == GOOD


def other(*_: object, **__: object) -> bool:
    return True


def replaced_function(_: Part) -> None:
    vars(np)["allclose"] = other


def replaced_code(_: Part) -> None:
    dl.no_grad.__enter__.__code__ = other.__code__


def replaced_method(_: Part) -> None:
    dl.Tensor.item = other  # type: ignore[method-assign]


def new_method(_: Part) -> None:
    dl.Tensor.__getattr__ = other  # type: ignore[attr-defined]


def lost_method(_: Part) -> None:
    del dl.Tensor.item


def replaced_module(_: Part) -> None:
    sys.modules["math"] = types.ModuleType("math")


def hidden_builtin(shell: Part) -> None:
    shell.user_ns["sum"] = other


def other_builtins(shell: Part) -> None:
    shell.user_ns["__builtins__"] = {"print": other}


def hidden_module(shell: Part) -> None:
    shell.user_ns["np"] = other


def other_names(shell: Part) -> None:
    shell.user_ns = {}


def other_module(shell: Part) -> None:
    shell.user_module = types.ModuleType("other")


def other_stream(_: Part) -> None:
    sys.stdout = Stream()


def other_buffers(_: Part) -> None:
    vars(sys.stdout)["_buffers"] = defaultdict(list)


def other_buffer(_: Part) -> None:
    vars(sys.stderr)["_buffers"][0] = []


def other_class(shell: Part) -> None:
    shell.events.__class__ = Evil


def other_trait(shell: Part) -> None:
    vars(shell.display_formatter)["_trait_values"]["formatter"] = other


@pytest.mark.parametrize(
    "change",
    [
        *(replaced_function, replaced_code, replaced_method, new_method, lost_method),
        *(replaced_module, hidden_builtin, other_builtins, hidden_module, other_names),
        *(other_module, other_stream, other_buffers, other_buffer, other_class, other_trait),
    ],
)
def test_what_was_changed_is_found_and_put_back(
    begin: Begin, change: Callable[[Part], None]
) -> None:
    order, shell = begin()
    order.learner_comes()
    change(shell)
    assert order.restore() == CHANGED
    assert order.restore() == GOOD, "it was not put back"


def test_what_is_put_back_works_again(begin: Begin) -> None:
    order, shell = begin()
    for change in (replaced_function, replaced_code, new_method, lost_method, other_class):
        change(shell)
    order.restore()
    assert not np.allclose(1, 2)
    assert dl.tensor(2.0).item() == 2
    assert not hasattr(dl.Tensor, "__getattr__")
    with dl.no_grad():
        assert not dl.is_grad_enabled()
    assert type(shell.events) is Part


def test_a_patch_that_mends_itself_is_found(begin: Begin) -> None:
    order, _ = begin()
    order.learner_comes()
    kept = np.allclose
    vars(np)["allclose"] = other
    vars(np)["allclose"] = kept
    assert order.restore() == (CHANGED if order.stamps.kept else GOOD)


def test_a_generator_may_be_seeded_and_a_module_loaded(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, _ = begin()
    order.learner_comes()
    dl.seed(5)
    part = types.ModuleType("dlcore.part")  # what importing it would leave behind
    monkeypatch.setitem(sys.modules, "dlcore.part", part)
    monkeypatch.setattr(dl, "part", part, raising=False)
    assert order.restore() == GOOD


def test_being_remembered_changes_no_protocol(begin: Begin) -> None:
    class Rows(list[int]):
        """A class that nobody has asked about before."""

    begin()
    assert isinstance(Rows([1, 2]), Dataset)


def test_a_name_that_the_exercise_gives_to_something_else_stays(begin: Begin) -> None:
    order, shell = begin()
    shell.user_ns["max"] = other
    assert order.restore() == GOOD
    assert shell.user_ns["max"] is other


def test_what_waits_in_the_shell_for_the_next_cell_is_taken_away(begin: Begin) -> None:
    order, shell = begin()
    shell.ast_transformers.append(other)
    shell.events.callbacks["pre_run_cell"].append(other)
    shell.kernel.shell_handlers["execute_request"] = other
    shell.kernel.session.send = other
    order.restore()
    assert shell.ast_transformers == shell.events.callbacks["pre_run_cell"] == []
    assert shell.kernel.shell_handlers["execute_request"] is len
    assert shell.kernel.session.send() == "sent"


def test_another_handler_of_a_signal_is_told(begin: Begin) -> None:
    order, _ = begin()
    before = signal.signal(signal.SIGALRM, other)
    try:
        assert order.restore() == SIGNALS
    finally:
        signal.signal(signal.SIGALRM, before)
    assert order.restore() == GOOD


@pytest.fixture
def threads() -> Iterator[Callable[[], threading.Event]]:
    """Start threads that wait for an event: two, since one is taken for that of the grader."""
    end, started = threading.Event(), [threading.Thread(target=lambda: end.wait()) for _ in "ab"]

    def start() -> threading.Event:
        for thread in started:
            thread.start()
        return end

    yield start
    end.set()
    for thread in started:
        thread.join()


def test_a_thread_that_goes_on_is_told(
    begin: Begin, threads: Callable[[], threading.Event]
) -> None:
    order, _ = begin()
    threads()
    assert order.restore() == BUSY


def test_a_thread_that_ends_is_waited_for(
    begin: Begin, threads: Callable[[], threading.Event]
) -> None:
    order, _ = begin(grace=60.0)
    end = threads()
    threading.Timer(0.02, end.set).start()
    assert order.restore() == GOOD


def square(x: float, power: int = 2) -> float:
    return x**power


def test_what_the_exercise_gives_is_the_same_for_every_check(begin: Begin) -> None:
    order, shell = begin()

    class Box:
        def size(self) -> int:
            return 1

    given = types.FunctionType(square.__code__, {}, "square", square.__defaults__)
    shell.user_ns |= {"square": given, "Box": Box}
    order.learner_comes()
    assert order.restore() == GOOD
    assert order.holds(given)
    assert order.holds(dl.no_grad.__enter__)
    assert not order.holds(other)

    given.__defaults__ = (3,)
    Box.size = other  # type: ignore[method-assign]
    shell.user_ns["square"] = other
    assert order.restore() == CHANGED
    assert shell.user_ns["square"](3) == 9
    assert Box().size() == 1
    assert order.restore() == GOOD


def test_what_an_answer_defines_anew_is_no_gift_of_the_exercise(begin: Begin) -> None:
    order, shell = begin()
    order.learner_comes()
    shell.user_ns["square"] = square
    order.restore()
    order.remember()
    assert not order.holds(square)


def test_a_module_that_a_cell_of_the_exercise_imports_is_kept(begin: Begin) -> None:
    order, shell = begin()
    shell.user_ns["sums"] = types.ModuleType("sums")
    order.remember()
    shell.user_ns["sums"] = other
    assert order.restore() == CHANGED
    assert isinstance(shell.user_ns["sums"], types.ModuleType)
