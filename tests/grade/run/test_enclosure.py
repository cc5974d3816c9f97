"""What the system holds back, tried from inside; each means by itself, and all together."""

import json
import os
import platform
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from dlcore.grade import limits
from dlcore.grade.run import kernel
from dlcore.grade.run.containment import containment
from dlcore.grade.run.enclosure import landlock, resources, seccomp
from dlcore.grade.run.enclosure.launch import Held, Room, become, lower_limits
from dlcore.grade.run.environment import readable_places
from tests.processes import unmeasured

PACKAGE = str(Path(kernel.__file__).parents[2])
WITHOUT: dict[str, list[str]] = {
    "everything": [],
    "namespaces": ["landlock"],
    "Landlock": ["namespaces"],
    "nothing": ["namespaces", "landlock"],
}
PROBE = """
import json, os, socket, sys
secret, folder, port, grader = sys.argv[1:]
def tried(what):
    try:
        what()
    except OSError as error:
        return type(error).__name__
    return "done"
def listen():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
print(json.dumps({
    "reads": tried(lambda: open(f"{secret}/solution.txt").read()),
    "lists": tried(lambda: os.listdir(secret)),
    "writes": tried(lambda: open(f"{secret}/new.txt", "w")),
    "removes": tried(lambda: os.remove(f"{secret}/solution.txt")),
    "links": tried(lambda: open(os.symlink(f"{secret}/solution.txt", "link") or "link").read()),
    "connects": tried(lambda: socket.create_connection(("127.0.0.1", int(port)), 5).close()),
    "signals": tried(lambda: os.kill(int(grader), 0)),
    "looks at the grader": tried(lambda: open(f"/proc/{grader}/environ", "rb").read()),
    "writes at home": tried(lambda: open("mine.txt", "w").write("2")),
    "listens": tried(listen),
    "writes to Python": tried(lambda: open(os.__file__, "a")),
    "writes beside the sockets": tried(lambda: open('../run/more', 'w').write('x')),
    "fills the disk": tried(lambda: [open(str(n), "wb").write(bytes(2**20)) for n in range(20)]),
}))
"""


def room(folder: Path, secret: Path, without: list[str]) -> Room:
    """An enclosure with little space, whose secrets lie where it may otherwise read."""
    top = folder / "top"
    for name in ("home", "run", "root"):
        (top / name).mkdir(parents=True)
    return Room(
        folder=str(top / "home"),
        build_in=str(top / "root"),
        report=str(top / "run" / "held.json"),
        readable=readable_places(dict(os.environ)),
        sockets=str(top / "run"),
        secret=[str(secret)],
        memory=limits.MEMORY,
        processor=1200,
        file_size=limits.FILE_SIZE,
        disk=8,
        open_files=limits.OPEN_FILES,
        processes=limits.PROCESSES,
        without=without,
    )


def launched(wanted: Room, *command: str) -> subprocess.CompletedProcess[str]:
    boot = kernel._BOOT.format("dlcore", PACKAGE)
    start = [sys.executable, "-I", "-S", "-c", boot, json.dumps(asdict(wanted))]
    return subprocess.run(
        [*start, *command], capture_output=True, text=True, check=False, env=unmeasured()
    )


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(scope="module", params=WITHOUT)
def tried(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, port: int
) -> tuple[dict[str, str], Held]:
    """What a program could do in an enclosure, and what the enclosure says it holds."""
    folder = tmp_path_factory.mktemp("room")
    secret = folder / "solutions"
    secret.mkdir()
    (secret / "solution.txt").write_text("4.0")
    wanted = room(folder, secret, WITHOUT[request.param])
    words = (str(secret), str(folder), str(port), str(os.getpid()))
    ended = launched(wanted, sys.executable, "-c", PROBE, *words)
    assert ended.returncode == 0, ended.stderr
    found = Held(**json.loads(Path(wanted.report).read_text()))
    return json.loads(ended.stdout), found


def sentences(found: Held) -> str:
    return " ".join(found.enforced)


def test_what_is_said_to_hold_holds(tried: tuple[dict[str, str], Held]) -> None:
    done, found = tried
    if "nothing but that folder written" in sentences(found):
        for what in ("reads", "lists", "writes", "removes", "links", "writes to Python"):
            assert done[what] != "done", what
    else:
        assert "can read what you can read" in " ".join(found.not_enforced)
    if "network: none" in sentences(found):
        assert done["connects"] != "done"
        assert done["signals"] != "done"
        assert done["looks at the grader"] != "done"
    if "no TCP" in sentences(found):
        assert done["connects"] == done["listens"] == "PermissionError"
    if "temporary folder: 8 MiB" in sentences(found):
        assert done["fills the disk"] == "OSError"
        assert done["writes beside the sockets"] != "done"
    else:
        assert "can fill the disk" in " ".join(found.not_enforced)


def test_the_program_can_work_in_its_own_folder(tried: tuple[dict[str, str], Held]) -> None:
    assert tried[0]["writes at home"] == "done"


