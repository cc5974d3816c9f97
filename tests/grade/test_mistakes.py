"""The checks are checked: typical wrong answers lose points, and the right ones keep them.

All wrong answers of a chapter run in one kernel: each is followed by its checks and then by the
right answer, so that none lives on what an earlier one has left behind. The right answers are
checked at the end, among the same leavings.
"""

import copy
import runpy
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode

from dlcore.grade.grading import Results, run
from dlcore.grade.reference import Reference
from dlcore.notebooks.exercises import Exercise
from dlcore.notebooks.files import notebooks_in, ours

SOLUTIONS = Path(__file__).parents[2] / "solutions"
PATHS = notebooks_in(SOLUTIONS)


Answers = dict[str, list[tuple[str, str]]]


def written(path: Path) -> dict[str, Any]:
    """What is written about a chapter: MISTAKES, ALTERNATIVES and SAYS."""
    file = SOLUTIONS / "mistakes" / f"{path.stem[:2]}.py"
    return runpy.run_path(str(file)) if file.is_file() else {}


def mistakes(path: Path) -> Answers:
    """Wrong answers by exercise: what is wrong, and the source of the answer cell."""
    found: Answers = written(path).get("MISTAKES", {})
    return found


def alternatives(path: Path) -> Answers:
    """Right answers that differ from the solution, in the same form."""
    found: Answers = written(path).get("ALTERNATIVES", {})
    return found


RIGHT_CASES = [
    pytest.param(path, number, index, id=f"{number}-{index}: {what}")
    for path in PATHS
    for number, right in alternatives(path).items()
    for index, (what, _) in enumerate(right)
]
SAYING_CASES = [
    pytest.param(path, number, index, word, id=f"{number}-{index}: {word}")
    for path in PATHS
    for number, words in written(path).get("SAYS", {}).items()
    for index, word in enumerate(words)
]
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


def attempts(exercise: Exercise, wrong: Answers, right: Answers) -> list[NotebookNode]:
    """The cells of all attempts at an exercise, that of the solution last."""
    (answer,) = exercise.answers
    tries = {f"/{index}": one for index, (_, one) in enumerate(wrong.get(exercise.number, []))}
    others = enumerate(right.get(exercise.number, []))
    tries |= {f"/other {index}": one for index, (_, one) in others}
    cells: list[NotebookNode] = []
    for end, source in tries.items():
        cells += [renamed(cell, end) for cell in (answer, *exercise.checks)]
        cells[-1 - len(exercise.checks)].source = source
        cells.append(renamed(answer, f"{end}/right"))
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
                cells += attempts(exercise, mistakes(path), alternatives(path))
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


@pytest.mark.parametrize(("path", "number", "index"), CASES)
def test_the_feedback_on_a_wrong_answer_can_be_acted_on(
    results: dict[Path, Results], path: Path, number: str, index: int
) -> None:
    """Every check that did not pass says what came instead, or what went wrong, and hints."""
    answer = exercise_of(path, number).answers[0]
    for check in exercise_of(path, number).checks:
        ended = results[path].get(f"{check.id}/{index}") or results[path][f"{answer.id}/{index}"]
        if ended["status"] != "passed":
            assert ended["message"]
            assert ours(check)["hint"]
            assert ended["status"] in ("failed", "error", "timeout")


@pytest.mark.parametrize(("path", "number", "index", "word"), SAYING_CASES)
def test_the_feedback_on_a_wrong_answer_names_the_right_thing(
    results: dict[Path, Results], path: Path, number: str, index: int, word: str
) -> None:
    exercise = exercise_of(path, number)
    found = zip(statuses(results[path], exercise, f"/{index}"), exercise.checks, strict=True)
    said = " ".join(str(ours(check)["hint"]) for status, check in found if status != "passed")
    assert word.lower() in said.lower()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_what_the_feedback_must_say_is_written_for_every_mistake(path: Path) -> None:
    says = written(path).get("SAYS", {})
    assert {number: len(words) for number, words in says.items()} == {
        number: len(mistakes(path)[number]) for number in says
    }


@pytest.mark.parametrize(("path", "number", "index"), RIGHT_CASES)
def test_another_right_answer_keeps_its_points(
    results: dict[Path, Results], path: Path, number: str, index: int
) -> None:
    found = statuses(results[path], exercise_of(path, number), f"/other {index}")
    assert set(found) == {"passed"}


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
