"""The grader on the book's own exercises."""

from pathlib import Path

import pytest

from dlcore.grade.grading import grade
from dlcore.notebooks.exercises import read_exercises
from dlcore.notebooks.files import notebooks_in, read, write

BOOK = Path(__file__).parents[2]


@pytest.mark.parametrize("path", notebooks_in(BOOK / "solutions"), ids=lambda path: path.stem)
def test_a_solution_has_full_marks(path: Path) -> None:
    report = grade(path)
    assert report.full_marks, report.to_json()


@pytest.mark.parametrize("path", notebooks_in(BOOK / "exercises"), ids=lambda path: path.stem)
def test_an_untouched_exercise_has_no_points(path: Path) -> None:
    report = grade(path)
    assert report.points == 0
    assert {exercise.status for exercise in report.exercises} == {"not attempted"}


@pytest.mark.parametrize("rest", [0, 1], ids=["odd ones", "even ones"])
@pytest.mark.parametrize("path", notebooks_in(BOOK / "solutions"), ids=lambda path: path.stem)
def test_exercises_left_out_take_no_points_from_the_others(
    path: Path, rest: int, tmp_path: Path
) -> None:
    solved = [found for found in read_exercises(read(path)) if found.kind != "text"][rest::2]
    answers = {answer.id: answer.source for found in solved for answer in found.answers}
    made = read(BOOK / "exercises" / path.name)
    for cell in made.cells:
        cell.source = answers.get(cell.id, cell.source)
    write(tmp_path / path.name, made)
    report = grade(tmp_path / path.name, path.parent)
    assert {found.exercise: found.points for found in report.exercises if found.points} == {
        found.number: found.points for found in solved
    }
