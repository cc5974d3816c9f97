"""The controls of the page, under ipywidgets' names: what they take, start with and refuse.

A cell gives the same values here as in JupyterLab; what only says how a widget looks is not heeded.
"""

import contextlib
import inspect
import numbers
from collections.abc import Callable, Iterable, Mapping
from math import log
from typing import Any


class Widget:
    """A control with a value; `observe` has a function called when the reader changes it."""

    kind = ""

    def __init__(self, value: Any = None, *, description: str = "", **_: Any) -> None:
        self.value, self.description = value, description
        self._watchers: list[Callable[[dict[str, Any]], object]] = []

    @property
    def value(self) -> Any:
        """The value, as the control allows it."""
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = self.checked(value)

    def checked(self, value: Any) -> Any:
        """Return what the control makes of a value; raise where it cannot take it."""
        return value

    def observe(self, handler: Callable[[dict[str, Any]], object], names: Any = None) -> None:
        """Call `handler` with a change whenever the value changes."""
        self._watchers.append(handler)

    def receive(self, raw: Any) -> None:
        """Take what the page sends."""
        old, self.value = self.value, self.from_page(raw)
        for handler in self._watchers:
            handler({"name": "value", "old": old, "new": self.value, "owner": self})

    def from_page(self, raw: Any) -> Any:
        """Turn what the page sends into a value."""
        return raw

    def describe(self, name: str) -> dict[str, Any]:
        """Say what the page needs to draw it."""
        return {"name": name, "kind": self.kind, "label": self.description or name, **self.state()}

    def state(self) -> dict[str, Any]:
        """Return what belongs to this kind of control."""
        return {"value": self.value}

    def _live_display_(self) -> None:
        from ipywidgets import View

        View(None, {"value": self}).show()


def _of_kind(value: Any, kind: type, words: str) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"expected {words}, got {value!r}")
    return value


class FloatSlider(Widget):
    """A slider over real numbers; a value beyond its ends is taken to the nearer one."""

    kind = "range"
    number: Callable[[Any], Any] = float

    def __init__(
        self, value: Any = 0, min: Any = 0, max: Any = 100, step: Any = 0.1, **options: Any
    ) -> None:
        if min > max:
            raise ValueError(f"a slider's min must not exceed its max, got {min} and {max}")
        number = type(self).number
        self.min, self.max, self.step = number(min), number(max), number(step)
        super().__init__(value, **options)

    def checked(self, value: Any) -> Any:
        """Return the value as a number between the ends."""
        return type(self).number(min(max(value, self.min), self.max))

    def state(self) -> dict[str, Any]:
        """Return range, step and value."""
        return {"min": self.min, "max": self.max, "step": self.step, "value": self.value}


class IntSlider(FloatSlider):
    """A slider over whole numbers."""

    number = int

    def __init__(
        self, value: Any = 0, min: Any = 0, max: Any = 100, step: Any = 1, **options: Any
    ) -> None:
        super().__init__(value, min, max, step, **options)


class FloatLogSlider(FloatSlider):
    """A slider over exponents, whose value is `base` to that power."""

    def __init__(
        self,
        value: Any = 1.0,
        base: Any = 10.0,
        min: Any = 0.0,
        max: Any = 4.0,
        step: Any = 0.1,
        **options: Any,
    ) -> None:
        self.base = float(base)
        super().__init__(value, min, max, step, **options)

    def checked(self, value: Any) -> float:
        """Return the value between the powers."""
        return float(min(max(value, self.base**self.min), self.base**self.max))

    def from_page(self, raw: Any) -> float:
        """Return the power."""
        return float(self.base**raw)

    def state(self) -> dict[str, Any]:
        """Return the range of exponents, and the exponent."""
        return super().state() | {"base": self.base, "value": log(self.value, self.base)}


class Checkbox(Widget):
    """A box that is ticked or not."""

    kind = "check"

    def __init__(self, value: bool = False, **options: Any) -> None:
        super().__init__(value, **options)

    def checked(self, value: Any) -> bool:
        """Return the value if it is True or False."""
        return bool(_of_kind(value, bool, "True or False"))


class Text(Widget):
    """A line of text."""

    kind = "text"

    def __init__(self, value: str = "", **options: Any) -> None:
        super().__init__(value, **options)

    def checked(self, value: Any) -> str:
        """Return the value if it is a text."""
        return str(_of_kind(value, str, "a text"))


