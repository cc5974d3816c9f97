"""Whose code is at work while a check runs: an answer's, or the exercise's own.

Cells have files of their own names in the kernel, by which code is known. The guard lets the two
functions here that look at frames do so; they hand out none.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

Starts = str | tuple[str, ...]


def cells(
    start: Starts = "\0", answers: frozenset[str] = frozenset()
) -> tuple[Starts, frozenset[str]]:
    """Return how the files of cells are called; set by `name`.

    Parameters
    ----------
    start : str or tuple of str
        With this, or one of these, the names of all of them begin.
    answers : frozenset of str
        The names of those that are answers.

    Returns
    -------
    tuple of str and frozenset
        The two.
    """
    return start, answers


def name(start: Starts, answers: Iterable[str]) -> None:
    """Say how the files of cells are called from now on.

    Parameters
    ----------
    start : str or tuple of str
        With this, or one of these, the names of all of them begin.
    answers : iterable of str
        The names of those that are answers.
    """
    known: Any = cells
    known.__defaults__ = (start, frozenset(answers))


@contextmanager
def named(start: Starts, answers: Iterable[str]) -> Iterator[None]:
    """Say how the files of cells are called, as long as the block runs.

    Parameters
    ----------
    start : str or tuple of str
        With this, or one of these, the names of all of them begin.
    answers : iterable of str
        The names of those that are answers.

    Yields
    ------
    None
        Nothing.
    """
    before = cells()
    name(start, answers)
    try:
        yield
    finally:
        name(*before)


def by_answer() -> bool:
    """Say whether the caller works for code of an answer.

    Returns
    -------
    bool
        True if the innermost cell among those that are being run is an answer.
    """
    start, answers = cells()
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and not frame.f_code.co_filename.startswith(start):
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename in answers


def by_exercise(error: BaseException) -> bool:
    """Say whether it was the exercise's own code that raised an error, and no answer was asked.

    Parameters
    ----------
    error : BaseException
        What a check has caught.

    Returns
    -------
    bool
        True if it was raised in a check, or in what the exercise gives.
    """
    start, answers = cells()
    names: list[str] = []
    step: TracebackType | None = error.__traceback__
    while step is not None:
        names.append(step.tb_frame.f_code.co_filename)
        step = step.tb_next
    return names[-1].startswith(start) and not answers.intersection(names)
