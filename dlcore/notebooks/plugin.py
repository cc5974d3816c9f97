"""The pytest plug-in that tests the notebooks of the book: ``pytest -p dlcore.notebooks.plugin``.

Every notebook in a folder named ``chapters`` or ``solutions`` is one file of tests, so that
``--dist loadfile`` gives it one worker and one kernel.
"""

from pathlib import Path

import pytest

from dlcore.notebooks.cells import NotebookFile

FOLDERS = ("chapters", "solutions")
CELL_TIMEOUT = 120.0  # seconds
_NBVAL_TIMEOUT = 2000.0  # seconds; what nbval takes when nothing is said


def pytest_configure(config: pytest.Config) -> None:
    """Give a cell two minutes, unless the command line says otherwise.

    Parameters
    ----------
    config : pytest.Config
        The configuration of this run.
    """
    if config.option.nbval_cell_timeout == _NBVAL_TIMEOUT:
        config.option.nbval_cell_timeout = CELL_TIMEOUT


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> NotebookFile | None:
    """Collect the chapters and the solutions.

    Parameters
    ----------
    file_path : Path
        A file that pytest has found.
    parent : pytest.Collector
        The folder that it was found in.

    Returns
    -------
    NotebookFile or None
        None for any other file.
    """
    if file_path.suffix != ".ipynb" or file_path.parent.name not in FOLDERS:
        return None
    file: NotebookFile = NotebookFile.from_parent(parent, path=file_path)
    return file
