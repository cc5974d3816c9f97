"""The checks are checked: typical wrong answers lose points, and the right ones keep them.

All wrong answers of a chapter run in one kernel: each is followed by its checks and then by the
right answer, so that none lives on what an earlier one has left behind. The right answers are
checked at the end, among the same leavings.
"""

import copy
import runpy
from pathlib import Path

import pytest
from nbformat import NotebookNode

from dlcore.grade.grading import Results, run
from dlcore.grade.reference import Reference
from dlcore.notebooks.exercises import Exercise
from dlcore.notebooks.files import notebooks_in, ours

SOLUTIONS = Path(__file__).parents[2] / "solutions"
PATHS = notebooks_in(SOLUTIONS)


def mistakes(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Wrong answers by exercise: what is wrong, and the source of the answer cell."""
    file = SOLUTIONS / "mistakes" / f"{path.stem[:2]}.py"
    found: dict[str, list[tuple[str, str]]] = runpy.run_path(str(file))["MISTAKES"]
    return found


CASES = [
    pytest.param(path, number, index, id=f"{number}-{index}: {what}")
    for path in PATHS
    for number, wrong in mistakes(path).items()
    for index, (what, _) in enumerate(wrong)
]


def renamed(cell: NotebookNode, end: str, source: str | None = None) -> NotebookNode:
    """A copy of a cell that belongs to an exercise of its own."""
    new = copy.deepcopy(cell)
    new.id += end
    new.metadata["dlcore"]["exercise"] += end
    new.execution_count = 1
    if source is not None:
        new.source = source
    return new


def attempts(exercise: Exercise, wrong: list[tuple[str, str]]) -> list[NotebookNode]:
    """The cells of all attempts at an exercise, the right one last."""
    (answer,) = exercise.answers
    cells: list[NotebookNode] = []
    for index, (_, source) in enumerate(wrong):
        cells += [renamed(cell, f"/{index}") for cell in (answer, *exercise.checks)]
        cells[-1 - len(exercise.checks)].source = source
        cells.append(renamed(answer, f"/{index}/right"))
    return cells + [renamed(cell, "/right") for cell in (answer, *exercise.checks)]


@pytest.fixture(scope="module")
def results() -> dict[Path, Results]:
    """For each solution, how every cell of every attempt ended."""
    found = {}
    for path in PATHS:
        reference = Reference(path)
        exercises = {exercise.answers[0].id: exercise for exercise in reference.exercises}
        cells: list[NotebookNode] = []
        for cell in reference.notebook.cells:
            exercise = exercises.get(cell.id)
            if exercise is not None and exercise.kind != "text":
                cells += attempts(exercise, mistakes(path).get(exercise.number, []))
            elif cell.cell_type == "code" and "role" not in ours(cell):
                cells.append(copy.deepcopy(cell))
        found[path] = run(cells, reference, timeout=20.0)
    return found


def statuses(results: Results, exercise: Exercise, end: str) -> list[str]:
    """How the checks of one attempt ended."""
    return [results.get(check.id + end, {}).get("status", "not run") for check in exercise.checks]


def exercise_of(path: Path, number: str) -> Exercise:
    return next(found for found in Reference(path).exercises if found.number == number)


@pytest.mark.parametrize(("path", "number", "index"), CASES)
def test_a_wrong_answer_loses_points(
    results: dict[Path, Results], path: Path, number: str, index: int
) -> None:
    found = statuses(results[path], exercise_of(path, number), f"/{index}")
    assert set(found) != {"passed"}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_right_answer_keeps_its_points_among_them(
    results: dict[Path, Results], path: Path
) -> None:
    for exercise in Reference(path).exercises:
        if exercise.kind != "text":
            found = statuses(results[path], exercise, "/right")
            assert set(found) == {"passed"}, exercise.number


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_code_exercise_has_two_wrong_answers(path: Path) -> None:
    known = mistakes(path)
    exercises = {exercise.number: exercise for exercise in Reference(path).exercises}
    assert set(known) <= set(exercises)
    few = [
        number
        for number, exercise in exercises.items()
        if exercise.kind == "code" and len(known.get(number, [])) < 2
    ]
    assert few == []
