from pathlib import Path

import pytest
from nbformat import NotebookNode

from dlcore.notebooks.exercises import read_exercises
from dlcore.notebooks.files import NotebookError, dumps, ours, read
from dlcore.notebooks.release import release, release_all, without_solution
from tests.notebooks.building import code, exercise, notebook, save, solved, stdout, words


def solution() -> NotebookNode:
    return notebook(
        words("title", "# Exercises"),
        code("setup", "x = 2.0", [stdout("noise")]),
        *exercise(
            "1.1", solved("y = x\nreturn y"), {"print(f(x))": "2.0\n", "print(f(1.0))": "1.0\n"}
        ),
        *exercise(
            "1.2",
            '# "A" or "B"\n### BEGIN SOLUTION\nanswer_1_2 = "B"\n### END SOLUTION',
            {"print(answer_1_2)": "B\n"},
            kind="choice",
        ),
        words("ex-1-3-prompt", "Why?", exercise="1.3", role="prompt", title="Why", stars=3),
        words("ex-1-3-answer", "Therefore.", exercise="1.3", role="answer", kind="text"),
    )


def test_a_release_has_stubs_and_none_of_the_answers() -> None:
    made = release(solution(), "01_first")
    sources = {cell.id: cell.source for cell in made.cells}
    assert sources["ex-1-1-answer"] == 'def f(x):\n    raise NotImplementedError("exercise 1.1")'
    assert sources["ex-1-2-answer"] == '# "A" or "B"\nraise NotImplementedError("exercise 1.2")'
    assert sources["ex-1-3-answer"] == "*Your answer here.*"
    assert "ex-1-1-explanation" not in sources
    assert "SOLUTION" not in dumps(made)
    assert "Therefore" not in dumps(made)


def test_a_release_holds_no_output_and_names_its_assignment() -> None:
    made = release(solution(), "01_first")
    for cell in made.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    assert made.metadata["dlcore"] == {"exercise_set": "01_first"}


def test_a_release_keeps_the_figure_of_a_given_cell_and_no_other() -> None:
    picture = {"output_type": "display_data", "data": {"image/png": "AAAA"}, "metadata": {}}
    source = solution()
    for cell in source.cells:
        if cell.cell_type == "code":
            cell.outputs = [*cell.outputs, NotebookNode(picture)]
    made = release(source, "01_first")
    assert [cell.id for cell in made.cells if cell.get("outputs")] == ["setup"]


def test_a_release_keeps_checks_with_points_and_leaves_hidden_ones_out() -> None:
    source = solution()
    assert {cell.id for cell in source.cells} >= {"ex-1-1-check", "ex-1-1-check-1"}
    source.cells[5].metadata["dlcore"]["visibility"] = "hidden"
    made = {cell.id: cell for cell in release(source, "01_first").cells}
    assert "ex-1-1-check-1" not in made
    assert ours(made["ex-1-1-check"])["points"] == 2


def test_the_solution_itself_is_not_touched() -> None:
    source = solution()
    before = dumps(source)
    release(source, "01_first")
    assert dumps(source) == before


def test_every_block_becomes_a_stub_at_its_own_indentation() -> None:
    block = "        ### BEGIN SOLUTION\n        return {}\n        ### END SOLUTION\n"
    methods = [f"    def {name}(self):\n{block.format(name)}" for name in "fg"]
    source = "class A:\n" + "".join(methods) + "# kept"
    made = without_solution(source, "raise NotImplementedError")
    compile(made, "cell", "exec")
    assert made.count("        raise NotImplementedError") == 2
    assert made.endswith("# kept")
    assert "return" not in made


@pytest.fixture
def book(tmp_path: Path) -> Path:
    save(tmp_path / "solutions" / "01_first.ipynb", solution())
    list(release_all(tmp_path / "solutions", tmp_path / "exercises"))
    return tmp_path


def changes(book: Path) -> list[bool]:
    return [
        done.changed for done in release_all(book / "solutions", book / "exercises", check=True)
    ]


def test_two_folders_agree_after_a_release(book: Path) -> None:
    assert changes(book) == [False]


def test_an_edited_exercise_is_noticed_and_written_again(book: Path) -> None:
    path = book / "exercises" / "01_first.ipynb"
    path.write_text(path.read_text().replace("Do it.", "Do that."))
    assert changes(book) == [True]
    assert [done.changed for done in release_all(book / "solutions", book / "exercises")] == [True]
    assert changes(book) == [False]


def test_an_edited_solution_is_noticed(book: Path) -> None:
    path = book / "solutions" / "01_first.ipynb"
    path.write_text(path.read_text().replace("Do it.", "Do that."))
    assert changes(book) == [True]


def test_an_exercise_without_solution_is_taken_away(book: Path) -> None:
    save(book / "exercises" / "09_lost.ipynb", notebook(code("one", "1")))
    assert changes(book) == [False, True]
    list(release_all(book / "solutions", book / "exercises"))
    assert not (book / "exercises" / "09_lost.ipynb").exists()


