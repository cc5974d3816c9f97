"""The part of ipywidgets that the book uses, drawn by the page: `interact` and its controls.

Names, arguments and abbreviations are those of ipywidgets, so that a cell runs in JupyterLab and
in the page alike. Arguments that only say how a widget looks are taken and not heeded.
"""

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import live_runner

VIEW = "application/vnd.dlcore.view+json"
_views: dict[str, "View"] = {}


class Widget:
    """A control with a value; `observe` has a function called when the reader changes it."""

    kind = ""

    def __init__(self, value: Any = None, *, description: str = "", **_: Any) -> None:
        self.value, self.description = value, description
        self._watchers: list[Callable[[dict[str, Any]], object]] = []

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
        View(None, {"value": self}).show()


class FloatSlider(Widget):
    """A slider over real numbers."""

    kind = "range"

    def __init__(
        self, value: Any = None, min: Any = 0.0, max: Any = 10.0, step: Any = 0.1, **options: Any
    ) -> None:
        super().__init__(min if value is None else value, **options)
        self.min, self.max, self.step = min, max, step

    def from_page(self, raw: Any) -> Any:
        """Return a number with a decimal point."""
        return float(raw)

    def state(self) -> dict[str, Any]:
        """Return range, step and value."""
        return {"min": self.min, "max": self.max, "step": self.step, "value": self.value}


class IntSlider(FloatSlider):
    """A slider over whole numbers."""

    def __init__(
        self, value: Any = None, min: int = 0, max: int = 100, step: int = 1, **options: Any
    ) -> None:
        super().__init__(value, min, max, step, **options)

    def from_page(self, raw: Any) -> Any:
        """Return a whole number."""
        return int(raw)


class FloatLogSlider(FloatSlider):
    """A slider over exponents, whose value is `base` to that power."""

    def __init__(
        self,
        value: float = 1.0,
        base: float = 10.0,
        min: float = 0.0,
        max: float = 4.0,
        step: float = 0.1,
        **options: Any,
    ) -> None:
        super().__init__(value, min, max, step, **options)
        self.base = base

    def from_page(self, raw: Any) -> float:
        """Return the power."""
        return float(self.base**raw)

    def state(self) -> dict[str, Any]:
        """Return the range of exponents, and the exponent."""
        from math import log

        return super().state() | {"base": self.base, "value": log(self.value, self.base)}


class Checkbox(Widget):
    """A box that is ticked or not."""

    kind = "check"

    def __init__(self, value: bool = False, **options: Any) -> None:
        super().__init__(value, **options)


class Text(Widget):
    """A line of text."""

    kind = "text"

    def __init__(self, value: str = "", **options: Any) -> None:
        super().__init__(value, **options)


class FloatText(Widget):
    """A field for a number."""

    kind = "number"

    def __init__(self, value: float = 0.0, **options: Any) -> None:
        super().__init__(value, **options)

    def from_page(self, raw: Any) -> Any:
        """Return a number with a decimal point."""
        return float(raw)


class IntText(FloatText):
    """A field for a whole number."""

    def from_page(self, raw: Any) -> Any:
        """Return a whole number."""
        return int(raw)


class Dropdown(Widget):
    """A menu; an option is a value, or a pair of a label and a value."""

    kind = "select"

    def __init__(
        self, options: Iterable[Any] | Mapping[str, Any] = (), value: Any = None, **others: Any
    ) -> None:
        items = list(options.items() if isinstance(options, Mapping) else options)
        pairs = [item if _is_pair(item) else (str(item), item) for item in items]
        self.labels, self.options = [str(label) for label, _ in pairs], [v for _, v in pairs]
        super().__init__(self.options[0] if value is None and pairs else value, **others)

    def from_page(self, raw: Any) -> Any:
        """Return the value of an option by its place."""
        return self.options[int(raw)]

    def state(self) -> dict[str, Any]:
        """Return the labels and the place of the value."""
        place = next(i for i, option in enumerate(self.options) if option == self.value)
        return {"options": self.labels, "value": place}


class SelectionSlider(Dropdown):
    """A slider over given options."""

    kind = "steps"


Select = RadioButtons = ToggleButtons = Dropdown
ToggleButton = Checkbox
BoundedIntText, BoundedFloatText = IntSlider, FloatSlider


def _is_pair(item: Any) -> bool:
    return isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str)


class fixed:  # noqa: N801 - ipywidgets' name
    """An argument that gets a value and no control."""

    def __init__(self, value: Any) -> None:
        self.value = value


