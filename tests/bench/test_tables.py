"""RESULTS.md has a table for everything that is measured, and an interrupted run goes on."""

from pathlib import Path
from typing import Any

import pytest

from tests.bench import __main__ as bench, measure, tables, worker
from tests.bench.workloads import WORKLOADS

FLOOR = dict.fromkeys(
    ("products", "mflop", "products_ms", "calls", "mib", "calls_ms", "call_us", "gb_s", "step_ms"),
    1.0,
)


def answer(job: measure.Job) -> Any:
    """What a worker would say: torch takes twice as long as dlcore."""
    if job.kind == "floor":
        return FLOOR
    if job.kind == "growth":
        return [1.0, 2.0, 4.0, 8.0, 16.0]
    return 2.0 if job.arguments[0] == "torch" else 1.0


def test_every_kind_of_job_has_a_worker() -> None:
    assert {job.kind for job in measure.jobs()} == set(worker.KINDS)


def test_every_section_is_written() -> None:
    results = {str(job): answer(job) for job in measure.jobs(2)}
    text = tables.report(results, "a machine")
    for title in tables.SECTIONS:
        assert f"\n## {title}\n\n" in text
    for workload in WORKLOADS.values():
        assert workload.title in text
    assert "| 1.000 | 2.000 | 0.50 (0.50 to 0.50) | 0.25 | no |" in text
    assert "1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 0 % |" in text


def test_a_peer_that_is_not_installed_is_named_so() -> None:
    results = {
        str(job): None if "tinygrad" in job.arguments else answer(job) for job in measure.jobs(2)
    }
    assert "not installed" in "\n".join(tables.peers_beside_torch(results))


@pytest.mark.parametrize("made", [0, 1, 3, 20])
def test_a_part_of_the_measurements_makes_a_report(made: int) -> None:
    results = {str(job): answer(job) for job in measure.jobs(2)[:made]}
    text = tables.report(results, "a machine")
    assert tables.NOTHING in text
    assert text.count("\n## ") == len(tables.SECTIONS) + 1


def test_an_interrupted_run_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[measure.Job] = []

    def run(job: measure.Job) -> Any:
        if len(made) == 5:
            made.append(job)
            raise KeyboardInterrupt
        made.append(job)
        return answer(job)

    monkeypatch.setattr(measure, "KEPT", tmp_path / "bench.json")
    monkeypatch.setattr(measure, "run", run)
    monkeypatch.setattr(measure.peers, "missing", lambda peer: None)
    todo = measure.jobs(1)
    with pytest.raises(KeyboardInterrupt):
        measure.measure(todo)
    results = measure.measure(todo)
    assert len(made) == len(todo) + 1
    assert set(results) == {str(job) for job in todo}


def test_results_of_other_code_are_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "KEPT", tmp_path / "bench.json")
    measure.keep({"a": 1})
    assert measure.kept() == {"a": 1}
    monkeypatch.setattr(measure, "state_of_code", lambda: "changed")
    assert measure.kept() == {}


def test_a_failed_worker_says_what_it_said() -> None:
    with pytest.raises(RuntimeError, match="KeyError: 'nonsense'"):
        measure.run(measure.Job(1, "time", ("nonsense", "xor"), 1))


def test_results_on_file_have_the_sections_that_the_page_shows() -> None:
    text = bench.TARGET.read_text(encoding="utf-8")
    page = (measure.ROOT / "book" / "speed.md").read_text(encoding="utf-8")
    shown = [line.removeprefix("```{bench} ") for line in page.splitlines() if "```{bench}" in line]
    assert shown == ["Machine", *tables.SECTIONS]
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == shown
