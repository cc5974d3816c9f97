"""The environments in which the grader's processes run."""

import os
import shutil
import site
import sys
import sysconfig
from pathlib import Path

_KEPT = ("PATH", "LANG", "LANGUAGE", "TZ", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
_KEPT_END = "_CORETYPE"
# Every grade computes with one thread, whoever asks for it and whatever the caller has set: with
# more, a right answer on a busy machine can take ten times as long, and lose its points.
THREADS = (
    *("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"),
    *("VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"),
)
_SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/sys/devices/system/cpu"),
    *("/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime", "/nix/store"),
)


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
        if name in _KEPT or name.startswith("LC_") or name.endswith(_KEPT_END)
    }
    if site.ENABLE_USER_SITE:
        kept["PYTHONUSERBASE"] = site.getuserbase()
    home = str(folder)
    return {
        **kept,
        **dict.fromkeys(
            ("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR"), home
        ),
        **dict.fromkeys(THREADS, "1"),
        "DLCORE_DATA": str(_data_folder(found)),
        "DLCORE_GRADING": "1",  # `check` in an answer has nothing to say here
        "DLCORE_PROGRESS": "0",
        "TQDM_DISABLE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def readable_places(found: dict[str, str]) -> list[str]:
    """Return what the kernel needs to read: Python, its packages, dlcore and the data sets.

    Parameters
    ----------
    found : dict
        The environment of the grader.

    Returns
    -------
    list of str
        Absolute paths; some may not exist.
    """
    import dlcore

    package = Path(dlcore.__file__).resolve().parent
    programs = (Path(sys.executable).parent, Path(sys.executable).resolve().parent)
    places = [sys.prefix, sys.exec_prefix, sys.base_prefix]
    places += map(str, (*programs, package, _data_folder(found)))
    places += [path for name, path in sysconfig.get_paths().items() if name.endswith("lib")]
    if site.ENABLE_USER_SITE:
        places.append(site.getusersitepackages())
    named = [path for path in found.get("PYTHONPATH", "").split(os.pathsep) if path]
    places += [path for path in named if not package.is_relative_to(Path(path).resolve())]
    return list(dict.fromkeys([*_SYSTEM, *(os.path.abspath(place) for place in places)]))


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
