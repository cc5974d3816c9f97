"""The README: its example runs, its commands exist, its pictures and links are there."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.site.pages import ROOT, named_targets

README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURES = ROOT / "book" / "_static" / "tour"


def test_example_learns_to_read_digits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLCORE_PROGRESS", "0")
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})
    assert np.isclose(float(capsys.readouterr().out), 0.97, atol=0.03)


def test_commands_are_targets_of_the_makefile() -> None:
    assert {"book", "test", "serve", "lab", "grade"} <= named_targets(README)


@pytest.mark.parametrize(
    "link", sorted(set(re.findall(r'\]\(([^)#:]+)\)|(?:src|srcset)="([^"]+)"', README)))
)
def test_links_and_pictures_are_there(link: tuple[str, str]) -> None:
    assert (ROOT / (link[0] or link[1])).exists()


def test_lab_opens_without_data_that_cannot_be_fetched(tmp_path: Path) -> None:
    make = shutil.which("make")
    assert make is not None
    tool = tmp_path / "dlcore"
    tool.write_text('#!/bin/sh\necho "called: $*"\ntest "$1" != data')
    tool.chmod(0o755)
    command = [
        make,
        "--no-print-directory",
        "lab",
        "ARGS=--no-browser",
        f"BIN={tmp_path}",
        f"READY={tool}",
    ]
    command += ["--assume-old", str(tool)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "called: data\nmake: JupyterLab opens all the same" in done.stdout
    assert done.stdout.endswith("called: lab -- --no-browser\n")


def test_pictures_are_light_enough_to_keep() -> None:
    pictures = sorted(PICTURES.glob("*.png"))
    assert pictures
    assert sum(picture.stat().st_size for picture in pictures) < 300_000
