"""Reports as pages that need no other file: one for a learner, one for a class.

Jinja escapes everything that is put in, and the pages forbid the browser to run a script or to
load anything.
"""

import functools
import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dlcore.grade import limits
from dlcore.grade.report import Report
from dlcore.grade.report.tables import Row, assignments, faults
from dlcore.grade.report.text import harmless

BOOK = "https://github.com/deep-learning-line-by-line/book/blob/main"
_TONES = {"right": "good", "passed": "good", "partly right": "part", "self-assessment": "muted"}
_TONES |= {"not attempted": "muted", "not run": "muted"}


def learner_page(report: Report, learner: str = "", book: str = BOOK) -> str:
    """Return the report for a learner as a page.

    Parameters
    ----------
    report : Report
        What the grader found.
    learner : str
        Who it is for; the name of the notebook when not given.
    book : str
        The address of the built site, or of the repository's files, for links to the chapter.

    Returns
    -------
    str
        HTML.
    """
    template = _environment().get_template("learner.html")
    chapter = chapter_address(report.exercise_set, book)
    return template.render(report=report, learner=learner, chapter=chapter)


def class_page(rows: list[Row], title: str) -> str:
    """Return the summary of a class as a page.

    Parameters
    ----------
    rows : list of Row
        One for each notebook handed in.
    title : str
        The heading.

    Returns
    -------
    str
        HTML; each learner links to a page below ``reports/``.
    """
    reports = [row.report for row in rows if row.report is not None]
    return (
        _environment()
        .get_template("class.html")
        .render(
            title=title,
            rows=rows,
            graded=reports,
            faults=faults(rows),
            noted=[row for row in rows if row.report is not None and row.report.notes],
            assignments=assignments(rows),
            pending=sorted({number for report in reports for number in report.hidden_pending}),
            not_enforced=sorted({w for found in reports for w in found.containment.not_enforced}),
        )
    )


def chapter_address(exercise_set: str, book: str) -> str:
    """Return the address of the chapter that an assignment belongs to.

    Parameters
    ----------
    exercise_set : str
        The name of the assignment, which is that of the chapter.
    book : str
        The address of the built site, or of the repository's files (with ``/blob/`` in it).

    Returns
    -------
    str
        An address.
    """
    end = ".ipynb" if "/blob/" in book else ".html"
    return f"{book.rstrip('/')}/chapters/{quote(exercise_set)}{end}"


def report_name(file: str, end: str) -> str:
    """Return where the report on a notebook lies.

    Parameters
    ----------
    file : str
        The notebook, below the folder of the class.
    end : str
        ``.html`` or ``.json``.

    Returns
    -------
    str
        A path below the folder of the reports.
    """
    *folders, name = file.split("/")
    stem = name.removesuffix(".ipynb")
    return "/".join(["reports", *map(safe_name, folders), safe_name(stem, stem == name) + end])


def safe_name(name: str, other: bool = False) -> str:
    """Return a name for a file or a folder of the report, made from one of the class.

    Parameters
    ----------
    name : str
        A name that may be as long as the system allows, and hold whatever it allows.
    other : bool
        Whether another name that says the same may be there too, and they are to be told apart.

    Returns
    -------
    str
        The same name, if it is a plain one that no page of the report has; otherwise one that is
        short and printable, and different for different names.
    """
    plain = "".join(one if one.isprintable() and one != "\\" else "_" for one in name)
    plain = plain.encode()[: limits.FILE_NAME].decode(errors="ignore")
    if plain == name and not other and not name.endswith((".html", ".json")):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{plain}-{digest[:12]}"


@functools.cache
def _environment() -> Environment:
    """Return Jinja set up so that nothing gets into a page as it is."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_spelt,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        share=lambda part, whole: round(100 * part / whole) if whole else 0,
        file_name=lambda path: Path(path).name,
        tone=lambda status: _TONES.get(status, "bad"),
        link=lambda file: quote(report_name(file, ".html"), errors="backslashreplace"),
    )
    return made


def _spelt(value: Any) -> Any:
    """Spell out what a page cannot show; marked-up text is the templates' own."""
    return harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value
