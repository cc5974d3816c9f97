"""A new chapter is laid whole: it keeps to the rules, grades itself, and overwrites nothing."""

from pathlib import Path

import pytest
from nbformat import NotebookNode

from dlcore import cli
from dlcore.notebooks import new_chapter
from dlcore.notebooks.exercises import read_exercises
from dlcore.notebooks.files import read
from dlcore.notebooks.lint import lint_book
from tests.grade import mistakes

CONTENTS = """root: book/index
parts:
  - caption: Foundations
    chapters:
      - file: chapters/01_first
        sections:
          - file: exercises/01_first
  - caption: Architectures
    chapters:
      - file: chapters/11_layers
        sections:
          - file: exercises/11_layers
      - file: chapters/15_attention
        sections:
          - file: exercises/15_attention
  - caption: Reference
    chapters:
      - file: book/notation
"""
LINES = """      - file: chapters/13_recurrent_networks
        sections:
          - file: exercises/13_recurrent_networks
"""
FILES = [
    "book/glossary/13.md",
    "book/references/13.bib",
    "chapters/13_recurrent_networks.ipynb",
    "exercises/13_recurrent_networks.ipynb",
    "solutions/13_recurrent_networks.ipynb",
    "solutions/mistakes/13.py",
]
SECTIONS = [
    "What is built from what",
    "A small example",
    "The formula",
    "A fault on purpose",
    "The same in PyTorch",
    "Summary",
    "Exercises and open questions",
    "Further reading",
]


def book_at(folder: Path) -> Path:
    for part in ("chapters", "exercises", "solutions/mistakes", "book"):
        (folder / part).mkdir(parents=True)
    (folder / "book" / "_toc.yml").write_text(CONTENTS)
    return folder


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with a new chapter 13, whose notebooks have been run."""
    book = book_at(tmp_path_factory.mktemp("book"))
    new_chapter.lay(book, "13", "recurrent_networks")
    return book


@pytest.fixture
def unrun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book in which laying a chapter runs nothing; the current folder lies in it."""

    def given(notebook: NotebookNode, folder: Path) -> NotebookNode:
        return notebook

    monkeypatch.setattr(new_chapter, "run", given)
    book = book_at(tmp_path)
    monkeypatch.chdir(book / "chapters")
    return book


def files_in(book: Path) -> list[str]:
    found = [path.relative_to(book) for path in book.rglob("*") if path.is_file()]
    return sorted(str(path) for path in found if path.name != "_toc.yml")


@pytest.mark.slow
def test_all_files_of_a_chapter_are_laid_and_keep_to_the_rules(laid: Path) -> None:
    assert files_in(laid) == FILES
    assert list(map(str, lint_book(laid))) == []


@pytest.mark.slow
def test_the_chapter_has_the_sections_of_every_chapter_in_order(laid: Path) -> None:
    chapter = read(laid / "chapters" / "13_recurrent_networks.ipynb")
    headings = [
        line.removeprefix("## ")
        for cell in chapter.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("## ")
    ]
    assert [heading for heading in headings if heading in SECTIONS] == SECTIONS
    assert chapter.cells[0].source.startswith("(ch-13)=\n# Recurrent networks\n")


