"""What a check is told of a value of the wrong kind, and values of another kind that will do.

A list of numbers does for an array. Where a check cannot work with what an answer has returned, it
raises a `WrongKindError` that says what was expected: the learner is to read a sentence, and
neither Python's own words about the check nor a hint on the mathematics.
"""

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlcore.grade.run.inside.frames import by_exercise
from dlcore.grade.run.inside.plain import WrongKindError, plain

_WITH_ANOTHER = ("sub", "truediv", "floordiv", "mod", "pow", "matmul")
# What Python says where a check uses a value, and what it expected.
_SAYS = (
    (r"not enough values to unpack \(expected (\d+)", "{} values were"),
    (r"too many values to unpack \(expected (\d+)", "{} values were"),
    (r"cannot unpack", "several values, with commas between them, were"),
    (r"unsupported format string|nknown format code|nvalid format spec", "a number was"),
    (r"index \d+ is out of bounds|list index out of range|tuple index", "more values were"),
    (r"too many indices for array: .* but (\d+) were", "an array with {} axes was"),
    (r"indices must be integers or slices, not str", "a dictionary was"),
    (r"not subscriptable|not iterable|has no len|must be integers", "a list or an array was"),
    (r"unsupported operand|bad operand|ufunc '\w+' |not supported between", "numbers were"),
    (r"could not be broadcast|shapes? mismatch|mismatch in its core", "another shape was"),
    (r"can't multiply sequence|can only concatenate|must be str, not", "numbers were"),
    (r"must be real number|could not convert|argument must be a", "a number was"),
)
_KINDS = {"str": "a text", "dict": "a dictionary", "list": "a list", "tuple": "a tuple"}
_OWNERS = (("an array", np.ndarray), ("a text", str), ("a dictionary", dict), ("a list", list))


class _Numbers(list):  # type: ignore[type-arg]
    """A list of numbers, which does what a check asks of an array, and is a list in all else.

    Times a whole number it is repeated, and another list is put behind it, as with any list.
    """

    __array_priority__ = 100.0  # NumPy's own numbers leave it to us to compute with them

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and (found := _array(self)) is not None:
            return getattr(found, name)
        raise AttributeError(f"'list' object has no attribute {name!r}", name=name, obj=self)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, int | slice):
            return list.__getitem__(self, place)
        return np.array(self)[place]

    def __mul__(self, other: Any) -> Any:
        return list.__mul__(self, other) if type(other) is int else np.array(self) * other

    def __add__(self, other: Any) -> Any:
        return list.__add__(self, other) if isinstance(other, list) else np.array(self) + other

    def __radd__(self, other: Any) -> Any:
        return other + np.array(self)

    __rmul__ = __mul__


def _as_array(name: str) -> Callable[..., Any]:
    work = getattr(operator, f"__{name}__")
    return lambda self, *other: work(np.array(self), *other)


def _behind(name: str) -> Callable[..., Any]:
    work = getattr(operator, f"__{name}__")
    return lambda self, other: work(np.array(other), np.array(self))


for _name in (*_WITH_ANOTHER, "neg", "pos", "abs"):
    setattr(_Numbers, f"__{_name}__", _as_array(_name))
for _name in _WITH_ANOTHER:
    setattr(_Numbers, f"__r{_name}__", _behind(_name))
_Numbers.__name__ = "list"


def _array(value: list[Any]) -> Any:
    """Return a list of numbers as an array, or None if it is none."""
    try:
        made = np.array(value)
    except ValueError:  # its rows are of different lengths
        return None
    return made if made.dtype.kind in "biufc" else None


def returned(
    value: Any, name: str, classes: Sequence[Any], seen: list[Any], several: int = 0
) -> Any:
    """Return what an answer's function has returned, as a check can use it.

    Parameters
    ----------
    value : object
        What it has returned.
    name : str
        That of the function.
    classes : sequence
        Classes that the exercise asks for.
    seen : list
        Gets what was returned, for `in_words`.
    several : int
        How many names the check gives to its parts.

    Returns
    -------
    object
        The value, made plain; a list of numbers can be used as an array.
    """
    made = plain(value, classes)
    seen[:] = [f"{name} returned {words(made)}", several * (type(made) not in (tuple, list))]
    return _numbers(made) if type(made) is list else made


