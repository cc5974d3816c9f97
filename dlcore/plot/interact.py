"""A drawing with controls where they can move, and a plain figure where they cannot."""

import importlib.util
import inspect
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def interact(draw: "Callable[..., Figure]", **controls: Any) -> "Figure | None":
    """Draw a figure again whenever the reader moves a control.

    In JupyterLab the controls are those of ipywidgets, on the book's site those of the page. Where
    neither is at hand, as on paper, the figure shows the default state.

    Parameters
    ----------
    draw : callable
        Returns a Figure. Every control is an argument of it, whose default is the first state.
    **controls : object
        What each argument may be, in the short forms of ``ipywidgets.interact``: ``(low, high)`` or
        ``(low, high, step)`` for a slider, a list for a menu, ``True`` or ``False`` for a box, or a
        widget.

    Returns
    -------
    matplotlib.figure.Figure or None
        The figure of the default state; None where controls and figure have been shown already.

    Raises
    ------
    ValueError
        If there is no control, or one is no argument of `draw` with a default.

    Notes
    -----
    The environment variable ``DLCORE_WIDGETS=0`` asks for the plain figure; so the book's own
    notebooks are run and stored.

    Examples
    --------
    >>> def draw_power(power=2):
    ...     x = [0.0, 0.5, 1.0]
    ...     return lines(x, {f"power {power}": [value**power for value in x]})
    >>> from dlcore.plot import interact, lines
    >>> fig = interact(draw_power, power=(1, 5))
    >>> print([text.get_text() for text in fig.axes[0].texts])
    ['power 2']
    """
    _require_defaults(draw, controls)
    if not _can_move():
        return draw()
    import ipywidgets

    ipywidgets.interact(draw, **controls)
    return None


def _require_defaults(draw: "Callable[..., Figure]", controls: dict[str, Any]) -> None:
    if not controls:
        raise ValueError("controls: expected at least one, such as width=(1, 64)")
    parameters = inspect.signature(draw).parameters
    for name in controls:
        if name not in parameters or parameters[name].default is inspect.Parameter.empty:
            raise ValueError(
                f"{name}: expected an argument of draw with a default, which is the first state; "
                f"draw takes {inspect.signature(draw)}"
            )


def _can_move() -> bool:
    """Say whether something is there that shows controls: a page, or a notebook's front end."""
    if os.environ.get("DLCORE_WIDGETS") == "0" or importlib.util.find_spec("ipywidgets") is None:
        return False
    if sys.platform == "emscripten":
        return True
    ipython = sys.modules.get("IPython")
    return hasattr(ipython.get_ipython(), "kernel") if ipython else False
