"""``dlcore grade``: notebooks graded one after the other, and their reports written."""

import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from dlcore.grade.grading import GradingError, grade
from dlcore.grade.limits import TIMEOUT
from dlcore.grade.report import Report, as_json
from dlcore.grade.report.html import BOOK, learner_page, safe_name
from dlcore.grade.report.junit import junit
from dlcore.grade.report.text import harmless, render
from dlcore.notebooks.files import NotebookError, notebooks_in
from dlcore.storage import write_whole

FULL_MARKS, LESS, CANNOT = 0, 1, 2


def grade_files(
    paths: Sequence[Path],
    *,
    json_to: str | None = None,
    solutions: Path | None = None,
    timeout: float = TIMEOUT,
    hidden: Path | None = None,
    junit_to: Path | None = None,
    html_to: Path | None = None,
    book: str = BOOK,
) -> int:
    """Grade notebooks, print a report for each and write its other forms where they are wanted.

    Parameters
    ----------
    paths : sequence of Path
        Notebooks, or folders of notebooks.
    json_to : str, optional
        A file for the JSON form, or ``-`` to print it in place of the text.
    solutions : Path, optional
        The folder of the solutions.
    timeout : float
        Seconds for an answer or a check.
    hidden : Path, optional
        A file of hidden checks.
    junit_to : Path, optional
        A file for the JUnit form.
    html_to : Path, optional
        A folder for pages, one for each notebook.
    book : str
        The address of the book, for links to the chapter.

    Returns
    -------
    int
        0 if all have full marks, 1 if points are missing, 2 if one could not be graded.
    """
    files = [file for path in paths for file in (notebooks_in(path) if path.is_dir() else [path])]
    reports: list[Report] = []
    code = FULL_MARKS
    if not files:
        code = _complain(f"no notebook in {', '.join(map(str, paths))}")
    for file in files:
        try:
            report = grade(file, solutions, timeout=timeout, hidden=hidden)
        except (NotebookError, GradingError) as error:
            code = _complain(str(error))
            continue
        reports.append(report)
        code = max(code, FULL_MARKS if report.full_marks else LESS)
        if json_to != "-":
            print(render(report, colour=_colours()) + "\n", flush=True)
    try:
        _write(reports, json_to, junit_to, html_to, book)
    except OSError as error:
        code = _complain(f"the report could not be written: {error}")
    return code


def _complain(message: str) -> int:
    print(f"dlcore grade: {harmless(message)}", file=sys.stderr)
    return CANNOT


def _colours() -> bool:
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wanted and sys.stdout.isatty()


def _write(
    reports: list[Report],
    json_to: str | None,
    junit_to: Path | None,
    html_to: Path | None,
    book: str,
) -> None:
    """Write the forms that are wanted; one report is an object of JSON, several are a list."""
    forms = [report.to_json() for report in reports]
    text = as_json(forms[0] if len(forms) == 1 else forms)
    if json_to == "-" and reports:
        sys.stdout.write(text)
    elif json_to is not None and reports:
        write_whole(Path(json_to), text)
    if junit_to is not None:
        write_whole(junit_to, junit(reports))
    names: set[str] = set()
    for report in reports if html_to is not None else ():
        stem = safe_name(Path(report.notebook).stem)
        name = next(name for name in _numbered(stem) if name not in names)
        names.add(name)
        write_whole(Path(str(html_to), f"{name}.html"), learner_page(report, book=book))


def _numbered(stem: str) -> Iterator[str]:
    """Yield a name, and then the same with the numbers from 2 on."""
    yield stem
    yield from (f"{stem}-{number}" for number in itertools.count(2))
