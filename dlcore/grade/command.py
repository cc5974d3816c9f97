"""``dlcore grade``: notebooks graded one after the other, and their reports written."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from dlcore.grade.grading import GradingError, grade
from dlcore.grade.report import Report
from dlcore.grade.text import render
from dlcore.notebooks.files import NotebookError, notebooks_in

FULL_MARKS, LESS, CANNOT = 0, 1, 2


def run(
    paths: Sequence[Path],
    json_to: str | None = None,
    solutions: Path | None = None,
    timeout: float = 30.0,
) -> int:
    """Grade notebooks, print a report for each and write the JSON form where it is wanted.

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

    Returns
    -------
    int
        0 if all have full marks, 1 if points are missing, 2 if one could not be graded.
    """
    files = [file for path in paths for file in (notebooks_in(path) if path.is_dir() else [path])]
    reports: list[Report] = []
    code = FULL_MARKS
    if not files:
        print(f"dlcore grade: no notebook in {', '.join(map(str, paths))}", file=sys.stderr)
        code = CANNOT
    for file in files:
        try:
            report = grade(file, solutions, timeout)
        except (NotebookError, GradingError) as error:
            print(f"dlcore grade: {error}", file=sys.stderr)
            code = CANNOT
            continue
        reports.append(report)
        code = max(code, FULL_MARKS if report.full_marks else LESS)
        if json_to != "-":
            print(render(report, colour=_colours()) + "\n", flush=True)
    if json_to is not None and reports:
        _write_json(reports, json_to)
    return code


def _colours() -> bool:
    """Say whether the report goes to a terminal that shows colours."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _write_json(reports: list[Report], where: str) -> None:
    """Write one report as an object, and several as a list."""
    forms = [report.to_json() for report in reports]
    text = json.dumps(forms[0] if len(forms) == 1 else forms, indent=2, ensure_ascii=False) + "\n"
    if where == "-":
        sys.stdout.write(text)
    else:
        Path(where).write_text(text, encoding="utf-8")
