"""A class graded for real: scores as they were made to be, a run killed, a cluster of two."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dlcore.grade.classroom.classroom import CANNOT, DONE, Classroom
from dlcore.grade.report import schema
from tests.grade.classroom.submissions import Made, differences, make_class
from tests.processes import unmeasured

pytestmark = pytest.mark.slow


def room(top: Path, out: str, **more: Any) -> Classroom:
    solutions = top / "book" / "solutions"
    return Classroom(folder=top / "class", out=top / out, solutions=solutions, **more)


def files(folder: Path) -> dict[str, bytes]:
    """The report: everything but what is kept for the next run."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".results" not in path.parts
    }


def keep(top: Path, made: list[Made], wanted: list[int]) -> list[Made]:
    """Take all submissions but these out of a class."""
    kept = [made[index] for index in wanted]
    for one in made:
        if one not in kept:
            (top / "class" / one.file).unlink()
            (top / "class" / one.file).parent.rmdir()
    return kept


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Made]]:
    """Twelve submissions of each sort, graded in a run that nothing disturbed."""
    top = tmp_path_factory.mktemp("sample")
    made = keep(top, make_class(top, 36), [0, 1, 2, 3, 4, 7, 10, 18, 19, 23, 27, 35])
    assert room(top, "report").grade() == CANNOT  # there are broken files among them
    return top, made


def test_scores_are_what_they_were_made_to_be(sample: tuple[Path, list[Made]]) -> None:
    import jsonschema

    top, made = sample
    assert {one.points is None for one in made} == {True, False}
    assert differences(made, top / "report") == []
    for path in (top / "report" / "reports").rglob("*.json"):
        jsonschema.validate(json.loads(path.read_text()), schema())


@pytest.fixture(scope="module")
def honest(
    sample: tuple[Path, list[Made]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Made]]:
    """Three of these that can all be graded, and the report on them by what was found there."""
    top = tmp_path_factory.mktemp("honest")
    made = keep(top, make_class(top, 10), [0, 1, 4])
    shutil.copytree(sample[0] / "report" / ".results", top / "undisturbed" / ".results")
    assert room(top, "undisturbed").grade() == DONE
    return top, made


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="the system has no process groups")
def test_a_run_that_was_killed_goes_on_and_gives_the_same_report(
    honest: tuple[Path, list[Made]],
) -> None:
    top, made = honest
    command = [sys.executable, "-m", "dlcore.cli", "grade", "--class", str(top / "class")]
    command += ["--out", str(top / "report"), "--solutions", str(top / "book" / "solutions")]
    with subprocess.Popen(
        [*command, "--jobs", "1"],
        stdout=subprocess.PIPE,
        start_new_session=True,
        env=unmeasured(),
    ) as run:
        while len(list((top / "report").glob(".results/*.json"))) < 2:
            try:
                run.wait(0.1)
                raise AssertionError("the run ended before it could be killed")
            except subprocess.TimeoutExpired:
                continue
        os.killpg(run.pid, signal.SIGKILL)
    (top / "report" / "reports" / ".0123456789abcdef.part").write_text("half of a pa")
    before = {path: path.stat().st_mtime_ns for path in (top / "report").glob(".results/*.json")}
    assert 2 <= len(before) < len(made)
    assert not (top / "report" / "gradebook.csv").exists()
    assert room(top, "report").grade() == DONE
    assert differences(made, top / "report") == []
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert files(top / "report") == files(top / "undisturbed")


def say(process: subprocess.Popen[str], word: str) -> str:
    """Read what a process says until a line holds a word; return that line."""
    assert process.stderr is not None
    for line in process.stderr:
        if word in line:
            return line
    raise AssertionError(f"the process ended without saying {word!r}")


@pytest.fixture
def cluster() -> Iterator[str]:
    """A Dask scheduler with two workers on this machine, each a process of its own."""
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with contextlib.ExitStack() as stack:

        def start(*words: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1"]
            process = subprocess.Popen(
                [*command, "--dashboard-address", "127.0.0.1:0"],
                stderr=subprocess.PIPE,
                text=True,
                env=unmeasured(),
            )
            stack.enter_context(process)
            stack.callback(process.terminate)
            return process

        line = say(start("scheduler", "--port", "0"), "Scheduler at:")
        address = line.split("Scheduler at:")[1].strip()
        for worker in [start("worker", address, "--nthreads", "1", "--no-nanny") for _ in "ab"]:
            say(worker, "Registered to:")
        yield address


def grade_by(address: str, top: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dlcore.cli", "grade", "--class", str(top / "class")]
    command += ["--out", str(top / "by-cluster"), "--solutions", str(top / "book" / "solutions")]
    return subprocess.run(
        [*command, "--cluster", address], capture_output=True, text=True, check=False
    )


def test_a_cluster_of_two_workers_gives_the_same_report(
    honest: tuple[Path, list[Made]], cluster: str
) -> None:
    top, made = honest
    ended = grade_by(cluster, top)
    assert ended.returncode == DONE, ended.stderr
    assert differences(made, top / "by-cluster") == []
    assert files(top / "by-cluster") == files(top / "undisturbed")


def test_a_cluster_that_does_not_answer_is_named(
    honest: tuple[Path, list[Made]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Silent:
        def Client(self, address: str, **_: object) -> None:  # noqa: N802
            raise OSError(f"Timed out trying to connect to {address}")

    monkeypatch.setitem(sys.modules, "distributed", Silent())
    assert room(honest[0], "unanswered", cluster="tcp://127.0.0.1:9").grade() == CANNOT
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err
