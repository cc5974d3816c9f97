"""The list of measurements, made one after the other, each in a new process; a stop loses one.

What is measured is kept beside the environment until the tables are written, so a run that was
interrupted goes on where it stopped.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench import growth, peers, tricks
from tests.bench.workloads import WORKLOADS

ROOT = Path(__file__).parents[2]
KEPT = Path(sys.prefix) / "bench.json"
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
ROUNDS = 5


class Job(NamedTuple):
    """One measurement: threads, kind and arguments of the worker, and the round."""

    threads: int
    kind: str
    arguments: tuple[str, ...]
    round: int

    def __str__(self) -> str:
        """Read as a line of progress, and as the name under which the result is kept."""
        return f"{self.threads} thread: {self.kind} {' '.join(self.arguments)}, round {self.round}"


def jobs(rounds: int = ROUNDS) -> list[Job]:
    """List all measurements; those that are compared follow each other."""
    return [job for number in range(1, rounds + 1) for job in _round(number, rounds)]


def thread_counts() -> list[int]:
    """One thread, and two where there are two cores."""
    return [1, 2] if (os.cpu_count() or 1) > 1 else [1]


def _round(number: int, rounds: int) -> Iterator[Job]:
    """Everything once; what changes little from run to run is measured in three rounds only."""
    seldom = number <= min(rounds, 3)
    for threads in thread_counts():
        for name, workload in WORKLOADS.items():
            for framework in ("dlcore", "torch"):
                yield Job(threads, "time", (framework, name), number)
            for peer in peers.PEERS:
                if threads == 1 and seldom and peers.runs(peer, workload):
                    yield Job(threads, "time", (peer, name), number)
    if not seldom:
        return
    for trick in tricks.TRICKS:
        yield Job(1, "with", (trick,), number)
        yield Job(1, "without", (trick,), number)
    for name in growth.CURVES:
        yield Job(1, "growth", (name,), number)
    if number == 1:
        for name in WORKLOADS:
            yield Job(1, "floor", (name,), number)
            for framework in ("dlcore", "torch"):
                yield Job(1, "memory", (framework, name), number)


def run(job: Job) -> Any:
    """Make a measurement in a new process."""
    environment = os.environ | dict.fromkeys(THREADS, str(job.threads))
    command = [sys.executable, "-m", "tests.bench.worker", job.kind, *job.arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError(f"{job} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def state_of_code() -> str:
    """Fingerprint of what is measured: results of other code are not gone on with."""
    files = sorted([*ROOT.glob("dlcore/**/*.py"), *ROOT.glob("tests/bench/*.py")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def kept() -> dict[str, Any]:
    """Read what an interrupted run of the same code has measured."""
    if not KEPT.exists():
        return {}
    stored = json.loads(KEPT.read_text())
    return dict(stored["results"]) if stored["code"] == state_of_code() else {}


def keep(results: dict[str, Any]) -> None:
    """Write what was measured so far, whole or not at all."""
    new = KEPT.with_suffix(".new")
    new.write_text(json.dumps({"code": state_of_code(), "results": results}))
    new.replace(KEPT)


def measure(todo: list[Job]) -> dict[str, Any]:
    """Make all measurements that are not there yet, and say which is being made."""
    results, start = kept(), time.monotonic()
    absent = {peer: why for peer in peers.PEERS if (why := peers.missing(peer))}
    for number, job in enumerate(todo, 1):
        if str(job) in results:
            continue
        spent = int(time.monotonic() - start)
        print(f"[{number}/{len(todo)}, {spent // 60}:{spent % 60:02}] {job}", file=sys.stderr)
        why = absent.get(job.arguments[0])
        results[str(job)] = None if why else run(job)
        keep(results)
    return results
