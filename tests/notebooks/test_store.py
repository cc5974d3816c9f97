import copy
from pathlib import Path

import numpy as np
import pytest
from nbformat import NotebookNode

from dlcore.notebooks.files import read
from dlcore.notebooks.store import merge, store
from dlcore.notebooks.tidy import KERNEL, strip
from tests.notebooks.building import chapter, code, figure, notebook, save, stdout

SQUARE = np.zeros((60, 60, 4))
SQUARE[10:50, 10:50] = (0, 114, 178, 255)
CELLS = {
    "imports": "import os, sys\nimport numpy as np",
    "numbers": "print(f'{np.pi:.4f}')\nx = np.arange(3)\nx",
    "empty": "",
    "where": "print(os.environ['DLCORE_PROGRESS'], os.path.basename(os.getcwd()))",
    "count": "print(len(x), end='')\nprint('!')",
}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chapter that has been run and stored once."""
    path = tmp_path_factory.mktemp("book") / "chapters" / "01_first.ipynb"
    made = chapter(*(code(name, source) for name, source in CELLS.items()))
    made.metadata["authors"] = ["someone"]
    made.cells[3].metadata["execution"] = {"iopub.status.idle": "2024-01-01T00:00:00Z"}
    save(path, made)
    done = store(path)
    assert done.changed, done.error
    assert not done.error
    return path


def test_running_twice_changes_no_byte(stored: Path) -> None:
    before, time = stored.read_bytes(), stored.stat().st_mtime_ns
    assert not store(stored).changed
    assert (stored.read_bytes(), stored.stat().st_mtime_ns) == (before, time)


def test_cells_that_hold_code_count_from_one(stored: Path) -> None:
    cells = {cell.id: cell for cell in read(stored).cells}
    assert [cells[name].execution_count for name in CELLS] == [1, 2, None, 3, 4]
    assert cells["numbers"].outputs[1].execution_count == 2


def test_nothing_of_this_machine_is_stored(stored: Path) -> None:
    made = read(stored)
    assert made.metadata == {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    assert all(not cell.metadata for cell in made.cells)


def test_a_notebook_runs_in_its_folder_without_progress_bars(stored: Path) -> None:
    cells = {cell.id: cell for cell in read(stored).cells}
    assert cells["where"].outputs == [stdout("0 chapters\n")]
    assert cells["count"].outputs == [stdout("3!\n")]


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("x = 1\nraise ValueError('the reason')", "ValueError"),
        ("import os\nos._exit(3)", "ended the kernel"),
    ],
)
def test_a_failing_cell_is_named_and_the_file_is_left_alone(
    tmp_path: Path, source: str, word: str
) -> None:
    path = save(tmp_path / "01_a.ipynb", chapter(code("good", "1"), code("bad", source)))
    before = path.read_bytes()
    done = store(path)
    assert not done.changed
    assert "cell bad" in done.error
    assert word in done.error
    assert "\x1b" not in done.error
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["01_a.ipynb"]


def test_check_writes_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "01_a.ipynb", chapter(code("one", "print(1)")))
    before = path.read_bytes()
    assert store(path, check=True).changed
    assert path.read_bytes() == before


def versions(
    old: NotebookNode, new: NotebookNode, **own: object
) -> tuple[NotebookNode, NotebookNode]:
    return notebook(code("one", "…", [old], **own)), notebook(code("one", "…", [new], **own))


def test_rounding_noise_keeps_the_stored_text_and_a_real_change_replaces_it() -> None:
    old, new = versions(stdout("loss 0.50000001\n"), stdout("loss 0.50000002\n"))
    merge(old, new)
    assert new.cells[0].outputs == old.cells[0].outputs
    old, new = versions(stdout("loss 0.5000\n"), stdout("loss 0.5001\n"))
    merge(old, new)
    assert new.cells[0].outputs == [stdout("loss 0.5001\n")]


@pytest.mark.parametrize(("before", "after"), [("-2.0\n", "-2\n"), ("a   1.5\n", "a 1.5\n")])
def test_another_form_of_the_same_number_replaces_the_stored_text(before: str, after: str) -> None:
    old, new = versions(stdout(before), stdout(after))
    merge(old, new)
    assert new.cells[0].outputs == [stdout(after)]


def test_a_picture_keeps_its_bytes_until_it_really_changes() -> None:
    jitter = SQUARE + (SQUARE > 0) * (np.indices(SQUARE.shape).sum(axis=0) % 2 == 0) * -1
    old, new = versions(figure(SQUARE), figure(jitter))
    assert new.cells[0].outputs != old.cells[0].outputs
    merge(old, new)
    assert new.cells[0].outputs == old.cells[0].outputs
    old, new = versions(figure(SQUARE), figure(np.roll(SQUARE, 2, axis=0)))
    wanted = copy.deepcopy(new.cells[0].outputs)
    merge(old, new)
    assert new.cells[0].outputs == wanted


def test_what_is_not_compared_is_kept_until_it_is_asked_for() -> None:
    old, new = versions(stdout("took 0.5\n"), stdout("took 0.7\n"), skip_compare="a time")
    assert merge(old, new) == ("one",)
    assert new.cells[0].outputs == old.cells[0].outputs
    old, new = versions(stdout("took 0.5\n"), stdout("took 0.7\n"), skip_compare="a time")
    assert merge(old, new, fresh=True) == ()
    assert new.cells[0].outputs == [stdout("took 0.7\n")]
    old, new = versions(stdout("took 0.5\n"), stdout("lasted 0.7\n"), skip_compare="a time")
    assert merge(old, new) == ()
    assert new.cells[0].outputs == [stdout("lasted 0.7\n")]


def test_metadata_of_the_book_survive_stripping() -> None:
    made = notebook(code("one", "1", tolerance=0.1))
    made.cells[0].metadata["mystnb"] = {"image": {"alt": "a line"}}
    made.cells[0].metadata["tags"] = ["hide-input"]
    made.cells[0].metadata["collapsed"] = True
    made.metadata["dlcore"] = {"exercise_set": "01_a"}
    strip(made)
    assert set(made.cells[0].metadata) == {"dlcore", "mystnb", "tags"}
    assert made.metadata["dlcore"] == {"exercise_set": "01_a"}