def test_every_means_is_named_or_said_to_be_missing(tried: tuple[dict[str, str], Held]) -> None:
    said = [line.split(":")[0] for line in (*tried[1].enforced, *tried[1].not_enforced)]
    wanted = {"memory", "size of a file", "processor time", "open files", "files"}
    assert wanted | {"temporary folder"} <= set(said)


@pytest.mark.skipif(not landlock.version(), reason="this Linux has no Landlock")
def test_landlock_alone_keeps_secrets(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a").write_text("4.0")
    wanted = room(tmp_path, tmp_path / "secret", ["namespaces"])
    ended = launched(wanted, sys.executable, "-c", f"print(open('{tmp_path}/secret/a').read())")
    assert "PermissionError" in ended.stderr
    assert ended.stdout == ""


def test_a_secret_below_a_readable_folder_is_hidden_or_named(tmp_path: Path) -> None:
    secret = tmp_path / "open" / "secret"
    secret.mkdir(parents=True)
    (secret / "a").write_text("4.0")
    for number, without in enumerate(([], ["namespaces"])):
        (tmp_path / str(number)).mkdir()
        wanted = room(tmp_path / str(number), secret, without)
        wanted.readable.append(str(tmp_path / "open"))
        ended = launched(wanted, sys.executable, "-c", f"print(open('{secret}/a').read())")
        found = Held(**json.loads(Path(wanted.report).read_text()))
        said = any(str(secret) in line for line in found.not_enforced) or any(
            "can read what you can read" in line for line in found.not_enforced
        )
        assert (ended.stdout == "4.0\n") == said


def test_the_exit_code_is_that_of_the_program(tmp_path: Path) -> None:
    wanted = room(tmp_path, tmp_path, [])
    assert launched(wanted, sys.executable, "-c", "raise SystemExit(7)").returncode == 7


def test_limits_hold_in_the_program(tmp_path: Path) -> None:
    wanted = room(tmp_path, tmp_path, [])
    wanted.memory, wanted.file_size = 256, 1
    source = (
        "import resource as r; print(*[r.getrlimit(which)[1] for which in "
        "(r.RLIMIT_DATA, r.RLIMIT_FSIZE, r.RLIMIT_CPU, r.RLIMIT_CORE)])"
    )
    ended = launched(wanted, sys.executable, "-c", source)
    assert ended.stdout.split() == [str(256 * 2**20), str(2**20), "1200", "0"]


def test_a_limit_that_does_not_exist_is_reported() -> None:
    assert resources.limit({"NO_SUCH_THING": 1}) == ["NO_SUCH_THING"]


def test_a_system_without_limits_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlcore.grade.run.enclosure.launch.limit", list)
    found = Held()
    lower_limits(room(tmp_path, tmp_path, []), found)
    assert found.enforced == []
    assert len(found.not_enforced) == 4


def test_a_system_with_nothing_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS: the kernel starts all the same, and the report is plain."""
    started: list[Any] = []
    monkeypatch.setattr("os.execv", lambda *command: started.append(command))
    monkeypatch.setattr("os.chdir", lambda _: None)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    found, wanted = Held(), room(tmp_path, tmp_path, ["namespaces", "landlock"])
    become(wanted, ["/bin/true"], found, apart=False)
    assert started == [("/bin/true", ["/bin/true"])]
    said = containment(found, filtered=False)
    starts = {line.split(":")[0] for line in said["not_enforced"]}
    assert starts == {"files", "temporary folder", "programs", "network"}


FILTERED = """
import ctypes, os, socket, threading
from dlcore.grade.run.enclosure.seccomp import refuse_processes_and_sockets
assert refuse_processes_and_sockets()
c = ctypes.CDLL(None, use_errno=True)
print(c.fork(), c.execv(b"/bin/true", None), c.socket(2, 1, 0))
print(c.kill(1, 0), c.kill(os.getpid(), 0))
for what in (os.fork, lambda: os.posix_spawn("/bin/true", ["true"], {}), socket.socket):
    try:
        print(what())
    except PermissionError as error:
        print("refused")
thread = threading.Thread(target=print, args=("a thread",))
thread.start()
thread.join()
print(len(socket.socketpair()))
"""


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"),
    reason="the filter is written for Linux on two kinds of machines",
)
def test_the_filter_refuses_processes_and_sockets_but_not_threads() -> None:
    command = [sys.executable, "-c", FILTERED]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=unmeasured())
    assert ended.stdout.split("\n") == [
        "-1 -1 -1",
        "-1 0",
        "refused",
        "refused",
        "refused",
        "a thread",
        "2",
        "",
    ], ended.stderr


@pytest.mark.parametrize("machine", seccomp._MACHINES)
def test_a_filter_jumps_within_itself(machine: str) -> None:
    number, table = seccomp._MACHINES[machine]
    steps = seccomp.filter_for(number, dict(zip(seccomp._NAMES, table, strict=True)), 7)
    assert steps[-1] == (seccomp._RETURN, 0, 0, seccomp._ALLOW)
    for place, (code, if_true, if_false, _) in enumerate(steps):
        if code != seccomp._RETURN:
            assert place + 1 + max(if_true, if_false) < len(steps)
