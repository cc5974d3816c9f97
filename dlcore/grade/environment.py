"""The environments in which the grader's processes run."""

import os
import shutil
import site
from pathlib import Path

_KEPT = ("PATH", "LANG", "LANGUAGE", "TZ", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
_KEPT_ENDS = ("_NUM_THREADS", "_CORETYPE")


def kernel_environment(found: dict[str, str], folder: Path) -> dict[str, str]:
    """Return the environment for the kernel: what Python needs, and nothing that is private.

    Parameters
    ----------
    found : dict
        The environment of the grader.
    folder : Path
        The kernel's temporary folder, which becomes its home.

    Returns
    -------
    dict
        The whole environment of the kernel.
    """
    kept = {
        name: value
        for name, value in found.items()
        if name in _KEPT or name.startswith("LC_") or name.endswith(_KEPT_ENDS)
    }
    if site.ENABLE_USER_SITE:
        kept["PYTHONUSERBASE"] = site.getuserbase()
    home = str(folder)
    return {
        **kept,
        **dict.fromkeys(
            ("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR"), home
        ),
        "DLCORE_DATA": str(_data_folder(found)),
        "DLCORE_PROGRESS": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _data_folder(found: dict[str, str]) -> Path:
    """Return the folder with the data sets, which lies in the home that the kernel does not see."""
    from dlcore.data import cache_folder

    return cache_folder().resolve()


def share_font_cache(folder: Path) -> None:
    """Give the kernel matplotlib's list of fonts, which takes seconds to make anew.

    Parameters
    ----------
    folder : Path
        The kernel's temporary folder.
    """
    base = os.environ.get("MPLCONFIGDIR") or os.environ.get("XDG_CACHE_HOME")
    cache = Path(base) if base else Path.home() / ".cache"
    for place in (cache, cache / "matplotlib"):
        for found in place.glob("fontlist-*.json"):
            shutil.copy(found, folder / found.name)