FAULTS = {
    "line 2: ### BEGIN SOLUTION without": (
        "answer",
        "source",
        "def f():\n    ### BEGIN SOLUTION\n    pass",
    ),
    "### END SOLUTION without": ("answer", "source", "### END SOLUTION"),
    "again, before the": (
        "answer",
        "source",
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
    ),
    "must stand alone": ("answer", "source", "### BEGIN SOLUTION now\n### END SOLUTION"),
    "has no ### BEGIN": ("answer", "source", "x = 1"),
    "kind must be one of": ("answer", "kind", "essay"),
    "must be a markdown cell": ("answer", "kind", "text"),
    "points must be a whole number": ("check", "points", 0.5),
    "at least 1, got None": ("check", "points", None),
    "needs a hint": ("check", "hint", ""),
    "visibility must be": ("check", "visibility", "secret"),
    "cannot opt out": ("check", "skip_compare", "I would rather not"),
    "tolerance must be a number": ("check", "tolerance", "wide"),
    'a text such as "6.3"': ("check", "exercise", 1.1),
    "comes before any answer": ("check", "exercise", "1.7"),
    "role must be one of": ("prompt", "role", "preface"),
    "has an exercise but no role": ("prompt", "role", None),
    "a prompt needs a title": ("prompt", "title", ""),
    "stars must be": ("prompt", "stars", 4),
    "builds belongs to an answer of kind build": ("answer", "builds", ["f"]),
    "builds must list the names that the cell defines, got None": ("answer", "kind", "build"),
    "has a solution block": ("setup", "source", "### BEGIN SOLUTION\n### END SOLUTION"),
}


@pytest.mark.parametrize("complaint", FAULTS)
def test_a_fault_is_named_with_its_cell(complaint: str) -> None:
    where, key, value = FAULTS[complaint]
    source = solution()
    name = "setup" if where == "setup" else f"ex-1-1-{where}"
    cell = next(cell for cell in source.cells if cell.id == name)
    if key == "source":
        cell.source = value
    elif value is None:
        del cell.metadata["dlcore"][key]
    else:
        cell.metadata["dlcore"][key] = value
    with pytest.raises(NotebookError) as caught:
        read_exercises(source)
    assert any(
        complaint in line and f"cell {name}" in line for line in str(caught.value).splitlines()
    )


@pytest.mark.parametrize(
    ("lost", "complaint"),
    [
        ("answer", "exercise 1.1: has no answer cell"),
        ("prompt", "exercise 1.1: needs one prompt, has 0"),
        ("check", "exercise 1.2: has no check"),
    ],
)
def test_a_missing_part_is_named_with_its_exercise(lost: str, complaint: str) -> None:
    source = solution()
    name = f"ex-{complaint[9:12].replace('.', '-')}-{lost}"
    source.cells = [cell for cell in source.cells if cell.id != name]
    with pytest.raises(NotebookError, match=complaint):
        read_exercises(source)


def test_an_exercise_knows_its_points_and_kind() -> None:
    found = {exercise.number: exercise for exercise in read_exercises(solution())}
    assert [(found[n].points, found[n].kind) for n in ("1.1", "1.2", "1.3")] == [
        (4, "code"),
        (2, "choice"),
        (0, "text"),
    ]


def test_a_faulty_solution_is_reported_and_others_go_on(book: Path) -> None:
    broken = solution()
    del broken.cells[4].metadata["dlcore"]["points"]
    save(book / "solutions" / "02_second.ipynb", broken)
    found = list(release_all(book / "solutions", book / "exercises"))
    assert [bool(done.error) for done in found] == [False, True]
    assert "02_second.ipynb: cell ex-1-1-check: points" in found[1].error
    assert not (book / "exercises" / "02_second.ipynb").exists()
    assert read(book / "exercises" / "01_first.ipynb")


def build(*names: str, number: str = "1.1") -> NotebookNode:
    """A solution that is one build."""
    made = notebook(*exercise(number, solved("return np.sum(x)"), {"print(f(2))": "2\n"}, "build"))
    made.cells[1].metadata["dlcore"]["builds"] = [*names]
    return made


def test_a_build_says_which_names_it_builds() -> None:
    (found,) = read_exercises(build("f"))
    assert (found.kind, found.builds) == ("build", ["f"])
    assert release(build("f"), "01_first").cells[1].metadata["dlcore"]["builds"] == ["f"]


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ((), "builds must list the names that the cell defines, got "),
        (("f", "g"), "builds names what the cell does not define: g"),
        ((1,), "got .1."),
    ],
)
def test_a_build_that_names_what_it_does_not_define_is_refused(
    names: tuple[str, ...], complaint: str
) -> None:
    with pytest.raises(NotebookError, match=complaint):
        read_exercises(build(*names))


def test_a_build_is_one_cell() -> None:
    made = build("f")
    second = code("ex-1-1-answer-two", solved("return x"), **made.cells[1].metadata["dlcore"])
    made.cells.insert(2, second)
    with pytest.raises(NotebookError, match="a build has one answer cell, this one has 2"):
        read_exercises(made)
