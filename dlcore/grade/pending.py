"""Hidden checks that an exercise tells of, and that were not run this time."""

from pathlib import Path

from dlcore.grade.report import Report
from dlcore.notebooks.files import read_json
from dlcore.notebooks.release import HIDDEN_CHECKS


def note_pending(report: Report, path: Path) -> Report:
    """Say in a report which exercises still have hidden checks to come.

    Parameters
    ----------
    report : Report
        What the grader found; ``hidden_pending`` is set.
    path : Path
        The learner's notebook. The release wrote into it which exercises have hidden checks.

    Returns
    -------
    Report
        The same report.
    """
    metadata = read_json(path).get("metadata")
    entries = metadata.get("dlcore") if isinstance(metadata, dict) else None
    told = entries.get(HIDDEN_CHECKS) if isinstance(entries, dict) else None
    if isinstance(told, list):
        report.hidden_pending = [
            exercise.exercise
            for exercise in report.exercises
            if exercise.exercise in told
            and all(check.visibility != "hidden" for check in exercise.checks)
        ]
    return report