class FloatText(Widget):
    """A field for a number."""

    kind = "number"

    def __init__(self, value: Any = 0, **options: Any) -> None:
        super().__init__(value, **options)

    def checked(self, value: Any) -> Any:
        """Return a number with a decimal point."""
        return float(_of_kind(value, numbers.Real, "a number"))


class IntText(FloatText):
    """A field for a whole number."""

    def checked(self, value: Any) -> Any:
        """Return a whole number."""
        return int(_of_kind(value, numbers.Real, "a number"))


_FIRST = object()  # the first option, where no value is given


class Dropdown(Widget):
    """A menu; an option is a value, or, where all are, a pair of a label and a value."""

    kind = "select"

    def __init__(
        self, options: Iterable[Any] | Mapping[str, Any] = (), value: Any = _FIRST, **others: Any
    ) -> None:
        items = list(options.items() if isinstance(options, Mapping) else options)
        pairs = items if all(map(_is_pair, items)) else [(str(item), item) for item in items]
        self.labels, self.options = [str(label) for label, _ in pairs], [v for _, v in pairs]
        first = self.options[0] if self.options else None
        super().__init__(first if value is _FIRST else value, **others)

    def place(self, value: Any) -> int:
        """Return which option a value is; -1 if none."""
        found = (i for i, option in enumerate(self.options) if option is value or option == value)
        return next(found, -1)

    def checked(self, value: Any) -> Any:
        """Return the value if it is an option, or None for no choice."""
        if value is None or self.place(value) >= 0:
            return value
        raise ValueError(f"{value!r} is not among the options {self.options}")

    def from_page(self, raw: Any) -> Any:
        """Return the value of an option by its place."""
        return self.options[int(raw)]

    def state(self) -> dict[str, Any]:
        """Return the labels and the place of the value."""
        return {"options": self.labels, "value": self.place(self.value)}


class SelectionSlider(Dropdown):
    """A slider over given options."""

    kind = "steps"


Select = RadioButtons = ToggleButtons = Dropdown
ToggleButton = Checkbox
BoundedIntText, BoundedFloatText = IntSlider, FloatSlider


def _is_pair(item: Any) -> bool:
    return isinstance(item, tuple | list) and len(item) == 2


class fixed:  # noqa: N801 - ipywidgets' name
    """An argument that gets a value and no control."""

    def __init__(self, value: Any) -> None:
        self.value = value


def widget_of(abbreviation: Any, default: Any = inspect.Parameter.empty) -> Any:
    """Return the control for an abbreviation: a tuple, a list, a number, a truth value, a text."""
    if isinstance(abbreviation, Widget | fixed):
        return abbreviation
    widget = _single(abbreviation)
    if widget is not None:
        return widget
    widget = _of_many(abbreviation)
    if widget is None:
        raise ValueError(f"interact: {abbreviation!r} is neither a control nor short for one")
    if default is not inspect.Parameter.empty:
        # A default that the control cannot take is no error in ipywidgets either.
        with contextlib.suppress(TypeError, ValueError):
            widget.value = default
    return widget


def _single(short: Any) -> Widget | None:
    if isinstance(short, str):
        return Text(str(short))
    if isinstance(short, bool):
        return Checkbox(short)
    if not isinstance(short, numbers.Real):
        return None
    low, high = (-short, 3 * short) if short > 0 else (3 * short, -short) if short else (0, 1)
    kind = IntSlider if isinstance(short, numbers.Integral) else FloatSlider
    return kind(short, low, high)


def _of_many(short: Any) -> Widget | None:
    if not isinstance(short, tuple):
        return Dropdown(short) if isinstance(short, Iterable) else None
    if len(short) not in (2, 3) or not all(isinstance(number, numbers.Real) for number in short):
        return None
    low, high, *steps = short
    if low > high or any(step <= 0 for step in steps):
        raise ValueError(f"interact: a slider of {short} has no values, or steps that lead nowhere")
    whole = all(isinstance(number, numbers.Integral) for number in short)
    value = low + ((high - low) // 2 if whole else (high - low) / 2)
    for step in steps:  # on a step
        value = low + int((value - low) / step) * step
    kind = IntSlider if whole else FloatSlider
    return kind(value, low, high, *steps)
