"""The forms of a report: JSON by its schema, JUnit XML, a page; all proof against hostile text."""

import copy
import json
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from bs4 import BeautifulSoup

from dlcore.grade.report import CheckResult, Containment, ExerciseResult, Report, as_json, schema
from dlcore.grade.report.html import BOOK, chapter_address, class_page, learner_page
from dlcore.grade.report.junit import junit
from dlcore.grade.report.tables import Row
from dlcore.grade.report.text import harmless, render
from tests.grade.report.test_report import made

HOSTILE = (
    "</pre><script>alert(1)</script>\x1b[2J\x07\u202e\ud800\ufffe\"'><img src=x onerror=alert(2)>"
)


def hostile() -> Report:
    """A report with the same hostile text in every place that a learner can write to."""
    check = CheckResult("ex-1-1-check", "failed", 2, hint="Look.", expected="1", got=HOSTILE)
    check.message = f"the texts differ: {HOSTILE}"
    exercise = ExerciseResult("1.1", "Title", 1, "code", message=HOSTILE, checks=[check])
    exercise.repairs = [HOSTILE]
    return Report(f"{HOSTILE}.ipynb", "01_first", [exercise], notes=[HOSTILE])


@pytest.mark.parametrize("report", [made(), hostile(), Report("a", "b", [])])
def test_the_json_form_follows_its_schema_and_comes_back(report: Report) -> None:
    form = json.loads(as_json(report.to_json()))
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(form, schema())
    assert Report.from_json(form).to_json() == form


def test_everything_of_a_report_comes_back() -> None:
    report = made()
    report.containment = Containment(["memory"], ["network"])
    report.hidden_pending = ["1.2"]
    assert Report.from_json(report.to_json()) == report


def changed(form: dict[str, Any], how: str) -> dict[str, Any]:
    form = copy.deepcopy(form)
    check = form["exercises"][0]["checks"][1]
    if how == "entry":
        form["grade"] = "A"
    elif how == "status":
        check["status"] = "skipped"
    elif how == "hidden":
        check["expected"] = "42"
    elif how == "points":
        form["points"] = "3"
    elif how == "schema":
        form["schema"] = 2
    return form


