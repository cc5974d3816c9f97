"""Time one workload in one framework and print seconds per step: run in a process of its own."""

import sys
import time

from tests.bench.workloads import STEPS, WORKLOADS


def main(framework: str, name: str) -> None:
    """Warm up, then print the median time of a step in seconds."""
    workload = WORKLOADS[name]
    step = STEPS[framework](workload)
    for _ in range(max(workload.steps // 5, 3)):
        step()
    times = []
    for _ in range(workload.steps):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    print(sorted(times)[len(times) // 2])


if __name__ == "__main__":
    main(*sys.argv[1:])
