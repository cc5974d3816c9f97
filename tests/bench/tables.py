"""RESULTS.md from what was measured: a section a table; the book shows them by their headings."""

import statistics
from collections.abc import Callable, Sequence
from typing import Any

from tests.bench import growth, peers, tricks
from tests.bench.measure import Job
from tests.bench.workloads import WORKLOADS

Results = dict[str, Any]  # by the name of the job
NOTHING = "Not measured on this machine."


def rounds(results: Results, threads: int, kind: str, *arguments: str) -> list[Any]:
    """Collect what was measured, round by round."""
    found: list[Any] = []
    while (name := str(Job(threads, kind, arguments, len(found) + 1))) in results:
        found.append(results[name])
    return found


def spread(values: Sequence[float]) -> str:
    """Write a median with its range."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Divide round by round, as far as both were measured."""
    return [a / b for a, b in zip(ours, theirs, strict=False)]


def table(*head: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """Write a table; the first column is text, the others are numbers."""
    if not rows:
        return [NOTHING]
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def steps(results: Results, threads: int) -> list[str]:
    """Tabulate dlcore beside torch."""
    rows = []
    for name, workload in WORKLOADS.items():
        ours, theirs = (
            rounds(results, threads, "time", f, name) for f in ("dlcore", "torch")
        )  # fmt: skip
        if not ours or not theirs:
            continue
        ratio = ratios(ours, theirs)
        reached = "yes" if statistics.median(ratio) <= workload.target else "no"
        times = [f"{statistics.median(times):.3f}" for times in (ours, theirs)]
        rows.append([workload.title, *times, spread(ratio), f"{workload.target:g}", reached])
    head = "workload", "dlcore, ms", "torch, ms", "dlcore / torch", "target", "reached"
    return table(*head, rows=rows)


def peers_beside_torch(results: Results) -> list[str]:
    """Tabulate the peers, as ratios to torch in the same rounds."""
    rows = []
    for name, workload in WORKLOADS.items():
        if not any(peers.runs(peer, workload) for peer in peers.PEERS):
            continue
        theirs = rounds(results, 1, "time", "torch", name)
        row = [workload.title]
        for framework in ("dlcore", *peers.PEERS):
            measured = rounds(results, 1, "time", framework, name)
            if not measured or not theirs:
                row.append("–")
            elif None in measured:
                row.append("not installed")
            else:
                row.append(spread(ratios(measured, theirs)))
        rows.append(row)
    return table("workload", *(f"{f} / torch" for f in ("dlcore", *peers.PEERS)), rows=rows)


def memory(results: Results) -> list[str]:
    """Tabulate the peak of a step."""
    rows = []
    for name, workload in WORKLOADS.items():
        found = [rounds(results, 1, "memory", f, name) for f in ("dlcore", "torch")]
        if all(found):
            rows.append([workload.title, *(f"{measured[0]:.1f}" for measured in found)])
    return table("workload", "dlcore, MiB", "torch, MiB", rows=rows)


def growth_of(results: Results) -> list[str]:
    """Tabulate the slopes, and how much of the longest step is quadratic."""
    rows = []
    for name, curve in growth.CURVES.items():
        measured = rounds(results, 1, "growth", name)
        if not measured:
            continue
        slopes = [growth.slope(curve.sizes, times) for times in measured]
        ends = [growth.slope(curve.sizes[-2:], times[-2:]) for times in measured]
        shares = [growth.squared_share(curve.sizes, times) for times in measured]
        sizes = f"{curve.sizes[0]} to {curve.sizes[-1]}"
        share = f"{100 * statistics.median(shares):.0f} %"
        rows.append([curve.title, sizes, spread(slopes), spread(ends), share])
    head = "what grows", "sizes", "slope", "slope of the last doubling", "squared part"
    return table(*head, rows=rows)


def floors(results: Results) -> list[str]:
    """Tabulate the floor of each workload beside the step."""
    rows, bounds = [], ""
    for name, workload in WORKLOADS.items():
        measured, torch = (
            rounds(results, 1, *job, name) for job in (("floor",), ("time", "torch"))
        )  # fmt: skip
        if not measured or not torch:
            continue
        found, theirs = measured[0], statistics.median(torch)
        bounds = (
            f"The cheapest call takes {found['call_us']:.2f} µs; "
            f"NumPy writes {found['gb_s']:.0f} GB/s at most."
        )
        low = found["products_ms"] + found["calls_ms"]
        rows.append([
            workload.title,
            f"{found['products']} · {found['mflop']:.3g}", f"{found['products_ms']:.3f}",
            f"{found['calls']} · {found['mib']:.2g}", f"{found['calls_ms']:.3f}",
            f"{low:.3f}", f"{found['step_ms']:.3f}", f"{low / found['step_ms']:.0%}",
            f"{low / theirs:.2f}",
        ])  # fmt: skip
    head = (
        "workload", "products · Mflop", "their ms", "other calls · MiB", "their ms at least",
        "floor, ms", "step, ms", "floor / step", "floor / torch",
    )  # fmt: skip
    return [bounds, "", *table(*head, rows=rows)] if rows else [NOTHING]


def what_tricks_bought(results: Results) -> list[str]:
    """Tabulate steps without a trick over steps with it."""
    rows = []
    for name, trick in tricks.TRICKS.items():
        ratio = ratios(*(rounds(results, 1, kind, name) for kind in ("without", "with")))
        if not ratio:
            continue
        rows.append([trick.title, trick.plain, WORKLOADS[trick.workload].title, spread(ratio)])
    return table("trick", "in its place", "workload", "time without / with", rows=rows)


def no_longer() -> list[str]:
    """Name the libraries that could not be measured."""
    return [
        "Two more from-scratch libraries do not run on this NumPy. Importing them ends with:",
        "",
        *(f"- {library}: {error.replace('`', '')}" for library, error in peers.GONE.items()),
    ]


SECTIONS: dict[str, Callable[[Results], list[str]]] = {
    "One thread": lambda results: steps(results, 1),
    "Two threads": lambda results: steps(results, 2),
    "Peers": lambda results: [*peers_beside_torch(results), "", *no_longer()],
    "Peak memory": memory,
    "Growth": growth_of,
    "Floors": floors,
    "Tricks": what_tricks_bought,
}


def report(results: Results, machine: str) -> str:
    """Write the whole of RESULTS.md."""
    count = len(rounds(results, 1, "time", "dlcore", "xor"))
    lines = [
        "# Speed of one training step",
        "",
        "Written by `make bench`; the page book/speed.md says what the tables mean. Each framework",
        f"runs in its own process, processes in turn. Medians of {count} rounds, at most, with the",
        "range in brackets. A ratio below 1 means that dlcore is faster than PyTorch (eager).",
        "",
        "## Machine",
        "",
        machine,
    ]
    for title, section in SECTIONS.items():
        lines += ["", f"## {title}", "", *section(results)]
    return "\n".join([*lines, ""])
