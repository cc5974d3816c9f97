"""The builds of the book's own solutions, joined: they read and draw digits and learn a text."""

import re
from pathlib import Path

import numpy as np
import pytest

import dlcore as dl
from dlcore import data
from dlcore.grade.builds.joining import LENT, Build, Joined, join, parts
from dlcore.notebooks.exercises import read_exercises
from dlcore.notebooks.files import notebooks_in, read
from tests.grade.builds.test_joining import OPERATORS, X, Y, names_of, run

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def joined() -> Joined:
    exercises = [
        one for path in notebooks_in(ROOT / "solutions") for one in read_exercises(read(path))
    ]
    found = [one for one in exercises if one.kind == "build"]
    builds = [Build(one.number, one.title, tuple(one.builds)) for one in found]
    return join(parts(builds), {one.number: one.answers[0].source for one in found})


def test_every_chapter_that_lends_something_has_a_build_that_takes_its_place(
    joined: Joined,
) -> None:
    assert joined.clashes == {}
    assert "Borrowed from the book" not in joined.text
    assert [int(number.split(".")[0]) for number in joined.own][: len(LENT)] == [*LENT]


def test_the_books_own_builds_read_the_digits(joined: Joined, tmp_path: Path) -> None:
    path = tmp_path / "mydl.py"
    path.write_text(joined.text, encoding="utf-8")
    done = run(path, str(data.locate("digits")))
    assert done.returncode == 0, done.stderr
    shares = [float(share) for share in re.findall(r"([\d.]+)%", done.stdout)]
    assert len(shares) == 5
    assert min(shares[1:]) > 92


def test_the_books_own_builds_learn_pythons_manual_letter_by_letter(
    joined: Joined, tmp_path: Path
) -> None:
    path = tmp_path / "mydl.py"
    path.write_text(joined.text, encoding="utf-8")
    done = run(path, "text")
    assert done.returncode == 0, done.stderr
    counted, before, after = map(float, re.findall(r" (\d\.\d\d)$", done.stdout, re.M))
    assert 2 < after < 3.4 < counted < before


def test_the_books_own_builds_draw_digits(joined: Joined, tmp_path: Path) -> None:
    path = tmp_path / "mydl.py"
    path.write_text(joined.text, encoding="utf-8")
    done = run(path, "draw", str(data.locate("digits")))
    assert done.returncode == 0, done.stderr
    (share,) = (float(share) for share in re.findall(r"asked for: ([\d.]+)%", done.stdout))
    assert share > 80  # a guess has 10
    (apart,) = (float(apart) for apart in re.findall(r"learnt: ([\d.]+) a pixel", done.stdout))
    assert 0.1 < apart < 0.6  # no copies, and no noise


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_stand_on_the_tape_of_the_solution(joined: Joined, name: str) -> None:
    found = []
    for Tensor in (names_of(joined.text).Tensor, dl.Tensor):
        x, y = Tensor(X, requires_grad=True), Tensor(Y, requires_grad=True)
        out = OPERATORS[name](x, y)
        (out * out).sum().backward()
        found.append(np.asarray(getattr(x.grad, "data", x.grad)))
    np.testing.assert_allclose(*found, rtol=1e-10)
