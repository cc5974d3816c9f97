"""A kernel for nbval that notices its own death and remembers how each request ended."""

import contextlib
import os
import subprocess
import time
from pathlib import Path
from queue import Empty
from typing import Any

from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel, start_new_kernel

_LOOK_EVERY = 0.2  # seconds between two looks at whether the kernel still lives


class DeadKernelError(RuntimeError):
    """The kernel process has ended while a cell was being run."""


def book_environment() -> dict[str, str]:
    """Return the environment in which the book's notebooks run.

    Returns
    -------
    dict
        This process's environment, with progress bars and widgets switched off. Coverage is not
        measured in it: training would take up to twice as long, and what the book's cells reach is
        not thereby tested.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return {**kept, "DLCORE_PROGRESS": "0", "DLCORE_WIDGETS": "0"}


class Kernel(RunningKernel):  # type: ignore[misc]
    """A Python kernel of this environment, ready to run cells.

    nbval waits for a reply until the timeout even when the kernel process is gone, and does not
    look at whether the reply says ``ok``. This kernel does both.

    Parameters
    ----------
    cwd : Path
        The folder in which the kernel runs.
    env : dict
        The whole environment of the kernel process.
    startup_timeout : float
        Seconds to wait for the kernel to come up.
    """

    def __init__(self, cwd: Path, env: dict[str, str], startup_timeout: float = 60) -> None:
        self.statuses: dict[str, str] = {}
        self.last_request = ""
        self.km, self.kc = start_new_kernel(
            startup_timeout=startup_timeout,
            kernel_name=CURRENT_ENV_KERNEL_NAME,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=str(cwd),
            env=env,
        )
        self._ensure_iopub_up()

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message of a channel, looking now and then whether the kernel lives.

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
        queue.Empty
            If no message came in time.
        DeadKernelError
            If the kernel process has ended and has left no message.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = _LOOK_EVERY if deadline is None else deadline - time.monotonic()
            alive = self.is_alive()
            try:
                message = self._next(stream, max(0.0, min(_LOOK_EVERY, left)))
            except Empty:
                if not alive:
                    raise DeadKernelError("the kernel died while the cell ran") from None
                self._meanwhile(stream)
                if left <= 0:
                    raise
                continue
            self._remember(message)
            return message

    def _next(self, stream: str, timeout: float) -> dict[str, Any]:
        """Return a message; nbval would lay each out for its log, however long it is."""
        ask = self.kc.get_iopub_msg if stream == "iopub" else self.kc.get_shell_msg
        message: dict[str, Any] = ask(timeout=timeout)
        return message

    def _meanwhile(self, stream: str) -> None:
        """Do what is to be done now and then while a message of a channel is awaited."""

    def _remember(self, message: dict[str, Any]) -> None:
        """Keep the status of a reply under the request that it answers."""
        if message["msg_type"] == "execute_reply":
            request = message["parent_header"].get("msg_id", "")
            self.statuses[request] = message["content"].get("status", "")

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
        self.last_request = str(super().execute_cell_input(cell_input, allow_stdin=allow_stdin))
        return self.last_request

    def run_aside(self, source: str, timeout: float) -> bool:
        """Run something that is no cell of a notebook.

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

        Raises
        ------
        DeadKernelError
            If the kernel ends meanwhile.
        """
        request = self.kc.execute(source, silent=True, store_history=False, allow_stdin=False)
        try:
            self.await_reply(request, timeout=timeout)
            self.await_idle(request, timeout)
        except Empty:
            return False
        return self.statuses.get(request) == "ok"

    @property
    def last_status(self) -> str:
        """The status in the reply to the last cell: ``ok``, ``error`` or, with no reply, empty."""
        return self.statuses.get(self.last_request, "")

    def stop(self) -> None:
        """End the kernel process; a kernel that has ended already is no error."""
        if hasattr(self, "km"):
            with contextlib.suppress(Exception):
                self.kc.stop_channels()
            with contextlib.suppress(Exception):
                self.km.shutdown_kernel(now=True)
            with contextlib.suppress(Exception):
                self.km.cleanup_resources()
            del self.km
