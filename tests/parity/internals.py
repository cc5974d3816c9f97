"""PyTorch's own test samples, which lie in its internals, or the reason why there are none here."""

import contextlib
import functools
import importlib
import random
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

PACKAGE = "torch.testing._internal"


@functools.cache
def samples_of(module: str, table: str) -> Any:
    """Return a table of torch's samples, such as ``("common_methods_invocations", "op_db")``.

    The internals promise nothing: where they, or a package that only they need, are missing, the
    test that asks is skipped and says what is not there. The import takes some seconds, so ask
    within a test, not while tests are collected.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return getattr(importlib.import_module(f"{PACKAGE}.{module}"), table)
        except (ImportError, AttributeError) as error:
            pytest.skip(f"{PACKAGE}.{module}.{table} is not to be had: {error}")


@contextlib.contextmanager
def same_samples() -> Iterator[None]:
    """Let torch draw the same samples in every run, and leave the generators as they were."""
    torch = importlib.import_module("torch")
    states = random.getstate(), np.random.get_state()  # noqa: NPY002 (torch's samples draw there)
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002
        torch.manual_seed(0)
        try:
            yield
        finally:
            random.setstate(states[0])
            np.random.set_state(states[1])  # noqa: NPY002
