"""The test suite itself: its order, and what coverage keeps when a worker is ended."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import in_order
from tests.processes import unmeasured

ROOT = Path(__file__).parents[1]
SETTINGS = """
[run]
source = .
parallel = true
patch = subprocess
"""
# A worker that is killed while it leaves, as xdist does with one that takes too long.
KILLED = """
import atexit, os, signal
if "PYTEST_XDIST_WORKER" in os.environ:
    atexit.register(os.kill, os.getpid(), signal.SIGKILL)
"""


def item(path: str, *markers: str):
    return SimpleNamespace(path=ROOT / path, get_closest_marker=lambda name: name in markers)


def test_the_files_that_take_longest_begin_first():
    items = [
        *[item("tests/test_a.py")] * 2,
        *[item("tests/test_b.py")] * 3,
        item("tests/nn/test_c.py", "slow"),
        *[item("tests/grade/test_d.py")] * 2,
        item("tests/site/test_e.py", "browser"),
        *[item("chapters/01.ipynb")] * 2,
        item("tests/test_a.py"),
    ]
    in_order(items)
    assert "".join(one.path.stem[-1] for one in items) == "11eddcaaabbb"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_what_a_worker_has_measured_is_kept_when_it_is_killed_while_it_leaves(tmp_path):
    coverage = pytest.importorskip("coverage", reason="coverage is not installed")
    (tmp_path / "rc").write_text(SETTINGS)
    (tmp_path / "killed.py").write_text(KILLED)
    (tmp_path / "measured.py").write_text("def f():\n    return 1\n")
    (tmp_path / "test_it.py").write_text("import measured\ndef test_f():\n    measured.f()\n")
    run = [sys.executable, "-m", "coverage", "run", "--rcfile=rc", "-m", "pytest", "-q"]
    bare = ["-n", "1", "-c", "/dev/null", "--rootdir", "."]  # with none of this suite's settings
    options = [*bare, "-p", "tests.conftest", "-p", "killed"]
    environment = {
        name: value
        for name, value in unmeasured(PYTHONPATH=f"{ROOT}:{tmp_path}").items()
        if not name.startswith("PYTEST_")  # this test may itself run in a worker
    }
    done = subprocess.run(
        [*run, *options, "test_it.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = set()
    for path in tmp_path.glob(".coverage.*"):
        data = coverage.CoverageData(str(path))
        data.read()
        lines |= set(data.lines(str(tmp_path / "measured.py")) or ())
    assert lines == {1, 2}
