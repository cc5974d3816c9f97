import os
from pathlib import Path

import pytest

from dlcore.grade.run.environment import kernel_environment
from dlcore.grade.run.inside.guard import forbidden

HERE = "/tmp/work"


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("open", ("/book/solutions/01_first.ipynb", "r", 0)),
        ("open", (b"/book/solutions/01_first.ipynb", None, 0)),
        ("open", ("a/../x.ipynb", "r", 0)),
        ("open", (Path("/book/x.ipynb"), "r", 0)),
        ("open", (f"/proc/{os.getppid()}/environ", "r", 0)),
        ("open", ("/proc/self/mem", "rb", 0)),
        ("open", ("mem", None, 0)),
        ("open", (f"{HERE}/../elsewhere", "w", 0)),
        ("open", ("/etc/passwd", "a", 0)),
        ("open", ("/etc/passwd", None, os.O_RDWR)),
        ("open", ("/tmp/workmate/file", "x", 0)),
        ("open", (type("Sly", (str,), {})("/book/x.ipynb"), "r", 0)),
        ("os.remove", ("/book/chapters", -1)),
        ("os.rename", (f"{HERE}/a", "/book/a", -1, -1)),
        ("subprocess.Popen", ("cat", [], None, None)),
        ("os.fork", ()),
        ("os.kill", (1, 9)),
        ("socket.connect", (None, ("127.0.0.1", 80))),
        ("gc.get_objects", (-1,)),
    ],
)
def test_this_is_held_back(event: str, args: tuple[object, ...]) -> None:
    assert forbidden(event, args, HERE)


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("open", ("/usr/lib/python3/os.py", "r", 0)),
        ("open", (f"{HERE}/notes.txt", "w", 0)),
        ("open", (3, "w", 0)),
        ("open", ("/dev/null", "w", 0)),
        ("open", ("/proc/self/status", "r", 0)),
        ("open", ("/proc/cpuinfo", "r", 0)),
        ("os.remove", (f"{HERE}/a", -1)),
        ("os.mkdir", (Path(HERE) / "b", 511, -1)),
        ("import", ("numpy", None, None, None, None)),
    ],
)
def test_this_goes_on(event: str, args: tuple[object, ...]) -> None:
    assert forbidden(event, args, HERE) == ""


def test_the_kernel_sees_no_private_environment(tmp_path: Path) -> None:
    found = {
        "PATH": "/bin",
        "LC_ALL": "C",
        "OMP_NUM_THREADS": "1",
        "HOME": "/home/me",
        "API_TOKEN": "secret",
        "DLCORE_DATA": "/data",
        "SSH_AUTH_SOCK": "/run/x",
    }
    made = kernel_environment(found, tmp_path)
    assert "secret" not in made.values()
    assert "SSH_AUTH_SOCK" not in made
    assert made["HOME"] == made["TMPDIR"] == str(tmp_path)
    assert (made["LC_ALL"], made["OMP_NUM_THREADS"]) == ("C", "1")
    assert made["DLCORE_PROGRESS"] == "0"
