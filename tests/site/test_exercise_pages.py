"""Exercises solved in the page: what a reader answers, is told, keeps and hands in."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dlcore.grade.grading import grade
from dlcore.notebooks.exercises import KINDS
from tests.site.conftest import HTML
from tests.site.exercises import (
    LENGTHS,
    PAGE,
    PATHS,
    Sheet,
    chosen,
    exercises,
    mistakes,
    notebook,
    right_answers,
    shown_points,
)
from tests.site.live import LivePage, live_page
from tests.site.pages import ROOT
from tests.site.test_every_page import PHONE, POOR_CONTRAST, TOO_WIDE, wait_for_theme

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIX = ROOT / "solutions" / f"{Path(PAGE).name}.ipynb"
RIGHT = right_answers(SIX)
MOST = sum(exercise.points for exercise in exercises(SIX).values())
WRONG = {number: found[0][1] for number, found in mistakes(SIX).items()}


@pytest.fixture(scope="module")
def started(browser: Browser, url: str) -> Iterator[Sheet]:
    """The exercises of chapter 6, with Python started."""
    with live_page(browser, url) as live:
        sheet = Sheet(live)
        sheet.open()
        live.run("imports")
        yield sheet
        assert live.complaints == []
        assert live.left == []


@pytest.fixture
def sheet(started: Sheet) -> Sheet:
    """The same page without an answer."""
    started.live.page.get_by_role("button", name="Clear all").first.click()
    started.confirm("Clear all")
    assert started.total() == f"0 of {MOST} points"
    return started


def test_right_answer_earns_its_points(sheet: Sheet) -> None:
    sheet.live.write("ex-6-1-answer", RIGHT["ex-6-1-answer"])
    told = sheet.check("6.1")
    assert "Right: 3 of 3 points" in told
    assert "hint" not in told
    assert sheet.total() == f"3 of {MOST} points"
    row = sheet.live.page.locator('.exercise-list [data-exercise="6.1"]')
    expect(row).to_contain_text("3 of 3 points")


def test_what_an_answer_prints_on_its_way_costs_no_point(sheet: Sheet) -> None:
    printing = RIGHT["ex-6-4-answer"].replace(
        "    return", "    print('on the way')\n    return", 1
    )
    assert "on the way" in printing
    sheet.live.write("ex-6-4-answer", printing)
    assert "Right: 4 of 4 points" in sheet.check("6.4")


def test_wrong_answer_is_told_what_was_expected_what_came_and_a_hint(sheet: Sheet) -> None:
    sheet.live.write("ex-6-1-answer", WRONG["6.1"])
    told = sheet.check("6.1")
    assert "Wrong: 0 of 3 points" in told
    assert "the numbers differ: 0.111111 was expected" in told
    terms = sheet.panel("6.1").locator("dt").all_inner_texts()
    assert [term for term in terms if term] == ["expected", "got", "hint"] * 2
    first = sheet.panel("6.1").locator("dd pre").first
    assert first.inner_text().startswith("x / (1 + x)     slope at 2:  0.111111")
    assert "apply the product rule to a" in told
    assert sheet.total() == f"0 of {MOST} points"


def test_error_in_an_answer_is_shown_by_its_own_lines(sheet: Sheet) -> None:
    sheet.live.write("ex-6-4-answer", "def gradient(f, point):\n    return 1 / 0\n\ngradient(1, 2)")
    told = sheet.check("6.4")
    assert "Wrong: 0 of 4 points" in told
    assert "cell ex-6-4-answer, line 2, in gradient" in told
    assert "ZeroDivisionError: division by zero" in told


def test_a_build_has_a_badge_in_the_list(sheet: Sheet) -> None:
    rows = sheet.live.page.locator(
        ".exercise-list li", has=sheet.live.page.locator(".exercise-badge")
    )
    builds = [number for number, one in exercises(SIX).items() if one.kind == "build"]
    assert builds
    assert [row.get_attribute("data-exercise") for row in rows.all()] == builds


def test_choice_is_made_by_a_button_and_stands_in_the_cell(sheet: Sheet) -> None:
    group = sheet.live.page.get_by_role("radiogroup", name="Answer to 6.3", exact=True)
    group.get_by_role("radio", name="A one backward sweep").check()
    expect(sheet.live.code("ex-6-3-answer")).to_have_value('answer_6_3 = "A"')
    told = sheet.check("6.3")
    assert "Wrong: 0 of 1 point" in told
    assert "not the expected answer" in told
    assert "expected\n" not in told
    sheet.live.write("ex-6-3-answer", "answer_6_3 = 'b'")
    expect(group.get_by_role("radio").nth(1)).to_be_checked()
    assert "Right: 1 of 1 point" in sheet.check("6.3")


def test_number_is_written_in_a_field_or_in_the_cell(sheet: Sheet) -> None:
    field = sheet.live.page.get_by_role("textbox", name="Answer to 6.2", exact=True)
    field.fill("15")
    expect(sheet.live.code("ex-6-2-answer")).to_have_value("answer_6_2 = 15")
    assert "Right: 1 of 1 point" in sheet.check("6.2")
    sheet.live.write("ex-6-2-answer", "half = 7\nanswer_6_2 = 2 * half")
    expect(field).to_be_disabled()
    assert "Wrong" in sheet.check("6.2")
    sheet.live.write("ex-6-2-answer", "answer_6_2 = 15.0")
    expect(field).to_have_value("15.0")
    field.fill("3.5 ms")
    expect(sheet.live.code("ex-6-2-answer")).to_have_value('answer_6_2 = "3.5 ms"')
    field.fill("")
    expect(sheet.live.code("ex-6-2-answer")).to_have_value(
        'raise NotImplementedError("exercise 6.2")'
    )


def test_answer_in_words_is_judged_by_its_author(sheet: Sheet) -> None:
    words = sheet.live.page.get_by_role("textbox", name="Answer to 6.9, in words")
    assert "Not attempted" in sheet.check("6.9")
    expect(sheet.solution("6.9")).to_be_hidden()
    words.fill("It depends on the sizes.")
    sheet.check("6.9")
    rubric = exercises(SIX)["6.9"].rubric
    told = sheet.panel("6.9").locator(".exercise-rubric label").all_inner_texts()
    assert [line.strip() for line in told] == rubric
    expect(sheet.solution("6.9")).to_be_visible()
    assert sheet.total() == f"0 of {MOST} points"


def test_solution_opens_after_an_attempt(sheet: Sheet) -> None:
    solution = sheet.solution("6.6")
    expect(solution).to_be_hidden()
    assert "Not attempted" in sheet.check("6.6")
    expect(solution).to_be_hidden()
    sheet.live.write("ex-6-6-answer", WRONG["6.6"])
    expect(solution).to_be_hidden()
    sheet.check("6.6")
    expect(solution).to_be_visible()
    assert solution.get_attribute("open") is None
    solution.locator("summary").click()
    expect(solution).to_contain_text("def pull_softmax")


def test_solution_opens_by_a_deliberate_choice(sheet: Sheet) -> None:
    name = "Show the solution of 6.7 without an attempt"
    sheet.live.page.get_by_role("button", name=name).click()
    expect(sheet.solution("6.7")).to_have_attribute("open", "")
    with sheet.later() as later:
        expect(later.solution("6.7")).to_be_visible()
        expect(later.solution("6.8")).to_be_hidden()


def test_who_comes_back_finds_answers_points_and_feedback(sheet: Sheet) -> None:
    page = sheet.live.page
    sheet.live.write("ex-6-1-answer", RIGHT["ex-6-1-answer"])
    page.get_by_role("radio", name="D a thousand forward passes").check()
    words = page.get_by_role("textbox", name="Answer to 6.9, in words")
    words.fill("Mine, in *words*.")
    sheet.check("6.1")
    sheet.check("6.3")
    before = [sheet.panel(number).inner_text() for number in ("6.1", "6.3")]
    with sheet.later() as later:
        page = later.live.page
        assert [later.panel(number).inner_text() for number in ("6.1", "6.3")] == before
        expect(later.live.code("ex-6-1-answer")).to_have_value(RIGHT["ex-6-1-answer"])
        expect(page.get_by_role("radio", name="D a thousand forward passes")).to_be_checked()
        words = page.get_by_role("textbox", name="Answer to 6.9, in words")
        expect(words).to_have_value("Mine, in *words*.")
        assert later.total() == f"3 of {MOST} points"


def test_points_count_for_the_answer_that_was_checked(sheet: Sheet) -> None:
    sheet.live.write("ex-6-2-answer", RIGHT["ex-6-2-answer"])
    sheet.check("6.2")
    sheet.live.write("ex-6-2-answer", "answer_6_2 = 3")
    assert "Changed since the check" in sheet.verdict("6.2")
    assert sheet.total() == f"0 of {MOST} points"
    sheet.live.write("ex-6-2-answer", RIGHT["ex-6-2-answer"])
    assert sheet.verdict("6.2") == "Right: 1 of 1 point"
    assert sheet.total() == f"1 of {MOST} points"


def test_changed_checks_and_variables_of_the_page_have_no_effect(sheet: Sheet) -> None:
    sheet.live.page.locator("details.exercise-checks").evaluate_all(
        "folds => folds.forEach(fold => fold.open = true)"
    )
    sheet.live.write("ex-6-2-check", "print('adjoint of a: 15')")
    sheet.live.write("imports", "answer_6_2 = 15")
    sheet.live.run("imports")
    sheet.live.write("ex-6-2-answer", "answer_6_2 = 14")
    assert "Wrong: 0 of 1 point" in sheet.check("6.2")
    for ident in ("imports", "ex-6-2-check"):
        sheet.live.cell(ident).get_by_role("button", name="Restore").click()


def test_clearing_one_asks_first(sheet: Sheet) -> None:
    for number in ("6.2", "6.3"):
        ident = f"ex-{number.replace('.', '-')}-answer"
        sheet.live.write(ident, RIGHT[ident])
        sheet.check(number)
    stub = 'raise NotImplementedError("exercise 6.2")'
    sheet.panel("6.2").get_by_role("button", name="Clear").click()
    sheet.confirm("Keep")
    assert sheet.total() == f"2 of {MOST} points"
    sheet.panel("6.2").get_by_role("button", name="Clear").click()
    sheet.confirm("Clear it")
    expect(sheet.live.code("ex-6-2-answer")).to_have_value(stub)
    expect(sheet.solution("6.2")).to_be_hidden()
    expect(sheet.panel("6.2").get_by_role("button", name="Clear")).to_be_hidden()
    assert sheet.total() == f"1 of {MOST} points"
    with sheet.later() as later:
        expect(later.live.code("ex-6-2-answer")).to_have_value(stub)
        assert later.verdict("6.3") == "Right: 1 of 1 point"


def test_clearing_all_leaves_nothing(sheet: Sheet, tmp_path: Path) -> None:
    sheet.live.page.get_by_role("textbox", name="Answer to 6.9, in words").fill("words")
    sheet.live.write("ex-6-2-answer", RIGHT["ex-6-2-answer"])
    sheet.check("6.2")
    sheet.live.page.get_by_role("button", name="Clear all").last.click()
    sheet.live.page.keyboard.press("Escape")
    assert sheet.total() == f"1 of {MOST} points"
    sheet.live.page.get_by_role("button", name="Clear all").last.click()
    sheet.confirm("Clear all")
    assert sheet.total() == f"0 of {MOST} points"
    with sheet.later() as later:
        assert later.live.page.locator(".exercise-answer.changed").count() == 0
        assert notebook(later.download(tmp_path)) == notebook(ROOT / f"{PAGE}.ipynb")


def test_endless_answer_is_stopped(sheet: Sheet) -> None:
    sheet.live.write("ex-6-2-answer", "while True:\n    pass")
    sheet.press("6.2")
    sheet.live.says("Checking exercise 6.2")
    sheet.press("6.2")
    assert "Stopped: not checked" in sheet.finished("6.2")
    sheet.live.write("ex-6-2-answer", RIGHT["ex-6-2-answer"])
    assert "Right: 1 of 1 point" in sheet.check("6.2")
    assert sheet.live.complaints == []


def test_download_is_graded_with_the_points_of_the_page(sheet: Sheet, tmp_path: Path) -> None:
    """On a page with exercises of every kind."""
    assert {exercise.kind for exercise in exercises(SIX).values()} == set(KINDS)
    given = mixed_answers(SIX)
    answer(sheet.live, given)
    numbers = [n for n, e in exercises(SIX).items() if e.answers[0].id in given and e.checks]
    for number in reversed(numbers):  # each by itself, not in the order of the page
        sheet.check(number)
    one_by_one = (sheet.total(), shown_points(sheet))
    sheet.check_all()
    assert (sheet.total(), shown_points(sheet)) == one_by_one
    report = grade(sheet.download(tmp_path))
    assert sheet.total() == f"{report.points} of {report.max_points} points"
    graded = {found.exercise: found for found in report.exercises}
    assert shown_points(sheet) == {number: graded[number].points for number in numbers}
    assert {"right", "wrong", "not attempted"} <= {found.status for found in report.exercises}
    for number in numbers:
        assert sheet.verdict(number).lower().startswith(graded[number].status)
    assert sheet.live.complaints == []
    assert sheet.live.left == []


# Chapter 10 needs scikit-learn, which the page has not.
IN_PAGE = [path for path in PATHS if not path.stem.startswith("10") and path != SIX]


@pytest.mark.parametrize("path", IN_PAGE, ids=[path.stem[:2] for path in IN_PAGE])
@pytest.mark.parametrize("whole", LENGTHS)
def test_exercises_of_every_chapter_are_checked_in_the_page(
    browser: Browser, url: str, path: Path, whole: bool
) -> None:
    """With what the grader gives for them: tests/grade knows of each answer what it earns."""
    with live_page(browser, url) as live:
        sheet = Sheet(live, f"exercises/{path.stem}")
        sheet.open()
        right, tried = right_answers(path), chosen(path, whole)
        wanted = {cell.id for exercise in tried.values() for cell in exercise.answers}
        given = {ident: text for ident, text in mixed_answers(path).items() if ident in wanted}
        answer(live, given)
        sheet.check_all()
        points = shown_points(sheet)
        for number, exercise in exercises(path).items():
            if exercise.checks and exercise.answers[0].id in given:
                solved = all(given[cell.id] == right[cell.id] for cell in exercise.answers)
                assert (points.pop(number) == exercise.points) == solved, number
        assert points == {}
        assert live.complaints == []
        assert live.left == []


def mixed_answers(path: Path) -> dict[str, str]:
    """Right answers, typical mistakes, an error in one, and every fourth exercise untouched."""
    wrong, right, given = mistakes(path), right_answers(path), {}
    for place, (number, exercise) in enumerate(exercises(path).items()):
        first = exercise.answers[0].id
        if place % 4 == 3:
            continue
        given |= {cell.id: right[cell.id] for cell in exercise.answers}
        if place % 4 == 1 and number in wrong:
            given[first] = wrong[number][-1][1]
        elif place == 6:
            given[first] += "\nundefined_name"
    return given


def answer(live: LivePage, given: dict[str, str]) -> None:
    """Put answers into their cells."""
    for ident, text in given.items():
        words = live.page.locator(f"#answer-{ident} textarea")
        (words if words.count() else live.code(ident)).fill(text)


def test_answers_are_kept_and_checked_on_a_phone_in_the_dark(browser: Browser, url: str) -> None:
    with live_page(
        browser, url, viewport=PHONE, color_scheme="dark", has_touch=True, reduced_motion="reduce"
    ) as live:
        sheet = Sheet(live)
        sheet.open()
        wait_for_theme(live.page, "dark")
        answer(live, {"ex-6-1-answer": WRONG["6.1"], "ex-6-9-answer": "words", **part_right()})
        for number in ("6.1", "6.4", "6.9"):
            sheet.panel(number).locator(".check").tap()
            sheet.finished(number)
        live.page.get_by_text("B three backward sweeps").tap()
        sheet.panel("6.3").locator(".check").tap()
        assert "Right" in sheet.finished("6.3")
        live.page.locator("article details").evaluate_all("all => all.forEach(d => d.open = true)")
        for theme in ("dark", "light"):
            live.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            wait_for_theme(live.page, theme)
            assert live.page.evaluate(POOR_CONTRAST) == []
            assert live.page.evaluate(TOO_WIDE) == []
        assert live.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        told = [sheet.panel(number).inner_text() for number in ("6.1", "6.3", "6.4")]
        points = sheet.total()
        live.page.reload()
        live.page.wait_for_selector("html[data-exercises=on]")
        assert [sheet.panel(number).inner_text() for number in ("6.1", "6.3", "6.4")] == told
        expect(live.code("ex-6-1-answer")).to_have_value(WRONG["6.1"])
        expect(live.page.locator("#answer-ex-6-9-answer textarea")).to_have_value("words")
        assert sheet.total() == points
        assert live.complaints == []
        assert live.left == []


def part_right() -> dict[str, str]:
    """Answer one of the two functions of an exercise."""
    source = RIGHT["ex-6-4-answer"]
    return {"ex-6-4-answer": source + "\n\ndef gradient(f, point):\n    return [0.0, 0.0]"}


def test_keyboard_alone_answers_checks_and_opens_the_solution(sheet: Sheet) -> None:
    keyboard = sheet.live.page.keyboard
    group = sheet.live.page.get_by_role("radiogroup", name="Answer to 6.3", exact=True)
    group.get_by_role("radio").first.focus()
    keyboard.press("Space")
    keyboard.press("ArrowDown")
    expect(group.get_by_role("radio").nth(1)).to_be_checked()
    focused = "document.activeElement.getAttribute('aria-label')"
    while sheet.live.page.evaluate(focused) != "Check: exercise 6.3":
        keyboard.press("Tab")
    keyboard.press("Enter")
    assert "Right" in sheet.finished("6.3")
    while sheet.live.page.evaluate("document.activeElement.textContent") != "Solution of 6.3":
        keyboard.press("Tab")
    keyboard.press("Enter")
    expect(sheet.solution("6.3")).to_have_attribute("open", "")


def test_every_control_has_a_name_of_its_own(sheet: Sheet) -> None:
    names = sheet.live.page.evaluate(
        """() => [...document.querySelectorAll(".exercise-panel button, .exercise-lock button")]
          .map(b => b.getAttribute("aria-label") || b.textContent.trim())"""
    )
    assert all(names)
    assert len(set(names)) == len(names)
    verdicts = sheet.live.page.locator(".exercise-verdict[role=status]")
    assert verdicts.count() == len(exercises(SIX))


def test_typing_is_not_read_out(sheet: Sheet) -> None:
    changes = """() => {
      window.heard = 0;
      for (const region of document.querySelectorAll("article [role=status]"))
        new MutationObserver(() => window.heard++).observe(region, {childList: true, subtree: true, characterData: true});
    }"""  # noqa: E501
    sheet.live.page.evaluate(changes)
    sheet.live.code("ex-6-1-answer").press_sequentially("x = 1")
    assert sheet.live.page.evaluate("window.heard") == 0
    sheet.check("6.1")
    assert sheet.live.page.evaluate("window.heard") > 0


def test_hidden_checks_to_come_are_named(browser: Browser, url: str) -> None:
    with live_page(browser, url) as live:
        sheet = Sheet(live)
        name = f"{Path(PAGE).name}.json"
        data = json.loads((HTML / "live" / "exercises" / name).read_text(encoding="utf-8"))
        data["notebook"]["metadata"]["dlcore"]["hidden_checks"] = ["6.4", "6.5"]
        live.page.route(f"**/{name}", lambda route: route.fulfill(json=data))
        sheet.open()
        expect(live.page.locator(".exercise-total").first).to_contain_text("checks of 6.4, 6.5")


def test_missing_data_are_told(browser: Browser, url: str) -> None:
    with live_page(browser, url) as live:
        live.page.route("**/live/exercises/*.json", lambda route: route.abort())
        live.open(PAGE)
        note = live.page.locator(".exercise-sheet .live-note")
        expect(note).to_contain_text("Answers cannot be checked in this page")


def test_page_without_scripts_is_plain_and_says_why(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}{PAGE}.html")
    expect(page.locator(".exercise-sheet p.live-note:visible")).to_contain_text("JavaScript")
    expect(page.locator(".exercise-total")).to_have_text(
        f"{len(exercises(SIX))} exercises, {MOST} points"
    )
    expect(page.locator("#cell-ex-6-1-check-slopes")).to_be_visible()
    assert page.locator(".live-button").count() == 0
    solution = page.locator('.exercise-solution[data-exercise="6.2"]')
    assert solution.get_attribute("open") is None
    solution.locator("summary").click()
    expect(solution).to_contain_text("answer_6_2 = 15")
    context.close()
