"""Processes of their own that a test kills, starves or shuts in."""

import os


def unmeasured(**more: str) -> dict[str, str]:
    """An environment in which coverage is not measured.

    A process that may not end as it likes would leave half a file of coverage's data, and
    `make cover` would find it.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return {**kept, **more}
