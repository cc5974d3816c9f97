"""Work in background threads, with its results in order and only so many of them in store."""

import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


def in_background(
    make: Callable[[Job], Result], jobs: Iterable[Job], num_workers: int, ahead: int
) -> Generator[Result, None, None]:
    """Apply a function to jobs in threads, and yield the results in the order of the jobs.

    Parameters
    ----------
    make : callable
        Turns a job into its result.
    jobs : iterable
        What is to be done.
    num_workers : int
        Number of threads. A browser has none: there the work is done in the foreground.
    ahead : int
        How many results may be begun or finished before they are asked for: the bound of the
        queue, and of its memory.

    Yields
    ------
    object
        The results. An error in `make` is raised where its result would have come.

    Notes
    -----
    When the iterator ends, fails or is closed, jobs that have not begun are cancelled, and the
    threads have ended before it returns.

    Examples
    --------
    >>> print(list(in_background(lambda n: n * n, range(5), num_workers=2, ahead=3)))
    [0, 1, 4, 9, 16]
    """
    if sys.platform == "emscripten":
        yield from map(make, jobs)
        return
    pool = ThreadPoolExecutor(num_workers, thread_name_prefix="dlcore-loader")
    queue: deque[Future[Result]] = deque()
    try:
        for job in jobs:
            queue.append(pool.submit(make, job))
            if len(queue) > ahead:
                yield queue.popleft().result()
        while queue:
            yield queue.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
