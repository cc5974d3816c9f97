"""The page for teachers: every command on it is run, in order, and says what the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dlcore.grade.report import Report, schema

BOOK = Path(__file__).parents[2]
PAGE = (BOOK / "book" / "teaching.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)


def steps() -> list[tuple[str, str]]:
    """Commands, each with what the page says that it prints."""
    found = []
    for block in blocks("console"):
        for step in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, printed = step.partition("\n")
            found.append((command, printed))
    return found


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the page is written for a Unix shell")
def test_every_command_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    for name in ("LICENSE", "pyproject.toml", "requirements.lock", "chapters", "dlcore"):
        (book / name).symlink_to(BOOK / name)
    (book / "solutions").symlink_to(BOOK / "solutions")
    (hidden,) = blocks("python")
    (tmp_path / "hidden.py").write_text(hidden)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command, printed in steps():
        done = subprocess.run(
            ["bash", "-ec", command],
            cwd=book,
            env={**os.environ, "PATH": path, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        said = [line for line in done.stdout.splitlines() if not line.startswith("Not held back")]
        assert said == printed.splitlines(), command
    pending = (tmp_path / "course" / "report" / "index.html").read_text()
    assert "Hidden checks pending" in pending
    assert "Hidden checks pending" not in (tmp_path / "report" / "index.html").read_text()
    handed_out = [path for path in (tmp_path / "hand-out").rglob("*") if path.is_file()]
    assert not any(b"rng.uniform(1, 2, size=3)" in path.read_bytes() for path in handed_out)


def test_the_page_names_every_entry_of_the_form() -> None:
    section = PAGE.split("## The report as JSON")[1]
    assert set(Report("a", "b", []).to_json()) == set(schema()["properties"])
    for name in schema()["properties"]:
        assert f"`{name}`" in section
    for kind in ("exercise", "check"):
        own = set(schema()["$defs"][kind]["required"]) - {"points", "max_points", "exercise"}
        assert all(name in section for name in own), kind
