"""Freed memory is kept for the next step.

A training step frees all arrays of its tape at its end and asks for the same ones again at the
start of the next. The C library of Linux hands large blocks back to the system as soon as they are
free, and the system must then clear every page again when it is next touched. ``tests/bench`` times
steps with and without.
"""

import ctypes
import os
import sys

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # names of malloc.h
KEPT, LARGEST = 1 << 30, 1 << 25  # bytes; glibc takes no larger block from the heap than 32 MiB


def keep_freed() -> bool:
    """Let the C library keep what is freed, up to 1 GiB, in blocks of up to 32 MiB.

    Returns
    -------
    bool
        Whether that was done: it is on Linux with glibc, unless the reader has settings of their
        own in ``MALLOC_TRIM_THRESHOLD_`` or ``MALLOC_MMAP_THRESHOLD_``.

    Notes
    -----
    Importing dlcore does this, for the whole process. The most memory that a process ever holds
    stays the same; it is given back later.
    """
    chosen = {"MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"} & os.environ.keys()
    if chosen or sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is None:
        return False
    return bool(mallopt(TRIM_THRESHOLD, KEPT) and mallopt(MMAP_THRESHOLD, LARGEST))
