"""What is handed out to learners: a folder that works by itself, with or without the solutions."""

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from dlcore.notebooks.files import NotebookError, notebooks_in, read, write
from dlcore.notebooks.release import release

_COPIED = ("LICENSE", "pyproject.toml", "requirements.lock", "chapters", "dlcore")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*", "*.egg-info", "*.part")

_README = """# Exercises of *Deep Learning, Line by Line*

## Set up, once

You need Python 3.11 or newer. In this folder:

```console
$ python3 -m venv .venv
$ .venv/bin/pip install -r requirements.lock
$ .venv/bin/pip install --no-deps -e .
```

On Windows the programs lie in `.venv\\Scripts` in place of `.venv/bin`. The lock file names the
version of every package with which the book was made, under Python 3.11. If one of them cannot be
installed on your machine, `.venv/bin/pip install -e ".[book]"` takes versions that fit.

On Linux the lock brings a PyTorch of several gigabytes, for graphics cards that the book does not
need. A CPU build is enough: PyTorch's "Get started" page names an index that has one; say
`export PIP_EXTRA_INDEX_URL=` and its address before you install.

## Work

```console
$ .venv/bin/dlcore data    # fetches the data sets
$ .venv/bin/dlcore lab     # opens JupyterLab
```

The chapters lie in `chapters/`, the exercises in `exercises/`:

{names}

Write your answers into the answer cells, in place of `raise NotImplementedError`. Run the check
cell below an answer to see what it computes. In a cell of your own,
`from dlcore.grade import check` and `check("6.3")` run all checks of an exercise and give hints.
Leave the answer cells where they are, and do not split or copy them: the grader finds them by
their identifiers. Cells of your own may be added anywhere; they are not graded.

{ending}"""

_FOR_A_CLASS = """What should have come stands in the solutions, which your teacher keeps.
Here, a check shows what your answer computes, and says *not compared*.

## Hand in

Save the notebook, and hand in the file from `exercises/` under its own name, in the way that your
teacher has told you. Only the answer cells count. Some exercises may have hidden checks, which are
run after you have handed in.
"""

_BY_YOURSELF = """## Grade your work

```console
$ .venv/bin/dlcore grade exercises/{first}
$ .venv/bin/dlcore mine    # joins the builds that passed
```

The report says for each check what it expected, what it got, and where to look. Worked solutions
lie in `solutions/`; they explain each answer, and why the wrong choices are wrong.

In each chapter one exercise is a build, a rule or a layer that you keep. The second command joins
yours to `mydl.py`, a library of your own.
"""


def hand_out(
    book: Path,
    target: Path,
    *,
    names: Sequence[str] = (),
    solutions: bool = False,
    hidden: Collection[str] = (),
) -> list[Path]:
    """Write a folder for learners: exercises, chapters, the library and how to set it up.

    Parameters
    ----------
    book : Path
        The folder of the book.
    target : Path
        The new folder; it must not exist, or be empty.
    names : sequence of str
        The assignments to hand out; all by default.
    solutions : bool
        Whether the solutions go along, for learners who work by themselves. Hidden checks are in
        them; without solutions nobody gets either.
    hidden : collection of str
        The exercises that the teacher has hidden checks for, such as ``"6.3"``; learners are told.

    Returns
    -------
    list of Path
        The exercises written.

    Raises
    ------
    NotebookError
        If the folder is in use, an assignment is not known, or a solution is faulty.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise NotebookError(f"{target}: is there already and not empty: name a new folder")
    sources = _sources(book, names)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".handout-") as folder:
        made = Path(folder, "made")
        written = list(_exercises(sources, made, hidden))
        _copy(book, made)
        for source in sources if solutions else ():
            (made / "solutions").mkdir(exist_ok=True)
            shutil.copyfile(source, made / "solutions" / source.name)
        (made / "README.md").write_text(_readme(written, solutions), encoding="utf-8")
        if target.exists():
            target.rmdir()
        os.replace(made, target)
    return [target / "exercises" / path.name for path in written]


def _sources(book: Path, names: Sequence[str]) -> list[Path]:
    """Return the solutions of the assignments that are named, or all."""
    known = {path.stem: path for path in notebooks_in(book / "solutions")}
    if unknown := [name for name in names if name not in known]:
        raise NotebookError(f"no assignment {unknown[0]!r}: there are {', '.join(known)}")
    return [known[name] for name in names or known]


def _exercises(sources: list[Path], made: Path, hidden: Collection[str]) -> Iterator[Path]:
    """Write the exercises, and yield their files."""
    for source in sources:
        try:
            exercise = release(read(source), source.stem, hidden)
        except NotebookError as error:
            raise NotebookError(f"{source}: {str(error).removeprefix(f'{source}: ')}") from None
        write(made / "exercises" / source.name, exercise)
        yield made / "exercises" / source.name


def _copy(book: Path, made: Path) -> None:
    """Copy what goes along unchanged; what a book does not have is left out."""
    for name in _COPIED:
        if (book / name).is_dir():
            shutil.copytree(book / name, made / name, ignore=_LEFT_OUT)
        elif (book / name).is_file():
            shutil.copyfile(book / name, made / name)


def _readme(written: list[Path], solutions: bool) -> str:
    """Return the page that the learner reads first."""
    names = "\n".join(f"- `exercises/{path.name}`" for path in written)
    ending = _BY_YOURSELF.format(first=written[0].name) if solutions else _FOR_A_CLASS
    return _README.format(names=names, ending=ending)
