"""Wheels for the browser are compiled at build time: same modules, no tests, sources where kept."""

import importlib
import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from tests.site.conftest import HTML, ROOT

sys.path.append(str(ROOT / "book" / "live"))
import compile_wheels
import rewrite_wheels


def wheel(folder: Path, name: str) -> Path:
    """Write a wheel with a package, its tests, a template and a text."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}/__init__.py", '"""Words."""\nfrom .part import two\n')
        archive.writestr(f"{name}/part.py", "def two():\n    return 2\n")
        archive.writestr(f"{name}/tests/test_part.py", "1 / 0\n")
        archive.writestr(f"{name}/template.py", "{% not python %}\n")
        archive.writestr(f"{name}/notes.txt", "kept\n")
    return path


@pytest.mark.parametrize("name", ["other_of_ours", "dlcore_of_ours"])
def test_a_rewritten_wheel_holds_the_same_modules(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "rewritten.whl"
    rewrite_wheels.rewrite(wheel(tmp_path, name), target)
    with zipfile.ZipFile(target) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "site")
    assert not any("/tests/" in found for found in names)
    assert {f"{name}/template.py", f"{name}/notes.txt"} <= names
    assert (f"{name}/part.py" in names) == name.startswith("dlcore")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    module = importlib.import_module(name)
    assert (module.two(), module.__doc__) == (2, "Words.")
    for found in [found for found in sys.modules if found.startswith(name)]:
        monkeypatch.delitem(sys.modules, found)


def test_the_same_wheel_gives_the_same_bytes(tmp_path: Path) -> None:
    source, rewrite = wheel(tmp_path, "twice"), rewrite_wheels.rewrite
    for name in ("a.whl", "b.whl"):
        rewrite(source, tmp_path / name)
    assert (tmp_path / "a.whl").read_bytes() == (tmp_path / "b.whl").read_bytes()


@pytest.mark.parametrize(
    ("name", "unused"),
    [
        ("matplotlib/mpl-data/fonts/ttf/DejaVuSerif-Bold.ttf", True),
        ("matplotlib/mpl-data/fonts/afm/ptmb8a.afm", True),
        ("matplotlib/mpl-data/sample_data/topobathy.npz", True),
        ("matplotlib/backends/backend_tkagg.py", True),
        ("numpy/f2py/crackfortran.py", True),
        ("numpy/__init__.pyi", True),
        ("matplotlib/mpl-data/fonts/ttf/DejaVuSans-Bold.ttf", False),
        ("matplotlib/mpl-data/fonts/ttf/STIXGeneralBol.ttf", False),  # each formula asks for it
        ("matplotlib/mpl-data/matplotlibrc", False),
        ("matplotlib/backends/backend_agg.py", False),
        ("numpy/testing/__init__.py", False),
    ],
)
def test_files_that_no_page_opens_are_left_out(name: str, unused: bool) -> None:
    assert bool(rewrite_wheels.UNUSED.search(name)) == unused


def test_no_face_is_listed_that_was_left_out() -> None:
    """Matplotlib would list all of them anew, and tell the reader that it may take a moment."""
    faces = ["fonts/ttf/DejaVuSans.ttf", "fonts/ttf/DejaVuSerif.ttf", "fonts/afm/ptmb8a.afm"]
    listed = {kind: [{"fname": name} for name in faces] for kind in ("afmlist", "ttflist")}
    left = json.loads(rewrite_wheels.faces_left(json.dumps(listed).encode()))
    assert left == {kind: [{"fname": faces[0]}] for kind in listed}


def test_without_node_wheels_stay_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert compile_wheels.compiled([wheel(tmp_path, "plain")], tmp_path, {}) == {}


def test_a_wheel_that_was_compiled_before_is_taken(tmp_path: Path) -> None:
    source = wheel(tmp_path, "kept")
    place = compile_wheels._kept(source, tmp_path)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"compiled")
    assert compile_wheels.compiled([source], tmp_path, {}) == {source.name: place}


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node here: wheels stay as they are")
def test_the_site_carries_compiled_wheels(html: Path) -> None:
    lock = json.loads((html / "live" / "pyodide-lock.json").read_text())
    if not json.loads((html / "live" / "config.json").read_text())["local"]:
        pytest.skip("the runtime does not lie beside the site: it could not be fetched")
    for name, entry in lock["packages"].items():
        folder = HTML / "live" / ("" if name == "dlcore" else "pyodide")
        with zipfile.ZipFile(folder / entry["file_name"]) as archive:
            assert any(found.endswith(".pyc") for found in archive.namelist()), name


def test_only_the_newest_form_of_a_wheel_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change of the library must not leave a wheel behind each time."""

    def compile_(wheels: list[Path], kept: dict[str, Path], *_: object) -> bool:
        for path in wheels:
            kept[path.name].parent.mkdir(parents=True)
            kept[path.name].write_bytes(path.read_bytes())
        return True

    monkeypatch.setattr(compile_wheels, "_compile", compile_)
    other, ours = wheel(tmp_path, "other"), wheel(tmp_path, "ours")
    compile_wheels.compiled([other, ours], tmp_path, {})
    ours.write_bytes(b"changed")
    kept = compile_wheels.compiled([other, ours], tmp_path, {})
    assert kept[ours.name].read_bytes() == b"changed"
    assert sorted((tmp_path / "compiled").rglob("*.whl")) == sorted(kept.values())
    assert len(list((tmp_path / "compiled").iterdir())) == 2
