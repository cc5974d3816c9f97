"""The notebooks of the book itself keep to the rules, and its two folders of exercises agree.

That they run and reproduce their outputs is tested by pytest itself, through the plug-in.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from dlcore.notebooks.exercises import read_exercises
from dlcore.notebooks.files import notebooks_in, read
from dlcore.notebooks.lint import lint_book
from dlcore.notebooks.names import defined_names
from dlcore.notebooks.release import release_all

BOOK = Path(__file__).parents[2]
SOLUTIONS = notebooks_in(BOOK / "solutions")


def test_the_book_keeps_to_its_rules() -> None:
    assert "\n".join(map(str, lint_book(BOOK))) == ""


def test_exercises_are_those_of_the_solutions() -> None:
    found = list(release_all(BOOK / "solutions", BOOK / "exercises", check=True))
    assert len(found) >= len(SOLUTIONS) > 0
    assert [done for done in found if done.changed or done.error] == []


def test_the_front_page_says_which_chapters_are_written() -> None:
    """Such as "Chapters 1 to 11 and 15 are written; 12 to 14 … are planned."."""
    text = (BOOK / "book" / "index.md").read_text()
    written, planned = re.search(r"Chapters (.*) are written; (.*?), which", text).groups()
    there = {int(path.stem[:2]) for path in notebooks_in(BOOK / "chapters")}
    assert (numbers(written), numbers(planned)) == (there, {*range(1, 20)} - there)


def numbers(text: str) -> set[int]:
    """The numbers that a list of single ones and of spans names."""
    spans = re.findall(r"(\d+)(?: to (\d+))?", text)
    return {n for first, last in spans for n in range(int(first), int(last or first) + 1)}


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_chapter_has_six_to_fourteen_exercises_of_every_weight(path: Path) -> None:
    """Ten, and the build, the figure to read, a derivation and one more that came after them."""
    exercises = read_exercises(read(path))
    assert 6 <= len(exercises) <= 14
    assert {exercise.stars for exercise in exercises} == {1, 2, 3}
    assert {exercise.kind for exercise in exercises} >= {"code", "text"}


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_chapter_has_one_build_and_ends_on_it(path: Path) -> None:
    """What the learner builds is joined to one file, in which none of these may be missing."""
    kinds = [exercise.kind for exercise in read_exercises(read(path))]
    assert kinds.count("build") == 1
    assert kinds[-1] == "build"


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_no_answer_takes_the_name_of_another(path: Path) -> None:
    """``check("11.3")`` runs on what the notebook holds now, after later answers were run too."""
    exercises = read_exercises(read(path))
    counted = Counter(
        name
        for exercise in exercises
        for name in defined_names([answer.source for answer in exercise.answers])
    )
    assert [name for name, times in counted.items() if times > 1] == []


def test_notebooks_of_the_book_are_collected_by_default(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.pluginmanager.has_plugin("dlcore.notebooks.plugin")
    assert {"chapters", "solutions"} <= set(pytestconfig.getini("testpaths"))
