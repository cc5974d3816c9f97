"""The kernel in which a learner's code runs: enclosed, and heard only so far."""

import json
import subprocess
import sys
from collections import deque
from dataclasses import asdict
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

import dlcore
from dlcore.grade import limits
from dlcore.grade.run.enclosure.launch import Held, Room
from dlcore.grade.run.environment import kernel_environment, readable_places, share_font_cache
from dlcore.notebooks.kernel import Kernel

_ENCLOSED = sys.platform != "win32"
# dlcore itself takes longer to load than the enclosure to set up: only the package's path is taken.
_BOOT = """
import sys, types
for name, path in ({0!r}, {1!r}), ({0!r} + '.grade', {1!r} + '/grade'):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [path]
from dlcore.grade.run.enclosure.launch import main
main()
"""


class FloodError(RuntimeError):
    """A cell printed more than is ever read."""


class _OneKernel(KernelSpecManager):
    """Knows one kernel only: that of this Python, started by a command of ours."""

    command: list[str]

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return what starts the kernel.

        Parameters
        ----------
        kernel_name : str
            Not looked at.

        Returns
        -------
        KernelSpec
            Always the same.
        """
        return KernelSpec(argv=self.command, display_name=kernel_name, language="python")


class EnclosedKernel(Kernel):
    """A kernel in an enclosure; `held` says what that holds.

    Parameters
    ----------
    top : Path
        An empty folder. Below it, ``home`` becomes the kernel's own, all that it can write.
    environment : dict
        The environment of this process, from which that of the kernel is taken.
    room : dict
        Further entries of `Room`: memory, processor, secret, without.
    """

    def __init__(
        self,
        top: Path,
        environment: dict[str, str],
        room: dict[str, Any],
    ) -> None:
        self.statuses: dict[str, str] = {}
        self.last_request = ""
        self.waiting: deque[dict[str, Any]] = deque()
        self.printed = 0
        home, sockets, root = (top / name for name in ("home", "run", "root"))
        for folder in (home, sockets, root):
            folder.mkdir(exist_ok=True)
        share_font_cache(home)
        report = sockets / "held.json"
        wanted = Room(
            folder=str(home),
            build_in=str(root),
            report=str(report),
            readable=readable_places(environment),
            sockets=str(sockets),
            file_size=limits.FILE_SIZE,
            disk=limits.DISK,
            open_files=limits.OPEN_FILES,
            processes=limits.PROCESSES,
            **room,
        )
        self.km = _manager(wanted, sockets)
        self.km.start_kernel(
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=str(home),
            env=kernel_environment(environment, home),
        )
        self.kc = self.km.client()
        self.kc.start_channels(stdin=False, hb=False, control=False)  # nobody would read them
        try:
            self._wait_for_ready()
        except (Empty, RuntimeError):
            self.stop()
            raise RuntimeError("the kernel did not come up") from None
        except BaseException:
            self.stop()
            raise
        self.held = _read_held(report)

    def _wait_for_ready(self) -> None:
        """Wait until the kernel answers; unlike the client's own wait, no longer than that."""
        self.await_reply(self.kc.kernel_info(), timeout=limits.KERNEL)
        self._ensure_iopub_up()

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message of a channel; output is taken in while a reply is awaited.

        Parameters
        ----------
        stream : str
            ``"shell"`` or ``"iopub"``.
        timeout : float, optional
            Seconds to wait; without end by default.

        Returns
        -------
        dict
            The message.

        Raises
        ------
        FloodError
            If a cell has printed too much.
        """
        if stream == "iopub" and self.waiting:
            return self.waiting.popleft()
        message = super().get_message(stream, timeout)
        if stream == "iopub":
            self._count(message)
        return message

    def _meanwhile(self, stream: str) -> None:
        if stream != "iopub":
            self.look()

    def look(self) -> None:
        """Take in the output that has come, so that it cannot pile up where nobody counts it."""
        while True:
            try:
                message = self.kc.get_iopub_msg(timeout=0)
            except Empty:
                return
            self._count(message)
            self.waiting.append(message)

    def _count(self, message: dict[str, Any]) -> None:
        """Add what a message brings to what the cell has printed, whatever it calls itself."""
        heads = _size([message["header"], message["parent_header"]])
        self.printed += limits.OF_MESSAGE + max(0, heads - limits.HEADS)
        self.printed += _size([message["content"], message["metadata"], *message["buffers"]])
        if self.printed > limits.OUTPUT:
            raise FloodError

    def execute_cell_input(self, cell_input: str, allow_stdin: bool | None = None) -> str:
        """Send a cell to the kernel.

        Parameters
        ----------
        cell_input : str
            The source of the cell.
        allow_stdin : bool, optional
            Whether the cell may ask for input.

        Returns
        -------
        str
            The identifier of the request.
        """
        self.printed = -len(cell_input)  # the kernel sends it back
        self.waiting.clear()
        return super().execute_cell_input(cell_input, allow_stdin)

    def run_aside(self, source: str, timeout: float) -> bool:
        """Run something that is no cell of a notebook, and what it says counts by itself.

        Parameters
        ----------
        source : str
            What to run.
        timeout : float
            Seconds that it may take.

        Returns
        -------
        bool
            Whether it ended well.
        """
        self.printed = -len(source)
        self.waiting.clear()
        return super().run_aside(source, timeout)


def _size(value: Any) -> int:
    """Return how many characters, or bytes, a value of JSON holds, with its keys."""
    if isinstance(value, dict):
        return sum(_size(key) + _size(one) for key, one in value.items())
    if isinstance(value, list):
        return len(value) + sum(map(_size, value))
    return len(value) if isinstance(value, str | bytes | memoryview) else 1


def _manager(room: Room, sockets: Path) -> KernelManager:
    """Return what starts the kernel and talks to it: by sockets in a folder, not by the network."""
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    command += ["--HistoryManager.enabled=False"]
    names = _OneKernel()
    names.command = command
    context = zmq.Context()
    context.setsockopt(zmq.MAXMSGSIZE, limits.MESSAGE)
    if not _ENCLOSED:
        return KernelManager(kernel_spec_manager=names, context=context)
    package = Path(dlcore.__file__).resolve().parent
    boot = _BOOT.format("dlcore", str(package))
    names.command = [sys.executable, "-I", "-S", "-c", boot, json.dumps(asdict(room)), *command]
    return KernelManager(
        kernel_spec_manager=names,
        transport="ipc",
        connection_file=str(sockets / "k.json"),
        context=context,
    )


def _read_held(report: Path) -> Held:
    try:
        return Held(**json.loads(report.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Held(not_enforced=["everything: this system has no enclosure that we know"])
