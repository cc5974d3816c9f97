"""The command ``dlcore``: what there is to do with the book, one word each.

Only the standard library is imported at the top, so that ``dlcore --help`` is there at once, and
works without the extras.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

CANNOT = 2  # the exit code for "this could not be done", as argparse has it


class CommandError(Exception):
    """Something that the user can put right; the message says what and how."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after ``dlcore``; those of this process by default.

    Returns
    -------
    int
        The exit code: 0 for success, 1 for less (points lost, outputs changed, rules broken),
        2 when it could not be done.
    """
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except CommandError as error:
        return _say(str(error))
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] == "dlcore":
            raise
        return _say(f"{error.name} is not installed: pip install 'dlcore[{_extra(error.name)}]'")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANNOT
    except KeyboardInterrupt:
        return _say("stopped")


def _say(message: str) -> int:
    """Write an error as one word to the user and return the exit code for it."""
    print(f"dlcore: {message}", file=sys.stderr)
    return CANNOT


def _extra(module: str) -> str:
    """Return the extra of the package that brings a module."""
    known = {"jupyterlab": "book", "matplotlib": "plot", "sklearn": "data"}
    return {**known, "distributed": "cluster"}.get(module.split(".")[0], "grade")


def _parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(prog="dlcore", description="Work with the book.")
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)

    def verb(
        name: str, run: Callable[[argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        added.set_defaults(run=run)
        return added

    lab = verb("lab", _lab, "open JupyterLab in chapters/")
    lab.add_argument("words", nargs="*", metavar="ARG", help="passed on to jupyter lab")

    grade = verb("grade", _grade, "grade exercise notebooks")
    _add_grade_options(grade)

    mine = verb("mine", _mine, "join what you have built to mydl.py, a library of your own")
    _add_mine_options(mine)

    data = verb("data", _data, "fetch and verify the data sets")
    data.add_argument(
        "names", nargs="*", metavar="NAME", help="default: those the book is built of"
    )
    data.add_argument("--all", action="store_true", help="every set, also the large ones")

    exercises = verb("exercises", _exercises, "write exercises/ from solutions/")
    exercises.add_argument("--check", action="store_true", help="only say what would change")
    _add_release_options(exercises)

    chapter = verb("new-chapter", _new_chapter, "lay the files of a new chapter")
    chapter.add_argument("number", metavar="NUMBER", help="such as 13")
    chapter.add_argument("slug", metavar="SLUG", help="such as recurrent_networks")

    outputs = verb("outputs", _outputs, "run chapters and solutions again and store their outputs")
    outputs.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: all")
    outputs.add_argument("--check", action="store_true", help="only say what would change")
    outputs.add_argument(
        "--fresh", action="store_true", help="renew outputs that are not compared as well"
    )

    outputs.set_defaults(anew=True)

    fold = verb("fold", _outputs, "fold the results that follow *Predict first*, without running")
    fold.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: all")
    fold.set_defaults(anew=False, check=False, fresh=False)

    lint = verb("lint", _lint, "hold the notebooks to the rules of the book")
    lint.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: all")

    serve = verb("serve", _serve, "serve the built site on this machine")
    serve.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="the built site")
    serve.add_argument("--port", type=int, default=8000, help="default 8000")
    return parser


def _add_grade_options(grade: argparse.ArgumentParser) -> None:
    """Add the options of ``dlcore grade``."""
    grade.set_defaults(wrong=grade.error)
    add = grade.add_argument
    add("files", nargs="*", type=Path, metavar="FILE", help="notebook, or a folder of notebooks")
    add("--json", metavar="PATH", help="write the report as JSON ('-': print it)")
    add("--junit", type=Path, metavar="PATH", help="write the report as JUnit XML")
    add("--html", type=Path, metavar="DIR", help="write a page for each notebook")
    add("--solutions", type=Path, metavar="DIR", help="where the solutions lie")
    add("--hidden", type=Path, metavar="FILE", help="checks that learners do not see")
    add("--timeout", type=float, metavar="SECONDS", help="for a cell; more on a busy machine")
    add("--book", metavar="URL", help="where the book is, for links to its chapters")
    add("--class", type=Path, metavar="DIR", dest="group", help="grade all that a class handed in")
    add("--out", type=Path, metavar="DIR", help="where the report on a class goes")
    where = grade.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=int, metavar="N", help="notebooks at a time (default: cores)")
    where.add_argument(
        "--cluster", metavar="ADDRESS", help="of a Dask scheduler, such as `tcp://host:8786`"
    )
    add("--restart", action="store_true", help="grade again what an earlier run has graded")


def _add_mine_options(mine: argparse.ArgumentParser) -> None:
    """Add the options of ``dlcore mine``."""
    add = mine.add_argument
    add("files", nargs="*", type=Path, metavar="FILE", help="default: those in exercises/")
    add("--out", type=Path, default="mydl.py", metavar="PATH", help="default mydl.py")
    add("--solutions", type=Path, metavar="DIR", help="where the solutions lie")
    add("--run", action="store_true", dest="at_once", help="run it: it learns to read digits")


def _add_release_options(exercises: argparse.ArgumentParser) -> None:
    """Add the options of ``dlcore exercises`` that make a folder to be handed out."""
    exercises.set_defaults(wrong=exercises.error)
    add = exercises.add_argument
    add("--release", type=Path, metavar="DIR", help="write a folder to hand out to learners")
    add("--only", nargs="+", default=[], metavar="NAME", help="the assignments to hand out")
    add("--with-solutions", action="store_true", help="hand out the solutions as well")
    add("--hidden", type=Path, metavar="FILE", help="note which exercises these checks are for")


def _book() -> Path:
    """Return the folder of the book, or say that there is none."""
    from dlcore.notebooks.files import NotebookError, find_book

    try:
        return find_book()
    except NotebookError as error:
        raise CommandError(str(error)) from None


def _lab(options: argparse.Namespace) -> int:
    """Open JupyterLab at ``chapters/``, with exercises and solutions within reach."""
    root = _book()
    if importlib.util.find_spec("jupyterlab") is None:
        raise ModuleNotFoundError(name="jupyterlab")
    command = [sys.executable, "-m", "jupyterlab", "--LabApp.default_url=/lab/tree/chapters"]
    words = [*command, *options.words]
    return subprocess.run(words, cwd=root, env=_one_thread(), check=False).returncode


def _one_thread() -> dict[str, str]:
    """Return this environment, with one thread for the matrices unless the reader has chosen.

    The book's matrices are small: threads wait for one another, and beside other work for long.
    """
    from dlcore.grade.run.environment import THREADS

    chosen = any(name in os.environ for name in THREADS)
    return {**os.environ, **({} if chosen else dict.fromkeys(THREADS, "1"))}


def _grade(options: argparse.Namespace) -> int:
    """Grade notebooks and print the reports, or grade a class and write one."""
    in_class = options.out or options.jobs or options.cluster or options.restart
    if bool(options.files) == bool(options.group):
        options.wrong("give notebooks, or a folder of a class with --class")
    if options.group and not options.out:
        options.wrong("--class needs --out, a folder for the report")
    if in_class and not options.group:
        options.wrong("--out, --jobs, --cluster and --restart go with --class")
    if options.group and (options.json or options.junit or options.html):
        options.wrong("--json, --junit and --html go with notebooks, not with --class")
    if options.jobs is not None and options.jobs < 1:
        options.wrong(f"--jobs must be at least 1, got {options.jobs}")
    from dlcore.notebooks import spare_schema_checker

    spare_schema_checker()
    from dlcore.grade import limits
    from dlcore.grade.report.html import BOOK

    if options.timeout is None:
        options.timeout = limits.TIMEOUT

    return _grade_class(options, BOOK) if options.group else _grade_files(options, BOOK)


def _grade_files(options: argparse.Namespace, book: str) -> int:
    """Grade notebooks and print the reports."""
    from dlcore.grade.command import grade_files

    return grade_files(
        options.files,
        json_to=options.json,
        solutions=options.solutions,
        timeout=options.timeout,
        hidden=options.hidden,
        junit_to=options.junit,
        html_to=options.html,
        book=options.book or book,
    )


def _grade_class(options: argparse.Namespace, book: str) -> int:
    """Grade a class and write the report."""
    from dlcore.grade.classroom.classroom import Classroom

    return Classroom(
        folder=options.group,
        out=options.out,
        solutions=options.solutions,
        hidden=options.hidden,
        timeout=options.timeout,
        jobs=options.jobs,
        cluster=options.cluster,
        book=options.book or book,
        restart=options.restart,
    ).grade()


def _mine(options: argparse.Namespace) -> int:
    """Join what the learner has built to one file."""
    from dlcore.notebooks import spare_schema_checker

    spare_schema_checker()
    from dlcore.grade.builds.command import mine

    files = options.files or [_book() / "exercises"]
    return mine(files, options.out, solutions=options.solutions, run=options.at_once)


def _data(options: argparse.Namespace) -> int:
    """Fetch files and print where they lie: those of the book, those named, or all."""
    from dlcore import data

    if unknown := [name for name in options.names if name not in data.FILES]:
        raise CommandError(f"no data file {unknown[0]!r}: there are {', '.join(data.FILES)}")
    names = options.names or [n for n, file in data.FILES.items() if file.in_book or options.all]
    failed = 0
    for number, name in enumerate(names, start=1):
        print(f"[{number}/{len(names)}] {name} … ", end="", flush=True)
        try:
            print(data.fetch(name), flush=True)
        except (OSError, ValueError, RuntimeError) as error:
            print("failed", flush=True)
            failed = _say(str(error))
    return failed


def _exercises(options: argparse.Namespace) -> int:
    """Write ``exercises/`` from ``solutions/``, or a folder to be handed out."""
    from dlcore.notebooks.release import release_all

    if options.release:
        return _hand_out(options)
    if options.only or options.with_solutions or options.hidden:
        options.wrong("--only, --with-solutions and --hidden go with --release")
    book = _book()
    code = 0
    for done in release_all(book / "solutions", book / "exercises", check=options.check):
        if done.error:
            print(done.error, file=sys.stderr)
            code = CANNOT
        else:
            code = max(code, int(options.check and done.changed))
            print(f"{_near(done.path)}: {_fate(done.changed, options.check)}")
    return code


def _hand_out(options: argparse.Namespace) -> int:
    """Write a folder for learners."""
    from dlcore.notebooks.files import NotebookError
    from dlcore.notebooks.handout import hand_out

    if options.check:
        options.wrong("--check does not go with --release")
    book, hidden = _book(), set()
    try:
        if options.hidden:
            from dlcore.grade.hidden import read_hidden

            hidden = {check.exercise for check in read_hidden(options.hidden)}
        written = hand_out(
            book,
            options.release,
            names=options.only,
            solutions=options.with_solutions,
            hidden=hidden,
        )
    except (NotebookError, OSError) as error:
        raise CommandError(str(error)) from None
    for path in written:
        print(f"{_near(path)}: written")
    return 0


def _outputs(options: argparse.Namespace) -> int:
    """Run notebooks and store their outputs; or only fold what is stored."""
    from dlcore.notebooks.files import notebooks_in
    from dlcore.notebooks.store import store

    paths = options.files
    if not paths:
        book = _book()
        paths = [*notebooks_in(book / "chapters"), *notebooks_in(book / "solutions")]
    code = 0
    for number, path in enumerate(paths, start=1):
        print(f"[{number}/{len(paths)}] {_near(path)} … ", end="", flush=True)
        done = store(path, check=options.check, fresh=options.fresh, anew=options.anew)
        if done.error:
            print("failed", flush=True)
            print(f"{path}: {done.error.removeprefix(f'{path}: ')}", file=sys.stderr, flush=True)
        else:
            print(_fate(done.changed, options.check), flush=True)
        if done.kept:
            print(f"    not compared, kept as stored (--fresh renews): {', '.join(done.kept)}")
        code = max(code, int(bool(done.error) or (options.check and done.changed)))
    return code


def _new_chapter(options: argparse.Namespace) -> int:
    """Lay the files of a new chapter, and say what comes next."""
    from dlcore.notebooks.files import NotebookError
    from dlcore.notebooks.new_chapter import TO_WRITE, lay

    try:
        laid = lay(_book(), options.number, options.slug)
    except (NotebookError, OSError) as error:
        raise CommandError(str(error)) from None
    for path in laid.paths:
        print(f"{_near(path)}: written")
    if laid.not_entered:
        print(f"book/_toc.yml has no part for it; add these lines:\n{laid.not_entered}")
    chapter, solution, *_ = (_near(path) for path in laid.paths)
    print(f"""
