from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from dlcore.notebooks.lint import lint, lint_book
from dlcore.notebooks.release import release_all
from tests.notebooks.building import (
    chapter,
    code,
    exercise,
    figure,
    notebook,
    save,
    solved,
    stdout,
    words,
)

Change = Callable[[NotebookNode], object]


def good_chapter() -> NotebookNode:
    drawn = code("line", "draw()", [figure(np.full((8, 8, 4), 255))])
    drawn.metadata["mystnb"] = {"image": {"alt": "A white square on nothing."}}
    return chapter(code("numbers", "print(f'{1 / 3:.3f} of 10')", [stdout("0.333 of 10\n")]), drawn)


def complaints(path: Path, made: NotebookNode) -> list[str]:
    return [str(complaint) for complaint in lint(save(path, made))]


def test_a_good_chapter_has_no_complaint(tmp_path: Path) -> None:
    assert complaints(tmp_path / "chapters" / "01_first.ipynb", good_chapter()) == []


def put(cell: int, **changes: object) -> Change:
    """A change of fields of one cell."""
    return lambda made: made.cells[cell].update(changes)


def own(cell: int, **entries: object) -> Change:
    """A change of what a cell says under dlcore."""
    return lambda made: made.cells[cell].metadata.update(dlcore=entries)


def opt_out_thrice(made: NotebookNode) -> None:
    for number in range(3):
        made.cells.append(
            code(f"time-{number}", "1", count=3 + number, skip_compare="a time measured")
        )


def out(text: str) -> Change:
    return put(2, outputs=[stdout(text)])


def draw(said: str) -> Change:
    """A figure whose words are those of its drawing, and not of its cell."""

    def change(made: NotebookNode) -> None:
        del made.cells[3].metadata["mystnb"]
        made.cells[3].outputs[0].data["text/plain"] = said

    return change


BROKEN: dict[str, Change] = {
    "dlcore.accept belongs to a check": own(2, accept={"at_least": 0}),
    "readable slug": put(2, id="Numbers_1"),
    "one that a program made": put(2, id="a1b2c3d4"),
    "metadata that do not belong in the book: execution": lambda made: made.cells[
        2
    ].metadata.update(execution={}),
    "nbval's marks": put(2, source="# NBVAL_SKIP\n1"),
    "marks and tags": lambda made: made.cells[2].metadata.update(tags=["raises-exception"]),
    "must give the reason in words": own(2, skip_compare=True),
    "the reason in words, got 'no'": own(2, skip_compare="no"),
    "dlcore.differs must give the reason": own(2, differs="no"),
    "dlcore.reworded must give the reason": own(2, reworded="no"),
    "the limit is 2": opt_out_thrice,
    "brief must map pieces": own(2, brief=["300", "3"]),
    "pieces of the cell to shorter ones, got": own(2, brief={"300": 3}),
    "'no such piece' stands 0 times": own(2, brief={"no such piece": "1"}),
    "tolerance must be a number": own(2, tolerance="wide"),
    "26 lines of code": put(2, source="\n".join("x = 1" for _ in range(26))),
    "201 words": put(1, source="word " * 201),
    "no alt text": lambda made: made.cells[3].metadata.pop("mystnb"),
    "not that it is one": lambda made: made.cells[3].metadata.update(
        mystnb={"image": {"alt": "Figure of a line"}}
    ),
    "no alt text: metadata": draw("<Figure size 100x200 with 0 Axes>"),
    "'Two panels.' is no caption": draw("<Figure: Two panels. Left: a line that falls.>"),
    "'Left: a line that falls.' is no caption": draw("<Figure: Left: a line that falls.>"),
    "'Falls' is no caption": lambda made: made.cells[3].metadata.update(
        dlcore={"caption": "Falls"}
    ),
    "the cell shows 2 figures": lambda made: made.cells[3].outputs.extend(made.cells[3].outputs),
    "no run is stored": put(2, execution_count=None),
    "once from top to bottom": put(2, execution_count=7),
    "a traceback is stored: ValueError": put(
        2, outputs=[new_output("error", ename="ValueError", evalue="", traceback=[])]
    ),
    "warnings or messages are stored": put(
        2, outputs=[new_output("stream", name="stderr", text="careful\n")]
    ),
    "an absolute path": out("saved to /home/me/model\n"),
    "path of an installed package": out("lib/site-packages/x.py\n"),
    "a memory address": out("<object at 0x7f3a2b1c>\n"),
    "a bare NumPy scalar": out("[np.float64(0.5)]\n"),
    "a time of this machine": out("took 12.5 ms\n"),
    "a time of this machine: '3.2 s'": out("took 3.2 s\n"),
    "a progress bar": out("100%|████| 5/5\n"),
    "a warning": out("x.py:1: UserWarning: careful\n"),
    "a traceback": out("Traceback (most recent call last)\n"),
    "kernelspec must be": lambda made: made.metadata.update(
        kernelspec={"name": "mine", "display_name": "Mine"}
    ),
    "language_info must hold": lambda made: made.metadata["language_info"].update(version="3"),
    "do not belong in the book: widgets": lambda made: made.metadata.update(widgets={}),
    "must begin with the title": put(0, source="(ch-01)=\nWhy?"),
    "must open with a question": put(0, source="(ch-01)=\n# First\n\nBecause."),
    "carry the label (ch-01)=": put(0, source="# First\n\nWhy?"),
    "the admonition 'At a glance'": put(1, source="By the end you can."),
    "first two cells": lambda made: made.cells.pop(1),
    "one title": lambda made: made.cells.append(words("more", "# Second")),
}


