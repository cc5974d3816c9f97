"""The grader on the book's own exercises.

Each is graded once solved and once as it is handed out. All of them solved in one kernel is what
the plug-in for notebooks runs, which compares every output of a solution with the stored one.
"""

from pathlib import Path

import pytest

from dlcore.grade.grading import grade
from dlcore.notebooks.exercises import read_exercises
from dlcore.notebooks.files import notebooks_in, read, write

BOOK = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("rest", [0, 1], ids=["odd ones", "even ones"])
@pytest.mark.parametrize("path", notebooks_in(BOOK / "solutions"), ids=lambda path: path.stem)
def test_what_is_solved_has_full_points_and_what_is_left_out_has_none(
    path: Path, rest: int, tmp_path: Path
) -> None:
    exercises = read_exercises(read(path))
    solved = [found for found in exercises if found.kind != "text"][rest::2]
    answers = {answer.id: answer.source for found in solved for answer in found.answers}
    made = read(BOOK / "exercises" / path.name)
    for cell in made.cells:
        cell.source = answers.get(cell.id, cell.source)
    write(tmp_path / path.name, made)
    report = grade(tmp_path / path.name, path.parent)
    points = {found.exercise: found.points for found in report.exercises if found.points}
    assert points == {found.number: found.points for found in solved}
    left = {found.exercise for found in report.exercises if found.status == "not attempted"}
    assert left == {found.number for found in exercises} - set(points)
