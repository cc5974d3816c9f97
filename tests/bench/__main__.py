"""Measure everything and write RESULTS.md: ``make bench``.

Each framework runs in a process of its own, and processes take turns (A B A B), because two thread
pools in one process slow each other down. Ctrl-C stops it; the next run goes on from there.
"""

import argparse
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from tests.bench.measure import KEPT, ROUNDS, jobs, kept, measure
from tests.bench.tables import report

TARGET = Path(__file__).with_name("RESULTS.md")


def processor() -> str:
    """Name the processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def machine() -> str:
    """Describe what the figures were measured on."""
    import numpy
    import torch

    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return (
        f"{processor()}, {platform.machine()}, {os.cpu_count()} cores; Python "
        f"{platform.python_version()}; NumPy {numpy.__version__} with {blas['name']} "
        f"{blas['version']}; PyTorch {version('torch')} with "
        f"{'MKL' if torch.backends.mkl.is_available() else 'its own BLAS'}"
        f"{' and oneDNN' if torch.backends.mkldnn.is_available() else ''}."
    )


def main() -> None:
    """Measure, and write the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="default: %(default)s")
    parser.add_argument("--out", type=Path, default=TARGET, help="default: %(default)s")
    parser.add_argument("--now", action="store_true", help="write what is measured, no more")
    chosen = parser.parse_args()
    try:
        results = kept() if chosen.now else measure(jobs(chosen.rounds))
    except KeyboardInterrupt:
        sys.exit(
            f"\nStopped; what was measured is in {KEPT}. 'make bench' goes on from there, "
            "and 'python -m tests.bench --now' writes its tables."
        )
    chosen.out.write_text(report(results, machine()), encoding="utf-8")
    if not chosen.now:
        KEPT.unlink()
    print(f"{chosen.out} is written")


if __name__ == "__main__":
    main()
