"""The command line: every verb, and a clear word for everything that can go wrong."""

import gzip
import re
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from dlcore import cli, data
from dlcore.grade.run.environment import THREADS
from dlcore.notebooks.files import read
from dlcore.serve import server_of
from tests.grade.building import assignment
from tests.notebooks.building import chapter, code, save, stdout
from tests.processes import unmeasured


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small book, and the current folder in it."""
    save(
        tmp_path / "chapters" / "01_first.ipynb", chapter(code("one", "print(1)", [stdout("1\n")]))
    )
    assignment(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for verb in (
        "lab",
        "grade",
        "mine",
        "data",
        "exercises",
        "new-chapter",
        "outputs",
        "lint",
        "serve",
    ):
        assert re.search(rf"^ +{verb}\s+\w", said, re.M)


@pytest.mark.parametrize("arguments", [[], ["sing"], ["grade"], ["serve", "--port", "many"]])
def test_wrong_words_end_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize("verb", ["lab", "mine", "exercises", "outputs", "lint", "serve"])
def test_outside_a_book_one_line_says_so(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main([verb]) == 2
    said = capsys.readouterr().err
    assert said.startswith("dlcore: no book here")
    assert said.count("\n") == 1


def test_the_command_line_needs_no_extra_to_start() -> None:
    program = (
        "import sys, dlcore.cli\n"
        "heavy = {'nbformat', 'pytest', 'matplotlib', 'torch', 'PIL', 'sklearn', 'nbclient'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout == "[]\n"


def test_a_missing_package_is_named_with_its_extra(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("dlcore.notebooks")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "nbformat", None)
    assert cli.main(["lint"]) == 2
    assert "nbformat is not installed: pip install 'dlcore[grade]'" in capsys.readouterr().err


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the command started in place of JupyterLab."""
    seen: dict[str, Any] = {}

    def run(
        command: list[str], cwd: Path, env: dict[str, str], check: bool
    ) -> subprocess.CompletedProcess[str]:
        seen.update(command=command, cwd=cwd, env=env)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(cli.subprocess, "run", run)
    return seen


def test_lab_starts_jupyterlab_in_the_chapters(book: Path, started: dict[str, Any]) -> None:
    assert cli.main(["lab", "--", "--no-browser"]) == 0
    assert started["cwd"] == book  # so that exercises can be opened as well
    assert started["command"][1:3] == ["-m", "jupyterlab"]
    assert "--LabApp.default_url=/lab/tree/chapters" in started["command"]
    assert started["command"][-1] == "--no-browser"


