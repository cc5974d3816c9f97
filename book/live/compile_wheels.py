"""Compile the modules in wheels for the browser's Python, so that no reader's machine has to.

Compiling matplotlib's modules takes a browser longer than all else that importing it does. Only the
Python that will load them can compile them, so it is started under Node. Where Node is not to be
had, wheels stay as they are, and pages start later.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dlcore.storage import write_whole

SCRIPT = Path(__file__).with_suffix(".mjs")
REWRITE = Path(__file__).with_name("rewrite_wheels.py")  # runs in the browser's Python


def compiled(wheels: Sequence[Path], runtime: Path, info: dict[str, Any]) -> dict[str, Path]:
    """Return compiled wheels by the names of what they were made of; made once, then kept.

    Parameters
    ----------
    wheels : sequence of Path
        Wheels for the browser's Python.
    runtime : Path
        The folder of the verified runtime; the compiled wheels are kept below it.
    info : dict
        What the lock file says of the runtime.

    Returns
    -------
    dict
        Empty if there is no Node, or if it failed.
    """
    kept = {wheel.name: _kept(wheel, runtime) for wheel in wheels}
    todo = [wheel for wheel in wheels if not kept[wheel.name].is_file()]
    if todo and not _compile(todo, kept, runtime, info):
        return {}
    for wheel in kept.values():
        _drop_older(wheel)
    return kept


def _drop_older(wheel: Path) -> None:
    """Remove what was kept of a wheel of that name as it was before; only the newest is wanted."""
    for older in wheel.parents[1].glob(f"*/{wheel.name}"):
        if older != wheel:
            shutil.rmtree(older.parent, ignore_errors=True)


def _kept(wheel: Path, runtime: Path) -> Path:
    """Return where the compiled form of a wheel is kept, by what it is made of and by what."""
    digest = hashlib.sha256(REWRITE.read_bytes() + wheel.read_bytes()).hexdigest()
    return runtime / "compiled" / digest[:16] / wheel.name


def _compile(wheels: list[Path], kept: dict[str, Path], runtime: Path, info: Any) -> bool:
    """Start the browser's Python under Node, and let it rewrite wheels; say whether it did."""
    node = shutil.which("node")
    if node is None:
        return False
    with tempfile.TemporaryDirectory(prefix="dlcore-") as place:
        for wheel in wheels:
            shutil.copyfile(wheel, Path(place, wheel.name))
        command = [node, str(SCRIPT), str(runtime.resolve()), place, str(REWRITE)]
        environment = {**os.environ, "PYODIDE_INFO": json.dumps(info)}
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=300, env=environment)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"Node could not compile the wheels, so pages start later: {error}")
            return False
        for wheel in wheels:
            write_whole(kept[wheel.name], Path(place, "compiled", wheel.name).read_bytes())
    return True
