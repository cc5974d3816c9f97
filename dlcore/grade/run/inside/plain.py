"""What a check works with in the kernel: results that have no will of their own, and a print.

An answer may return an object that is equal to everything, or whose difference from anything is
zero. A check compares values; so what an answer returns is turned into numbers, texts, arrays,
lists, tuples and dictionaries of the plain kind before the check sees it. And what a check prints
goes to the stream that was there when it began.

The state of this module are defaults of functions, which the guard lets nobody set: a module's
names can be set by any code.
"""

import operator
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlcore.grade.limits import NESTED

_BASES: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (np.ndarray, lambda value: np.ndarray.view(value, np.ndarray)),
    (float, float.__pos__),
    (int, int.__pos__),
    (complex, complex.__pos__),
    (str, str.__str__),
    (list, lambda value: list(list.__iter__(value))),
    (tuple, lambda value: tuple(tuple.__iter__(value))),
    (dict, lambda value: dict(dict.items(value))),
)
_EXACT = frozenset(base for base, _ in _BASES) | {bool, type(None)}
_OPERATORS = frozenset(
    f"__{name}__"
    for name in (
        *("eq", "ne", "lt", "le", "gt", "ge", "bool", "float", "int", "index", "complex", "abs"),
        *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "neg", "pos"),
        *("radd", "rsub", "rmul", "rtruediv", "rpow", "rmatmul", "round", "format", "str", "repr"),
        *("array", "array_ufunc", "array_function", "array_interface", "getattribute", "getattr"),
        *("iter", "len", "getitem", "contains", "hash", "class"),
    )
)


class WrongKindError(TypeError):
    """An answer is not what the exercise asks for: the message says what is."""


def classes() -> frozenset[type]:
    """Return all classes that there are now.

    Returns
    -------
    frozenset of type
        Those of Python, of all loaded modules and of the notebook.
    """
    found: set[type] = {object}
    new = [object]
    while new:
        below = {one for known in new for one in type.__subclasses__(known)} - found
        found |= below
        new = list(below)
    return frozenset(found)


def plain(
    value: Any, answers: Sequence[Any] = (), deep: int = 0, known: frozenset[type] = classes()
) -> Any:
    """Return what an answer has returned, without methods that the answer gave to it.

    Parameters
    ----------
    value : object
        The result. It is returned itself if it is plain.
    answers : sequence
        Classes that the exercise asks for, and which are as the answer makes them.
    deep : int
        How many lists, tuples and dictionaries lie around it.
    known : frozenset of type
        The classes that there were before the learner came; set by the guard.

    Returns
    -------
    object
        The same value; a subclass of a number, a text, an array or a list has become that.

    Raises
    ------
    WrongKindError
        If it is an object of a class of the learner's own that says what it is equal to, what it
        looks like, or how one computes with it.
    """
    kind = type(value)
    if kind not in _EXACT and kind not in known and kind not in answers:
        for base, made in _BASES:
            if issubclass(kind, base):
                return plain(made(value), answers, deep)
        own = [one for one in kind.__mro__ if one not in known and one not in answers]
        if named := sorted(_OPERATORS & {name for one in own for name in vars(one)}):
            raise WrongKindError(
                f"the answer is an object of the class {kind.__name__}, which defines "
                f"{named[0]}: return numbers, arrays or lists"
            )
        return value
    if kind in (list, tuple, dict) or (kind is np.ndarray and value.dtype.hasobject):
        return _inside(value, answers, deep)
    return value


def _inside(value: Any, answers: Sequence[Any], deep: int) -> Any:
    """Return a list, a tuple, a dictionary or an array of objects with plain values in it."""
    made: Any
    if deep > NESTED:
        raise WrongKindError(f"the answer has more than {NESTED} lists in lists")
    if type(value) is dict:
        made = {plain(k, answers, deep + 1): plain(v, answers, deep + 1) for k, v in value.items()}
        before, after = [*value, *value.values()], [*made, *made.values()]
    elif type(value) is np.ndarray:
        before = value.ravel().tolist() if value.dtype == object else []
        after = [plain(one, answers, deep + 1) for one in before]
        made = np.empty(value.shape, dtype=object)
        for place, one in zip(np.ndindex(value.shape), after, strict=False):
            made[place] = one
    else:
        before, after = list(value), [plain(one, answers, deep + 1) for one in value]
        made = type(value)(after)
    same = len(before) == len(after) and all(map(operator.is_, before, after))
    return value if same else made


def own(value: Any) -> Any:
    """Return data of the exercise as a copy that nobody else can reach.

    Parameters
    ----------
    value : object
        What the exercise gives.

    Returns
    -------
    object
        A copy of arrays, and of lists, tuples and dictionaries of numbers, texts and arrays;
        anything else is returned itself.
    """
    kind = type(value)
    if kind is np.ndarray:
        return value if value.dtype.hasobject else np.ndarray.copy(value, "K")
    if kind is dict:
        return {key: own(one) for key, one in value.items()}
    return kind(map(own, value)) if kind in (list, tuple) else value


class _Stream:
    """The methods of a stream as they are now."""

    __slots__ = ("flush", "write")

    def __init__(self, stream: Any) -> None:
        self.write, self.flush = stream.write, stream.flush


def printer() -> Callable[..., None]:
    """Return a print that writes to standard output as it is now.

    Returns
    -------
    callable
        Takes what ``print`` takes.
    """
    stream, say = _Stream(sys.stdout), print

    def to_stream(*values: Any, **options: Any) -> None:
        say(*values, **{"file": stream, **options})

    return to_stream
