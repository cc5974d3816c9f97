"""Run the cells of a page: the Python half of worker.mjs.

Everything a cell shows is sent as an output in the notebook format. `send` is set by the worker; it
takes one message as JSON text.
"""

import ast
import base64
import builtins
import contextlib
import inspect
import io
import json
import linecache
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import live_ipython

from dlcore.notebooks.evaluate import compiled, written

MAX_TEXT = 200_000  # characters that one cell may print
SEND_EVERY = 0.05  # seconds between two pieces of a stream
CELL = "<cell "  # so begins what the code of a cell gives as its file
AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

send: Callable[[str], object] = print
namespaces: dict[str, dict[str, Any]] = {}
_running: list[str] = []  # the cell that runs, or ran last
_sinks: list[Callable[[dict[str, Any]], None]] = []  # where outputs go, innermost last


def namespace(name: str = "page", fresh: bool = False) -> dict[str, Any]:
    """Return the variables of a space by its name; a new one holds display and no more."""
    if fresh or name not in namespaces:
        namespaces[name] = {"__name__": "__main__", "display": display}
    return namespaces[name]


# Outputs ---------------------------------------------------------------------------------------


def emit(output: dict[str, Any]) -> None:
    """Hand an output to whoever collects outputs now."""
    if _sinks:
        _sinks[-1](output)


@contextlib.contextmanager
def collected() -> Iterator[list[dict[str, Any]]]:
    """Collect outputs, instead of showing them, for as long as the block runs."""
    outputs: list[dict[str, Any]] = []

    def take(output: dict[str, Any]) -> None:
        if output["output_type"] == "clear_output":
            outputs.clear()
        else:
            outputs.append(output)

    with sink(take):
        yield outputs


