"""The matplotlib backend of the page: Agg, and plt.show() that shows in the cell."""

import functools

import live_runner
from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas
from matplotlib.mathtext import MathTextParser

__all__ = ["FigureCanvas", "show"]

# Each renderer sets its formulas anew, and there is one for each figure. Labels such as 10⁻² do not
# change while a slider moves: set once, they are kept for every figure.
_set_formula = MathTextParser._parse_cached.__wrapped__
_parsers: dict[str, MathTextParser] = {}


@functools.lru_cache(1024)
def _kept(kind: str, *arguments: object) -> object:
    return _set_formula(_parsers[kind], *arguments)


def _parse(self: MathTextParser, *arguments: object) -> object:
    _parsers.setdefault(self._output_type, self)
    return _kept(self._output_type, *arguments)


MathTextParser._parse_cached = _parse


def show(*_: object, **__: object) -> None:
    """Show the figures made so far."""
    live_runner.show_figures()
