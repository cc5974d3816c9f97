"""Where the notebooks of a class are graded: on this machine, or by the workers of a cluster."""

import contextlib
import importlib
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from typing import Any

from dlcore.grade.classroom.task import Task, grade_task, version
from dlcore.grade.classroom.workplace import end_session


class ClusterError(Exception):
    """The cluster cannot be used; the message says why."""


class Pool:
    """A place that grades several notebooks at a time.

    Parameters
    ----------
    executor : Executor
        Runs the tasks.
    size : int
        How many at a time.
    """

    def __init__(self, executor: Executor, size: int) -> None:
        self.size = size
        self.stopping = threading.Event()
        self._executor = executor

    def submit(self, task: Task) -> "Future[dict[str, Any]]":
        """Have a notebook graded.

        Parameters
        ----------
        task : Task
            What to grade.

        Returns
        -------
        Future
            Of the result.
        """
        return self._executor.submit(grade_task, task)


class LocalPool(Pool):
    """Threads of this process; each waits for a kernel in a process of its own."""

    def __init__(self, executor: Executor, size: int) -> None:
        super().__init__(executor, size)
        self._futures: set[Future[dict[str, Any]]] = set()

    def submit(self, task: Task) -> "Future[dict[str, Any]]":
        """Have a notebook graded by one of the threads.

        Parameters
        ----------
        task : Task
            What to grade.

        Returns
        -------
        Future
            Of the result.
        """
        future = self._executor.submit(self._grade, task)
        self._futures = {found for found in self._futures if not found.done()} | {future}
        return future

    def _grade(self, task: Task) -> dict[str, Any]:
        """Grade a notebook unless the work is to stop."""
        return {"fault": "stopped"} if self.stopping.is_set() else grade_task(task)

    def stop(self) -> None:
        """End the work at once, and the processes that do it."""
        self.stopping.set()
        self._executor.shutdown(wait=False, cancel_futures=True)
        while running := [future for future in self._futures if not future.done()]:
            _end_sessions()
            wait(running, timeout=0.1)


def _end_sessions() -> None:
    import psutil

    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if any("dlcore.grade.run.session" in word for word in child.cmdline()):
                end_session(child)


@contextlib.contextmanager
def on_this_machine(jobs: int) -> Iterator[Pool]:
    """Grade with kernels on this machine.

    Parameters
    ----------
    jobs : int
        How many at a time.

    Yields
    ------
    Pool
        The threads. When the block is left by an exception, such as Ctrl-C, the kernels are
        stopped too.
    """
    with ThreadPoolExecutor(jobs) as executor:
        pool = LocalPool(executor, jobs)
        try:
            yield pool
        except BaseException:
            pool.stop()
            raise


@contextlib.contextmanager
def on_cluster(address: str) -> Iterator[Pool]:
    """Grade with the workers of a Dask cluster.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.

    Yields
    ------
    Pool
        The workers. Notebooks, solution and hidden checks are sent to them; no folder has to be
        shared.

    Raises
    ------
    ClusterError
        If nobody answers there, if there is no worker, or if one has another version.
    """
    distributed: Any = importlib.import_module("distributed")
    try:
        client = distributed.Client(address, timeout="20s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address} ({error})") from None
    with client:
        threads = client.nthreads()
        if not threads:
            raise ClusterError(f"the scheduler at {address} has no worker: start one first")
        for worker, found in client.run(version).items():
            if found != version():
                raise ClusterError(
                    f"the worker {worker} has other versions of Python, NumPy or dlcore than this "
                    "machine: install the same ones everywhere"
                )
        executor = client.get_executor(retries=2)
        try:
            yield Pool(executor, 2 * sum(threads.values()))
        except BaseException:
            executor.shutdown(wait=False)
            raise
