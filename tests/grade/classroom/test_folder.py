"""Where the notebooks of a class may lie, and what is not even read."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dlcore.grade import limits
from dlcore.grade.classroom.folder import find_handed_in


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")


def test_three_layouts_are_understood_also_mixed(tmp_path: Path) -> None:
    put(tmp_path, "cleo.ipynb", "ada/06.ipynb", "bela/week-2/06.ipynb", "bela/week-3/07.ipynb")
    assert [(one.learner, one.file) for one in find_handed_in(tmp_path)] == [
        ("ada", "ada/06.ipynb"),
        ("bela", "bela/week-2/06.ipynb"),
        ("bela", "bela/week-3/07.ipynb"),
        ("cleo", "cleo.ipynb"),
    ]


def test_what_is_hidden_or_lies_too_deep_is_left_out(tmp_path: Path) -> None:
    put(tmp_path, ".DS_Store", "notes.txt", "ada/06.ipynb", "ada/.ipynb_checkpoints/06.ipynb")
    put(tmp_path, "ada/week/.ipynb_checkpoints/06.ipynb", "ada/a/b/06.ipynb")
    assert [one.file for one in find_handed_in(tmp_path)] == ["ada/06.ipynb"]


def test_a_learner_without_a_notebook_is_listed(tmp_path: Path) -> None:
    put(tmp_path, "ada/answers.pdf")
    (one,) = find_handed_in(tmp_path)
    assert (one.learner, one.fault) == ("ada", "no notebook was handed in, but answers.pdf")


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        ([], "no notebook was handed in"),
        (["notes.txt", "a/work.ZIP"], "no notebook was found, but a/work.ZIP is there: unpack it"),
        (
            ["z.zip", "a/b/c.ipynb"],
            "no notebook was found, but a/b/c.ipynb lies too deep: move it up",
        ),
        (["__MACOSX/._06.ipynb", ".DS_Store"], "no notebook was handed in"),
    ],
)
def test_what_lies_there_in_place_of_a_notebook_is_named(
    tmp_path: Path, names: list[str], fault: str
) -> None:
    (tmp_path / "ada").mkdir()
    put(tmp_path / "ada", *names)
    (one,) = find_handed_in(tmp_path)
    assert one.fault == fault


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        (["06_first/notes.txt"], "no notebook was handed in, but notes.txt"),
        (["06_first/work.zip"], "no notebook was found, but work.zip is there: unpack it"),
        (
            ["06_first/a/06.ipynb"],
            "no notebook was found, but a/06.ipynb lies too deep: move it up",
        ),
        (["06_first/timestamp.txt", "06_first/submission_secret.txt"], "no notebook was handed in"),
    ],
)
def test_the_folder_of_an_assignment_without_a_notebook_is_listed(
    tmp_path: Path, names: list[str], fault: str
) -> None:
    put(tmp_path / "ada", "07_second/07.ipynb", "data/prices.csv", *names)
    first, second = find_handed_in(tmp_path, ["06_first", "07_second"])
    assert (first.learner, first.file, first.fault) == ("ada", "ada/06_first/", fault)
    assert (second.learner, second.file, second.fault) == ("ada", "ada/07_second/07.ipynb", "")


def test_an_assignment_of_any_name_is_known_by_the_time_that_nbgrader_notes(tmp_path: Path) -> None:
    put(tmp_path, "ada/week-1/timestamp.txt", "ada/week-2/timestamp.txt", "ada/week-2/06.ipynb")
    first, second = find_handed_in(tmp_path)
    assert (first.file, first.fault) == ("ada/week-1/", "no notebook was handed in")
    assert (second.file, second.fault) == ("ada/week-2/06.ipynb", "")


def test_an_archive_is_listed_and_not_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "ada_17_06_first.tar.gz", "bela.ipynb", "list.csv")
    ada, bela = find_handed_in(tmp_path, ["06_first"])
    assert (ada.learner, ada.fault) == ("ada_17", "an archive: unpack it")
    assert bela.fault == ""


def test_folders_that_an_archive_of_macos_adds_are_no_learners(tmp_path: Path) -> None:
    put(tmp_path, "ada.ipynb", "__MACOSX/._ada.ipynb")
    assert [one.learner for one in find_handed_in(tmp_path)] == ["ada"]


@pytest.mark.parametrize(
    ("stem", "learner"),
    [
        ("ada_06_first", "ada"),
        ("ada_10001_06_first", "ada_10001"),
        ("Ada Byron - 06_FIRST (2)", "Ada Byron"),
        ("ada_10001_20002_06_first-1", "ada_10001_20002"),
        ("ada_07_second_06_first", "ada_07_second"),
        ("ada_Copy of 06_first", "ada"),
        ("ada_06_first copy", "ada"),
        ("ada_06_first-Copy1", "ada"),
        ("06_first", "06_first"),
        ("_06_first", "_06_first"),
        ("ada06_first", "ada06_first"),
        ("ada_06_first_notes", "ada_06_first_notes"),
    ],
)
def test_the_name_of_the_assignment_is_no_part_of_the_name(
    tmp_path: Path, stem: str, learner: str
) -> None:
    put(tmp_path, f"{stem}.ipynb")
    (one,) = find_handed_in(tmp_path, ["06_first", "07_second"])
    assert (one.learner, one.file) == (learner, f"{stem}.ipynb")


def test_a_link_may_lead_to_the_work_of_others_and_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "solutions/06.ipynb", "class/bela/06.ipynb")
    (tmp_path / "class" / "ada").mkdir()
    (tmp_path / "class" / "ada" / "06.ipynb").symlink_to(tmp_path / "solutions" / "06.ipynb")
    (tmp_path / "class" / "cleo").symlink_to(tmp_path / "class" / "bela")
    ada, bela, cleo = find_handed_in(tmp_path / "class")
    assert "a link" in ada.fault
    assert bela.fault == ""
    assert (cleo.learner, "a link" in cleo.fault) == ("cleo", True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ada.ipynb")
    (one,) = find_handed_in(tmp_path)
    assert "not a plain file" in one.fault


def test_a_file_that_is_far_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "NOTEBOOK", 1)
    put(tmp_path, "ada.ipynb")
    assert "larger than" in find_handed_in(tmp_path)[0].fault
    assert "clear its outputs" in find_handed_in(tmp_path)[0].fault


@pytest.mark.parametrize(
    ("name", "learner", "fault"),
    [
        ("bob.ipynb.txt", "bob", "not a notebook: name it bob.ipynb"),
        ("bob_06_first.IPYNB.json", "bob", "not a notebook: name it bob.ipynb"),
        ("bob.pdf", "bob", "not a notebook but .pdf: ask for the .ipynb file itself"),
        ("bob_06_first.docx", "bob", "not a notebook but .docx: ask for the .ipynb file itself"),
        ("bob.md", "bob", "not a notebook but .md: ask for the .ipynb file itself"),
        ("bob", "bob", "not a notebook but a file: ask for the .ipynb file itself"),
    ],
)
def test_another_file_in_a_flat_folder_is_listed(
    tmp_path: Path, name: str, learner: str, fault: str
) -> None:
    put(tmp_path, "ada.ipynb", name, "marks.xlsx")
    _, bob = find_handed_in(tmp_path, ["06_first"])
    assert (bob.learner, bob.file, bob.fault) == (learner, name, fault)


def test_a_document_beside_the_folders_of_others_is_listed_and_a_note_is_not(
    tmp_path: Path,
) -> None:
    put(tmp_path, "ada/06.ipynb", "bob.pdf", "notes.md", "times.csv")
    assert [one.file for one in find_handed_in(tmp_path)] == ["ada/06.ipynb", "bob.pdf"]


def test_a_folder_that_cannot_be_read_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "ada/06.ipynb", "bela/06.ipynb")
    look = Path.iterdir

    def refuse(path: Path) -> Iterator[Path]:
        if path.name == "bela":
            raise PermissionError(13, "Permission denied")
        return look(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    ada, bela = find_handed_in(tmp_path)
    assert ada.fault == ""
    assert (bela.learner, bela.fault) == ("bela", "the folder cannot be read: Permission denied")


@pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes on Linux alone")
def test_a_name_that_is_not_utf_8_can_be_shown(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"ad\xff.ipynb")).write_text("{}")
    (one,) = find_handed_in(tmp_path)
    assert one.learner == "ad\\xff"
    assert one.path.is_file()