@contextlib.contextmanager
def sink(take: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """Send outputs to `take` for as long as the block runs."""
    flush()
    _sinks.append(take)
    try:
        yield
    finally:
        flush()
        _sinks.pop()


class Stream(io.TextIOBase):
    """Standard output or error, sent in pieces while a cell runs."""

    def __init__(self, name: str) -> None:
        self.name, self.parts = name, list[str]()
        self.sent_at, self.left = 0.0, MAX_TEXT

    def write(self, text: str) -> int:
        """Keep the text, and send what has gathered when it is time."""
        if self.left > 0:
            self.parts.append(text[: self.left])
            self.left -= len(text)
            if self.left <= 0:
                self.parts.append(f"\n… more than {MAX_TEXT:,} characters: the rest is not shown\n")
        if time.monotonic() - self.sent_at > SEND_EVERY:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what has gathered."""
        if self.parts:
            text, self.parts = "".join(self.parts), []
            self.sent_at = time.monotonic()
            emit({"output_type": "stream", "name": self.name, "text": text})

    def writable(self) -> bool:
        """Say yes."""
        return True


def flush() -> None:
    """Send what the streams have gathered."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()


def display(*values: Any) -> None:
    """Show values as the end of a cell does."""
    flush()
    for value in values:
        show = getattr(value, "_live_display_", None)
        if show is not None:
            show()
        else:
            emit({"output_type": "display_data", "data": bundle(value), "metadata": {}})


def bundle(value: Any) -> dict[str, str]:
    """Return a value by MIME type: a picture or HTML where it has one, and its plain text."""
    data = {"text/plain": written(value)}
    pyplot_figure = sys.modules.get("matplotlib.figure")
    if pyplot_figure is not None and isinstance(value, pyplot_figure.Figure):
        return data | {"image/png": png(value)}
    kinds = {
        "html": "text/html",
        "svg": "image/svg+xml",
        "png": "image/png",
        "markdown": "text/markdown",
    }
    for name, kind in kinds.items():
        method = getattr(value, f"_repr_{name}_", None)
        found = method() if method is not None and not inspect.isclass(value) else None
        if found is not None:
            data[kind] = base64.b64encode(found).decode() if isinstance(found, bytes) else found
    return data


def png(figure: Any) -> str:
    """Draw a matplotlib figure as a PNG in base64; its frame leaves nothing out."""
    from live_figures import drawn

    return drawn(figure).png


def show_figures(show: Callable[[Any], None] = display) -> None:
    """Show the figures that pyplot manages, and close them."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        for number in pyplot.get_fignums():
            show(pyplot.figure(number))
            pyplot.close(number)


# Running ---------------------------------------------------------------------------------------


async def run(
    ident: str, code: str, name: str, space: str, fresh: bool, answers: str = "[]"
) -> str:
    """Run a cell; return "ok" or "error". Its outputs are sent under `ident`.

    What code of the cells named in `answers` prints goes to the error stream.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.left = MAX_TEXT
    _running[:] = [ident]

    def take(output: dict[str, Any]) -> None:
        send(json.dumps({"type": "output", "id": ident, "output": output}))

    with sink(take):
        try:
            with set_aside(json.loads(answers)):
                await execute(code, cell_file(name), namespace(space, fresh))
            show_figures()
        except BaseException as error:
            flush()
            emit(failure(error))
            return "error"
    return "ok"


def cell_file(name: str) -> str:
    """Return what the code of a cell gives as its file."""
    return f"{CELL}{name}>"


@contextlib.contextmanager
def set_aside(answers: list[str]) -> Iterator[None]:
    """Keep what answers print apart from what the check prints that asks them."""
    if not answers:
        yield
        return
    from dlcore.grade.run.inside.aside import aside
    from dlcore.grade.run.inside.frames import named

    with named(CELL, map(cell_file, answers)), aside():
        yield


def tell(text: str) -> None:
    """Say beside the cell that runs how far it has come."""
    if _running:
        send(json.dumps({"type": "working", "id": _running[0], "text": text}))


async def execute(code: str, filename: str, variables: dict[str, Any]) -> None:
    """Run code and show the value of its last expression, unless it ends with a semicolon."""
    linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
    python = live_ipython.translated(code, filename)
    try:
        body, last = compiled(python, filename, AWAIT)
    except SyntaxError as error:
        raise live_ipython.explained(error, code) from None
    await evaluate(body, variables)
    value = None if last is None else await evaluate(last, variables)
    if value is not None:
        builtins._ = value  # type: ignore[attr-defined]
        result(value)


async def evaluate(code: Any, variables: dict[str, Any]) -> Any:
    """Evaluate compiled code, and wait for it where it awaits."""
    value = eval(code, variables)
    return await value if code.co_flags & inspect.CO_COROUTINE else value


def result(value: Any) -> None:
    """Show the value of a cell; a figure of pyplot's is then not shown again."""
    flush()
    if hasattr(value, "_live_display_"):
        value._live_display_()
        return
    emit({"output_type": "execute_result", "data": bundle(value), "metadata": {}})
    pyplot = sys.modules.get("matplotlib.pyplot")
    number = getattr(value, "number", None)
    if pyplot is not None and number in pyplot.get_fignums() and pyplot.figure(number) is value:
        pyplot.close(number)


def failure(error: BaseException) -> dict[str, Any]:
    """Describe an error by the frames of the page's own cells."""
    lines = []
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith(CELL):
            inside = "" if frame.name == "<module>" else f", in {frame.name}"
            lines.append(f"{frame.filename[1:-1]}, line {frame.lineno}{inside}\n    {frame.line}\n")
    lines += traceback.format_exception_only(error)
    text = re.sub(r'File "<(cell [^>]*)>"', r"\1", "".join(lines)).rstrip("\n")
    return {
        "output_type": "error",
        "ename": type(error).__name__,
        "evalue": str(error),
        "traceback": text.splitlines(),
    }


def call(target: str, arguments: str) -> str:
    """Call a function, named "module:function", with arguments in JSON; return its result so."""
    module, _, function = target.partition(":")
    __import__(module)
    return json.dumps(getattr(sys.modules[module], function)(*json.loads(arguments)))


# Setting up ------------------------------------------------------------------------------------


def no_input(prompt: object = "") -> str:
    """Refuse to ask: a worker cannot wait for an answer."""
    raise RuntimeError("input() cannot ask in the page; write the value into the cell")


def set_up() -> None:
    """Take over the streams, and offer the parts of IPython that cells use."""
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    builtins.input = no_input
    live_ipython.set_up(display, emit)
