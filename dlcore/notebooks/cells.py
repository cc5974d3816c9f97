"""nbval's file and cell, with our comparison, and with every silent pass made loud.

Left alone, nbval passes a cell whose stored outputs were cleared, skips or ignores a cell that
carries one of its marks, and marks every cell after a timeout as an expected failure. Here each of
these fails.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from nbformat import NotebookNode
from nbval.plugin import (
    IPyNbCell,
    IPyNbFile,
    coalesce_streams,
    find_comment_markers,
    find_metadata_tags,
    nocolors,
)

from dlcore.notebooks.accept import accept_of
from dlcore.notebooks.compare import first_difference, tolerance_of
from dlcore.notebooks.files import NotebookError, ours, read
from dlcore.notebooks.kernel import DeadKernelError, Kernel, book_environment


class NotebookCell(IPyNbCell):  # type: ignore[misc]
    """A code cell that is run, and whose outputs are compared with the stored ones.

    The cell's metadata may say, under ``dlcore``: ``tolerance``, the relative tolerance for
    numbers; ``accept``, what is accepted in a check; and ``skip_compare``, the reason why its
    outputs are not compared.
    """

    parent: "NotebookFile"

    def setup(self) -> None:
        """Do nothing: nbval would mark the cells after a timeout as expected failures."""

    def runtest(self) -> None:
        """Run the cell and compare its outputs; a cell that cannot be judged fails."""
        if self.parent.broken_by:
            pytest.fail(
                f"not run: the kernel was lost in cell {self.parent.broken_by}", pytrace=False
            )
        self.require_stored_run()
        try:
            super().runtest()
        except (DeadKernelError, RuntimeError):
            self.parent.broken_by = self.name
            raise
        finally:
            if self.parent.timed_out:
                self.parent.broken_by = self.name
        if self.parent.kernel is None or self.parent.kernel.last_status != "ok":
            self.raise_cell_error("Cell did not end well, though it showed no error")

    def require_stored_run(self) -> None:
        """Fail on marks that would skip the comparison, and on outputs that were cleared."""
        marks = [*find_comment_markers(self.cell.source), *find_metadata_tags(self.cell.metadata)]
        if marks:
            self.raise_cell_error(
                "nbval's marks and tags are not allowed: dlcore.skip_compare takes a reason"
            )
        if self.cell.source.strip() and self.cell.execution_count is None:
            self.raise_cell_error("No run of this cell is stored: run 'dlcore outputs'")

    def compare_outputs(
        self, test: list[NotebookNode], ref: list[NotebookNode], skip_compare: Any = None
    ) -> bool:
        """Compare new outputs with the stored ones.

        Parameters
        ----------
        test, ref : list of NotebookNode
            New and stored outputs.
        skip_compare : object
            Part of nbval's signature; not used.

        Returns
        -------
        bool
            True if they agree, or if the cell gives a reason not to compare them.
        """
        entries = ours(self.cell)
        if entries.get("skip_compare"):
            return True
        found = first_difference(
            ref, coalesce_streams(test), tolerance_of(entries), accept_of(entries)
        )
        self.comparison_traceback = (
            []
            if found is None
            else [
                f"{found.where}: {found.why}",
                f"--- stored\n{found.expected}",
                f"--- this run\n{found.got}",
            ]
        )
        return found is None

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], **_: object) -> str:
        """Return the report of a failure; the cell is named by its id.

        Parameters
        ----------
        excinfo : pytest.ExceptionInfo
            The exception that ended the cell.

        Returns
        -------
        str
            The text of the report.
        """
        if isinstance(excinfo.value, pytest.fail.Exception | DeadKernelError):
            return f"Cell {self.name}: {excinfo.value}"
        self.colors = nocolors
        return f"Cell {self.name}\n{super().repr_failure(excinfo)}"

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the file, and the notebook and cell by name.

        Returns
        -------
        tuple
            Path, line and description.
        """
        return self.path, 0, f"{self.path.name}: {self.name}"


class NotebookFile(IPyNbFile):  # type: ignore[misc]
    """A notebook of the book: one kernel, and one test for each code cell."""

    cell_class: ClassVar[type[NotebookCell]] = NotebookCell
    kernel: Kernel | None
    broken_by = ""

    def setup(self) -> None:
        """Start a kernel in the notebook's folder."""
        self.kernel = Kernel(self.path.parent, book_environment())

    def collect(self) -> Iterator[NotebookCell]:
        """Yield the code cells.

        Yields
        ------
        NotebookCell
            One test for each code cell, named by the cell's id.
        """
        try:
            self.nb = read(self.path)
        except NotebookError as error:
            raise self.CollectError(str(error)) from None
        yield from self.cells_of(self.nb)

    def cells_of(self, notebook: NotebookNode) -> Iterator[NotebookCell]:
        """Yield a test for each code cell of a notebook.

        Parameters
        ----------
        notebook : NotebookNode
            The notebook; what its cells and tags tell nbval to skip is not heeded.

        Yields
        ------
        NotebookCell
            One test for each code cell.
        """
        options = {"check": True, "skip": False, "check_exception": False}
        for number, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
            yield self.cell_class.from_parent(
                self, name=cell.id, cell_num=number, cell=cell, options=options
            )

    def teardown(self) -> None:
        """End the kernel."""
        if self.kernel is not None:
            self.kernel.stop()
