"""The page for contributors: its commands, files and metadata exist. The PDF: what it asks for."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from dlcore.cli import _parser
from tests.site.pages import CHAPTERS, ROOT, named_targets

PAGE = (ROOT / "book" / "contributing.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (.+)$", PAGE, re.MULTILINE)


def test_commands_of_make_are_targets() -> None:
    assert {"check", "test", "book", "pdf", "outputs"} <= named_targets(PAGE)


@pytest.mark.parametrize("command", [c for c in COMMANDS if "/dlcore " in c])
def test_commands_of_dlcore_are_understood(command: str) -> None:
    words = shlex.split(command)[1:]
    parsed = _parser().parse_args(words)
    assert parsed is not None
    files = [] if words[0] == "new-chapter" else words[1:]  # it names what is not there yet
    for word in files:
        assert word.startswith("-") or (ROOT / word).exists(), word


@pytest.mark.parametrize("command", [c for c in COMMANDS if "/pytest " in c])
def test_tests_that_are_named_can_be_collected(command: str) -> None:
    words = [word for word in shlex.split(command)[1:] if word != "-q"]
    for word in words[: words.index("-k") if "-k" in words else None]:
        assert (ROOT / word).exists(), word
    if "-k" in words:
        from dlcore.ops import REGISTRY

        assert words[words.index("-k") + 1] in REGISTRY


def files_of_a_chapter(name: str) -> set[str]:
    """The files that the table names, for the chapter 06_automatic_differentiation."""
    listed = set(re.findall(r"^\| `([\w./]+\.\w+)` \|", PAGE, re.MULTILINE))
    return {file.replace("NN_name", name).replace("NN", name[:2]) for file in listed}


@pytest.mark.parametrize("name", [page.removeprefix("chapters/") for page in CHAPTERS])
def test_files_of_a_chapter_are_those_of_the_table(name: str) -> None:
    listed = files_of_a_chapter(name)
    assert len(listed) == 12
    missing = {file for file in listed if not (ROOT / file).is_file()}
    assert all(file.startswith("tests/seeds/") for file in missing)
    folders = ["chapters", "solutions", "exercises", "solutions/mistakes", "book", "tests"]
    numbered = re.compile(rf"{name[:2]}(_\w+)?\.\w+")
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if numbered.fullmatch(path.name) and not {"_build", "__pycache__"} & {*path.parts}
    }
    assert found <= listed


def test_files_and_folders_that_are_named_exist() -> None:
    named = set(
        re.findall(r"`((?:book|dlcore|tests|solutions)/[\w/.]+|CHANGELOG\.md|[\w.]+\.lock)`", PAGE)
    )
    named = {name for name in named if "NN" not in name}
    assert len(named) >= 6
    for name in named:
        assert (ROOT / name).exists(), name


def test_metadata_that_are_listed_are_those_that_the_code_reads() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    sources = [
        *(ROOT / "dlcore" / "notebooks").glob("*.py"),
        *(ROOT / "book" / "_ext").glob("*.py"),
    ]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert listed
    for key in listed:
        assert f'get("{key}"' in code, key


def test_pdf_without_tex_says_what_to_install(tmp_path: Path) -> None:
    """It says so at once, before anything is set up or built."""
    make = shutil.which("make")
    assert make is not None
    environment = {**os.environ, "PATH": str(tmp_path)}
    done = subprocess.run(
        [make, "pdf"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "'xelatex' is not here" in done.stdout
    assert "apt-get install" in done.stdout
    assert "texlive-xetex" in done.stdout
    assert "jupyter-book" not in done.stdout
