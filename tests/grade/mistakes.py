"""The checks are checked: typical wrong answers lose points, and the right ones keep them.

Each file ``solutions/mistakes/NN.py`` is a file of tests. All its answers run in one kernel: each
is followed by its checks and then by the right answer, so that none lives on what an earlier one
has left behind. The right answers are checked at the end, among the same leavings.
"""

import copy
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from nbformat import NotebookNode

from dlcore.grade.reference import Reference
from dlcore.grade.run.process import Endings, run_cells
from dlcore.notebooks.exercises import Exercise
from dlcore.notebooks.files import NotebookError, ours
from dlcore.notebooks.python_cells import FileCell, cell_faults, read_cells

SOLUTIONS = Path(__file__).parents[2] / "solutions"
KNOWN = {"exercise", "wrong", "right", "says"}


class Attempt(NamedTuple):
    """An answer: to what, what is wrong or unusual with it, what must be said of it, its source."""

    exercise: str
    what: str
    right: bool
    says: str | None
    source: str


def file_of(solution: Path) -> Path:
    """Where the attempts at the exercises of a solution are written."""
    return solution.parent / "mistakes" / f"{solution.stem[:2]}.py"


def read_attempts(path: Path) -> list[Attempt]:
    """The cells of a file of mistakes; raises if one of them has no meaning."""
    cells = list(read_cells(path))
    if found := [f"{path}: {cell.place}: {fault}" for cell in cells for fault in faults(cell)]:
        raise NotebookError("\n".join(found))
    return [
        Attempt(
            str(cell.entries["exercise"]),
            str(cell.entries.get("wrong") or cell.entries.get("right")),
            "right" in cell.entries,
            cell.entries.get("says"),
            cell.source,
        )
        for cell in cells
    ]


def faults(cell: FileCell) -> Iterator[str]:
    """What is wrong with a cell of a file of mistakes."""
    yield from cell_faults(cell, KNOWN, "an attempt has exercise, right or wrong, and says")
    entries = cell.entries
    if "exercise" not in entries:
        yield "an attempt belongs to an exercise"
    if ("wrong" in entries) == ("right" in entries):
        yield "an attempt is either wrong or right"
    if "right" in entries and "says" in entries:
        yield "nothing is said of a right answer"
    yield from (
        f"{name} must be a text, got {entries[name]!r}"
        for name in ("wrong", "right", "says")
        if not isinstance(entries.get(name, "…"), str) or not entries.get(name, "…")
    )


def wrong_answers(path: Path) -> dict[str, list[Attempt]]:
    """The wrong answers in a file of mistakes, by exercise."""
    return _by_exercise(found for found in read_attempts(path) if not found.right)


def right_answers(path: Path) -> dict[str, list[Attempt]]:
    """The right answers in a file of mistakes, by exercise."""
    return _by_exercise(found for found in read_attempts(path) if found.right)


def _by_exercise(attempts: Iterator[Attempt]) -> dict[str, list[Attempt]]:
    found: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        found.setdefault(attempt.exercise, []).append(attempt)
    return found


def _renamed(cell: NotebookNode, end: str, source: str | None = None) -> NotebookNode:
    """A copy of a cell that belongs to an exercise of its own."""
    new = copy.deepcopy(cell)
    new.id += end
    new.metadata["dlcore"]["exercise"] += end
    new.execution_count = 1
    if source is not None:
        new.source = source
    return new


class Chapter:
    """The exercises of a chapter, the attempts at them, and how the checks of each ended."""

    def __init__(self, path: Path, whole: bool = False) -> None:
        self.whole = whole
        solutions = sorted(path.parent.parent.glob(f"{path.stem}_*.ipynb"))
        if len(solutions) != 1:
            raise NotebookError(f"{path}: one solution was expected, found {len(solutions)}")
        self.reference = Reference(solutions[0])
        self.exercises = {found.number: found for found in self.reference.exercises}
        self.wrong, self.right = wrong_answers(path), right_answers(path)
        self.results: Endings = {}

    def run(self) -> None:
        """Run all attempts, that of the solution last."""
        answers = {found.answers[0].id: found for found in self.exercises.values()}
        cells: list[NotebookNode] = []
        for cell in self.reference.notebook.cells:
            exercise = answers.get(cell.id)
            if exercise is not None and exercise.kind != "text":
                cells += self._attempts(exercise)
            elif cell.cell_type == "code" and "role" not in ours(cell):
                cells.append(copy.deepcopy(cell))
        # Training may be slow on a busy machine; elsewhere the endless attempts should not wait.
        builds = [found for found in self.exercises.values() if found.kind == "build"]
        trains = any(ours(check).get("long") for found in builds for check in found.checks)
        self.results = run_cells(cells, self.reference, timeout=60.0 if trains else 20.0).endings

    def _attempts(self, exercise: Exercise) -> list[NotebookNode]:
        """The cells of all attempts at an exercise."""
        (answer,) = exercise.answers
        wrong, right = (kind.get(exercise.number, []) for kind in (self.wrong, self.right))
        tries = {f"/{index}": found.source for index, found in enumerate(wrong)}
        tries |= {f"/other {index}": found.source for index, found in enumerate(right)}
        cells: list[NotebookNode] = []
        for end, source in tries.items():
            cells.append(_renamed(answer, end, source))
            cells += [_renamed(check, end) for check in self.checks(exercise.number, end)]
            cells.append(_renamed(answer, f"{end}/right"))
        return cells + [_renamed(cell, "/right") for cell in (answer, *exercise.checks)]

    def checks(self, number: str, end: str) -> list[NotebookNode]:
        """The checks that an attempt is put to: a wrong build to the long ones weekly only.

        It must lose points by the others.
        """
        exercise, wrong = self.exercises[number], end.removeprefix("/").isdigit()
        if self.whole or exercise.kind != "build" or not wrong:
            return exercise.checks
        return [check for check in exercise.checks if not ours(check).get("long")]

    def statuses(self, number: str, end: str) -> list[str]:
        """How the checks of one attempt ended."""
        ids = [check.id + end for check in self.checks(number, end)]
        return [self.results.get(ident, {}).get("status", "not run") for ident in ids]