def widget_of(abbreviation: Any, default: Any = inspect.Parameter.empty) -> Any:
    """Return the control for an abbreviation: a tuple, a list, a number, a truth value, a text."""
    widget = _abbreviated(abbreviation)
    if widget is None:
        raise ValueError(f"interact: {abbreviation!r} is neither a control nor short for one")
    if default is not inspect.Parameter.empty and widget is not abbreviation:
        widget.value = default
    return widget


def _abbreviated(short: Any) -> Any:
    if isinstance(short, Widget | fixed):
        return short
    if isinstance(short, bool):
        return Checkbox(short)
    if isinstance(short, str):
        return Text(short)
    if isinstance(short, int | float):
        low, high = (-short, 3 * short) if short > 0 else (3 * short, -short) if short else (0, 1)
        return _slider(short, low, high)
    if isinstance(short, tuple) and len(short) in (2, 3) and not any(map(_is_text, short)):
        middle = (short[0] + short[1]) / 2
        whole = all(isinstance(number, int) for number in short)
        return _slider(int(middle) if whole else middle, *short)
    return Dropdown(short) if isinstance(short, Iterable) else None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _slider(value: Any, low: Any, high: Any, step: Any = None) -> FloatSlider:
    if all(isinstance(number, int) for number in (value, low, high, step or 1)):
        return IntSlider(value, low, high, step or 1)
    return FloatSlider(value, low, high, step or 0.1)


class View:
    """Controls and the function they drive: its outputs are shown anew after each change."""

    def __init__(self, function: Callable[..., Any] | None, controls: dict[str, Any]) -> None:
        self.function, self.controls = function, controls
        self.ident = f"view-{len(_views)}"
        self.result: Any = None
        self._frame: Any = None
        _views[self.ident] = self

    def show(self) -> None:
        """Draw the controls, then the outputs of the default state."""
        live_runner.flush()
        shown = [
            control.describe(name)
            for name, control in self.controls.items()
            if isinstance(control, Widget)
        ]
        state = {"view": self.ident, "controls": shown, "outputs": self.outputs()}
        data = {VIEW: state, "text/plain": "interactive"}
        live_runner.emit({"output_type": "display_data", "data": data, "metadata": {}})

    _live_display_ = show

    def outputs(self) -> list[dict[str, Any]]:
        """Call the function with the values of the controls and collect what it shows."""
        with live_runner.collected() as outputs:
            try:
                if self.function is not None:
                    values = {name: control.value for name, control in self.controls.items()}
                    self.result = self.function(**values)
                    if self.result is not None:
                        self._display(self.result)
                live_runner.show_figures()
            except Exception as error:
                live_runner.flush()
                live_runner.emit(live_runner.failure(error))
        return outputs

    def _display(self, value: Any) -> None:
        """Show a value; a figure keeps the frame of the first one, so that nothing jumps."""
        if not hasattr(value, "savefig"):
            live_runner.display(value)
            return
        if self._frame is None:
            self._frame = value.get_tightbbox().padded(0.1)
        data = {"image/png": live_runner.png(value, self._frame), "text/plain": repr(value)}
        live_runner.emit({"output_type": "display_data", "data": data, "metadata": {}})


def set_control(view: str, name: str, raw: str) -> None:
    """Take a new value, in JSON, from the page, and send the new outputs of its view."""
    owner = _views[view]
    with live_runner.collected() as printed:
        owner.controls[name].receive(json.loads(raw))
    outputs = printed + owner.outputs()
    live_runner.send(json.dumps({"type": "view", "view": view, "outputs": outputs}))


def interactive(function: Callable[..., Any], **controls: Any) -> View:
    """Return controls for the arguments of a function, not yet shown."""
    parameters = inspect.signature(function).parameters
    for name, parameter in parameters.items():
        if name not in controls and parameter.default is not inspect.Parameter.empty:
            controls[name] = parameter.default
    defaults = {name: parameters[name].default for name in controls if name in parameters}
    made = {name: widget_of(short, defaults.get(name, inspect.Parameter.empty))
            for name, short in controls.items()}  # fmt: skip
    return View(function, made)


def interact(function: Callable[..., Any] | None = None, **controls: Any) -> Any:
    """Show controls for the arguments of a function, and what it shows, anew at each change."""
    if function is None:
        return lambda function: interact(function, **controls)
    interactive(function, **controls).show()
    return function


def interactive_output(function: Callable[..., Any], controls: dict[str, Any]) -> View:
    """Return the outputs of a function driven by the controls given."""
    return View(function, dict(controls))


class Layout:
    """How a widget looks; the page decides that itself."""

    def __init__(self, **_: Any) -> None:
        """Take anything."""
