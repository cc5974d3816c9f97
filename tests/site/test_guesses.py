"""Guess, then see: what is folded in the page, what opens it, and what the browser keeps."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from dlcore.notebooks.files import read
from dlcore.notebooks.predictions import described, predictions
from tests.site.live import ALONE, CHAPTER, LivePage, live_page
from tests.site.pages import ROOT
from tests.site.test_every_page import PHONE, TOO_WIDE, violations

pytestmark = pytest.mark.browser

ASKED = [
    described(found) for found in predictions(read(ROOT / f"{CHAPTER}.ipynb")) if found.results
]
FIRST = ASKED[0]["cells"][0]
LINE = next(found["cells"][0] for found in ASKED if found["kind"] in ("text", "number"))
OPEN = "document.querySelectorAll('.folds.open').length"
FOLDED_HEIGHTS = "all => all.map(one => one.getBoundingClientRect().height)"


def of_kind(kind: str) -> dict[str, object]:
    """Return the first prediction of a kind in the chapter."""
    return next(found for found in ASKED if found["kind"] == kind)


@pytest.fixture
def live(browser: Browser, url: str) -> Iterator[LivePage]:
    """Give a chapter that nobody has read yet."""
    with live_page(browser, url, reduced_motion="reduce") as page:
        page.open()
        yield page
        assert page.complaints == []


def place(live: LivePage, ident: str) -> Locator:
    return live.cell(ident).locator("> .guess")


def button(live: LivePage, ident: str) -> Locator:
    return place(live, ident).locator(".guess-show")


def result(live: LivePage, ident: str) -> Locator:
    return live.page.locator(f"#result-{ident}")


def kept(live: LivePage) -> dict[str, dict[str, object]]:
    found = live.page.evaluate(f"localStorage.getItem('guesses:{CHAPTER}')")
    return json.loads(found or "{}")  # type: ignore[no-any-return]


def test_each_result_that_answers_a_prediction_is_folded_and_no_other(live: LivePage) -> None:
    cells = [ident for found in ASKED for ident in found["cells"]]
    marked = live.page.locator(".folds").evaluate_all("all => all.map(one => one.id)")
    assert marked == [f"cell-{ident}" for ident in cells]
    heights = live.page.locator(".folds > .cell_output").evaluate_all(FOLDED_HEIGHTS)
    assert set(heights) == {0}
    open_ones = live.page.locator(".cell:not(.folds) > .cell_output").evaluate_all(FOLDED_HEIGHTS)
    assert min(open_ones) > 0


def test_a_guess_by_keyboard_is_kept_and_shown_beside_the_result(live: LivePage) -> None:
    ident = LINE
    field = place(live, ident).get_by_label(f"Your guess for the result of the cell {ident}"[:40])
    field.focus()
    live.page.keyboard.type("about half")
    live.page.keyboard.press("Tab")
    expect(button(live, ident)).to_be_focused()
    expect(button(live, ident)).to_have_attribute("aria-expanded", "false")
    live.page.keyboard.press("Enter")
    expect(button(live, ident)).to_be_focused()
    expect(button(live, ident)).to_have_attribute("aria-expanded", "true")
    names = (button(live, ident).get_attribute("aria-controls") or "").split()
    assert [live.page.locator(f"#{name}").count() for name in names] == [1] * len(names)
    expect(result(live, ident)).to_be_visible()
    expect(place(live, ident).get_by_role("status")).to_contain_text("Your guess: about half.")
    entry = kept(live)[ident]
    assert (entry["guess"], entry["shown"]) == ("about half", True)
    live.open()
    expect(result(live, ident)).to_be_visible()
    expect(place(live, ident).get_by_role("status")).to_contain_text("Your guess: about half.")
    button(live, ident).click()
    expect(field).to_have_value("about half")
    assert result(live, ident).evaluate("one => one.getBoundingClientRect().height") == 0


def test_enter_in_the_line_shows_the_result(live: LivePage) -> None:
    ident = LINE
    place(live, ident).locator("input").press("Enter")
    expect(result(live, ident)).to_be_visible()
    expect(place(live, ident).get_by_role("status")).to_have_text("")


def test_a_choice_is_judged_after_the_reveal(live: LivePage) -> None:
    found = of_kind("choice")
    ident, right = found["cells"][0], found["answer"]  # type: ignore[index]
    wrong = next(choice for choice in found["choices"] if choice != right)  # type: ignore[attr-defined]
    said = place(live, ident).get_by_role("status")
    place(live, ident).get_by_role("radio", name=wrong, exact=True).check()
    expect(said).to_have_text("")
    button(live, ident).click()
    expect(said).to_have_text(f"Your guess: {wrong}. It is {right}.")
    button(live, ident).click()
    place(live, ident).get_by_role("radio", name=right, exact=True).check()
    button(live, ident).click()
    expect(said).to_have_text(f"Your guess: {right}. Right.")


def test_how_close_a_number_was_is_said(live: LivePage) -> None:
    """The sentences themselves, for answers of several sizes."""
    asked = {"kind": "number", "answer": "92", "value": 92, "unit": "%"}
    says = """async ([asked, guess]) =>
      (await import(new URL("../live/guesses-kept.mjs", location))).verdict(asked, guess)"""
    expected = {
        "92": "Right.",
        "92 %": "Right.",
        "90%": "Close. It is 92 %, 2 points more than your guess.",
        "70": "It is 92 %, 22 points more than your guess.",
        "20": "It is 92 %, 4.6 times your guess.",
        "1000": "It is 92 %; your guess is 11 times that.",
        "1,000": "It is 92 %.",
        "most": "It is 92 %.",
        "": "",
    }
    got = {guess: live.page.evaluate(says, [asked, guess]) for guess in expected}
    assert got == expected
    small = {"kind": "number", "answer": "-0.50", "value": -0.5, "unit": ""}
    assert live.page.evaluate(says, [small, "−0,5"]) == "Right."
    assert live.page.evaluate(says, [small, "0"]) == "It is -0.50, 0.5 less than your guess."


def test_a_number_is_judged_in_the_page(live: LivePage) -> None:
    found = of_kind("number")
    ident = found["cells"][0]  # type: ignore[index]
    place(live, ident).locator("input").fill(str(found["value"]))
    button(live, ident).click()
    expect(place(live, ident).get_by_role("status")).to_contain_text("Right.")


def test_the_switch_shows_all_and_is_remembered_on_every_page(live: LivePage) -> None:
    switch = live.page.get_by_role("switch", name="Show all results")
    switch.focus()
    live.page.keyboard.press("Space")
    heights = live.page.locator(".folds > .cell_output").evaluate_all(FOLDED_HEIGHTS)
    assert min(heights) > 0
    live.open("chapters/01_what_is_deep_learning")
    expect(switch).to_be_checked()
    heights = live.page.locator(".folds > .cell_output").evaluate_all(FOLDED_HEIGHTS)
    assert min(heights) > 0
    expect(live.page.locator(".guess-show:visible")).to_have_count(0)
    switch.uncheck()
    assert live.page.evaluate(OPEN) == 0
    assert live.page.evaluate("localStorage.getItem('results')") is None


def test_a_link_into_a_folded_result_opens_it(live: LivePage) -> None:
    live.page.evaluate(f"location.hash = 'result-{FIRST}'")
    expect(result(live, FIRST)).to_be_visible()
    assert kept(live)[FIRST]["shown"] is True


def test_print_shows_every_result_and_no_button(live: LivePage) -> None:
    live.page.emulate_media(media="print")
    heights = live.page.locator(".folds > .cell_output").evaluate_all(FOLDED_HEIGHTS)
    assert min(heights) > 0
    expect(live.page.locator(".guess:visible, .guess-switch:visible")).to_have_count(0)


def test_axe_finds_nothing_serious_folded_and_opened(browser: Browser, url: str) -> None:
    """Of each kind one is opened, and others stay folded, so that one look sees both."""
    with live_page(browser, url, reduced_motion="reduce") as live:
        live.open()
        for kind in sorted({found["kind"] for found in ASKED}):
            ident, *others = (found["cells"][0] for found in ASKED if found["kind"] == kind)
            place(live, ident).locator("input").first.click()
            button(live, ident).click()
            expect(button(live, ident)).to_have_attribute("aria-expanded", "true")
            expect(button(live, others[0])).to_have_attribute("aria-expanded", "false")
        assert violations(live.page) == []


def test_no_guess_is_wider_than_a_phone(browser: Browser, url: str) -> None:
    with live_page(browser, url, viewport=PHONE) as live:
        live.open()
        assert live.page.evaluate(TOO_WIDE) == []


def test_without_scripts_every_result_stands_open(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}{CHAPTER}.html")
    results = page.locator(".folds > .cell_output")
    assert results.count() == len([ident for found in ASKED for ident in found["cells"]])
    assert all(one.is_visible() for one in results.all())
    assert page.locator(".guess:visible, .guess-switch:visible").count() == 0
    context.close()


def test_results_open_where_the_script_does_not_come(browser: Browser, url: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route(re.compile(r"guesses\.mjs"), lambda route: route.abort())
    page.goto(f"{url}{CHAPTER}.html")
    expect(page.locator(f"#result-{FIRST}")).to_be_visible()
    context.close()


@pytest.mark.slow
def test_running_a_cell_shows_its_result(live: LivePage) -> None:
    folded = ALONE in {ident for found in ASKED for ident in found["cells"]}
    assert folded, f"the cell {ALONE} follows no prediction any more: name another"
    live.run(ALONE)
    expect(live.cell(ALONE).locator("> .cell_output")).to_be_visible()
    expect(button(live, ALONE)).to_have_attribute("aria-expanded", "true")
    assert live.page.evaluate(OPEN) == 1
