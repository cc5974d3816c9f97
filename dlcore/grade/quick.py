"""The quick check of one exercise, inside the learner's notebook: no kernel, no other process.

It runs the public checks of an exercise on the names of the notebook, as they are now, and gives
them back unchanged. It is for the learner alone: it trusts what it runs, and earns no points.
"""

import _thread
import contextlib
import io
import os
import re
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import FunctionType
from typing import Any

from dlcore.grade.judging import difference, explain, stub_error
from dlcore.grade.limits import TIMEOUT, too_long
from dlcore.grade.report import CheckResult, ExerciseResult, Report
from dlcore.grade.report.text import render
from dlcore.notebooks import evaluate
from dlcore.notebooks.files import (
    NotebookError,
    book_folders,
    joined,
    ours,
    read_json,
    source_of,
)
from dlcore.notebooks.names import read_names

Names = dict[str, Any]
Cell = dict[str, Any]
_CHECK = "<check>"  # the file of a check's code
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
    Only ``dlcore grade`` counts: it runs your answers by themselves, in the order of the notebook,
    and passes over calls of this function.

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
    if os.environ.get("DLCORE_GRADING"):
        return
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
    mine = [cell for cell in cells if ours(cell).get("exercise") == number]
    if not mine:
        raise ValueError(f"check: there is no exercise {number!r} in the notebook")
    result = ExerciseResult(number, "", 1, "code")
    for cell in mine:
        entries = ours(cell)
        if entries.get("role") == "prompt":
            result.title, result.stars = str(entries.get("title", "")), int(entries.get("stars", 1))
        elif entries.get("role") == "answer":
            result.kind = str(entries.get("kind", "code"))
    if missing := _not_run(mine, names):
        result.fate = "not run"
        result.message = f"{missing} has no meaning yet: run the cell of your answer, then this one"
        return result
    with _given_back(names), _one_thread(), _known(mine, names):
        for cell in mine:
            if ours(cell).get("role") == "check":
                result.checks.append(_check_result(cell, names, known, result.kind, timeout))
    if any(found.message == stub_error(number) for found in result.checks):
        result.fate = "not attempted"
    elif {found.status for found in result.checks} == {"not compared"}:
        result.fate = "not compared"
    return result


def _not_run(cells: list[Cell], names: Names) -> str:
    """Return the first name that an answer should define and that nobody has defined."""
    return next((name for name in _defined(cells) if name not in names), "")


def _defined(cells: list[Cell]) -> list[str]:
    """Return the functions and classes that the answers of an exercise define."""
    sources = [source_of(cell) for cell in cells if ours(cell).get("role") == "answer"]
    return re.findall(r"^(?:def|class) (\w+)", "\n".join(sources), re.MULTILINE)


def _known(cells: list[Cell], names: Names) -> contextlib.AbstractContextManager[None]:
    """Let it be known, from the code of the notebook's functions, what an answer itself prints."""
    from dlcore.grade.run.inside import frames

    answers = set(_files([names[name] for name in _defined(cells)], names))
    return frames.named((_CHECK, *_files(list(names.values()), names)), answers)


def _files(values: Iterable[object], names: Names) -> Iterator[str]:
    """Yield the files of the notebook's functions among some values, and of methods of classes."""
    for value in values:
        if isinstance(value, FunctionType) and value.__globals__ is names:
            yield value.__code__.co_filename
        elif isinstance(value, type):
            yield from _files(
                [one for one in vars(value).values() if not isinstance(one, type)], names
            )


def _check_result(
    cell: Cell, names: Names, known: dict[str, str], kind: str, timeout: float
) -> CheckResult:
    entries = ours(cell)
    name = str(cell.get("id", ""))
    result = CheckResult(name, "passed", int(entries.get("points", 1)))
    result.part = str(entries.get("part", ""))
    source, expected = source_of(cell), known.get(name)
    if kind in ("number", "choice") and (wrong := _wrong_kind(kind, source, names)):
        result.status, result.message = "error", wrong
        return result
    result.got, result.message = _run(source, names, timeout)
    if result.message:
        result.status = "timeout" if result.message == _late(timeout) else "error"
    elif expected is None:
        result.status = "not compared"
        result.message = f"came: {result.got}"
    elif found := difference(entries, _printed(expected), _printed(result.got)):
        result.status, result.message = "failed", found.why
    if result.status != "passed":
        explain(result, entries, kind=kind, expected=expected, got=result.got)
    return result


def _wrong_kind(kind: str, check: str, names: Names) -> str:
    """Say which answer is no number, or no letter, as the grader does."""
    from dlcore.grade.run.inside.kinds import answered
    from dlcore.grade.run.inside.plain import WrongKindError

    number = "quantity" if "in_unit(" in check else "number"
    try:
        for name in sorted(read_names(check)):
            if name.startswith("answer") and name in names:
                letters = "dict" if f"{name}[" in check else "str"
                answered(names, name, number if kind == "number" else letters, [])
    except WrongKindError as error:
        return str(error)
    return ""


def _printed(text: str) -> list[dict[str, str]]:
    return [{"output_type": "stream", "name": "stdout", "text": text}]


def _late(timeout: float) -> str:
    return too_long(timeout, "check(…, timeout=…)")


def _run(source: str, names: Names, timeout: float) -> tuple[str, str]:
    """Run a cell as a notebook does; return what it prints, and its error if there is one."""
    from dlcore.grade.run.inside.aside import aside

    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), aside(), _stopped_after(timeout):
            value = evaluate.run(source, names, _CHECK)
            if value is not None:
                print(evaluate.written(value))
    except _TooLongError:
        return printed.getvalue(), _late(timeout)
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


def _one_thread() -> contextlib.AbstractContextManager[object]:
    """Have libraries that are loaded compute as in a grade, where threadpoolctl is there to ask."""
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return contextlib.nullcontext()
    return threadpool_limits(1)  # type: ignore[no-any-return]


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
    tops = (path.parent, path.parent.parent, *book_folders())
    beside = [folder / "solutions" / path.name for folder in tops]
    solution = next((found for found in beside if found.is_file()), None)
    return _read(path), _stored(_read(solution)) if solution is not None else {}


def _find(number: str) -> Path:
    chapter = number.split(".")[0]
    if chapter.isdigit():
        for folder in book_folders():
            for place in (folder / "exercises", folder):
                for path in sorted(place.glob(f"{int(chapter):02d}_*.ipynb")):
                    if any(ours(cell).get("exercise") == number for cell in _read(path)):
                        return path
    raise ValueError(
        f"check: no exercise notebook with {number!r} in {Path.cwd()} or exercises/: "
        'name the file, as in check("6.3", "exercises/06_automatic_differentiation.ipynb")'
    )


def _read(path: Path) -> list[Cell]:
    """Return the cells of a file; one that is no notebook has none."""
    try:
        return list(read_json(path)["cells"])
    except NotebookError:
        return []


def _stored(cells: list[Cell]) -> dict[str, str]:
    """Return what the cells have printed when they were stored, by their identifiers."""
    found = {}
    for cell in cells:
        if ours(cell).get("role") == "check" and cell.get("outputs"):
            found[str(cell.get("id", ""))] = "".join(map(_text, cell["outputs"]))
    return found


def _text(output: dict[str, Any]) -> str:
    if output.get("output_type") == "stream":
        return joined(output["text"]) if output.get("name") == "stdout" else ""
    shown = output.get("data", {}).get("text/plain", "")
    return joined(shown) + "\n" if shown else ""
