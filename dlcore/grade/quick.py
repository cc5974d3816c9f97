"""The quick check of one exercise, inside the learner's notebook: no kernel, no other process.

It runs the public checks of an exercise on the names of the notebook, as they are now, and gives
them back unchanged. It is for the learner alone: it trusts what it runs, and earns no points.
"""

import _thread
import ast
import contextlib
import io
import json
import re
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dlcore
from dlcore.grade.limits import TIMEOUT, too_long
from dlcore.grade.report import CheckResult, ExerciseResult, Report
from dlcore.grade.report.text import render
from dlcore.notebooks.numbers import TOLERANCE, text_difference

Names = dict[str, Any]
Cell = dict[str, Any]
_RUN_ABOVE = "have all cells above been run?"


def check(
    number: str,
    notebook: str | Path | Mapping[str, Any] | None = None,
    timeout: float = TIMEOUT,
) -> None:
    """Run the public checks of an exercise on what the notebook holds now, and say how they went.

    Your names stay as they are. What is expected is known where the solutions are at hand, as in a
    copy of the book; elsewhere the quick check shows what your answer computes, and a hint.

    Parameters
    ----------
    number : str
        The exercise, such as ``"6.3"``.
    notebook : str, Path or mapping, optional
        The exercise notebook with the checks: a file, or its content, in which outputs that are
        stored with the checks are what is expected. By default the file of the chapter in the
        current folder, or in ``exercises/`` of this folder or one above it.
    timeout : float
        Seconds after which a check is stopped, as by the Stop button of the notebook. There is no
        limit in a browser, where Stop ends everything, nor in a thread of your own.

    Raises
    ------
    ValueError
        If there is no such exercise, or no notebook that holds it.

    Notes
    -----
    Only ``dlcore grade`` counts: it runs your answers by themselves, in the order of the notebook.

    Examples
    --------
    >>> from dlcore.grade import check
    >>> def double(x):
    ...     return 2 * x
    >>> cell = {"cell_type": "code", "source": "print(double(4))"}
    >>> entries = {"exercise": "1.1", "role": "check", "points": 1, "hint": "Twice."}
    >>> check("1.1", {"cells": [{**cell, "metadata": {"dlcore": entries}}]})  # doctest: +ELLIPSIS
    quick check...
    """
    names = sys._getframe(1).f_globals
    exercise = look(number, names, notebook, timeout)
    report = Report("", "quick check", [exercise])
    if any(found.status == "not compared" for found in exercise.checks):
        report.notes.append("No solution is at hand: compare what came with what you expect.")
    text = render(report)
    print(text if exercise.kind == "text" else text.replace(": full marks", ": all passed"))


def look(
    number: str,
    names: Names,
    notebook: str | Path | Mapping[str, Any] | None = None,
    timeout: float = TIMEOUT,
) -> ExerciseResult:
    """Run the public checks of an exercise on some names, and return how they went.

    Parameters
    ----------
    number : str
        The exercise, such as ``"6.3"``.
    names : dict
        The names that a notebook holds; afterwards they are what they were.
    notebook : str, Path or mapping, optional
        The exercise notebook; see `check`.
    timeout : float
        Seconds for a check.

    Returns
    -------
    ExerciseResult
        As from the grader, with the status ``not compared`` for a check whose output is not known.

    Raises
    ------
    ValueError
        If there is no such exercise, or no notebook that holds it.
    """
    number = str(number)
    cells, known = _cells_of(number, notebook)
    mine = [cell for cell in cells if _entries(cell).get("exercise") == number]
    if not mine:
        raise ValueError(f"check: there is no exercise {number!r} in the notebook")
    result = ExerciseResult(number, "", 1, "code")
    for cell in mine:
        entries = _entries(cell)
        if entries.get("role") == "prompt":
            result.title, result.stars = str(entries.get("title", "")), int(entries.get("stars", 1))
        elif entries.get("role") == "answer":
            result.kind = str(entries.get("kind", "code"))
    if missing := _not_run(mine, names):
        result.fate = "not run"
        result.message = f"{missing} has no meaning yet: run the cell of your answer, then this one"
        return result
    with _given_back(names):
        for cell in mine:
            if _entries(cell).get("role") == "check":
                result.checks.append(_check_result(cell, names, known, result.kind, timeout))
    if any(found.message == f"NotImplementedError: exercise {number}" for found in result.checks):
        result.fate = "not attempted"
    elif {found.status for found in result.checks} == {"not compared"}:
        result.fate = "not compared"
    return result


def _not_run(cells: list[Cell], names: Names) -> str:
    """Return the first name that an answer should define and that nobody has defined."""
    sources = [_source(cell) for cell in cells if _entries(cell).get("role") == "answer"]
    found = re.findall(r"^(?:def|class) (\w+)", "\n".join(sources), re.MULTILINE)
    return next((name for name in found if name not in names), "")