@pytest.mark.parametrize("how", ["entry", "status", "hidden", "points", "schema"])
def test_the_schema_refuses_what_is_no_report(how: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(changed(made().to_json(), how), schema())


def test_points_that_do_not_add_up_are_not_read() -> None:
    form = made().to_json()
    form["points"] = 7
    with pytest.raises(ValueError, match="contradict"):
        Report.from_json(form)
    with pytest.raises(ValueError, match="schema must be 1"):
        Report.from_json({**form, "schema": 2})
    with pytest.raises(ValueError, match="not the JSON form"):
        Report.from_json({"schema": 1})


def test_junit_has_a_case_for_each_check() -> None:
    top = ET.fromstring(junit([made(), made()]))
    assert (top.tag, top.get("tests"), top.get("failures")) == ("testsuites", "8", "6")
    cases = top[0].findall("testcase")
    assert [case.get("classname") for case in cases] == ["01_first.1-1"] * 3 + ["01_first.1-2"]
    assert [case.get("name") for case in cases] == [
        "ex-1-1-check (2 pt)",
        "hidden check 2 (1 pt)",
        "ex-1-1-check-3 (3 pt)",
        "ex-1-2-check (1 pt)",
    ]
    failure = cases[0].find("failure")
    assert failure is not None
    assert "got:\n0.7" in str(failure.text)
    assert len(cases[2]) == 0
    assert cases[3][0].get("type") == "not attempted"


def test_junit_counts_what_did_not_end_as_errors() -> None:
    checks = [CheckResult(f"c-{s}", s, 1) for s in ("error", "timeout", "dead kernel", "not run")]
    report = Report("a.ipynb", "a", [ExerciseResult("1.1", "t", 1, "code", checks=checks)])
    (suite,) = ET.fromstring(junit([report]))
    assert (suite.get("errors"), suite.get("failures")) == ("3", "1")


def test_hostile_text_stays_text_in_xml_and_on_the_terminal() -> None:
    assert ET.fromstring(junit([hostile()])).find(".//script") is None
    said = render(hostile())
    said.encode()
    assert "\x1b" not in said
    assert "<script>" in said
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize(
    "page",
    [
        learner_page(hostile(), HOSTILE),
        class_page(
            [Row(HOSTILE, f"{HOSTILE}.ipynb", hostile()), Row(HOSTILE, "x", None, HOSTILE)], HOSTILE
        ),
    ],
    ids=["learner", "class"],
)
def test_hostile_text_stays_text_in_a_page(page: str) -> None:
    page.encode()
    found = BeautifulSoup(page, "html.parser")
    assert found.find(["script", "img", "iframe", "link"]) is None
    assert "alert(1)" in found.get_text()
    assert not any(name.startswith("on") for tag in found.find_all() for name in tag.attrs)
    assert "\x1b" not in page
    policy = found.find("meta", {"http-equiv": "Content-Security-Policy"})
    assert "default-src 'none'" in str(policy)


def test_a_page_shows_what_the_learner_needs() -> None:
    report = made()
    report.hidden_pending = ["1.2"]
    report.containment = Containment([], ["network"])
    found = BeautifulSoup(learner_page(report, "Ada"), "html.parser")
    text = " ".join(found.get_text(" ").split())
    for words in ("Ada", "3 of 7 points", "0.5", "0.7", "Divide by the length.", "A hidden check"):
        assert words in text
    assert "Hidden checks pending for 1.2" in text
    assert "Not held back on the machine that graded this: network" in text
    assert "ex-1-1-check-2" not in text
    links = {str(a["href"]) for a in found.find_all("a") if not str(a["href"]).startswith("#")}
    assert links == {f"{BOOK}/chapters/01_first.ipynb"}
    anchors = {str(a["href"])[1:] for a in found.find_all("a") if str(a["href"]).startswith("#")}
    assert anchors == {str(tag["id"]) for tag in found.find_all("section")}


def test_a_notebook_without_one_answer_gets_one_word_and_no_list_of_faults() -> None:
    lost = [ExerciseResult(f"1.{n}", "Add", 1, "code", fate="not found") for n in range(3)]
    report = Report("a.ipynb", "01_first", lost, notes=["no answer in it"])
    found = BeautifulSoup(learner_page(report, "Ada"), "html.parser")
    assert found.get_text().count("no answer in it") == 1
    assert found.find_all("section") == []
    assert [a for a in found.find_all("a") if str(a["href"]).startswith("#")] == []


def test_the_page_of_a_class_names_what_a_teacher_should_look_at() -> None:
    noted = made()
    noted.notes = ["no answer in it"]
    found = BeautifulSoup(class_page([Row("fritz", "fritz/a.ipynb", noted)], "T"), "html.parser")
    text = " ".join(found.get_text(" ").split())
    assert "To be looked at fritz/a.ipynb : no answer in it" in text
    assert "1 notebook, 7 points to be had" in text


def test_the_page_of_a_class_lists_the_checks_that_somebody_failed() -> None:
    rows = [Row("ada", "ada/a.ipynb", made())]
    found = BeautifulSoup(class_page(rows, "T"), "html.parser")
    listed = [code.get_text() for code in found.select("table.checks code")]
    assert listed == ["ex-1-1-check", "ex-1-1-check-2"]
    assert "Not listed: 2 checks that nobody has failed." in found.get_text()
    right = Report(
        "a", "b", [ExerciseResult("1.1", "t", 1, "code", checks=[made().exercises[0].checks[2]])]
    )
    assert "Nobody has failed a check." in class_page([Row("ada", "a.ipynb", right)], "T")


def test_links_lead_into_a_built_site_if_there_is_one() -> None:
    assert chapter_address("06_x", "https://a.org/b/") == "https://a.org/b/chapters/06_x.html"


def test_pending_checks_and_what_is_not_held_back_are_said_in_text() -> None:
    report = made()
    report.hidden_pending = ["1.1", "1.2"]
    report.containment = Containment(["memory"], ["network", "files"])
    said = " ".join(render(report).split())
    assert "Hidden checks pending for 1.1, 1.2: points may change." in said
    assert "Not held back on this machine: network; files." in said


def test_an_answer_in_words_comes_with_what_a_good_one_says() -> None:
    exercise = ExerciseResult("1.3", "Why", 3, "text", rubric=["It names the axis."])
    report = Report("a.ipynb", "a", [exercise])
    assert "It names the axis." in render(report)
    assert "It names the axis." in learner_page(report)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\tb\r\nc\rd", "a\tb\nc\nd"),
        ("\x1b[31mred\x1b[0m \x1b]0;title\x07end", "red end"),
        ("\x00\x9b\u2066", "\\x00\\x9b\\u2066"),
        ("π ≤ 4, 数", "π ≤ 4, 数"),
    ],
)
def test_text_is_made_harmless(text: str, expected: str) -> None:
    assert harmless(text) == expected