def a_wrong_answer_loses_points(chapter: Chapter, number: str, index: int) -> None:
    assert set(chapter.statuses(number, f"/{index}")) != {"passed"}


def the_feedback_on_a_wrong_answer_can_be_acted_on(
    chapter: Chapter, number: str, index: int
) -> None:
    """Every check that did not pass says what came instead, or what went wrong, and hints."""
    exercise, results = chapter.exercises[number], chapter.results
    answer = exercise.answers[0]
    for check in chapter.checks(number, f"/{index}"):
        ended = results.get(f"{check.id}/{index}") or results[f"{answer.id}/{index}"]
        if ended["status"] != "passed":
            assert ended["message"]
            assert ours(check)["hint"]
            assert ended["status"] in ("failed", "error", "timeout")


def the_feedback_on_a_wrong_answer_names_the_right_thing(
    chapter: Chapter, number: str, index: int
) -> None:
    checks = chapter.checks(number, f"/{index}")
    found = zip(chapter.statuses(number, f"/{index}"), checks, strict=True)
    said = " ".join(str(ours(check)["hint"]) for status, check in found if status != "passed")
    word = chapter.wrong[number][index].says
    assert word is not None
    assert word.lower() in said.lower()


def another_right_answer_keeps_its_points(chapter: Chapter, number: str, index: int) -> None:
    assert set(chapter.statuses(number, f"/other {index}")) == {"passed"}


def the_solution_keeps_its_points_among_them(chapter: Chapter, number: str) -> None:
    assert set(chapter.statuses(number, "/right")) == {"passed"}


class MistakesFile(pytest.File):
    """A file of mistakes: what is asked of each attempt is a test."""

    chapter: Chapter

    def setup(self) -> None:
        """Run all attempts of the chapter, once."""
        self.chapter.run()

    def collect(self) -> Iterator["Case"]:
        """Yield the tests: those of each wrong answer, each other right one, each solution."""
        try:
            self.chapter = Chapter(self.path, self.config.getoption("--weekly", False))
        except NotebookError as error:
            raise self.CollectError(str(error)) from None
        for number, wrong in self.chapter.wrong.items():
            for index, attempt in enumerate(wrong):
                tests = [
                    a_wrong_answer_loses_points,
                    the_feedback_on_a_wrong_answer_can_be_acted_on,
                ]
                if attempt.says is not None:
                    tests.append(the_feedback_on_a_wrong_answer_names_the_right_thing)
                for test in tests:
                    case = self._case(test, attempt.what, number, index)
                    if self.chapter.whole and self.chapter.exercises[number].kind == "build":
                        case.add_marker("weekly")
                    yield case
        for number, right in self.chapter.right.items():
            for index, attempt in enumerate(right):
                yield self._case(another_right_answer_keeps_its_points, attempt.what, number, index)
        for number, exercise in self.chapter.exercises.items():
            if exercise.kind != "text":
                yield self._case(the_solution_keeps_its_points_among_them, exercise.title, number)

    def _case(self, test: Callable[..., None], what: str, *place: Any) -> "Case":
        name = f"{test.__name__}[{'-'.join(map(str, place))}: {what}]"
        case: Case = Case.from_parent(self, name=re.sub("::", ":", name), test=test, place=place)
        return case


class Case(pytest.Item):
    """One thing that is asked of one attempt."""

    parent: MistakesFile

    def __init__(self, *, test: Callable[..., None], place: tuple[Any, ...], **more: Any) -> None:
        super().__init__(**more)
        self.test, self.place = test, place
        self.add_marker("slow")

    def runtest(self) -> None:
        """Ask it."""
        self.test(self.parent.chapter, *self.place)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], **more: Any) -> Any:
        """Show the assertion that failed, and not how it was called."""
        excinfo.traceback = excinfo.traceback.cut(path=__file__)[1:] or excinfo.traceback
        return super().repr_failure(excinfo, **more)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the file and the test."""
        return self.path, 0, self.name