@pytest.mark.parametrize("complaint", BROKEN)
def test_a_broken_rule_of_chapters_is_named(tmp_path: Path, complaint: str) -> None:
    made = good_chapter()
    BROKEN[complaint](made)
    found = complaints(tmp_path / "chapters" / "01_first.ipynb", made)
    assert any(complaint in line for line in found), found


ALLOWED: dict[str, Change] = {
    "a drawing that says itself what it shows": draw("<Figure: A line falls to 0.5. It is red.>"),
    "a caption of a figure whose alt text begins with one panel": lambda made: made.cells[
        3
    ].metadata.update(
        mystnb={"image": {"alt": "Left: a line that falls."}},
        dlcore={"caption": "A line and its slope"},
    ),
    "two cells that give their reasons": lambda made: made.cells.extend(
        code(f"time-{n}", "1", count=3 + n, skip_compare="a time measured") for n in range(2)
    ),
    "formulas and tables beside 200 words": put(
        1,
        source=":::{admonition} At a glance\n:class: at-a-glance\n"
        + "word " * 190
        + "$a + b$ " * 50,
    ),
    "25 lines of code": put(2, source="\n".join("x = 1" for _ in range(25))),
    "an array of numbers": out("[[0.5 1. ]\n [2.  3. ]] (2, 2) float32\n"),
    "a comment beginning with a hash in code": lambda made: made.cells.append(
        words("more", "```python\n# not a title\n```")
    ),
    "words with units of physics": out(
        "9.81 m/s², 5 seconds, 3 ms⁻¹ is 12 km\n".replace("3 ms⁻¹", "3")
    ),
    "a tag for the site": lambda made: made.cells[2].metadata.update(tags=["hide-input"]),
}


@pytest.mark.parametrize("what", ALLOWED)
def test_what_keeps_to_the_rules_passes(tmp_path: Path, what: str) -> None:
    made = good_chapter()
    ALLOWED[what](made)
    assert complaints(tmp_path / "chapters" / "01_first.ipynb", made) == []


def test_a_file_must_have_a_number_and_a_slug(tmp_path: Path) -> None:
    found = complaints(tmp_path / "chapters" / "First.ipynb", good_chapter())
    assert any("two digits and a slug" in line for line in found)


def test_what_is_no_notebook_is_one_complaint(tmp_path: Path) -> None:
    path = tmp_path / "01_a.ipynb"
    path.write_text("{")
    (complaint,) = lint(path)
    assert "not JSON" in str(complaint)


def good_solution() -> NotebookNode:
    number = "### BEGIN SOLUTION\nanswer_1_2 = 3.5\n### END SOLUTION"
    return notebook(
        words("title", "# Exercises"),
        *exercise("1.1", solved("return 2 * x"), {"print(f'{f(0.5):.2f}')": "1.00\n"}),
        *exercise("1.2", number, {"print(answer_1_2)": "3.5\n"}, kind="number"),
    )


def accepts(index: int, rule: object) -> Change:
    """Say of a cell what it accepts."""
    return lambda made: made.cells[index].metadata["dlcore"].update(accept=rule)


def display(made: NotebookNode) -> None:
    """Show a picture in a check that accepts a number."""
    accepts(3, {"at_least": 1})(made)
    made.cells[3].outputs.append(figure(np.zeros((4, 4, 4))))


def test_a_check_that_says_what_it_accepts_has_no_complaint(book: Path) -> None:
    made = good_solution()
    accepts(3, {"between": [0.9, 1]})(made)
    save(book / "solutions" / "01_first.ipynb", made)
    list(release_all(book / "solutions", book / "exercises"))
    assert list(lint_book(book)) == []


@pytest.fixture
def book(tmp_path: Path) -> Path:
    save(tmp_path / "solutions" / "01_first.ipynb", good_solution())
    save(tmp_path / "chapters" / "01_first.ipynb", good_chapter())
    list(release_all(tmp_path / "solutions", tmp_path / "exercises"))
    return tmp_path


