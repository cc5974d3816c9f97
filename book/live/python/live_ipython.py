"""The part of IPython that cells use in a page: what they show with, a few magics, and plain words.

What a page cannot do is refused in a sentence that says what to write instead.
"""

import builtins
import re
import sys
import time
import timeit
from collections.abc import Callable
from types import ModuleType
from typing import Any

from dlcore.notebooks.syntax import magic_lines, pasted

PASSED_OVER = (
    "matplotlib",
    "config",
    "load_ext",
    "reload_ext",
    "autoreload",
)  # change nothing here
INSTALLERS = ("pip", "conda", "mamba", "uv")
NO_SHELL = "a page has no shell"
NOTHING_INSTALLED = "a page installs nothing: NumPy, matplotlib and dlcore are there"
TIMED = (
    "import time as _time; _began = _time.perf_counter()\n{}\n"
    "print(f'Wall time: {{_time.perf_counter() - _began:.3g}} s')"
)
UNITS = ((1, "s"), (1e3, "ms"), (1e6, "µs"), (1e9, "ns"))
Show = Callable[..., object]
Names = dict[str, Any]
Magic = Callable[[str, Names], object]
_hooks: dict[str, Show] = {}  # what live_runner shows with


# Magics ----------------------------------------------------------------------------------------


def translated(code: str, filename: str) -> str:
    """Return a cell with a call in place of each magic, line for line; refuse what there is not."""
    code = pasted(code)
    numbers = magic_lines(code)
    lines = code.split("\n")
    if numbers and lines[numbers[0]].startswith("%%") and not "".join(lines[: numbers[0]]).strip():
        return cell_magic(lines, numbers[0], filename)
    for number in reversed(numbers):
        line = lines[number]
        carried = number > 0 and number - 1 in numbers and lines[number - 1].endswith("\\")
        if carried:  # taken up by the line before
            lines[number - 1 : number + 1] = [lines[number - 1][:-1] + line.strip(), ""]
            continue
        indent = line[: len(line) - len(line.lstrip())]
        name, argument = allowed(line.strip(), MAGICS, (filename, number + 1, 1, line))
        call = f"get_ipython().run_line_magic({name!r}, {argument!r})" if name else "pass"
        lines[number] = indent + call
    return "\n".join(lines)


def cell_magic(lines: list[str], first: int, filename: str) -> str:
    """Return a cell that begins with a magic of its own as one call."""
    name, argument = allowed(
        lines[first].strip(), CELL_MAGICS, (filename, first + 1, 1, lines[first])
    )
    body = "\n".join(lines[first + 1 :])
    if name == "time":
        return "\n" * first + TIMED.format(translated(body, filename))
    return "\n" * first + f"get_ipython().run_cell_magic({name!r}, {argument!r}, {body!r})"


def allowed(text: str, known: dict[str, Any], place: tuple[Any, ...]) -> tuple[str, str]:
    """Return name and argument of a magic, without a name where it is passed over."""
    if text.startswith("!"):
        installs = any(word in text[1:].split() for word in INSTALLERS)
        raise SyntaxError(f"{NO_SHELL}; {NOTHING_INSTALLED}" if installs else NO_SHELL, place)
    sign = "%%" if text.startswith("%%") else "%"
    name, _, argument = text.removeprefix(sign).partition(" ")
    if name in PASSED_OVER and sign == "%":
        return "", ""
    if name in INSTALLERS:
        raise SyntaxError(NOTHING_INSTALLED, place)
    if name not in known:
        there = ", ".join(sign + other for other in known)
        raise SyntaxError(f"a page has no {sign}{name}; it has {there}", place)
    return name, argument.strip()


def timed(statement: str, variables: Names) -> None:
    """Run a statement once and say how long it took."""
    code = compile(statement, "<%time>", "single")
    began = time.perf_counter()
    exec(code, variables)
    print(f"Wall time: {written_time(time.perf_counter() - began)}")


def timed_often(statement: str, variables: Names) -> None:
    """Run a statement many times and say how long one takes."""
    timer = timeit.Timer(re.sub(r"^(?:-\w+ ?\d* *)+", "", statement), globals=variables)
    loops, _ = timer.autorange()
    best = min(timer.repeat(3, loops)) / loops
    print(f"{written_time(best)} per loop (best of 3, {loops:,} loops each)")


