"""The quick check inside a notebook: the feedback of the grader, and nothing left behind."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dlcore.grade import check
from dlcore.grade.quick import look
from tests.grade.building import assignment, solution
from tests.notebooks.building import exercise, notebook, solved, words

BOOK = Path(__file__).parents[2]


@pytest.fixture
def exercise_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An assignment with its solution at hand, and the learner in the folder of the exercise."""
    path = assignment(tmp_path)
    monkeypatch.chdir(path.parent)
    return path


def names(source: str) -> dict[str, Any]:
    """What a notebook holds after a cell."""
    space: dict[str, Any] = {"START": 2.0}
    exec(source, space)
    return space


def cell(source: str, file: str = "<cell>", space: dict[str, Any] | None = None) -> dict[str, Any]:
    """What a notebook holds after a cell with a file of its own, as each has in a kernel."""
    space = {"START": 2.0} if space is None else space
    exec(compile(source, file, "exec"), space)
    return space


@pytest.mark.usefixtures("exercise_file")
def test_a_right_answer_passes() -> None:
    found = look("1.1", names("def f(x): return 2 * x"))
    assert (found.status, found.points, found.title) == ("right", 2, "Do it")


@pytest.mark.usefixtures("exercise_file")
def test_a_wrong_answer_gets_expected_got_and_hint() -> None:
    (found,) = look("1.1", names("def f(x): return x")).checks
    assert (found.status, found.expected, found.got) == ("failed", "4.000\n", "2.000\n")
    assert found.hint == "Look again."
    assert found.message == "the numbers differ: 4.000 was expected, 2.000 came"


def test_what_an_answer_prints_on_its_way_is_left_aside(
    exercise_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """But not what the exercise's own functions print when a check calls them."""
    source = "def f(x):\n    print('seen', x)\n    return 2 * x"
    assert look("1.1", cell(source)).status == "right"
    said = capsys.readouterr()
    assert (said.out, said.err.count("seen")) == ("", 1)
    given = cell("def show(x): print(x)", "<given>")
    made = notebook(
        words("t", "# T"), *exercise("1.1", solved("pass"), {"show(f(2))": "seen 2\n4\n"})
    )
    assert look("1.1", cell(source, space=given), made).checks[0].got == "4\n"


@pytest.mark.usefixtures("exercise_file")
def test_methods_of_a_class_are_the_answer_too(capsys: pytest.CaptureFixture[str]) -> None:
    source = "class f:\n    def __init__(self, x):\n        print('x')\n        self.twice = 2 * x"
    checks = {"print(f(2).twice)": "4\n"}
    made = notebook(words("t", "# T"), *exercise("1.1", solved("pass"), checks))
    assert look("1.1", cell(source), made).status == "right"
    assert "x" in capsys.readouterr().err


def test_what_is_accepted_is_said_in_place_of_the_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"accept": {"at_least": 3.5}}
    cells = exercise("1.1", solved("return 2 * x"), {"print(f(START))": "4.0\n"}, **own)
    monkeypatch.chdir(assignment(tmp_path, notebook(words("t", "# T"), *cells)).parent)
    assert look("1.1", names("def f(x): return 3 * x")).status == "right"
    (found,) = look("1.1", names("def f(x): return x")).checks
    assert (found.expected, found.message) == (
        "at least 3.5\n",
        "at least 3.5 was expected, 2.0 came",
    )


@pytest.mark.usefixtures("exercise_file")
def test_a_wrong_choice_does_not_give_the_right_one_away() -> None:
    (found,) = look("1.3", {"answer_1_3": "A"}).checks
    assert (found.status, found.expected, found.message) == (
        "failed",
        None,
        "not the expected answer",
    )


@pytest.mark.usefixtures("exercise_file")
def test_a_text_for_a_number_is_told_in_a_sentence_and_not_with_a_hint() -> None:
    (found,) = look("1.4", {"answer_1_4": "3.5"}).checks
    assert (found.status, found.hint) == ("error", None)
    assert found.message == (
        "answer_1_4: a number was expected, got the text '3.5': write it without quotation marks"
    )


@pytest.mark.usefixtures("exercise_file")
def test_a_number_for_a_letter_is_told_in_a_sentence_too() -> None:
    (found,) = look("1.3", {"answer_1_3": 3}).checks
    assert (found.status, found.hint) == ("error", None)
    assert found.message == "answer_1_3: a text was expected, got the number 3"


def test_inside_a_graded_run_it_has_nothing_to_say(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DLCORE_GRADING", "1")
    check("10.7")
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("exercise_file")
def test_hidden_checks_are_not_part_of_it() -> None:
    found = look("1.2", names("def f(x): return 2 * x\ndef g(x): return f(x) + 1"))
    assert (len(found.checks), found.status) == (1, "right")


@pytest.mark.usefixtures("exercise_file")
def test_a_stub_is_no_attempt() -> None:
    source = 'def f(x):\n    raise NotImplementedError("exercise 1.1")'
    assert look("1.1", names(source)).status == "not attempted"


@pytest.mark.usefixtures("exercise_file")
@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("def f(x): return 1 / 0", "ZeroDivisionError: division by zero"),
        (
            "def f(x): return above",
            "NameError: name 'above' is not defined: have all cells above been run?",
        ),
    ],
)
def test_an_error_is_shown_with_the_hint(source: str, word: str) -> None:
    (found,) = look("1.1", names(source)).checks
    assert (found.status, found.message, found.hint) == ("error", word, "Look again.")


@pytest.mark.usefixtures("exercise_file")
def test_an_answer_that_was_not_run_is_not_called_wrong() -> None:
    found = look("1.1", names("pass"))
    assert (found.status, found.checks) == ("not run", [])
    assert "run the cell of your answer" in str(found.message)