def test_a_good_book_has_no_complaint(book: Path) -> None:
    assert list(lint_book(book)) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (put(3, outputs=[stdout("True\n")]), "prints a verdict or nothing"),
        (put(3, outputs=[]), "prints a verdict or nothing"),
        (put(3, outputs=[stdout("at least 0.9: True\n")]), "prints a truth value"),
        (put(3, outputs=[stdout("values 1.0 [False 2]\n")]), "prints a truth value"),
        (put(7, outputs=[stdout("within 0.1: False\n")]), "prints a truth value"),
        (accepts(3, {"atleast": 1}), "cell ex-1-1-check: dlcore.accept must be a rule"),
        (accepts(3, {"at_least": 1.01}), "not pass it: at least 1.01 was expected, 1.00 came"),
        (accepts(3, [None, {"at_least": 0}]), "is said of 2 numbers; 1 are stored"),
        (accepts(2, {"at_least": 1}), "accept belongs to a check"),
        (display, "must print, and display nothing"),
        (put(3, id="check-one"), "the id must begin with ex-1-1-check"),
        (put(6, source="### BEGIN SOLUTION\nx = 3.5\n### END SOLUTION"), "must assign answer_1_2"),
        (lambda made: made.cells[3].metadata["dlcore"].pop("points"), "cell ex-1-1-check: points"),
        (put(2, source="x"), "cell ex-1-1-answer: has no ### BEGIN SOLUTION"),
        (put(0, source="# Other"), "does not agree with it"),
    ],
)
def test_a_broken_rule_of_solutions_is_named(book: Path, change: Change, complaint: str) -> None:
    made = good_solution()
    change(made)
    found = complaints(book / "solutions" / "01_first.ipynb", made)
    assert any(complaint in line for line in found), found


def test_a_check_must_not_draw_from_a_shared_generator(book: Path) -> None:
    made = good_solution()
    made.cells.insert(1, code("setup", "rng = np.random.default_rng(0)", count=1))
    made.cells[4].source = "print(f(rng.normal()))"
    found = complaints(book / "solutions" / "01_first.ipynb", made)
    assert any("ex-1-1-check: draws from rng" in line for line in found)
    made.cells[4].source = "rng = np.random.default_rng(1)\nprint(f(rng.normal()))"
    assert not any(
        "draws from" in line for line in complaints(book / "solutions" / "01_first.ipynb", made)
    )


@pytest.mark.parametrize(
    ("check", "missing"),
    [
        ("print(f(rows), [n for n in rows])", "rows"),
        ("print([f(n) for n in rows for _ in others])", "others, rows"),
        ("def g(x):\n    return f(x) + near\nprint(g(1))", "near"),
        ("rows = [1]\nprint(f(rows), len(rows))", ""),
        ("def g(x):\n    near = x\n    return f(near)\nprint(g(1), START)", ""),
        ("print(f(later))", "later"),
    ],
)
def test_a_check_must_not_need_what_another_has_defined(
    book: Path, check: str, missing: str
) -> None:
    first, second = f"rows, others, near = [1], [2], 3\nprint(f(rows)) # {check}", check
    made = notebook(
        words("title", "# Exercises"),
        code("given", "START = 2"),
        *exercise("1.1", solved("return x"), {first: "1\n", second: "1\n"}),
        code("after", "later = 1"),
    )
    path = save(book / "solutions" / "01_first.ipynb", made)
    found = [str(one) for one in lint(path) if "defined neither" in one.what]
    assert found == [
        f"{path}: cell ex-1-1-check-1: {missing}: defined neither here, nor by a given cell or "
        "the answer"
    ] * bool(missing)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("return np.tanh(x) + len(dl.Tensor(nn))", ""),
        ("\n".join(["x = x + 1"] * 60), ""),
        ("\n".join(["x = x + 1"] * 90), "93 lines of code; the limit is 80"),
        ("import numpy as np", "a build imports nothing: np, dl and nn are there"),
        ("return F.relu(x) + START", "but this reads F, START"),
    ],
)
def test_a_build_can_be_taken_out_as_it_is(book: Path, body: str, complaint: str) -> None:
    cells = exercise("1.1", solved(body), {"print(f(2))": "2\n"}, kind="build")
    cells[1].metadata["dlcore"]["builds"] = ["f"]
    made = notebook(words("title", "# Exercises"), code("given", "START = 2"), *cells)
    found = [
        one.what
        for one in lint(save(book / "solutions" / "01_first.ipynb", made))
        if one.cell == "ex-1-1-answer"
    ]
    assert len(found) == bool(complaint)
    assert all(complaint in what for what in found)


def test_an_exercise_of_another_chapter_is_named(book: Path) -> None:
    found = complaints(book / "solutions" / "02_second.ipynb", good_solution())
    assert any("does not belong to this chapter" in line for line in found)


def test_folders_that_disagree_are_named(book: Path) -> None:
    exercise_file = book / "exercises" / "01_first.ipynb"
    exercise_file.write_text(exercise_file.read_text().replace("Do it.", "Do that."))
    assert any("does not agree" in str(complaint) for complaint in lint_book(book))
    exercise_file.rename(book / "exercises" / "03_third.ipynb")
    found = [str(complaint) for complaint in lint_book(book)]
    assert any("03_third.ipynb: has no solution" in line for line in found)
    assert any("01_first.ipynb: has no exercise" in line for line in found)
