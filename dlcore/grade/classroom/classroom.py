"""``dlcore grade --class``: all notebooks of a class graded, and the tables written.

Each result is kept as soon as it is there, under a name made of everything it depends on. A run
that was stopped goes on where it was, and one after a change does again what the change touches.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dlcore.grade import limits
from dlcore.grade.classroom.folder import HandedIn, find_handed_in
from dlcore.grade.classroom.kept import Kept
from dlcore.grade.classroom.pools import ClusterError, Pool, on_cluster, on_this_machine
from dlcore.grade.classroom.progress import progress
from dlcore.grade.classroom.task import Task
from dlcore.grade.classroom.workplace import workplace
from dlcore.grade.hidden import read_hidden
from dlcore.grade.reference import find_reference
from dlcore.grade.report import Report, as_json, tables
from dlcore.grade.report.html import BOOK, class_page, learner_page, report_name
from dlcore.grade.report.tables import Row
from dlcore.grade.report.text import harmless
from dlcore.grade.submission import Submission
from dlcore.notebooks.files import NotebookError, find_book, notebooks_in
from dlcore.storage import write_whole

DONE, CANNOT, STOPPED = 0, 2, 130


class ClassError(Exception):
    """The class cannot be graded as asked; the message says what to change."""


@dataclass(kw_only=True)
class Classroom:
    """A folder of a class, and how to grade what lies in it."""

    folder: Path
    out: Path
    solutions: Path | None = None
    hidden: Path | None = None
    timeout: float = limits.TIMEOUT
    jobs: int | None = None
    cluster: str | None = None
    book: str = BOOK
    restart: bool = False
    _solutions: dict[tuple[str, str], tuple[str, bytes]] = field(default_factory=dict)

    def grade(self) -> int:
        """Grade everything and write the report.

        Returns
        -------
        int
            0 if all were graded, 2 if one could not be, 130 if the work was interrupted.
        """
        try:
            handed = self._look()
            kept = Kept(self.out, self.restart)
            with workplace(self.out), self._pool() as pool:
                rows = self._rows(handed, kept, pool)
            write_summary(self.out, rows, self.folder.resolve().name)
        except (ClassError, ClusterError, NotebookError, OSError) as error:
            print(f"dlcore grade: {harmless(str(error))}", file=sys.stderr)
            return CANNOT
        except KeyboardInterrupt:
            print(
                f"dlcore grade: stopped. The results so far are in {self.out}: run the same "
                "command again to go on",
                file=sys.stderr,
            )
            return STOPPED
        return _say(self.out, rows)

    def _look(self) -> list[HandedIn]:
        if not self.folder.is_dir():
            raise ClassError(f"{self.folder}: there is no such folder")
        inside = self.out.resolve().is_relative_to(self.folder.resolve())
        if inside or self.folder.resolve().is_relative_to(self.out.resolve()):
            raise ClassError(f"--out {self.out} and --class {self.folder} must lie apart")
        if self.hidden is not None:
            read_hidden(self.hidden)  # raises if it is faulty, before any notebook is graded
        self.solutions = self.solutions or _solutions_here()
        if not self.solutions.is_dir():
            raise ClassError(f"--solutions {self.solutions}: there is no such folder")
        handed = find_handed_in(self.folder, [path.stem for path in notebooks_in(self.solutions)])
        if not handed:
            raise ClassError(
                f"no notebook in {self.folder}: expected learner.ipynb, learner/notebook.ipynb "
                "or learner/assignment/notebook.ipynb"
            )
        return handed

    def _pool(self) -> AbstractContextManager[Pool]:
        if self.cluster:
            return on_cluster(self.cluster)
        return on_this_machine(self.jobs or _cores())

    def _rows(self, handed: list[HandedIn], kept: Kept, pool: Pool) -> list[Row]:
        """Grade what has no result yet; return a row for each notebook, in their order."""
        rows: dict[str, Row] = {}
        missing: list[HandedIn] = []
        for one in handed:
            known = self._known(one, kept)
            if known is None:
                missing.append(one)
            else:
                rows[one.file] = self._finish(one, known)
        for one, found in self._grade(missing, len(rows), kept, pool):
            rows[one.file] = self._finish(one, found)
        return [rows[one.file] for one in handed]

    def _known(self, one: HandedIn, kept: Kept) -> Report | str | None:
        """Return the result of an earlier run, or the fault, or None if there is work to do."""
        if one.fault:
            return one.fault
        try:
            return kept.find(self._task(one).key)
        except (NotebookError, OSError) as error:
            return self._reason(error, one)

    def _task(self, one: HandedIn) -> Task:
        submission = Submission(one.path)
        names = (submission.named or str(one.path), one.path.stem)
        if names not in self._solutions:
            path = find_reference(submission, self.solutions).path
            self._solutions[names] = (path.name, path.read_bytes())
        hidden = (self.hidden.name, self.hidden.read_bytes()) if self.hidden else None
        return Task(
            name=one.path.name,
            notebook=submission.slim(),
            solution=self._solutions[names],
            hidden=hidden,
            timeout=self.timeout,
        )

    def _grade(
        self, missing: list[HandedIn], before: int, kept: Kept, pool: Pool
    ) -> Iterator[tuple[HandedIn, Report | str]]:
        """Yield the results of notebooks as they come, keeping those that are final."""
        running: dict[Future[dict[str, Any]], tuple[HandedIn, str]] = {}
        left = iter(missing)
        with progress(before + len(missing), before) as bar:
            while True:
                while len(running) < 2 * pool.size and (one := next(left, None)) is not None:
                    try:
                        task = self._task(one)
                    except (NotebookError, OSError) as error:  # changed since it was found
                        yield one, self._reason(error, one)
                        continue
                    running[pool.submit(task)] = (one, task.key)
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    one, key = running.pop(future)
                    bar.update()
                    yield one, kept.keep(key, future)

    def _reason(self, error: Exception, one: HandedIn) -> str:
        """Return why a notebook cannot be graded, without the folders of this machine."""
        said = str(error).removeprefix(f"{one.path}: ")
        return said.replace(str(self.solutions), "the solutions")

    def _finish(self, one: HandedIn, found: Report | str) -> Row:
        if isinstance(found, str):
            return Row(one.learner, one.file, None, found)
        found.notebook = one.file
        write_whole(self.out / report_name(one.file, ".json"), as_json(found.to_json()))
        page = learner_page(found, one.learner, self.book)
        write_whole(self.out / report_name(one.file, ".html"), page)
        return Row(one.learner, one.file, found)


def write_summary(out: Path, rows: list[Row], title: str) -> None:
    """Write the tables and the page about the whole class.

    Parameters
    ----------
    out : Path
        The folder of the report; reports there on notebooks that are gone are removed.
    rows : list of Row
        One for each notebook.
    title : str
        The heading of the page.
    """
    kept = {
        out / report_name(row.file, end) for row in rows if row.report for end in (".html", ".json")
    }
    for path in (out / "reports").rglob("*"):
        if path.suffix in (".html", ".json") and path not in kept and path.is_file():
            path.unlink()
    write_whole(out / "gradebook.csv", tables.gradebook_csv(rows))
    write_whole(out / "summary.csv", tables.summary_csv(rows))
    write_whole(out / "checks.csv", tables.checks_csv(rows))
    write_whole(out / "index.html", class_page(rows, title))


def _say(out: Path, rows: list[Row]) -> int:
    bad = [row for row in rows if row.report is None]
    print(f"{len(rows) - len(bad)} of {len(rows)} notebooks graded: {out / 'index.html'}")
    held = {w for row in rows if row.report for w in row.report.containment.not_enforced}
    if held:
        print(f"Not held back on this machine: {'; '.join(sorted(held))}")
    for row in bad[: limits.FAULTS]:
        print(f"dlcore grade: {harmless(row.file)}: {harmless(row.fault)}", file=sys.stderr)
    if len(bad) > limits.FAULTS:
        print(f"dlcore grade: and {len(bad) - limits.FAULTS} more", file=sys.stderr)
    return CANNOT if bad else DONE


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _solutions_here() -> Path:
    """Return the solutions of the book that this runs in; never those that somebody handed in."""
    try:
        return find_book("solutions", installed=True) / "solutions"
    except NotebookError as error:
        raise ClassError(f"{error}, or name the folder with --solutions") from None
