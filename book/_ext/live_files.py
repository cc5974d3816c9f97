"""Lay beside the site what its pages need to run Python: scripts, runtime, library, data."""

import hashlib
import importlib.util
import json
import shutil
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sphinx.util import logging

from dlcore.data import FILES, DataFileError, locate

ROOT = Path(__file__).parents[2]
LIVE = ROOT / "book" / "live"
DATA = ("digits", "mnist_5k", "breast_cancer", "diabetes_data", "diabetes_target", "stocks")
LIBRARY = ("pydoc_data/__init__.py", "pydoc_data/topics.py")  # not in the browser's Python
OLD = (1980, 1, 1, 0, 0, 0)  # a fixed date: the same sources give the same bytes

sys.path.append(str(LIVE))
from fetch_runtime import PINS, missing, runtime_folder, sizes  # noqa: E402

logger = logging.getLogger(__name__)


def owners() -> dict[str, str]:
    """Return the package that each importable module comes with."""
    return {top: name for name, p in PINS["packages"].items() for top in p["imports"]}


def weight(packages: Iterable[str]) -> int:
    """Return how many bytes a page with these packages fetches at its first run."""
    todo, files = list(packages), {name: size for name, size in sizes().items() if name in CORE}
    while todo:
        package = PINS["packages"].get(todo.pop())
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
    data, wheel, local = lay_data(folder / "data"), library_wheel(), lay_runtime(folder)
    entry = wheel_entry(wheel)
    (folder / entry["file_name"]).write_bytes(wheel)
    write_json(folder / "pyodide-lock.json", lock(entry))
    config = {
        "version": PINS["version"],
        "runtime": "pyodide/" if local else PINS["public"],
        "local": local,
        "lock": "pyodide-lock.json",
        "core": CORE,
        "packages": {
            name: {"file": p["file_name"], "depends": p["depends"]}
            for name, p in lock(entry)["packages"].items()
        },
        "sizes": sizes() | {entry["file_name"]: len(wheel)},
        "python": sorted(path.name for path in LIVE.glob("python/*.py")),
        "data": data,
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


def lay_runtime(folder: Path) -> bool:
    """Copy the verified runtime; without it, say where the pages will take it from."""
    source = runtime_folder()
    if missing(source):
        logger.info("live cells: the pages take Python from %s", PINS["public"])
        return False
    copy(source, folder / "pyodide", (source / name for name in sizes()))
    return True


def lay_data(folder: Path) -> list[str]:
    """Copy the data files that are on this machine and small enough for a page."""
    folder.mkdir(parents=True, exist_ok=True)
    laid = []
    for name in DATA:
        try:
            shutil.copyfile(locate(name), folder / FILES[name].name)
        except DataFileError:
            logger.info("live cells: %s is not here, so no page can read it", name)
        else:
            laid.append(FILES[name].name)
    return laid


def lay_library(folder: Path) -> list[str]:
    """Copy the modules of Python that the browser's own lacks."""
    spec = importlib.util.find_spec("pydoc_data")
    roots = list(spec.submodule_search_locations or []) if spec else []
    found = [name for name in LIBRARY if roots and Path(roots[0]).parent.joinpath(name).is_file()]
    copy(Path(roots[0]).parent, folder, (Path(roots[0]).parent / name for name in found))
    return found


def library_files() -> Iterator[Path]:
    """Yield the files of dlcore."""
    for path in sorted((ROOT / "dlcore").rglob("*")):
        if path.is_file() and path.suffix in (".py", ".mplstyle", ".json", ".typed"):
            yield path


def library_wheel() -> bytes:
    """Pack dlcore as a wheel whose bytes depend on its sources alone."""
    from io import BytesIO

    import dlcore

    name = f"dlcore-{dlcore.__version__}.dist-info"
    texts = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in library_files()}
    texts[f"{name}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: dlcore\nVersion: {dlcore.__version__}\n".encode()
    )
    texts[f"{name}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    texts[f"{name}/RECORD"] = "".join(f"{path},,\n" for path in texts).encode()
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in texts.items():
            archive.writestr(zipfile.ZipInfo(path, OLD), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def wheel_entry(wheel: bytes) -> dict[str, Any]:
    """Return the lock entry of our own wheel."""
    import dlcore

    return {
        "name": "dlcore",
        "version": dlcore.__version__,
        "file_name": f"dlcore-{dlcore.__version__}-py3-none-any.whl",
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel).hexdigest(),
        "package_type": "package",
        "imports": ["dlcore"],
        "depends": ["numpy"],
        "unvendored_tests": False,
        "own": True,
    }


def lock(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the lock file of the pages: the pinned packages and our own."""
    return {"info": PINS["info"], "packages": {**PINS["packages"], "dlcore": entry}}
