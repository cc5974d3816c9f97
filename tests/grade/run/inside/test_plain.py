"""What an answer returns is plain before a check sees it."""

from collections import Counter, OrderedDict, namedtuple
from typing import Any

import numpy as np
import pytest

import dlcore as dl
import dlcore.nn
from dlcore.grade.run.inside.plain import classes, plain, printer

KNOWN = classes()


class Equal(float):
    """A number that is close to everything."""

    def __sub__(self, other: object) -> float:
        return 0.0

    __rsub__ = __sub__

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]

    def __format__(self, form: str) -> str:
        return "6"


class Zero(np.ndarray):
    """An array with which every sum is zero, and every comparison true."""

    def __array_ufunc__(self, *_: Any, **__: Any) -> Any:
        return np.zeros(3)

    def __array_function__(self, *_: Any, **__: Any) -> Any:
        return True


class Text(str):
    __eq__ = lambda *_: True  # noqa: E731
    __hash__ = str.__hash__


class Whatever:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class Sly(Whatever):
    """It claims to be of Python itself."""

    __module__, __qualname__ = "builtins", "float"


class Holder:
    """An object that has no say in how it is compared."""

    def __init__(self) -> None:
        self.value = 1


Pair = namedtuple("Pair", "a b")


def judged(value: Any, *wanted: type) -> Any:
    """Make a result plain as it is done in the kernel, where the guard says what is known."""
    return plain(value, wanted, known=KNOWN)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (Equal(2), 2.0),
        (Text("a"), "a"),
        (Pair(1, Equal(2)), (1, 2.0)),
        ([Equal(1), [Text("b")]], [1.0, ["b"]]),
        ({Text("k"): Equal(3)}, {"k": 3.0}),
    ],
)
def test_a_subclass_becomes_what_it_is_a_subclass_of(value: Any, wanted: Any) -> None:
    found = judged(value)
    assert (repr(found), type(found)) == (repr(wanted), type(wanted))


def test_an_array_loses_operators_of_its_own() -> None:
    found = judged(np.arange(3.0).view(Zero))
    assert type(found) is np.ndarray
    assert not np.allclose(found, 7)
    assert type(judged(np.array([Equal(1), 2], dtype=object))[0]) is float


@pytest.mark.parametrize("value", [Whatever(), Sly(), [1, Whatever()]])
def test_an_object_that_judges_itself_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="return numbers, arrays or lists"):
        judged(value)


def test_a_list_that_holds_itself_comes_to_an_end() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(TypeError, match="lists in lists"):
        judged(endless)


def test_a_class_that_the_exercise_asks_for_may_say_how_it_is_compared() -> None:
    value = Whatever()
    assert judged(value, Whatever) is value


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 2, 2.5, "a", 1j, np.float32(2), np.int64(3), [1, (2, {"a": 3})]),
        *(np.arange(3), np.array([None, "a"]), range(3), iter([1]), len, np.zeros(0, object)),
        *(
            dl.tensor([1.0]),
            Counter("aab"),
            dl.nn.Linear(2, 2),
            np.random.default_rng(0),
            Holder(),
            {1, 2},
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_plain_stays_the_same_object(value: Any) -> None:
    assert judged(value) is value


def test_an_ordered_dictionary_keeps_its_order() -> None:
    assert list(judged(OrderedDict(b=1, a=2))) == ["b", "a"]


def test_print_goes_to_the_stream_that_was_there(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    say = printer()
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("builtins.print", None)
    say("a", 1, sep="-", end="!\n")
    monkeypatch.undo()
    assert capsys.readouterr().out == "a-1!\n"