Next:
  write in the place of all that stands behind {TO_WRITE} (book/contributing.md says how)
  dlcore outputs {chapter} {solution}
  dlcore exercises
  dlcore lint""")
    return 0


def _lint(options: argparse.Namespace) -> int:
    """Print every broken rule."""
    from dlcore.notebooks.lint import lint, lint_book

    if options.files:
        complaints = [complaint for path in options.files for complaint in lint(path)]
    else:
        complaints = list(lint_book(_book()))
    for complaint in complaints:
        print(complaint._replace(path=_near(complaint.path)))
    return int(bool(complaints))


def _near(path: Path) -> Path:
    """Return a path as seen from the current folder, if it lies below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _fate(changed: bool, check: bool) -> str:
    """Say in a word what became of a file."""
    if not changed:
        return "unchanged"
    return "would change" if check else "written"


def _serve(options: argparse.Namespace) -> int:
    """Serve a folder on localhost until interrupted."""
    from dlcore.serve import server_of

    folder = options.folder or _book() / "book" / "_build" / "html"
    if not (folder / "index.html").is_file():
        raise CommandError(f"{folder} holds no index.html: build the book first, with 'make book'")

    try:
        server = server_of(folder, options.port)
    except (OSError, OverflowError) as error:
        raise CommandError(
            f"port {options.port} cannot be used ({error}); choose another with --port"
        ) from None
    with server:
        port = server.server_address[1]
        print(f"The book is at http://localhost:{port} (stop with Ctrl-C)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
