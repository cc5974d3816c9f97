"""One measurement, in a process of its own: ``python -m tests.bench.worker KIND ARGUMENTS``.

It prints one line of JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.bench import floor, growth, memory, tricks
from tests.bench.workloads import STEPS, WORKLOADS


def median_time(step: Callable[[], object], steps: int) -> float:
    """Warm up, then return the median time of a step in milliseconds."""
    for _ in range(max(steps // 5, 3)):
        step()
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2] * 1e3


def step_time(framework: str, name: str) -> float:
    """Time a step of a workload."""
    return median_time(STEPS[framework](WORKLOADS[name]), WORKLOADS[name].steps)


def curve(name: str) -> list[float]:
    """Time a step of dlcore at each size of a curve."""
    workloads = growth.CURVES[name].workloads()
    return [median_time(STEPS["dlcore"](workload), workload.steps) for workload in workloads]


def without(trick: str) -> float:
    """Time a step of dlcore with one trick switched off."""
    name = tricks.TRICKS[trick].workload
    with tricks.TRICKS[trick].off():
        return step_time("dlcore", name)


KINDS: dict[str, Callable[..., Any]] = {
    "time": step_time,
    "memory": memory.peak,
    "growth": curve,
    "floor": lambda name: floor.floor(WORKLOADS[name], median_time),
    "with": lambda trick: step_time("dlcore", tricks.TRICKS[trick].workload),
    "without": without,
}

if __name__ == "__main__":
    kind, *arguments = sys.argv[1:]
    print(json.dumps(KINDS[kind](*arguments)))
