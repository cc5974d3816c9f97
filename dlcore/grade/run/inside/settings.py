"""Settings of Python and its libraries that one exercise may make, and the next starts without.

They belong to the thread of the cells, so that the guard, which has one of its own, cannot put them
back; the grader runs these functions between two exercises. Answers are not hindered by them: who
wants to disturb the own later answers may.
"""

import decimal
import os
import random
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import dlcore.random as dlcore_random


def _put_warnings(found: tuple[Any, ...]) -> None:
    warnings.filters[:] = found  # type: ignore[index]
    warnings.simplefilter("default", append=True)  # has caches of what was shown forgotten
    warnings.filters[:] = found  # type: ignore[index]


def _put_path(found: list[str]) -> None:
    sys.path[:] = found


def _generator() -> tuple[Any, Any]:
    default = dlcore_random._default
    return default, default.bit_generator.state


def _put_generator(found: tuple[Any, Any]) -> None:
    dlcore_random._default, state = found
    dlcore_random._default.bit_generator.state = state


SETTINGS: tuple[tuple[Callable[[], Any], Callable[[Any], Any]], ...] = (
    (np.geterr, lambda found: np.seterr(**found)),
    (np.get_printoptions, lambda found: np.set_printoptions(**found)),
    (lambda: tuple(warnings.filters), _put_warnings),
    (os.getcwd, os.chdir),
    (lambda: [*sys.path], _put_path),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (random.getstate, random.setstate),
    (np.random.get_state, np.random.set_state),
    (lambda: decimal.getcontext().copy(), decimal.setcontext),
    (_generator, _put_generator),
)
_kept: list[Any] = []


def keep() -> None:
    """Remember the settings as they are now."""
    _kept[:] = [get() for get, _ in SETTINGS]


def put_back() -> None:
    """Make the settings what they were."""
    for found, (_, put) in zip(_kept, SETTINGS, strict=False):
        put(found)