@pytest.mark.slow
def test_the_solution_grades_full_marks_and_the_untouched_exercise_none(
    laid: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(laid)
    for folder, said in {"solutions": "12 of 12 points", "exercises": "0 of 12 points"}.items():
        cli.main(["grade", f"{folder}/13_recurrent_networks.ipynb"])
        assert said in capsys.readouterr().out


@pytest.mark.slow
def test_its_wrong_answers_lose_points_and_its_right_ones_keep_them(laid: Path) -> None:
    chapter = mistakes.Chapter(laid / "solutions" / "mistakes" / "13.py")
    chapter.run()
    for number in chapter.wrong:
        for index in range(2):
            mistakes.a_wrong_answer_loses_points(chapter, number, index)
            mistakes.the_feedback_on_a_wrong_answer_names_the_right_thing(chapter, number, index)
        mistakes.another_right_answer_keeps_its_points(chapter, number, 0)
        mistakes.the_solution_keeps_its_points_among_them(chapter, number)


def test_the_solution_has_an_exercise_of_each_kind_and_weight(unrun: Path) -> None:
    new_chapter.lay(unrun, "5", "perceptron")
    exercises = read_exercises(read(unrun / "solutions" / "05_perceptron.ipynb"))
    assert {exercise.kind for exercise in exercises} == {"choice", "number", "code", "text"}
    assert {exercise.stars for exercise in exercises} == {1, 2, 3}
    assert [exercise.number for exercise in exercises] == [f"5.{n}" for n in range(1, 7)]


def test_two_wrong_answers_and_a_right_one_are_laid_for_each_answer_in_code(unrun: Path) -> None:
    new_chapter.lay(unrun, "13", "recurrent_networks")
    exercises = read_exercises(read(unrun / "solutions" / "13_recurrent_networks.ipynb"))
    path = unrun / "solutions" / "mistakes" / "13.py"
    wrong, right = mistakes.wrong_answers(path), mistakes.right_answers(path)
    for number in [exercise.number for exercise in exercises if exercise.kind == "code"]:
        assert (len(wrong[number]), len(right[number])) == (2, 1)


def test_a_chapter_enters_its_part_of_the_contents_in_order(unrun: Path) -> None:
    assert new_chapter.lay(unrun, "13", "recurrent_networks").not_entered == ""
    expected = CONTENTS.replace("      - file: chapters/15", f"{LINES}      - file: chapters/15")
    assert (unrun / "book" / "_toc.yml").read_text() == expected


def test_the_last_chapter_of_a_part_stands_at_its_end(unrun: Path) -> None:
    new_chapter.lay(unrun, "04", "fast_python")
    text = (unrun / "book" / "_toc.yml").read_text()
    assert text.index("exercises/01_first") < text.index("chapters/04") < text.index("Architect")


def test_without_its_part_in_the_contents_the_lines_are_given(
    unrun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["new-chapter", "18", "concurrency"]) == 0
    assert (unrun / "book" / "_toc.yml").read_text() == CONTENTS
    assert LINES.replace("13_recurrent_networks", "18_concurrency") in capsys.readouterr().out


def test_the_files_are_named_and_the_next_commands(
    unrun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["new-chapter", "13", "recurrent_networks"]) == 0
    said = capsys.readouterr().out
    assert "13_recurrent_networks.ipynb: written" in said
    assert "dlcore outputs 13_recurrent_networks.ipynb" in said
    assert new_chapter.TO_WRITE in said


@pytest.mark.parametrize("taken", FILES)
def test_nothing_is_written_over(
    unrun: Path, taken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = unrun / taken
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    assert cli.main(["new-chapter", "13", "other_name"]) == 2
    assert f"chapter 13 is there already, nothing was written: {taken}" in capsys.readouterr().err
    assert files_in(unrun) == [taken]


@pytest.mark.parametrize("number", ["0", "00", "100", "-1", "x", "1.5", ""])
def test_a_number_that_is_none_is_refused(
    unrun: Path, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["new-chapter", "--", number, "recurrent_networks"]) == 2
    assert f"the number of a chapter is 1 to 99, got {number!r}" in capsys.readouterr().err
    assert files_in(unrun) == []


@pytest.mark.parametrize(
    "slug", ["Recurrent", "two words", "two-words", "_a", "a_", "a__b", "../a", "1a", ""]
)
def test_a_slug_that_is_none_is_refused(
    unrun: Path, slug: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["new-chapter", "13", slug]) == 2
    assert f"such as recurrent_networks; got {slug!r}" in capsys.readouterr().err
    assert files_in(unrun) == []


def test_outside_a_book_nothing_is_laid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["new-chapter", "13", "recurrent_networks"]) == 2
    assert "no book here" in capsys.readouterr().err
