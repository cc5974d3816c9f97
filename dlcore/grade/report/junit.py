"""Reports as JUnit XML, which continuous integration reads: one test case for each check."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from dlcore.grade.report import CheckResult, ExerciseResult, Report
from dlcore.grade.report.text import harmless

_ERRORS = ("error", "timeout", "dead kernel")


def junit(reports: Sequence[Report]) -> str:
    """Return reports as JUnit XML.

    Parameters
    ----------
    reports : sequence of Report
        One test suite is made of each.

    Returns
    -------
    str
        The document. A check that was not run counts as a failure; answers in words, which no
        check judges, do not appear.
    """
    top = ET.Element("testsuites", name="dlcore grade")
    suites = [_suite(report) for report in reports]
    for count in ("tests", "failures", "errors"):
        top.set(count, str(sum(int(suite.get(count, 0)) for suite in suites)))
    top.extend(suites)
    ET.indent(top)
    return ET.tostring(top, encoding="unicode", xml_declaration=True) + "\n"


def _suite(report: Report) -> ET.Element:
    suite = ET.Element(
        "testsuite", name=harmless(report.exercise_set), file=harmless(report.notebook)
    )
    properties = ET.SubElement(suite, "properties")
    for name in ("points", "max_points"):
        ET.SubElement(properties, "property", name=name, value=str(getattr(report, name)))
    cases = [
        _case(report, exercise, check, number)
        for exercise in report.exercises
        for number, check in enumerate(exercise.checks, start=1)
    ]
    suite.set("tests", str(len(cases)))
    for count, tag in (("failures", "failure"), ("errors", "error")):
        suite.set(count, str(sum(case.find(tag) is not None for case in cases)))
    suite.extend(cases)
    return suite


def _case(report: Report, exercise: ExerciseResult, check: CheckResult, number: int) -> ET.Element:
    name = check.id if check.visibility == "public" else f"hidden check {number}"
    case = ET.Element(
        "testcase",
        classname=harmless(f"{report.exercise_set}.{exercise.exercise.replace('.', '-')}"),
        name=harmless(f"{name} ({check.max_points} pt)"),
        time="0",
    )
    if check.status != "passed":
        kind = exercise.status if exercise.fate else check.status
        message = check.message or exercise.message or kind
        tag = "error" if check.status in _ERRORS else "failure"
        ended = ET.SubElement(case, tag, type=kind, message=harmless(message))
        ended.text = harmless(_words(check)) or None
    return case


def _words(check: CheckResult) -> str:
    said = (("expected", check.expected), ("got", check.got), ("hint", check.hint))
    return "\n".join(f"{label}:\n{text}" for label, text in said if text)
