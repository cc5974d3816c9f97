"""Settings of the whole test suite."""

import os
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run: a failure on a pull request is then due to the pull request. To
# look for new ones: pytest --hypothesis-profile=explore
settings.register_profile("default", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile("default")

TESTS = Path(__file__).parent
GRADER = TESTS / "grade"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the weekly run ask for the tests that only repeat others at full length."""
    parser.addoption("--weekly", action="store_true", help="run the tests marked weekly too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is run weekly, and set the order of the others."""
    if not config.getoption("--weekly"):
        weekly = [item for item in items if item.get_closest_marker("weekly")]
        config.hook.pytest_deselected(items=weekly)
        items[:] = [item for item in items if item not in weekly]
    in_order(items)


def in_order(items: list[pytest.Item]) -> None:
    """Let the files that take longest begin first, so that no worker is left alone with one.

    The book's own files come first, then what drives a browser, grades or is marked as slow; of
    files of one kind, that with the most tests. xdist keeps this order under
    ``--no-loadscope-reorder``.
    """
    files: dict[Path, list[pytest.Item]] = defaultdict(list)
    for item in items:
        files[item.path].append(item)
    ordered = sorted(files.values(), key=haste)
    items[:] = [item for tests in ordered for item in tests]


def haste(items: list[pytest.Item]) -> tuple[bool | int, ...]:
    """Order files, given their tests: the least begins first."""

    def marked(name: str) -> bool:
        return any(item.get_closest_marker(name) for item in items)

    folders = items[0].path.parents
    kinds = (TESTS not in folders, marked("browser"), GRADER in folders, marked("slow"))
    return *(not kind for kind in kinds), -len(items)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Write what coverage has measured in a worker before the worker says that it is done.

    xdist kills a worker that has not left ten seconds after that, and coverage would write last of
    all, when every thread has been waited for.
    """
    coverage = sys.modules.get("coverage") if "PYTEST_XDIST_WORKER" in os.environ else None
    if coverage and (measuring := coverage.Coverage.current()):
        measuring.stop()
        measuring.save()
