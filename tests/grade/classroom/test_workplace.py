"""The temporary folder of a class run: gone at the end, and after a kill with the next run."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dlcore.grade.classroom.workplace import clear_after_dead_runs, workplace
from dlcore.grade.run.places import clear_after_the_dead, own_folder, short_folder
from tests.processes import unmeasured

pytest.importorskip("fcntl", reason="without locks nobody can say whether a run is dead")

RUN = """
import sys, pathlib
from dlcore.grade.classroom.workplace import workplace
with workplace(pathlib.Path(sys.argv[1])) as folder:
    (folder / "handed-in").mkdir()
    print(folder, flush=True)
    sys.stdin.read()
"""


WORKER = """
import sys, tempfile
from dlcore.grade.run.places import own_folder
tempfile.tempdir = sys.argv[1]
with own_folder("dlcore-task-") as folder:
    (folder / "handed-in").mkdir()
    print(folder, flush=True)
    sys.stdin.read()
"""


@contextmanager
def running(out: Path, source: str = RUN) -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    """A run in a process of its own, which works until it is killed."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", source, str(out)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=unmeasured()) as run:
        assert run.stdout is not None
        folder = Path(run.stdout.readline().strip())
        try:
            yield run, folder
        finally:
            run.kill()


@pytest.fixture
def left(tmp_path: Path) -> Iterator[Path]:
    """What a run that was killed leaves: a folder whose lock nobody holds, and a note of it."""
    with tempfile.TemporaryDirectory(prefix="dlcore-class-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "handed-in").mkdir()
        (folder / "lock").write_text("1" * 32)
        said = {"on": platform.node(), "folder": name, "token": "1" * 32}
        (tmp_path / ".running-11111111.json").write_text(json.dumps(said))
        yield folder


def note(out: Path) -> Path:
    (found,) = out.glob(".running-*.json")
    return found


def test_all_temporary_files_of_a_run_go_there_and_it_leaves_nothing(tmp_path: Path) -> None:
    before = os.environ.get("TMPDIR"), tempfile.gettempdir()
    with workplace(tmp_path) as folder:
        assert os.environ["TMPDIR"] == tempfile.gettempdir() == str(folder)
        assert short_folder() is None
        assert note(tmp_path).is_file()
        (folder / "kernel").mkdir()
    assert (os.environ.get("TMPDIR"), tempfile.gettempdir()) == before
    assert not folder.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_was_interrupted_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), workplace(tmp_path) as folder:
        raise KeyboardInterrupt
    assert not folder.exists()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_has_left_is_removed_by_the_next(tmp_path: Path) -> None:
    with running(tmp_path) as (run, left):
        run.kill()
        run.wait()
        assert (left / "handed-in").is_dir()
    with workplace(tmp_path) as folder:
        assert not left.exists()
        assert folder != left
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_run_that_lives_is_left_alone(tmp_path: Path) -> None:
    with running(tmp_path) as (_, folder):
        clear_after_dead_runs(tmp_path)
        assert (folder / "handed-in").is_dir()
        assert note(tmp_path).is_file()
    clear_after_dead_runs(tmp_path)
    assert not folder.exists()


def test_a_run_with_another_report_removes_nothing(tmp_path: Path, left: Path) -> None:
    with workplace(tmp_path / "other"):
        assert left.is_dir()


@pytest.mark.parametrize("change", ["token", "name", "machine", "user", "link", "no lock"])
def test_what_may_be_somebody_elses_is_left_alone(
    tmp_path: Path, left: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = json.loads(note(tmp_path).read_text())
    meant = left
    if change == "token":
        said["token"] = "0" * 32
    elif change == "name":
        meant = left.rename(tmp_path / "thesis")
    elif change == "machine":
        said["on"] = f"not {platform.node()}"
    elif change == "user":
        monkeypatch.setattr(os, "getuid", lambda: left.stat().st_uid + 1)
    elif change == "link":
        meant = tmp_path / "dlcore-class-link"
        meant.symlink_to(left)
    else:
        (left / "lock").unlink()
    note(tmp_path).write_text(json.dumps({**said, "folder": str(meant)}))
    clear_after_dead_runs(tmp_path)
    assert (meant / "handed-in").is_dir()


def test_what_a_killed_worker_has_left_is_removed_with_the_next_task(tmp_path: Path) -> None:
    """Of a cluster: there is no note, but a lock that nobody holds."""
    with running(tmp_path, WORKER) as (run, left), pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path))
        with own_folder("dlcore-task-"):
            assert (left / "handed-in").is_dir()  # it lives
        run.kill()
        run.wait()
        assert (left / "handed-in").is_dir()
        with own_folder("dlcore-task-") as folder:
            assert not left.exists()
            assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lock", ["", "1" * 32, f"{'1' * 32}\nnot {platform.node()}"])
def test_a_folder_whose_lock_does_not_say_that_it_is_from_here_is_left_alone(
    tmp_path: Path, lock: str
) -> None:
    folder = tmp_path / "dlcore-task-12345678"
    folder.mkdir()
    (folder / "lock").write_text(lock)
    clear_after_the_dead(tmp_path, "dlcore-task-")
    assert folder.is_dir()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"folder": 1}', "\x00"])
def test_a_note_that_cannot_be_read_stops_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / ".running-1.json").write_text(content)
    with workplace(tmp_path):
        pass


def test_processes_that_a_killed_run_has_left_are_ended(tmp_path: Path, left: Path) -> None:
    """Only those that work in its folder."""
    idle = [sys.executable, "-c", "'dlcore.grade.run.session'; input()"]
    here = unmeasured(TMPDIR=str(left))
    with (
        subprocess.Popen(idle, stdin=subprocess.PIPE, env=here) as orphan,
        subprocess.Popen(idle, stdin=subprocess.PIPE, env=unmeasured()) as other,
    ):
        clear_after_dead_runs(tmp_path)
        assert orphan.wait(60) == -9
        assert other.poll() is None
        other.kill()
    assert not left.exists()