def _check_result(
    cell: Cell, names: Names, known: dict[str, str], kind: str, timeout: float
) -> CheckResult:
    """Run one check and compare what it prints."""
    entries = _entries(cell)
    name = str(cell.get("id", ""))
    result = CheckResult(name, "passed", int(entries.get("points", 1)))
    result.part = str(entries.get("part", ""))
    result.got, result.message = _run(_source(cell), names, timeout)
    expected = known.get(name)
    if result.message:
        result.status = "timeout" if result.message == too_long(timeout) else "error"
    elif expected is None:
        result.status = "not compared"
        result.message = f"came: {result.got}"
    elif why := text_difference(expected, result.got, float(entries.get("tolerance", TOLERANCE))):
        result.status = "failed"
        result.message = why if kind == "code" else "not the expected answer"
        result.expected = expected if kind == "code" else None
    if result.status != "passed":
        result.hint = str(entries.get("hint", ""))
    return result


def _run(source: str, names: Names, timeout: float) -> tuple[str, str]:
    """Run a cell as a notebook does; return what it prints, and its error if there is one."""
    printed = io.StringIO()
    lines = [line for line in source.splitlines() if not line.startswith(("%", "!"))]
    try:
        tree = ast.parse("\n".join(lines))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(printed), _stopped_after(timeout):
            exec(compile(tree, "<check>", "exec"), names)
            if isinstance(last, ast.Expr):
                shown = eval(compile(ast.Expression(last.value), "<check>", "eval"), names)
                if shown is not None:
                    print(repr(shown))
    except _TooLongError:
        return printed.getvalue(), too_long(timeout)
    except NameError as error:
        return printed.getvalue(), f"NameError: {error}: {_RUN_ABOVE}"
    except Exception as error:
        return printed.getvalue(), f"{type(error).__name__}: {error}"
    return printed.getvalue(), ""


class _TooLongError(Exception):
    """A check did not end in its time."""


@contextlib.contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Interrupt what runs too long, as Ctrl-C would; only the main thread can be interrupted."""
    if sys.platform == "emscripten" or threading.current_thread() is not threading.main_thread():
        yield
        return
    late = threading.Event()

    def interrupt() -> None:
        late.set()
        _thread.interrupt_main()

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored here
    try:
        try:
            timer.start()
            yield
        finally:
            timer.cancel()
            timer.join()  # an interrupt that was on its way comes here, and not in other code
    except KeyboardInterrupt:
        if not late.is_set():
            raise
        raise _TooLongError from None
    finally:
        signal.signal(signal.SIGINT, handler if handler is not None else signal.SIG_DFL)


@contextlib.contextmanager
def _given_back(names: Names) -> Iterator[None]:
    """Give names back as they were, whatever is done to them."""
    before = dict(names)
    try:
        yield
    finally:
        names.update(before)
        for name in names.keys() - before.keys():
            del names[name]


def _cells_of(
    number: str, notebook: str | Path | Mapping[str, Any] | None
) -> tuple[list[Cell], dict[str, str]]:
    """Return the cells of an exercise notebook, and what its checks print in the solution."""
    if isinstance(notebook, Mapping):
        cells = list(notebook["cells"])
        return cells, _stored(cells)
    path = Path(notebook) if notebook is not None else _find(number)
    beside = [folder / "solutions" / path.name for folder in (path.parent, path.parent.parent)]
    beside += [folder / "solutions" / path.name for folder in _folders()]
    solution = next((found for found in beside if found.is_file()), None)
    return _read(path), _stored(_read(solution)) if solution is not None else {}


def _find(number: str) -> Path:
    """Return the exercise notebook of a chapter."""
    chapter = number.split(".")[0]
    if chapter.isdigit():
        for folder in _folders():
            for place in (folder / "exercises", folder):
                for path in sorted(place.glob(f"{int(chapter):02d}_*.ipynb")):
                    if any(_entries(cell).get("exercise") == number for cell in _read(path)):
                        return path
    raise ValueError(
        f"check: no exercise notebook with {number!r} in {Path.cwd()} or exercises/: "
        'name the file, as in check("6.3", "exercises/06_automatic_differentiation.ipynb")'
    )


def _folders() -> list[Path]:
    """Return where the book may be: here, above, and where the package lies."""
    here = Path.cwd()
    return [here, *here.parents, Path(dlcore.__file__).resolve().parent.parent]


def _read(path: Path) -> list[Cell]:
    """Return the cells of a file; one that is no notebook has none."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8-sig")).get("cells")
    except (OSError, ValueError, AttributeError):
        return []
    return cells if isinstance(cells, list) else []


def _stored(cells: list[Cell]) -> dict[str, str]:
    """Return what the cells have printed when they were stored, by their identifiers."""
    found = {}
    for cell in cells:
        if _entries(cell).get("role") == "check" and cell.get("outputs"):
            found[str(cell.get("id", ""))] = "".join(map(_text, cell["outputs"]))
    return found


def _text(output: dict[str, Any]) -> str:
    """Return an output as text."""
    if output.get("output_type") == "stream":
        return _joined(output["text"]) if output.get("name") == "stdout" else ""
    shown = output.get("data", {}).get("text/plain", "")
    return _joined(shown) + "\n" if shown else ""


def _entries(cell: Cell) -> dict[str, Any]:
    """Return what a cell's metadata say under ``dlcore``."""
    metadata = cell.get("metadata")
    entries = metadata.get("dlcore") if isinstance(metadata, dict) else None
    return entries if isinstance(entries, dict) else {}


def _source(cell: Cell) -> str:
    """Return the source of a cell."""
    return _joined(cell.get("source", ""))


def _joined(text: str | list[str]) -> str:
    """Return text that a notebook may hold in lines."""
    return "".join(text)
