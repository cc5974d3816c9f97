"""Pack dlcore for the browser: all that a page can use, and nothing that it cannot."""

import ast
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import dlcore

ROOT = Path(__file__).parents[2]
KINDS = (".py", ".mplstyle", ".json", ".typed")
OLD = (1980, 1, 1, 0, 0, 0)  # a fixed date: the same sources give the same bytes
# Rooms for an installed book: of these a page carries what its own Python asks for.
INSTALLED = ("cli", "grade", "interop", "notebooks", "serve")
BY_READERS = ("dlcore.interop.safetensors",)
BY_SCRIPTS = re.compile(r'pyimport\("(dlcore\.[\w.]+)"\)')


def imports(path: Path) -> Iterator[str]:
    """Yield the modules of dlcore that a file may import, and names that may be modules."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def above(name: str) -> Iterator[Path]:
    """Yield the files that importing a dotted name runs, from the outermost package on."""
    place = ROOT
    for part in name.split("."):
        place /= part
        yield from (p for p in (place / "__init__.py", place.with_suffix(".py")) if p.is_file())


def reached() -> set[Path]:
    """Return the files of dlcore that the page's own Python imports, directly or not."""
    live = ROOT / "book" / "live"
    names = [*BY_READERS]
    for script in live.glob("web/**/*.mjs"):
        names += BY_SCRIPTS.findall(script.read_text(encoding="utf-8"))
    for path in live.glob("python/*.py"):
        names += imports(path)
    found: set[Path] = set()
    while names:
        name = names.pop()
        if name.split(".")[0] == "dlcore":
            new = set(above(name)) - found
            found |= new
            names += [more for path in new for more in imports(path)]
    return found


def library_files() -> Iterator[Path]:
    """Yield the files of dlcore that the pages carry."""
    wanted = reached()
    for path in sorted((ROOT / "dlcore").rglob("*")):
        room = path.relative_to(ROOT / "dlcore").parts[0].removesuffix(".py")
        if path.suffix in KINDS and (room not in INSTALLED or path in wanted):
            yield path


def library_wheel() -> bytes:
    """Pack dlcore as a wheel whose bytes depend on its sources alone."""
    name = f"dlcore-{dlcore.__version__}.dist-info"
    texts = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in library_files()}
    texts[f"{name}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: dlcore\nVersion: {dlcore.__version__}\n".encode()
    )
    texts[f"{name}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    texts[f"{name}/RECORD"] = "".join(f"{path},,\n" for path in texts).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in texts.items():
            archive.writestr(zipfile.ZipInfo(path, OLD), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
