"""Rewrite the wheels in /wheels with compiled modules: run in the browser's Python, under Node.

`compile_wheels.py` starts it. What it writes goes to /wheels/compiled.
"""

import importlib.util
import json
import re
import zipfile
from importlib import _bootstrap_external as loading  # type: ignore[attr-defined]
from pathlib import Path

FOLDER = Path("/wheels")
OLD = (1980, 1, 1, 0, 0, 0)  # a fixed date: the same sources give the same bytes
WITH_SOURCES = ("dlcore",)  # readers may want to look into these modules

# No page opens these. Of faces, those stay that figures and formulas in them ask for.
UNUSED = re.compile(
    r"/tests/|^numpy/f2py/|\.(?:pyi|pxd|pyx|h|hpp|a)$|/mpl-data/(?:images|sample_data)/"
    r"|/mpl-data/fonts/(?:afm|pdfcorefonts)/|/DejaVuSerif[^/]*\.ttf$|/DejaVuSansMono-[^/]*\.ttf$"
    r"|/DejaVuSans-BoldOblique\.ttf$|/_tkagg[^/]*$"
    r"|/backend_(?:cairo|gtk|macosx|nbagg|qt|tk|web|wx|pgf)\w*\.py$|/backends/web_backend/"
)


def rewrite(source: Path, target: Path) -> None:
    """Write a wheel anew with compiled modules, and without what no page uses."""
    keep = source.name.startswith(WITH_SOURCES)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name.endswith("/") or UNUSED.search(name):
                continue
            content = old.read(name)
            if name == "matplotlib/fontlist.json":
                content = faces_left(content)
            if name.endswith(".py"):
                for place, code in modules(name, content, keep):
                    add(new, place, code)
            else:
                add(new, name, content)


def faces_left(listed: bytes) -> bytes:
    """Drop faces from matplotlib's list that are left out: one it misses has it list all anew."""
    fonts = json.loads(listed)
    for kind in ("afmlist", "ttflist"):
        fonts[kind] = [f for f in fonts[kind] if not UNUSED.search(f"/mpl-data/{f['fname']}")]
    return json.dumps(fonts).encode()


def add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file with a fixed date."""
    archive.writestr(zipfile.ZipInfo(name, OLD), content, zipfile.ZIP_DEFLATED)


def modules(name: str, content: bytes, keep: bool) -> list[tuple[str, bytes]]:
    """Return what takes the place of a module: its code alone, or its code beside its source."""
    try:
        code = compile(content, name, "exec", dont_inherit=True, optimize=0)
    except SyntaxError:  # a template, or a file for another Python
        return [(name, content)]
    packed = loading._code_to_hash_pyc(code, bytes(8), checked=False)
    if not keep:
        return [(f"{name}c", packed)]
    folder, _, file = name.rpartition("/")
    cached = Path(importlib.util.cache_from_source(file)).name
    return [(name, content), (f"{folder}/__pycache__/{cached}", packed)]


def main() -> None:
    """Rewrite every wheel of the folder."""
    (FOLDER / "compiled").mkdir()
    for wheel in sorted(FOLDER.glob("*.whl")):
        rewrite(wheel, FOLDER / "compiled" / wheel.name)


if __name__ == "__main__":
    main()
