"""Atomic writes: the old file or the new one lies under the name, and nothing else beside it."""

import errno
import os
import stat
import threading

import pytest

from dlcore.storage import whole, write_whole


def names(folder):
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("content", ["π", "π".encode(), [b"\xcf", memoryview(b"\x80")]])
def test_text_bytes_and_pieces_are_written_into_a_new_folder(tmp_path, content, alone):
    path = tmp_path / "deep" / "note"
    write_whole(path, content, alone=alone)
    assert path.read_bytes() == "π".encode()
    assert names(path.parent) == ["note"]


def test_halves_of_characters_are_spelt_out(tmp_path):
    write_whole(tmp_path / "note", "a\ud800b")
    assert (tmp_path / "note").read_text() == "a\\ud800b"


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("stop", [KeyboardInterrupt, ZeroDivisionError])
def test_what_stops_it_passes_and_the_old_file_stays(tmp_path, monkeypatch, stop, alone):
    def stopped(*_):
        raise stop

    path = tmp_path / "deep" / "report.html"
    write_whole(path, "old")
    monkeypatch.setattr(whole.os, "replace", stopped)
    with pytest.raises(stop):
        write_whole(path, "new", alone=alone)
    assert path.read_text() == "old"
    assert names(path.parent) == ["report.html"]


def test_pieces_that_cannot_be_made_leave_the_old_file(tmp_path):
    write_whole(tmp_path / "a", "old")
    with pytest.raises(ZeroDivisionError):
        write_whole(tmp_path / "a", (bytes(1 // n) for n in (1, 0)))
    assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == ["a"]


def test_an_error_names_the_file_and_says_what_became_of_it(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(whole.os, "fsync", full)
    with pytest.raises(OSError, match=r"a could not be written \(No space left on device\)$"):
        write_whole(tmp_path / "a", "new")
    (tmp_path / "a").write_text("old")
    with pytest.raises(OSError, match="the one that was there is as it was") as caught:
        write_whole(tmp_path / "a", "new")
    assert caught.value.errno == errno.ENOSPC
    assert (tmp_path / "a").read_text() == "old"


def test_a_folder_that_cannot_be_synchronised_is_no_error(tmp_path, monkeypatch):
    def only_files(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    monkeypatch.setattr(whole.os, "fsync", only_files)
    write_whole(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "new"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_file_keeps_its_mode_and_a_new_one_has_that_of_any_file(tmp_path):
    for name in ("new", "old"):
        (tmp_path / name).touch()
    usual = (tmp_path / "new").stat().st_mode
    (tmp_path / "new").unlink()
    (tmp_path / "old").chmod(0o640)
    for name in ("new", "old"):
        write_whole(tmp_path / name, name)
    assert (tmp_path / "new").stat().st_mode == usual
    assert stat.S_IMODE((tmp_path / "old").stat().st_mode) == 0o640


def test_what_a_killed_process_left_is_overwritten(tmp_path):
    (tmp_path / ".run.part").write_bytes(bytes(1000))
    write_whole(tmp_path / "run", "new", alone=True)
    assert (tmp_path / "run").read_text() == "new"
    assert names(tmp_path) == ["run"]


def test_of_many_writers_at_once_one_has_written_it_whole(tmp_path):
    texts = [str(number) * 100_000 for number in range(8)]
    start = threading.Barrier(len(texts))
    failed = []

    def write(text):
        start.wait()
        try:
            write_whole(tmp_path / "a", text)
        except OSError as error:
            failed.append(error)

    writers = [threading.Thread(target=write, args=(text,)) for text in texts]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failed
    assert (tmp_path / "a").read_text() in texts
    assert names(tmp_path) == ["a"]
