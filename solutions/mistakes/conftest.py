"""Each file of mistakes is a file of tests; see ``tests/grade/mistakes.py``."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.grade.mistakes import MistakesFile


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Collect a file of mistakes as that, also where the command line names it."""
    found = yield
    if file_path.suffix != ".py" or not file_path.stem.isdigit():
        return found
    return [MistakesFile.from_parent(parent, path=file_path)]
