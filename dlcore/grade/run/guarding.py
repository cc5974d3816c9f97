"""The guard, as source that a kernel runs before any cell."""

from pathlib import Path
from typing import Any

from dlcore.grade.run.inside import guard, state, values

# Modules of the guard are loaded under their names, and then have none.
_INSTALL = """
def _install():
    import builtins, sys, types
    for name, source in {sources!r}.items():
        made = types.ModuleType(name)
        vars(made)["__builtins__"] = dict(vars(builtins))
        sys.modules[name] = made
        exec(source, vars(made))
    for name in {sources!r}:
        del sys.modules[name]
    made.install(get_ipython(), *{words!r})
_install()
del _install
"""


def guard_source(words: tuple[Any, ...]) -> str:
    """Return what installs the guard in the kernel that runs it.

    Parameters
    ----------
    words : tuple
        What ``guard.install`` is given beside the shell.

    Returns
    -------
    str
        Python code.
    """
    sources = {
        found.__name__: Path(str(found.__file__)).read_text(encoding="utf-8")
        for found in (values, state, guard)
    }
    return _INSTALL.format(sources=sources, words=words)
