"""Freed memory stays with the process, and settings of the reader's own are left alone."""

import os
import platform
import subprocess
import sys

import pytest

from dlcore.memory import keep_freed

GLIBC = platform.libc_ver()[0] == "glibc"
FAULTS = """
import resource, numpy as np
{first}

def step():
    return [np.ones(200_000, np.float32) for _ in range(20)]

step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def _faults(first: str) -> int:
    """Pages that the system had to clear in 20 steps of 16 MB."""
    free = {k: v for k, v in os.environ.items() if not k.startswith("MALLOC_")}
    command = [sys.executable, "-c", FAULTS.format(first=first)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=free)
    return int(done.stdout)


@pytest.mark.skipif(not GLIBC, reason="only glibc has the setting")
def test_the_pages_of_one_step_serve_the_next() -> None:
    assert _faults("import dlcore") < _faults("") / 10


@pytest.mark.parametrize("name", ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"])
def test_settings_of_the_environment_are_left_alone(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "131072")
    assert not keep_freed()


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert not keep_freed()


def test_a_c_library_without_the_setting_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("MALLOC_TRIM_THRESHOLD_", raising=False)
    monkeypatch.delenv("MALLOC_MMAP_THRESHOLD_", raising=False)
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())
    assert not keep_freed()
