"""The files of mistakes: there is one for each solution, and each says enough."""

from pathlib import Path

import pytest

from dlcore.grade.reference import Reference
from dlcore.notebooks.files import NotebookError, notebooks_in
from tests.grade.mistakes import SOLUTIONS, file_of, read_attempts, right_answers, wrong_answers

PATHS = notebooks_in(SOLUTIONS)


def test_every_solution_has_its_mistakes() -> None:
    assert sorted((SOLUTIONS / "mistakes").glob("[0-9]*.py")) == [file_of(path) for path in PATHS]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_what_the_feedback_must_say_is_written_for_every_mistake(path: Path) -> None:
    """Of an exercise for which it is written at all."""
    for number, wrong in wrong_answers(file_of(path)).items():
        assert len({attempt.says is None for attempt in wrong}) == 1, number


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_code_exercise_has_two_wrong_answers(path: Path) -> None:
    wrong, right = wrong_answers(file_of(path)), right_answers(file_of(path))
    exercises = {exercise.number: exercise for exercise in Reference(path).exercises}
    assert {*wrong, *right} <= set(exercises)
    few = [
        number
        for number, exercise in exercises.items()
        if exercise.kind in ("code", "build") and len(wrong.get(number, [])) < 2
    ]
    assert few == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("print(1)", "belongs to an exercise"),
        ('# %% exercise="1.1"\nprint(1)', "either wrong or right"),
        ('# %% exercise="1.1" wrong="a" right="b"\nprint(1)', "either wrong or right"),
        ('# %% exercise="1.1" right="a" says="b"\nprint(1)', "nothing is said"),
        ('# %% exercise="1.1" wrong=""\nprint(1)', "wrong must be a text"),
        ('# %% exercise="1.1" wrong="a" says=3\nprint(1)', "says must be a text"),
        ('# %% exercise="1.1" wrong="a" points=2\nprint(1)', "unknown: points"),
        ('# %% exercise="1.1" wrong="a"\nprint(', "is not Python"),
    ],
)
def test_a_cell_without_meaning_is_refused(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "01.py"
    path.write_text(text)
    with pytest.raises(NotebookError, match=word):
        read_attempts(path)
