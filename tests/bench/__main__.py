"""Run every workload in every framework and write RESULTS.md: ``make bench``.

Each framework runs in a process of its own, and processes take turns (A B A B), because two thread
pools in one process slow each other down. The table gives the median ratio over the rounds and its
range; a ratio below 1 means that dlcore is faster.
"""

import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

from tests.bench.workloads import WORKLOADS

ROOT = Path(__file__).parents[2]
ROUNDS = 5


def seconds(framework: str, name: str) -> float:
    """Time of one step, measured in a new process."""
    command = [sys.executable, "-m", "tests.bench.worker", framework, name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def row(name: str) -> str:
    """Measure one workload and write its line of the table."""
    pairs = []
    for i in range(ROUNDS):
        print(f"{name}: round {i + 1} of {ROUNDS}", file=sys.stderr)
        pairs.append((seconds("dlcore", name), seconds("torch", name)))
    ratios = sorted(ours / theirs for ours, theirs in pairs)
    ours, theirs = (statistics.median(column) * 1e3 for column in zip(*pairs, strict=True))
    return (
        f"| {WORKLOADS[name].title} | {ours:.3f} | {theirs:.3f} "
        f"| {statistics.median(ratios):.2f} | {ratios[0]:.2f} to {ratios[-1]:.2f} |"
    )


def machine() -> str:
    """Describe what the figures were measured on."""
    import numpy
    import torch

    return (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"NumPy {numpy.__version__}, PyTorch {torch.__version__}"
    )


def main() -> None:
    """Write the table."""
    lines = [
        "# Speed of one training step",
        "",
        "Written by `make bench`. Each framework in its own process, processes in turn, median of",
        f"{ROUNDS} rounds. A ratio below 1 means that dlcore is faster than PyTorch (eager).",
        "",
        f"Machine: {machine()}.",
        "",
        "| workload | dlcore, ms | torch, ms | ratio | range of ratios |",
        "|---|---|---|---|---|",
        *(row(name) for name in WORKLOADS),
        "",
    ]
    target = Path(__file__).with_name("RESULTS.md")
    target.write_text("\n".join(lines))
    print(f"{target.relative_to(ROOT)} is written")


if __name__ == "__main__":
    main()
