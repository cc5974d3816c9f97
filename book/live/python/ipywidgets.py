"""The part of ipywidgets that the book uses, drawn by the page: `interact` and its controls.

Names, arguments and abbreviations are those of ipywidgets, so that a cell runs in JupyterLab and
in the page alike. Arguments that only say how a widget looks are taken and not heeded.
"""

import inspect
import json
from collections.abc import Callable
from typing import Any

import live_runner
from live_controls import (
    BoundedFloatText as BoundedFloatText,
    BoundedIntText as BoundedIntText,
    Checkbox as Checkbox,
    Dropdown as Dropdown,
    FloatLogSlider as FloatLogSlider,
    FloatSlider as FloatSlider,
    FloatText as FloatText,
    IntSlider as IntSlider,
    IntText as IntText,
    RadioButtons as RadioButtons,
    Select as Select,
    SelectionSlider as SelectionSlider,
    Text as Text,
    ToggleButton as ToggleButton,
    ToggleButtons as ToggleButtons,
    Widget as Widget,
    fixed as fixed,
    widget_of,
)

VIEW = "application/vnd.dlcore.view+json"
_views: dict[str, "View"] = {}


class View:
    """Controls and the function they drive: its outputs are shown anew after each change."""

    def __init__(self, function: Callable[..., Any] | None, controls: dict[str, Any]) -> None:
        self.function, self.controls = function, controls
        self.ident = f"view-{len(_views)}"
        self.result: Any = None
        self._drawn: list[Any] = []  # the figures shown, in their order
        self._shown = 0
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
        self._shown = 0
        with live_runner.collected() as outputs:
            try:
                if self.function is not None:
                    values = {name: control.value for name, control in self.controls.items()}
                    self.result = self.function(**values)
                    if self.result is not None:
                        self._display(self.result)
                live_runner.show_figures(self._display)
            except Exception as error:
                live_runner.flush()
                live_runner.emit(live_runner.failure(error))
        return outputs

    def _display(self, value: Any) -> None:
        """Show a value; a figure keeps the frame of that before it, so that nothing jumps."""
        if not hasattr(value, "savefig"):
            live_runner.display(value)
            return
        from live_figures import drawn

        before = self._drawn[self._shown] if self._shown < len(self._drawn) else None
        now = drawn(value, before)
        self._drawn[self._shown : self._shown + 1] = [now]
        self._shown += 1
        data = {"image/png": now.png, "text/plain": repr(value)}
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


def __getattr__(name: str) -> Any:
    """Say that the page has no such widget."""
    if name.startswith("__"):
        raise AttributeError(name)
    raise ImportError(f"the page's ipywidgets has no {name}: it has interact and its controls")
