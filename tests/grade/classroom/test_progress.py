"""Progress of a class: a bar on a terminal, lines elsewhere, silence where it is asked for."""

import pytest

from dlcore.grade.classroom.progress import progress


@pytest.fixture(autouse=True)
def no_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the environment says how progress is to be shown."""
    monkeypatch.delenv("DLCORE_PROGRESS", raising=False)


def lines(total: int, done: int, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What is said while all notebooks that are left are graded."""
    with progress(total, done) as shown:
        for _ in range(total - done):
            shown.update()
    said = capsys.readouterr()
    assert said.out == ""
    assert "\r" not in said.err
    return said.err.splitlines()


def test_elsewhere_a_line_is_said_at_the_start_and_at_each_tenth(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = lines(40, 0, capsys)
    assert [int(line.split(" of ")[0]) for line in said] == [*range(0, 41, 4)]
    assert said[0] == "0 of 40 notebooks graded, ? left"
    assert said[-1] == "40 of 40 notebooks graded, 00:00 left"


def test_what_was_done_before_is_counted_and_not_said_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = lines(33, 30, capsys)
    assert [line.split(" notebooks")[0] for line in said] == [
        f"{n} of 33" for n in (30, 31, 32, 33)
    ]


def test_nothing_is_said_where_nothing_is_to_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert lines(5, 5, capsys) == []


def test_nothing_is_said_where_nobody_wants_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DLCORE_PROGRESS", "0")
    assert lines(5, 0, capsys) == []
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert lines(5, 0, capsys) == []


def test_on_a_terminal_there_is_a_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress(3, 1) as bar:
        assert not bar.disable
    assert "\r" in capsys.readouterr().err
