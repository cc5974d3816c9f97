"""The environment of a kernel: nothing private, and one thread whatever the caller has set."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dlcore.grade.run.environment import kernel_environment
from dlcore.grade.run.process import GradingError, run_cells
from dlcore.notebooks.exercises import Exercise
from tests.notebooks.building import code

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
COUNT = """
import os
import numpy
import threadpoolctl
print(sorted({library["num_threads"] for library in threadpoolctl.threadpool_info()}))
"""


@dataclass
class Empty:
    """A solution without exercises."""

    path: Path
    exercises: list[Exercise] = field(default_factory=list)


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller who asks for many threads."""
    for name in THREADS:
        monkeypatch.setenv(name, "4")


@pytest.mark.usefixtures("busy")
def test_libraries_in_the_kernel_compute_with_one_thread(tmp_path: Path) -> None:
    cell = code("setup", COUNT)
    cell.execution_count = 1
    ran = run_cells([cell], Empty(tmp_path / "01_first.ipynb"), timeout=30.0, printed=True)
    assert ran.endings["setup"]["got"] == "[1]"


def test_the_number_of_threads_is_not_the_callers(tmp_path: Path) -> None:
    for found in ({}, dict.fromkeys(THREADS, "8")):
        made = kernel_environment({"PATH": "/usr/bin", **found}, tmp_path)
        assert {made[name] for name in THREADS} == {"1"}


def test_a_kernel_that_cannot_start_is_reported_at_the_first_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that shadows another is said to do so once, and not after every cell has tried."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "ipykernel_launcher.py").write_text("raise SystemExit('not the one')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "theirs"))
    cells = [code(name, "pass") for name in ("first", "second", "third")]
    with pytest.raises(GradingError, match="the run broke off: cell first: RuntimeError"):
        run_cells(cells, Empty(tmp_path / "solutions" / "01_first.ipynb"), timeout=30.0)
