"""A process that runs one assembled notebook under nbval: ``python -m dlcore.grade.run.session``.

It reads a plan as JSON from standard input and writes the results as JSON to standard output. The
stored outputs of the checks are in this process only; the kernel, a process of its own, gets the
source of one cell at a time.
"""

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbval.plugin import IPyNbCell, NbCellError, coalesce_streams

from dlcore.grade import limits
from dlcore.grade.judging import difference, error_in, shown
from dlcore.grade.run.containment import containment
from dlcore.grade.run.guarding import guard_source
from dlcore.grade.run.inside.aside import MARK
from dlcore.grade.run.inside.line import (
    BUSY,
    CHANGED,
    DATA,
    GOOD,
    REMEMBER,
    RESTORE,
    SETTLE,
    SIGNALS,
    WATCH,
    Line,
)
from dlcore.grade.run.kernel import EnclosedKernel, FloodError
from dlcore.notebooks.cells import NotebookCell, NotebookFile
from dlcore.notebooks.compare import as_text
from dlcore.notebooks.files import ours
from dlcore.notebooks.kernel import DeadKernelError

HIDDEN = "the cell raised, and its error was hidden"


_LEFT = {
    b"": "this has disturbed Python beyond repair",
    BUSY: "threads are still running when the cell ends: join them",
    SIGNALS: "a signal has another handler when the cell ends: put the old one back",
}
_NO_GUARD = (
    "the guard could not be installed: the kernel must be able to import dlcore, as it is after "
    "'pip install' of the book's folder"
)
# What would differ from run to run: the kernel's own folder, and places in memory.
_FOLDER, _ADDRESS = re.compile(r"/\d+/home\b"), re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
_UNREADABLE = "the kernel sent what no kernel sends"
_FORGED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_CHANGED = "Python, NumPy or dlcore were changed while the check ran"
_DATA = "data of the exercise were changed while the check ran: work on a copy"
_SETTINGS = "__import__('dlcore.grade.run.inside.settings', fromlist=['keep']).{}()"


class GradedCell(NotebookCell):
    """One cell of the assembled notebook; it records what happened instead of failing."""

    parent: "GradedFile"

    def runtest(self) -> None:
        """Run the cell, unless its exercise is closed, and record how it ended."""
        entries = ours(self.cell)
        exercise = str(entries.get("exercise", ""))
        self.parent.plan["executed"] += 1
        if exercise in self.parent.closed:
            return
        if exercise and self.parent.left <= 0:
            total = self.parent.plan["total"]
            message = f"not run: all {total:g} seconds for the notebook were used up before"
            self.parent.results[self.name] = {"status": "timeout", "message": message}
            return
        try:
            ended = self.run_guarded()
            if ended["status"] == "dead kernel":  # perhaps the doing of an earlier cell, done late
                ended = self.run_guarded()
        except Exception as error:
            self.parent.plan["fault"] = f"cell {self.name}: {type(error).__name__}: {error}"
            raise
        self.parent.record(self, exercise, entries.get("role"), ended)

    def run_guarded(self) -> dict[str, Any]:
        """Run the cell in a kernel that is as it should be, and see that it leaves it so."""
        if twin := self.parent.twin_of(self):
            return self.judge_as(twin)
        try:
            self.parent.make_ready()
            ended = self.run_once()
            if self.parent.kernel is not None:
                ended = self.restore(ended)
        except DeadKernelError:
            self.parent.lose_kernel()
            return {"status": "dead kernel", "message": "the answer ended the kernel"}
        except FloodError:
            self.parent.lose_kernel()
            said = f"more than {limits.OUTPUT:,} characters printed, shown or raised"
            return {"status": "error", "message": said}
        except _FORGED as error:
            if not ours(self.cell).get("role"):
                raise
            self.parent.lose_kernel()  # its messages are forged, or badly signed
            return {"status": "error", "message": f"{_UNREADABLE}: {type(error).__name__}"}
        return ended

    def judge_as(self, twin: "GradedCell") -> dict[str, Any]:
        """Judge by this check's own rules what the check of the same source above it has shown."""
        self.test_outputs: list[Any] = twin.test_outputs
        ended = dict(self.parent.results[twin.name])
        if ended["status"] in ("passed", "failed"):
            outputs = map(coalesce_streams, (self.test_outputs, self.cell.outputs))
            ended["status"] = "passed" if self.compare_outputs(*outputs) else "failed"
            ended["message"] = self.parent.told(self.why)
        return ended

    def restore(self, ended: dict[str, Any], again: bool = True) -> dict[str, Any]:
        """Have the guard put things back, and heed what it finds.

        Python and its libraries set some names late, once in a kernel. A check that found them
        changed is therefore run again: who changes them each time has not been honest.
        """
        role = ours(self.cell).get("role")
        found = self.parent.order(RESTORE if role else SETTLE)
        if found in _LEFT:
            self.parent.lose_kernel()
            return {"status": "error", "message": _LEFT[found]}
        if found == DATA and role == "check":
            return {**ended, "status": "error", "message": _DATA}
        if found == CHANGED and role == "check":
            if again and ended["status"] == "passed":
                return self.restore(self.run_once(), again=False)
            self.parent.lose_kernel()  # what has changed them may go on to do so
            return {**ended, "status": "error", "message": _CHANGED}
        return ended

    def run_once(self) -> dict[str, Any]:
        """Run the cell under nbval and return its status, what it printed, and a message."""
        begun = self.parent.begin(self)
        try:
            IPyNbCell.runtest(self)
        except NbCellError as error:
            ended = self.ended_badly(str(error))
        else:
            ended = {"status": "passed", "message": ""}
        finally:
            self.parent.end(self, begun)
        if ended["status"] == "passed" and self.parent.status != "ok":
            ended = {"status": "error", "message": HIDDEN}
        outputs = coalesce_streams(self.test_outputs or [])
        if self.parent.plan["printed"]:
            ended["outputs"] = outputs
        ended["message"] = self.parent.told(ended["message"])
        if any(MARK in output.get("text", "") for output in outputs):
            ended["printed"] = True
            outputs = shown(outputs)
        return {**ended, "got": as_text(outputs)}

    def ended_badly(self, message: str) -> dict[str, Any]:
        """Say why nbval has failed the cell."""
        if self.parent.timed_out:
            self.parent.lose_kernel()
            limit = self.config.option.nbval_cell_timeout
            return {"status": "timeout", "message": limits.too_long(limit)}
        if error := error_in(self.test_outputs or []):
            return {"status": "error", "message": error}
        if self.parent.status != "ok":
            return {"status": "error", "message": HIDDEN}
        return {"status": "failed", "message": getattr(self, "why", "") or message}

    def compare_outputs(self, test: Any, ref: Any, skip_compare: Any = None) -> bool:
        """Compare a check with the solution's output; other cells are not compared.

        Parameters
        ----------
        test, ref : list of NotebookNode
            New and stored outputs; what goes to ``stderr`` is left aside.
        skip_compare : object
            Part of nbval's signature; not used.

        Returns
        -------
        bool
            True if they agree.
        """
        entries = ours(self.cell)
        if entries.get("role") != "check" or self.parent.plan["printed"]:
            return True
        self.comparison_traceback: list[str] = []
        found = difference(entries, ref, test)
        self.why = found.why if found else ""
        return found is None