def test_names_are_given_back_even_those_that_a_check_needs_for_itself() -> None:
    """A check may replace a function that the answer calls; afterwards it is there again."""
    source = (
        "plain, step = step, lambda x: seen.append(x) or plain(x)\nkept = 7\n"
        "print(f(3.0), len(seen))"
    )
    made = notebook(words("t", "# T"), *exercise("1.1", solved("pass"), {source: "6.0 1\n"}))
    held = names("seen = []\ndef step(x): return 2 * x\ndef f(x): return step(x)")
    before = dict(held)
    assert look("1.1", held, made).status == "right"
    assert held == before
    assert held["step"] is before["step"]


def test_the_last_expression_is_shown_as_in_a_notebook() -> None:
    made = notebook(*exercise("1.1", solved("pass"), {"x = 1\nx + 1": "2\n"}))
    assert look("1.1", {"f": None}, made).status == "right"


def test_without_a_solution_it_shows_what_came(
    exercise_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (exercise_file.parent.parent / "solutions" / exercise_file.name).unlink()
    monkeypatch.setitem(globals(), "f", lambda x: 3 * x)
    monkeypatch.setitem(globals(), "START", 2.0)
    check("1.1")
    said = capsys.readouterr().out
    assert "not compared" in said
    assert "came: 6.000" in said
    assert " of 2 points" not in said
    assert "Look again." in said
    assert "No solution is at hand" in said


@pytest.mark.usefixtures("exercise_file")
def test_check_looks_at_the_notebook_that_calls_it(capsys: pytest.CaptureFixture[str]) -> None:
    space = names("def f(x): return 2 * x")
    exec("from dlcore.grade import check\ncheck('1.1')", space)
    assert "2 of 2 points: all passed" in capsys.readouterr().out
    assert "__builtins__" in space


@pytest.mark.usefixtures("exercise_file")
def test_words_are_not_scored(capsys: pytest.CaptureFixture[str]) -> None:
    check("1.5")
    assert "self-assessment" in capsys.readouterr().out


def test_libraries_compute_with_one_thread_as_in_a_grade() -> None:
    threadpoolctl = pytest.importorskip("threadpoolctl")
    before = threadpoolctl.threadpool_info()
    made = notebook(*exercise("1.1", solved("pass"), {"print(max(f()))": "1\n"}))
    given = {"f": lambda: [found["num_threads"] for found in threadpoolctl.threadpool_info()]}
    assert look("1.1", given, made).status == "right"
    assert threadpoolctl.threadpool_info() == before


@pytest.mark.usefixtures("exercise_file")
def test_an_endless_loop_is_stopped() -> None:
    (found,) = look("1.1", names("def f(x):\n    while True: pass"), timeout=0.2).checks
    assert (found.status, found.hint) == ("timeout", "Look again.")
    assert found.message == (
        "stopped after 0.2 seconds: does every loop come to an end? If so, the machine may be "
        "busy: check(…, timeout=…) gives it more time"
    )


@pytest.mark.usefixtures("exercise_file")
def test_the_limit_holds_also_where_interrupts_are_ignored() -> None:
    """As in a process that a shell has started in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        (found,) = look("1.1", names("def f(x):\n    while True: pass"), timeout=0.2).checks
        assert found.status == "timeout"
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("exercise_file")
def test_after_a_check_that_was_stopped_the_next_is_run() -> None:
    made = notebook(*exercise("1.1", solved("pass"), {"print(f(1))": "1\n", "print(f(0))": "0\n"}))
    found = look("1.1", names("def f(x):\n    while x: pass\n    return 0"), made, timeout=2)
    assert [one.status for one in found.checks] == ["timeout", "passed"]


@pytest.mark.usefixtures("exercise_file")
def test_the_stop_button_stops_the_quick_check_itself() -> None:
    with pytest.raises(KeyboardInterrupt):
        look("1.1", names("import signal\ndef f(x): signal.raise_signal(signal.SIGINT)"))


@pytest.mark.usefixtures("exercise_file")
def test_no_interrupt_is_left_behind() -> None:
    """Limits that run out as the check ends take the check, and never what comes after it."""
    found = [
        look("1.1", names("def f(x): return 2 * x"), timeout=limit * 1e-5).checks[0].status
        for limit in range(1, 100)
    ]
    assert set(found) <= {"passed", "timeout"}


@pytest.mark.usefixtures("exercise_file")
def test_in_a_thread_there_is_no_limit() -> None:
    with ThreadPoolExecutor(1) as pool:
        given = names("import time\ndef f(x): return 2 * x")
        assert pool.submit(look, "1.1", given, timeout=0.0).result().status == "right"


@pytest.mark.parametrize("number", ["99.9", "1.99", "one", ""])
def test_an_exercise_that_does_not_exist_is_named(exercise_file: Path, number: str) -> None:
    assert exercise_file.is_file()
    with pytest.raises(ValueError, match="no exercise"):
        look(number, {})


def test_the_content_of_a_notebook_may_be_given() -> None:
    with pytest.raises(ValueError, match=r"there is no exercise '2\.1'"):
        look("2.1", {}, solution())


def test_the_book_itself_can_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BOOK / "exercises")
    assert look("6.2", {"answer_6_2": 15}).status == "right"
    assert look("6.2", {"answer_6_2": 12}).status == "wrong"


def test_it_needs_nothing_of_the_grader() -> None:
    """So that it can run in a browser: no nbval, no kernel, no notebook library."""
    source = (
        "import sys; before = set(sys.modules); from dlcore.grade import check; "
        "print([name for name in ('nbval', 'nbformat', 'zmq', 'PIL', 'jupyter_client', 'pytest', "
        "'multiprocessing') if name in set(sys.modules) - before])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"
