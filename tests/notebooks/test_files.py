import json
from pathlib import Path

import pytest

from dlcore.notebooks.files import (
    NotebookError,
    dumps,
    find_book,
    notebooks_in,
    ours,
    read,
    source_of,
    write,
)
from tests.notebooks.building import code, notebook, words


def test_what_is_written_is_read_back_and_written_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    assert write(path, notebook(words("title", "# ä"), code("one", "x = 1")))
    first = path.read_bytes()
    assert first.endswith(b"}\n")
    assert "ä".encode() in first
    assert not write(path, read(path))
    assert path.read_bytes() == first
    assert [file.name for file in tmp_path.iterdir()] == ["a.ipynb"]


def test_an_invalid_notebook_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    write(path, notebook(code("one", "x = 1")))
    before = path.read_bytes()
    broken = notebook(code("one", "x = 1"))
    broken.cells[0]["outputs"] = [{"output_type": "nonsense"}]
    with pytest.raises(NotebookError, match="invalid"):
        write(path, broken)
    assert path.read_bytes() == before


def broken(**changes: object) -> str:
    found = json.loads(dumps(notebook(code("one", "1"), code("two", "2"))))
    for name, value in changes.items():
        found["cells"][1][name] = value
        if value is None:
            del found["cells"][1][name]
    return json.dumps(found)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "not JSON"),
        ('{"cells": [{"cell_ty', "saved only in part"),
        ("[1, 2]", "no list of cells"),
        ("{}", "no list of cells"),
        ('{"cells": [3]}', "no list of cells"),
        ("\x00\x01", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"cells": [], "nbformat": 4, "nbformat_minor": 4, "metadata": {}}', "4.5 is needed"),
        (broken(id="one"), "more than one cell"),
        (broken(id=None), "has no id"),
        (broken(cell_type="poem"), "not a valid notebook"),
        (broken(source=5), "not a valid notebook"),
    ],
)
def test_what_is_no_notebook_is_refused_with_a_reason(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(text)
    with pytest.raises(NotebookError, match=word) as caught:
        read(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="no such file"):
        read(tmp_path / "none.ipynb")
    with pytest.raises(NotebookError, match="cannot be read"):
        read(tmp_path)


def test_the_book_is_found_from_below_and_missed_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book" / "chapters" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "book" / "chapters" / "deep")
    assert find_book() == tmp_path / "book"
    with pytest.raises(NotebookError, match=r"no book here: .* holds solutions/"):
        find_book("solutions")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotebookError, match="no book here"):
        find_book()


def test_the_book_of_the_package_is_found_from_anywhere_by_who_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_book(installed=True) == Path(__file__).parents[2]
    (tmp_path / "chapters").mkdir()
    assert find_book(installed=True) == tmp_path


def test_notebooks_are_listed_by_name_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("02_b.ipynb", "01_a.ipynb", ".hidden.ipynb", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in notebooks_in(tmp_path)] == ["01_a.ipynb", "02_b.ipynb"]
    assert notebooks_in(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("cell", "source"),
    [
        ({"source": "a\nb"}, "a\nb"),
        ({"source": ["a\r\n", "b\r", "c"]}, "a\nb\nc"),
        ({"source": ["a\0", 3, None, "b\ud800"]}, "ab?"),
        ({"source": 7}, ""),
        ({}, ""),
    ],
)
def test_a_source_is_one_text_however_it_lies_in_the_file(
    cell: dict[str, object], source: str
) -> None:
    assert source_of(cell) == source


@pytest.mark.parametrize("metadata", [None, [], {}, {"dlcore": 1}])
def test_metadata_that_say_nothing_are_empty(metadata: object) -> None:
    assert ours({"metadata": metadata}) == {}
    assert ours({}) == {}