def _numbers(value: list[Any]) -> list[Any]:
    if _array(value) is None:
        return value
    return _Numbers(_numbers(one) if type(one) is list else one for one in value)


def answered(names: dict[str, Any], name: str, kind: str, seen: list[Any]) -> Any:
    """Return a value that an answer gives to a name, made plain.

    Parameters
    ----------
    names : dict
        Those of the notebook.
    name : str
        Such as ``answer_6_2``.
    kind : str
        ``number``, ``quantity`` for a number that may have a unit, or what the solution gives to
        the name: ``str``, ``dict``, ``list`` or ``tuple``.
    seen : list
        Gets what it is, for `in_words`.

    Returns
    -------
    object
        A number of Python, a text, or a collection of these.

    Raises
    ------
    WrongKindError
        If there is no such name, or the value is of another kind.
    """
    if name not in names:
        raise WrongKindError(f"{name} is not defined: give your answer to this name")
    value = plain(names[name])
    seen[:] = [f"{name} is {words(value)}", 0]
    if kind == "quantity" and type(value) is str:
        return value
    if kind in ("number", "quantity"):
        return _number(name, value)
    if type(value).__name__ != kind:
        raise WrongKindError(f"{name}: {_KINDS[kind]} was expected, got {words(value)}")
    return value


def _number(name: str, value: Any) -> int | float:
    """Return a number as one of Python's own."""
    if isinstance(value, np.ndarray | np.generic) and value.size == 1:
        value = value.item()
    elif not isinstance(value, int | float | str) and hasattr(type(value), "__float__"):
        value = float(value)
    if type(value) in (int, float):
        return value  # type: ignore[no-any-return]
    quotes = ": write it without quotation marks" if isinstance(value, str) else ""
    raise WrongKindError(f"{name}: a number was expected, got {words(value)}{quotes}")


def words(value: Any) -> str:
    """Say what a value is.

    Parameters
    ----------
    value : object
        Any.

    Returns
    -------
    str
        Its kind, and its size or the value itself where that is short.
    """
    if value is None:
        return "None (does the function end with return?)"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, list | tuple | dict | set):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    if isinstance(value, bool | int | float | complex | np.generic):
        return f"the number {value!s:.40}" if not isinstance(value, bool) else str(value)
    return f"an object of the class {type(value).__name__}"


def in_words(error: Exception, seen: list[Any], answers: Sequence[str]) -> Exception | None:
    """Say what a check expected, where it cannot work with what an answer has returned.

    Parameters
    ----------
    error : Exception
        What was raised in a check.
    seen : list
        What the last function of an answer has returned, in words.
    answers : sequence of str
        The names that answers define.

    Returns
    -------
    Exception or None
        None if it was not the check itself that raised it, or if nothing better can be said.
    """
    if isinstance(error, WrongKindError) or not by_exercise(error):
        return None
    if isinstance(error, NameError) and error.name in answers:
        return WrongKindError(f"{error.name} is not defined: keep the names of the exercise")
    said = str(error)
    called = re.match(r"(?:\w+\.)*(\w+)\(\) (?:takes|missing|got)\b.*argument", said)
    if called and called[1] in answers:
        return WrongKindError(f"{said}: keep the first line of {called[1]} as the exercise has it")
    wanted = _wanted(error, said)
    came, several = seen or ("your answer has returned something else", 0)
    if several and wanted:
        wanted = f"{several} values, with commas between them, were"
    return WrongKindError(f"{came}: {wanted} expected") if wanted else None


def _wanted(error: Exception, said: str) -> str:
    """Return what a check expected in the place where it failed."""
    if isinstance(error, AttributeError) and error.name:
        owners = (word for word, kind in _OWNERS if hasattr(kind, str(error.name)))
        return next((f"{owner} was" for owner in owners), "")
    if isinstance(error, KeyError):
        return f"an entry {error.args[0]!r} was" if error.args else ""
    for pattern, wanted in _SAYS:
        if found := re.search(pattern, said):
            return wanted.format(*found.groups())
    return ""