class GradedFile(NotebookFile):
    """The assembled notebook: a kernel that is replaced when it is lost, and the record."""

    cell_class = GradedCell
    plan: dict[str, Any]
    previous: GradedCell | None = None  # the cell that was run last

    def setup(self) -> None:
        """Prepare the record; the first cell starts the kernel."""
        self.kernel: EnclosedKernel | None = None
        self.line: Line | None = None
        self.folder = Path(self.plan["folder"]).resolve()
        self.closed: set[str] = set()
        self.good: list[tuple[str, str]] = []  # exercise and source of cells that ended well
        self.results: dict[str, dict[str, Any]] = self.plan["results"]
        self.left = float(self.plan["total"])
        self.kernels = 0
        self.learner = False  # whether a cell of the learner's has been run in this kernel

    def collect(self) -> Iterator[NotebookCell]:
        """Yield the code cells of the plan.

        Yields
        ------
        GradedCell
            In the order of the solution.
        """
        whole = {"cells": self.plan["cells"], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        self.nb = nbformat.from_dict(whole)  # type: ignore[no-untyped-call]
        yield from self.cells_of(self.nb)

    def make_ready(self) -> None:
        """See that there is a kernel, in the state that the notebook has reached."""
        self.timed_out = False
        if self.kernel is None or not self.kernel.is_alive():
            self.lose_kernel()
            self.start()

    def start(self) -> None:
        """Start a kernel, guard it, and run again what went well before the last one was lost."""
        self.kernels += 1
        top = self.folder / str(self.kernels)
        top.mkdir()
        room = {name: self.plan[name] for name in ("memory", "processor", "secret")}
        self.kernel = EnclosedKernel(top, dict(os.environ), room)
        self.line, self.learner = Line(top / "run"), False
        names = (frozenset(self.plan[kind]) for kind in ("own_names", "given", "data"))
        words = (str(top / "home"), *names, tuple(self.plan["answers"]), self.line.address)
        source = guard_source(words)
        if not self.kernel.run_aside(source, limits.GIVEN_CELL) or not self.line.pick_up():
            self.lose_kernel()
            raise RuntimeError(_NO_GUARD)
        self.plan["held"] = containment(self.kernel.held, self.line.filtered)
        self.set("keep")
        for exercise, again in self.good:
            if exercise:
                self.expect_learner()
            self.kernel.run_aside(again, limits.GIVEN_CELL)
            self.order(RESTORE if exercise else REMEMBER)
            self.set("put_back" if exercise else "keep")

    def expect_learner(self) -> None:
        """Tell the guard, once, that code of the learner comes next."""
        if not self.learner:
            self.learner = self.order(WATCH) == GOOD

    def set(self, what: str) -> None:
        """Have the settings of libraries remembered, or put back as they were."""
        try:
            if self.kernel is not None:
                self.kernel.run_aside(_SETTINGS.format(what), limits.GUARD)
        except (DeadKernelError, FloodError, *_FORGED):
            self.lose_kernel()  # the next cell gets another

    def told(self, message: str) -> str:
        """Return a message as it is told: short, and the same in each run."""
        short = message[: limits.SHOWN]
        return _ADDRESS.sub("at 0x…", _FOLDER.sub("~", short.replace(str(self.folder), "")))

    def order(self, what: bytes) -> bytes:
        """Have the guard put things back, or remember how they are; return what it says."""
        if self.kernel is not None and not self.kernel.is_alive():
            raise DeadKernelError("the kernel died after the cell")
        return self.line.order(what) if self.line is not None else b""

    def lose_kernel(self) -> None:
        """Stop a kernel that cannot be used any more."""
        if self.kernel is not None:
            self.kernel.stop()
        if self.line is not None:
            self.line.close()
        self.kernel, self.line = None, None

    def teardown(self) -> None:
        """End the kernel."""
        self.lose_kernel()

    def begin(self, cell: GradedCell) -> float:
        """Set the time for a cell; return the moment from which it counts."""
        role = ours(cell.cell).get("role")
        if role:
            self.expect_learner()
        wanted = min(self.plan["timeout"], self.left) if role else limits.GIVEN_CELL
        cell.config.option.nbval_cell_timeout = max(wanted, 0.1)
        return time.monotonic()

    def end(self, cell: GradedCell, begun: float) -> None:
        """Take the time that a cell has used from what is left."""
        if ours(cell.cell).get("role"):
            self.left -= time.monotonic() - begun

    @property
    def status(self) -> str:
        """How the kernel's reply to the last cell says that it ended."""
        return self.kernel.last_status if self.kernel is not None else ""

    def next_exercise(self, cell: GradedCell) -> str:
        """Return the exercise of the cell that follows."""
        names = [one["id"] for one in self.plan["cells"]]
        following = self.plan["cells"][names.index(cell.name) + 1 :][:1]
        return "".join(str(ours(one).get("exercise", "")) for one in following)

    def twin_of(self, cell: GradedCell) -> GradedCell | None:
        """Return the check above, if it is of the same exercise and source and the kernel lives.

        Two checks of one source are two levels of one thing, such as shares that are asked for.
        What takes time to show is then shown once.
        """
        above, entries = self.previous, ours(cell.cell)
        if above is None or self.kernel is None:
            return None
        same = (
            entries.get("role") == "check" == ours(above.cell).get("role")
            and entries["exercise"] == ours(above.cell)["exercise"]
            and cell.cell.source == above.cell.source
        )
        return above if same else None

    def record(self, cell: GradedCell, exercise: str, role: object, ended: dict[str, Any]) -> None:
        """Write down how a cell ended, and close its exercise if nothing more can come of it."""
        self.results[cell.name], self.previous = ended, cell
        well = ended["status"] == "passed"
        last = exercise != self.next_exercise(cell)
        if role != "check" and well:
            self.good.append((exercise, cell.cell.source))
        if role is None and self.kernel is not None:
            self.order(REMEMBER)
            self.set("keep")
        elif last and self.kernel is not None:
            self.set("put_back")
        lost = ended["status"] in ("timeout", "dead kernel") or self.kernel is None
        if exercise and (lost or (role == "answer" and not well)):
            self.closed.add(exercise)
            self.good = [done for done in self.good if done[0] != exercise]


class _Plugin:
    """Hands the plan to pytest in place of the file on disk."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> GradedFile:
        """Collect the assembled notebook, whatever the file holds."""
        file: GradedFile = GradedFile.from_parent(parent, path=file_path)
        file.plan = self.plan
        return file


def main() -> int:
    """Read the plan, run it under pytest and nbval, and write the results.

    Returns
    -------
    int
        0 if the run came to its end; what it found is in the results.
    """
    results_to = os.dup(sys.stdout.fileno())
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    plan = json.load(sys.stdin)
    plan["results"], plan["executed"] = {}, 0
    folder = Path(plan["folder"], "grade")
    folder.mkdir()
    name = folder / "assembled.ipynb"
    name.touch()
    os.environ["JUPYTER_RUNTIME_DIR"] = str(folder)
    options = ["-c", os.devnull, "--rootdir", str(folder), "-W", "ignore", "--capture=no"]
    options += ["-p", "nbval.plugin", "-p", "no:cacheprovider"]
    options += ["--exitfirst"]  # cells fail only where the grader itself does: once will do
    code = pytest.main([*options, str(name)], [_Plugin(plan)])
    with os.fdopen(results_to, "w", encoding="utf-8") as stream:
        found = {name: plan.get(name, {}) for name in ("results", "executed", "held", "fault")}
        json.dump({"code": int(code), **found}, stream)
    return 0


if __name__ == "__main__":
    sys.exit(main())
