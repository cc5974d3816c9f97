"""``dlcore mine``: what a learner has built, graded and joined to ``mydl.py``."""

import itertools
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from dlcore.data import DataFileError, locate
from dlcore.grade.builds.joining import LENT, Build, Joined, Part, join, parts
from dlcore.grade.grading import GradingError, answers_of, grade
from dlcore.grade.reference import find_reference
from dlcore.grade.report import ExerciseResult
from dlcore.grade.report.text import harmless
from dlcore.grade.submission import Submission
from dlcore.notebooks.exercises import Exercise
from dlcore.notebooks.files import NotebookError, notebooks_in
from dlcore.storage import write_whole

ALL_OWN, SOME_LENT, CANNOT = 0, 1, 2


class Found(NamedTuple):
    """A build in a notebook: how it stands, and its source if it has passed."""

    path: Path
    build: Build
    state: str
    source: str = ""


def mine(
    paths: Sequence[Path],
    out: Path,
    *,
    solutions: Path | None = None,
    run: bool = False,
) -> int:
    """Grade the builds of some notebooks, write the file, and say what is in it and what is next.

    Parameters
    ----------
    paths : sequence of Path
        Notebooks, or folders of notebooks.
    out : Path
        The file to write; another one that is there is kept under a name of its own.
    solutions : Path, optional
        The folder of the solutions.
    run : bool
        Whether to run the file once it is written.

    Returns
    -------
    int
        0 if every build is the learner's own, 1 if some are borrowed or not there, 2 if a notebook
        could not be graded, the file not written, or its run failed.
    """
    files = [file for path in paths for file in (notebooks_in(path) if path.is_dir() else [path])]
    found: list[Found] = []
    code = ALL_OWN if files else _complain(f"no notebook in {', '.join(map(str, paths))}")
    for file in files:
        try:
            for one in _builds_in(file, solutions):
                found.append(one)
                print(harmless(f"  {one.build.exercise:<6} {one.build.title}: {one.state}"))
        except (NotebookError, GradingError) as error:
            code = _complain(str(error))
    if not files:
        return code
    layout = parts([one.build for one in {one.build.exercise: one for one in found}.values()])
    joined = join(layout, {one.build.exercise: one.source for one in found if one.source})
    try:
        _write(out, joined.text)
    except OSError as error:
        return _complain(str(error))
    _report(layout, joined, found, out)
    if run:
        code = max(code, _run(out))
    return max(code, SOME_LENT if len(joined.own) < _places(layout) else ALL_OWN)


def _places(layout: Sequence[Part]) -> int:
    return sum(bool(part.where) for part in layout)


def _builds_in(path: Path, solutions: Path | None) -> list[Found]:
    """Grade a notebook that holds an attempt at a build, and return its builds."""
    submission = Submission(path)
    reference = find_reference(submission, solutions)
    builds = [exercise for exercise in reference.exercises if exercise.kind == "build"]
    if not builds:
        return []
    answers = answers_of(submission, reference)
    attempted = any(answers[exercise.answers[0].id].attempted for exercise in builds)
    results: dict[str, ExerciseResult] = {}
    if attempted:
        print(f"{path}: grading …", flush=True)
        report = grade(path, solutions)
        results = {result.exercise: result for result in report.exercises}
    return [
        _found(path, exercise, results.get(exercise.number), answers[exercise.answers[0].id].source)
        for exercise in builds
    ]


def _found(path: Path, exercise: Exercise, result: ExerciseResult | None, source: str) -> Found:
    build = Build(exercise.number, exercise.title, tuple(exercise.builds))
    if result is None:
        return Found(path, build, "not attempted")
    if result.status == "right":
        return Found(path, build, "passed", source)
    points = f"{result.points} of {result.max_points} points"
    word = "not attempted" if result.status == "not attempted" else f"{result.status}, {points}"
    return Found(path, build, word)


def _write(out: Path, text: str) -> None:
    """Write the file; another one that is there keeps its content under the next free name."""
    old = out.read_bytes() if out.exists() else None
    if old == text.encode():
        print(f"{out}: unchanged")
        return
    if old is not None:
        names = (out.with_name(f"{out.stem}-{n}{out.suffix}") for n in itertools.count(1))
        kept = next(name for name in names if not name.exists())
        with kept.open("xb") as stream:  # never over a file that is there
            stream.write(old)
        print(f"{out}: the one that was there is now {kept}")
    write_whole(out, text)
    print(f"{out}: written")


def _report(layout: Sequence[Part], joined: Joined, found: list[Found], out: Path) -> None:
    """Say what was taken, what is borrowed, and what to do next."""
    print(f"\n{len(joined.own)} of {_places(layout)} builds are your own:")
    for part in (part for part in layout if part.where):
        own = part.exercise in joined.own
        whose = "yours" if own else "borrowed" if part.text else "not there"
        print(f"  {whose:<9} {part.where:<14} {', '.join(part.names)}")
    for exercise, names in joined.clashes.items():
        print(
            f"{exercise} was not taken: another part of {out.name} has {names}: choose another name"
        )
    left = [one for one in found if not one.source]
    if left:
        first = min(left, key=lambda one: _place(one.build))
        print(f"\nNext: exercise {first.build.exercise} in {first.path}, then 'dlcore mine' again.")
    print(f"'python {out}' reads the digits of chapter 1 with it, 'python {out} draw' draws some,")
    print(f"and 'python {out} text' learns a text.", flush=True)


def _place(build: Build) -> list[int]:
    """Return where a build stands among all: first those that the others stand on."""
    chapter, number = map(int, build.exercise.split("."))
    order = [*LENT]
    return [order.index(chapter) if chapter in order else len(order), chapter, number]


def _run(out: Path) -> int:
    """Run the file on the digits that the book has."""
    try:
        words = [str(locate("digits"))]
    except DataFileError:
        words = []  # the file looks for them itself, and says what to do
    done = subprocess.run([sys.executable, str(out), "digits", *words], check=False)
    return CANNOT if done.returncode else ALL_OWN


def _complain(message: str) -> int:
    print(f"dlcore mine: {harmless(message)}", file=sys.stderr)
    return CANNOT
