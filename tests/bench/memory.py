"""Peak memory of a training step, as the system sees it: resident pages above those before it."""

import resource
import sys
from pathlib import Path

from tests.bench.workloads import STEPS, WORKLOADS


def _peak() -> float:
    """Most MiB that the process has held since it started, or since `_forget`."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def _forget() -> None:
    """Let Linux count the peak from now on, so that a peak of the imports does not hide a step."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return  # then a step shows only what it needs beyond that peak


def peak(framework: str, name: str) -> float:
    """Measure MiB of ten steps, their weights and moments, beyond what stood before.

    A step on one example goes first: the code that a step touches is then in memory and is not
    counted.
    """
    workload = WORKLOADS[name]
    STEPS[framework](workload.of(1))()
    step = STEPS[framework](workload)
    _forget()
    before = _peak()
    for _ in range(10):
        step()
    return _peak() - before