def test_lab_gives_the_chapters_one_thread_unless_the_reader_has_chosen(
    book: Path, started: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in THREADS:
        monkeypatch.delenv(name, raising=False)
    cli.main(["lab"])
    assert {started["env"][name] for name in THREADS} == {"1"}
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    cli.main(["lab"])
    assert {name: started["env"].get(name) for name in THREADS} == {
        **dict.fromkeys(THREADS),
        "OMP_NUM_THREADS": "4",
    }


def test_lab_without_jupyterlab_says_what_to_install(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli.importlib.util, "find_spec", lambda _: None)
    assert cli.main(["lab"]) == 2
    assert "pip install 'dlcore[book]'" in capsys.readouterr().err


def test_exercises_are_written_and_checked(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["exercises", "--check"]) == 0
    (book / "exercises" / "01_first.ipynb").unlink()
    assert cli.main(["exercises", "--check"]) == 1
    assert not (book / "exercises" / "01_first.ipynb").exists()
    assert cli.main(["exercises"]) == 0
    assert (book / "exercises" / "01_first.ipynb").exists()
    assert "exercises/01_first.ipynb: written" in capsys.readouterr().out


def test_a_faulty_solution_is_named(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book / "solutions" / "01_first.ipynb"
    path.write_text(path.read_text().replace('"points": 2', '"points": 0', 1))
    assert cli.main(["exercises"]) == 2
    assert "cell ex-1-1-check: points" in capsys.readouterr().err


def test_outputs_are_stored_and_a_failure_does_not_stop_the_rest(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = save(
        book / "chapters" / "00_bad.ipynb", chapter(code("boom", "raise ValueError('the reason')"))
    )
    good = book / "chapters" / "01_first.ipynb"
    good.write_text(good.read_text().replace('"1\\n"', '"2\\n"'))
    before = bad.read_bytes()
    assert cli.main(["outputs", str(bad), str(good)]) == 1
    said = capsys.readouterr()
    assert "cell boom" in said.err
    assert "ValueError: the reason" in said.err
    assert "[2/2] " in said.out
    assert bad.read_bytes() == before
    assert read(good).cells[2].outputs == [stdout("1\n")]


def test_lint_prints_complaints_and_ends_with_one(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["lint"]) == 0
    save(book / "chapters" / "02_second.ipynb", chapter(code("Bad_Id", "1")))
    assert cli.main(["lint"]) == 1
    assert "chapters/02_second.ipynb: cell Bad_Id: the id must be" in capsys.readouterr().out
    assert cli.main(["lint", "chapters/01_first.ipynb"]) == 0


def test_grade_ends_with_two_when_it_cannot(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["grade", "none.ipynb"]) == 2
    assert capsys.readouterr().err == "dlcore grade: none.ipynb: there is no such file\n"


def test_grade_takes_a_folder_and_prints_json(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["grade", "exercises", "--json", "-"]) == 1
    assert '"exercise_set": "01_first"' in capsys.readouterr().out


def test_data_prints_where_each_file_lies(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fetch(name: str) -> Path:
        if name == "mnist_5k":
            raise data.DataFileError("mnist_5k: no network")
        return Path("/cache") / name

    monkeypatch.setattr(data, "fetch", fetch)
    assert cli.main(["data"]) == 2
    said = capsys.readouterr()
    assert re.search(r"\[1/\d+\] digits … /cache/digits", said.out)
    assert said.err == "dlcore: mnist_5k: no network\n"


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ([], ["digits", "mnist_5k", "house_prices", "stocks"]),
        (["stocks", "mnist"], ["stocks", "mnist"]),
        (["--all"], list(data.FILES)),
    ],
)
def test_data_fetches_what_is_asked_for(
    words: list[str], names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def fetch(name: str) -> Path:
        asked.append(name)
        return Path(name)

    monkeypatch.setattr(data, "fetch", fetch)
    assert cli.main(["data", *words]) == 0
    assert asked == names


def test_a_data_file_that_there_is_not_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "minst"]) == 2
    assert "no data file 'minst': there are digits, mnist_5k" in capsys.readouterr().err


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in ("index.html", "worker.mjs", "core.wasm", "page.js"):
        (tmp_path / name).write_text("x")
    return tmp_path


def test_the_site_is_served_on_this_machine_with_the_right_types(site: Path) -> None:
    command = [sys.executable, "-u", "-m", "dlcore.cli", "serve", str(site), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=unmeasured()) as server:
        try:
            assert server.stdout is not None
            address = re.search(r"http://localhost:\d+", server.stdout.readline())
            assert address is not None
            types = {}
            for name in ("index.html", "worker.mjs", "core.wasm", "page.js"):
                with urllib.request.urlopen(f"{address[0]}/{name}") as answer:
                    types[name] = answer.headers["Content-Type"]
        finally:
            server.terminate()
    assert types == {
        "index.html": "text/html",
        "worker.mjs": "text/javascript",
        "core.wasm": "application/wasm",
        "page.js": "text/javascript",
    }


def test_texts_are_sent_packed_to_whoever_takes_that(site: Path) -> None:
    page = b"<p>again and again</p>" * 100
    (site / "index.html").write_bytes(page)
    with server_of(site, 0) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/index.html"
        with urllib.request.urlopen(address) as plain:
            assert plain.headers["Content-Encoding"] is None
            assert plain.read() == page
        asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip, br"})
        with urllib.request.urlopen(asked) as packed:
            content = packed.read()
            modified = packed.headers["Last-Modified"]
        asked.add_header("If-Modified-Since", modified)
        with pytest.raises(urllib.error.HTTPError) as unchanged:
            urllib.request.urlopen(asked)
        unchanged.value.close()
        server.shutdown()
    assert unchanged.value.code == 304
    assert len(content) < len(page) / 10
    assert gzip.decompress(content) == page


def test_a_site_that_is_not_built_cannot_be_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["serve", str(tmp_path)]) == 2
    assert "build the book first, with 'make book'" in capsys.readouterr().err


def test_a_port_that_is_taken_is_named(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert cli.main(["serve", str(site), "--port", str(port)]) == 2
    assert f"port {port} cannot be used" in capsys.readouterr().err
    assert cli.main(["serve", str(site), "--port", "99999"]) == 2