def written_time(seconds: float) -> str:
    """Return a time in the unit that fits it."""
    scale, unit = next((s, u) for s, u in UNITS if seconds * s >= 1 or u == "ns")
    return f"{seconds * scale:.3g} {unit}"


MAGICS: dict[str, Magic] = {"time": timed, "timeit": timed_often}
CELL_MAGICS: dict[str, Magic] = {
    "time": timed,
    "timeit": timed_often,
    "html": lambda body, _: _hooks["display"](HTML(body)),
    "markdown": lambda body, _: _hooks["display"](Markdown(body)),
}


def explained(error: SyntaxError, code: str) -> SyntaxError:
    """Return the error of a cell, in plain words where it is IPython's way of writing."""
    lines = code.split("\n")
    number = error.lineno or 0
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    if asked := re.fullmatch(r"\?{0,2}([\w.]+)\?{0,2}", line):
        if "?" in line:
            error.msg = f"a page has no help by ?; write help({asked[1]})"
    elif re.match(r"[\w.,\s]+=\s*!", line):
        error.msg = NO_SHELL
    elif re.match(r"[\w.,\s]+=\s*%\w", line):
        error.msg = "a page takes no value from a magic; write the statement without it"
    return error


# IPython ---------------------------------------------------------------------------------------


class Shell:
    """What get_ipython() returns: the magics of the page, and a sentence for all else."""

    def run_line_magic(self, name: str, line: str) -> None:
        """Run a magic of one line."""
        known, argument = allowed(f"%{name} {line}", MAGICS, ("<get_ipython>", 1, 1, f"%{name}"))
        if known:
            MAGICS[known](argument, sys._getframe(1).f_globals)

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Run a magic of a cell."""
        allowed(f"%%{name} {line}", CELL_MAGICS, ("<get_ipython>", 1, 1, f"%%{name}"))
        CELL_MAGICS[name](cell, sys._getframe(1).f_globals)

    magic = run_line_magic

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the page's get_ipython() has no {name}: no IPython runs here")


_shell = Shell()


def get_ipython() -> Shell:
    """Return what stands for IPython's shell."""
    return _shell


class Shown:
    """Something shown by its kind."""

    def __init__(self, data: str) -> None:
        self.data = data

    def __repr__(self) -> str:
        return f"<IPython.core.display.{type(self).__name__} object>"


class HTML(Shown):
    """A piece of HTML, as IPython.display.HTML."""

    def _repr_html_(self) -> str:
        return self.data


class SVG(Shown):
    """A drawing, as IPython.display.SVG."""

    def _repr_svg_(self) -> str:
        return self.data


class Markdown(Shown):
    """A text with marks, as IPython.display.Markdown."""

    def _repr_markdown_(self) -> str:
        return self.data


def clear_output(wait: bool = False) -> None:
    """Take away what the cell has shown, at once or when it next shows something."""
    sys.stdout.flush()
    sys.stderr.flush()
    _hooks["emit"]({"output_type": "clear_output", "wait": wait})


def absent(name: str) -> Any:
    """Say that the page has no such thing."""
    if name.startswith("__"):
        raise AttributeError(name)
    there = "display, clear_output, HTML, Markdown and SVG"
    raise ImportError(f"the page's IPython.display has no {name}; it has {there}")


def set_up(display: Show, emit: Show) -> None:
    """Offer IPython and IPython.display to cells and to the libraries that ask for them."""
    _hooks.update(display=display, emit=emit)
    ipython, shown = ModuleType("IPython"), ModuleType("IPython.display")
    offered = {"display": display, "clear_output": clear_output, "__getattr__": absent}
    vars(shown).update(offered, HTML=HTML, Markdown=Markdown, SVG=SVG)
    # matplotlib asks for the version, and takes a shell for a terminal's.
    vars(ipython).update(display=shown, get_ipython=lambda: None, version_info=(9, 0, 0))
    sys.modules |= {"IPython": ipython, "IPython.display": shown}
    builtins.get_ipython = get_ipython  # type: ignore[attr-defined]
