"""``dlcore mine``: what passed is taken, what did not is borrowed, nothing is lost."""

from pathlib import Path

import pytest

from dlcore import cli
from dlcore.grade.builds import command
from dlcore.grade.builds.joining import LENT
from dlcore.notebooks.files import read
from tests.grade.building import assignment, submit
from tests.notebooks.building import code, exercise, notebook, solved, words

MEAN = """class Standardise:
    ### BEGIN SOLUTION
    def fit(self, x):
        self.mean = x.mean(axis=0)
        self.scale = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
        return self

    def transform(self, x):
        return (x - self.mean) / self.scale
    ### END SOLUTION"""
RIGHT = MEAN.replace("    ### BEGIN SOLUTION\n", "").replace("    ### END SOLUTION", "    # mine")


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book with one build and one other exercise, and the current folder in it."""
    show = "print(Standardise().fit(np.array([[1.0], [3.0]])).transform(np.array([[5.0]])))"
    cells = exercise("10.2", MEAN, {show: "[[3.]]\n"}, kind="build")
    cells[1].metadata["dlcore"]["builds"] = ["Standardise"]
    made = notebook(
        words("title", "# Exercises"),
        code("setup", "import numpy as np"),
        *exercise("1.1", solved("return 2 * x"), {"print(f(2))": "4\n"}),
        *cells,
    )
    assignment(tmp_path, made)
    (tmp_path / "chapters").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def hand_in(book: Path, source: str) -> Path:
    return submit(book / "exercises" / "01_first.ipynb", "mine", {"10.2": source})


def test_what_passed_goes_into_the_file(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["mine", str(hand_in(book, RIGHT))]) == 1  # other builds are not there
    text = (book / "mydl.py").read_text()
    assert "# Yours: exercise 10.2: Standardise." in text
    assert "# mine" in text
    said = capsys.readouterr().out
    assert "10.2   Do it: passed" in said
    assert f"1 of {len(LENT)} builds are your own" in said
    assert "  yours     exercise 10.2  Standardise\n" in said
    assert "  borrowed  chapter 6      Function, Tensor\n" in said
    assert "Next: exercise" not in said


def test_what_did_not_pass_is_named_and_left_out(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = RIGHT.replace("x - self.mean", "x + self.mean")
    assert cli.main(["mine", str(hand_in(book, wrong)), "--out", "a/b.py"]) == 1
    assert "# mine" not in (book / "a" / "b.py").read_text()
    said = capsys.readouterr().out
    assert "10.2   Do it: wrong, 0 of 2 points" in said
    assert f"Next: exercise 10.2 in {book / 'handed-in' / 'mine.ipynb'}" in said


def test_the_exercises_of_the_book_are_looked_at_and_not_graded_in_vain(
    book: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "grade", lambda *_: pytest.fail("graded"))
    assert cli.main(["mine"]) == 1
    said = capsys.readouterr().out
    assert "10.2   Do it: not attempted" in said
    assert f"0 of {len(LENT)} builds are your own" in said


def test_a_file_that_is_there_keeps_its_content_under_another_name(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (book / "mydl.py").write_text("years of work")
    (book / "mydl-1.py").write_text("more of it")
    cli.main(["mine"])
    assert (book / "mydl-2.py").read_text() == "years of work"
    assert (book / "mydl-1.py").read_text() == "more of it"
    assert "mydl.py: the one that was there is now mydl-2.py" in capsys.readouterr().out
    cli.main(["mine"])
    assert "mydl.py: unchanged" in capsys.readouterr().out
    assert len([*book.glob("mydl*")]) == 3


def test_what_cannot_be_graded_or_written_ends_with_two(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["mine", "nowhere.ipynb"]) == 2
    assert "dlcore mine: nowhere.ipynb" in capsys.readouterr().err
    (book / "empty").mkdir()
    assert cli.main(["mine", "empty"]) == 2
    assert "no notebook in empty" in capsys.readouterr().err
    assert cli.main(["mine", "--out", "empty"]) == 2
    assert "dlcore mine:" in capsys.readouterr().err


def test_the_file_can_be_run_at_once(book: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["mine", str(hand_in(book, RIGHT)), "--run"]) == 1
    assert "convolution and layers  9" in capfd.readouterr().out


def test_the_stub_of_a_build_is_a_stub_like_any_other(book: Path) -> None:
    cell = next(
        c for c in read(book / "exercises" / "01_first.ipynb").cells if "10-2-answer" in c.id
    )
    assert cell.source == 'class Standardise:\n    raise NotImplementedError("exercise 10.2")'
