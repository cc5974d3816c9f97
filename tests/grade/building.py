"""A small assignment and submissions for it."""

from pathlib import Path

from nbformat import NotebookNode

from dlcore.grade.grading import grade
from dlcore.grade.report import ExerciseResult
from dlcore.notebooks.files import read, write
from dlcore.notebooks.release import release_all
from tests.notebooks.building import code, exercise, notebook, save, solved, words

CHOICE = '### BEGIN SOLUTION\nanswer_1_3 = "B"\n### END SOLUTION'
NUMBER = "### BEGIN SOLUTION\nanswer_1_4 = 3.5\n### END SOLUTION"
RIGHT = "def f(x):\n    return 2 * x"


def solution() -> NotebookNode:
    """Five exercises: functions (the second leans on the first), a choice, a number, words."""
    lean = solved("return f(x) + 1").replace("def f", "def g")
    hidden = exercise(
        "1.2", lean, {"print(f'{g(0.25):.2f}')": "1.50\n", "print(g(START))": "5.0\n"}
    )
    hidden[3].metadata["dlcore"]["visibility"] = "hidden"
    return notebook(
        words("title", "# Exercises"),
        code("setup", "import math\nimport numpy as np\nSTART = 2.0"),
        *exercise("1.1", solved("return 2 * x"), {"print(f'{f(START):.3f}')": "4.000\n"}),
        *hidden,
        *exercise("1.3", CHOICE, {"print('chosen', answer_1_3)": "chosen B\n"}, kind="choice"),
        *exercise("1.4", NUMBER, {"print(float(answer_1_4))": "3.5\n"}, kind="number"),
        words("ex-1-5-prompt", "Why?", exercise="1.5", role="prompt", title="Why", stars=3),
        words("ex-1-5-answer", "Therefore.", exercise="1.5", role="answer", kind="text"),
    )


def assignment(folder: Path, made: NotebookNode | None = None) -> Path:
    """Write a solution and its exercise; returns the exercise."""
    save(folder / "solutions" / "01_first.ipynb", solution() if made is None else made)
    (released,) = release_all(folder / "solutions", folder / "exercises")
    assert not released.error
    return released.path


def submit(exercise_file: Path, name: str, answers: dict[str, str]) -> Path:
    """Write a copy of an exercise with answers put in, by exercise number."""
    made = read(exercise_file)
    for number, answer in answers.items():
        cell = next(
            cell for cell in made.cells if cell.id == f"ex-{number.replace('.', '-')}-answer"
        )
        cell.source = answer
    path = exercise_file.parent.parent / "handed-in" / f"{name}.ipynb"
    write(path, made)
    return path


def grade_each(
    folder: Path,
    given: list[NotebookNode],
    answers: dict[str, tuple[dict[str, str], str]],
    timeout: float,
) -> dict[str, ExerciseResult]:
    """Grade one notebook in which each answer has an exercise of its own, and checks, by name."""
    numbers = {name: f"1.{number}" for number, name in enumerate(answers, start=1)}
    cells = [*given, words("t", "# T")]
    for name, (checks, _) in answers.items():
        cells += exercise(numbers[name], solved("return 2 * x"), checks)
    exercise_file = assignment(folder, notebook(*cells))
    handed_in = submit(exercise_file, "hostile", {numbers[n]: a for n, (_, a) in answers.items()})
    by_number = {found.exercise: found for found in grade(handed_in, timeout=timeout).exercises}
    return {name: by_number[number] for name, number in numbers.items()}
