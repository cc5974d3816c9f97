"""Lay beside the site what its pages need to run Python: scripts, runtime, library, data."""

import functools
import hashlib
import importlib.util
import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from live_wheel import library_wheel
from sphinx.util import logging

import dlcore
from dlcore.data import FILES, DataFileError, locate

ROOT = Path(__file__).parents[2]
LIVE = ROOT / "book" / "live"
LARGEST = 2_000_000  # bytes of a data file that a page fetches
LIBRARY = ("pydoc_data/__init__.py", "pydoc_data/topics.py")  # not in the browser's Python

sys.path.append(str(LIVE))
from compile_wheels import compiled  # noqa: E402
from fetch_runtime import PINS, missing, runtime_folder, sizes  # noqa: E402

logger = logging.getLogger(__name__)


def owners() -> dict[str, str]:
    """Return the package that each importable module comes with."""
    return {top: name for name, p in PINS["packages"].items() for top in p["imports"]}


@functools.cache
def is_local() -> bool:
    """Say whether the verified runtime is here, to lie beside the site."""
    return not missing(runtime_folder())


@functools.cache
def wheels() -> dict[str, Path]:
    """Return the wheels that lie beside the site, compiled where that can be done here."""
    own = ROOT / "book" / "_build" / "wheels" / f"dlcore-{dlcore.__version__}-py3-none-any.whl"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_bytes(library_wheel())
    if not is_local():
        return {own.name: own}
    runtime = runtime_folder()
    plain = {p["file_name"]: runtime / p["file_name"] for p in PINS["packages"].values()}
    plain[own.name] = own
    return plain | compiled(list(plain.values()), runtime, PINS["info"])


@functools.cache
def packages() -> dict[str, dict[str, Any]]:
    """Return the packages of the pages' lock file: the pinned ones and our own."""
    found = {name: dict(entry) for name, entry in PINS["packages"].items()}
    found["dlcore"] = wheel_entry()
    for entry in found.values():
        if laid := wheels().get(entry["file_name"]):
            content = laid.read_bytes()
            entry |= {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return found


def weight(names: Iterable[str]) -> int:
    """Return how many bytes a page with these packages fetches at its first run."""
    todo, files = list(names), {name: size for name, size in sizes().items() if name in CORE}
    while todo:
        package = packages().get(todo.pop())
        if package and package["file_name"] not in files:
            files[package["file_name"]] = package["size"]
            todo += package["depends"]
    return sum(files.values())


CORE = tuple(PINS["core"]["files"])


def lay_out(folder: Path, book_files: Iterable[str]) -> None:
    """Write everything into `folder`, the `live/` of the site."""
    copy(LIVE / "web", folder, (p for p in LIVE.glob("web/**/*") if p.is_file()))
    copy(LIVE / "python", folder / "python", LIVE.glob("python/*.py"))
    copy(ROOT, folder / "files", (ROOT / name for name in book_files))
    lay_runtime(folder)
    write_json(folder / "pyodide-lock.json", {"info": PINS["info"], "packages": packages()})
    config = {
        "version": PINS["version"],
        "runtime": "pyodide/" if is_local() else PINS["public"],
        "local": is_local(),
        "lock": "pyodide-lock.json",
        "core": CORE,
        "packages": {
            name: {"file": p["file_name"], "depends": p["depends"]}
            for name, p in packages().items()
        },
        "sizes": sizes() | {p["file_name"]: p["size"] for p in packages().values()},
        "python": sorted(path.name for path in LIVE.glob("python/*.py")),
        "data": lay_data(folder / "data"),
        "library": lay_library(folder / "library"),
    }
    write_json(folder / "config.json", config)


def copy(source: Path, target: Path, files: Iterable[Path]) -> None:
    """Copy files below `source` to the same places below `target`."""
    for file in files:
        place = target / file.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)


def write_json(path: Path, content: Any) -> None:
    """Write JSON without blanks."""
    path.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")


def lay_runtime(folder: Path) -> None:
    """Copy wheels and the verified runtime; without it, say where the pages will take it from."""
    for name, wheel in wheels().items():
        place = folder if name == packages()["dlcore"]["file_name"] else folder / "pyodide"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(wheel, place / name)
    if is_local():
        copy(runtime_folder(), folder / "pyodide", (runtime_folder() / name for name in CORE))
    else:
        logger.info("live cells: the pages take Python from %s", PINS["public"])


def lay_data(folder: Path) -> list[str]:
    """Copy the data files that are on this machine and that a page can read."""
    folder.mkdir(parents=True, exist_ok=True)
    laid = []
    for name in data_of_pages():
        try:
            shutil.copyfile(locate(name), folder / FILES[name].name)
        except DataFileError:
            logger.info("live cells: %s is not here, so no page can read it", name)
        else:
            laid.append(FILES[name].name)
    return laid


def data_of_pages() -> list[str]:
    """Name the data sets that a page can read: those that are small, and not Parquet."""
    fitting = {name: file for name, file in FILES.items() if file.size <= LARGEST}
    return [name for name, file in fitting.items() if not file.name.endswith(".parquet")]


def lay_library(folder: Path) -> list[str]:
    """Copy the modules of Python that the browser's own lacks."""
    spec = importlib.util.find_spec("pydoc_data")
    roots = list(spec.submodule_search_locations or []) if spec else []
    found = [name for name in LIBRARY if roots and Path(roots[0]).parent.joinpath(name).is_file()]
    copy(Path(roots[0]).parent, folder, (Path(roots[0]).parent / name for name in found))
    return found


def wheel_entry() -> dict[str, Any]:
    """Return the lock entry of our own wheel, but for what depends on its bytes."""
    return {
        "name": "dlcore",
        "version": dlcore.__version__,
        "file_name": f"dlcore-{dlcore.__version__}-py3-none-any.whl",
        "install_dir": "site",
        "package_type": "package",
        "imports": ["dlcore"],
        "depends": ["numpy"],
        "unvendored_tests": False,
        "own": True,
    }
