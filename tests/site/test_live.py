"""Cells run in the page: what a reader presses, types and sees."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.site.live import ALONE, FirstRun, LivePage, live_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def live(chapter: LivePage) -> LivePage:
    """The started chapter as the book has it."""
    return chapter


@pytest.fixture
def fresh(browser: Browser, url: str) -> Iterator[LivePage]:
    """A chapter just opened, in a browser that was never here."""
    with live_page(browser, url) as live:
        live.open()
        yield live


def test_first_run_starts_python_from_the_site_itself(started: FirstRun) -> None:
    assert not [r for r in started.before if "/live/pyodide/" in r], "fetched before it was asked"
    stored = "after one: ('(x*x)', '(1*x+x*1)')"
    assert started.shown.endswith(stored)
    assert [r for r in started.requests if r.endswith("/live/pyodide/pyodide.asm.wasm")]
    assert started.left == []
    assert started.complaints == []


def test_nothing_can_be_sent_elsewhere(live: LivePage) -> None:
    """By the page, or by a cell: the browser refuses it before it is on its way."""
    asked = []
    live.page.context.route("https://elsewhere.example/**", lambda route: asked.append(route))
    refused = "address => fetch(address).then(() => 'sent', (error) => error.name)"
    assert live.page.evaluate(refused, "https://elsewhere.example/page") == "TypeError"
    live.write(
        ALONE,
        "from pyodide.http import pyfetch\n"
        "try:\n"
        "    await pyfetch('https://elsewhere.example/cell', mode='no-cors')\n"
        "    print('sent')\n"
        "except Exception as error:\n"
        "    print(type(error).__name__)",
    )
    shown = live.run(ALONE)
    assert "sent" not in shown
    assert "Error" in shown
    live.page.context.unroute("https://elsewhere.example/**")
    assert asked == []


def test_start_tells_how_much_has_come(started: FirstRun) -> None:
    told = started.told
    assert any("Fetching Python: " in text and text.endswith(" MB") for text in told)
    assert "Running the cell symbolic swell" in told


def test_on_a_slow_line_the_reader_is_told_how_long_it_will_take(live: LivePage) -> None:
    told = f"async (now) => (await import('{live.url}live/runner.mjs')).told(...now)"
    moments = [(1e6, 29e6, 3), (1e6, 29e6, 5), (14.5e6, 29e6, 77), (29e6, 29e6, 154), (0, 29e6, 9)]
    assert [live.page.evaluate(told, moment) for moment in moments] == [
        "Fetching Python: 1.0 of 29.0 MB",
        "Fetching Python: 1.0 of 29.0 MB, about 3 min left",
        "Fetching Python: 14.5 of 29.0 MB, about 80 s left",
        "Starting Python",
        "Fetching Python: 0.0 of 29.0 MB",
    ]


def test_edited_code_is_run_and_replaces_the_stored_output(live: LivePage) -> None:
    live.write(ALONE, "print(6 * 7)\n'value'")
    assert live.run(ALONE).split() == ["42", "'value'"]
    expect(live.cell(ALONE)).to_contain_text("changed")


def test_state_goes_down_the_page_and_what_is_missing_is_run_first(live: LivePage) -> None:
    shown = live.run("toy-forward")
    assert "seed (0, 1)  -> value 10, slope  7" in shown
    expect(live.cell("push-rules")).to_contain_text("ran here")
    expect(live.cell("toy-graph")).not_to_contain_text("ran here")


def test_a_changed_or_restored_cell_does_not_count_as_run(live: LivePage) -> None:
    live.write(ALONE, "rate = 1")
    live.run(ALONE)
    live.write("push-rules", "print(rate)")
    assert live.run("push-rules") == "1"
    live.write(ALONE, "rate = 2")
    assert live.run("push-rules") == "2"
    live.write("push-rules", "toy_rate = 3")
    live.run("push-rules")
    live.write(ALONE, "other = 1")
    live.run(ALONE)
    live.cell(ALONE).get_by_role("button", name="Restore").click()
    expect(live.cell(ALONE)).not_to_contain_text("ran here")
    assert (
        live.page.evaluate(
            "import(new URL('../live/page.mjs', location)).then(m => m.page.cells.map(c => c.ran))"
        ).count("other = 1")
        == 1
    )


def test_a_long_print_is_folded_until_all_is_asked_for(live: LivePage) -> None:
    live.write(
        ALONE, "for i in range(3000):\n    print(i)\nprint('10 %', end='\\r')\nprint('100 %')"
    )
    live.run(ALONE)
    output = live.cell(ALONE).locator(".cell_output")
    assert output.evaluate("box => box.scrollHeight") < 6000
    assert output.inner_text().strip().endswith("2999\n100 %")
    output.get_by_role("button", name="show all").click()
    assert "1500" in output.inner_text().split()


# Run a cell as if the book stored another number, for a reason if one is given.
RUN_AGAINST_OTHERS = """async (box, why) => {
  const {page} = await import(new URL("../live/page.mjs", location));
  const cell = page.cells.find((one) => one.element === box);
  const pre = cell.stored.querySelector("pre");
  const kept = pre.textContent;
  pre.textContent = "7.1";
  if (why) page.about[cell.id].differs = why;
  await page.runFrom(cell);
  pre.textContent = kept;
  delete page.about[cell.id].differs;
}"""


def test_other_numbers_than_the_book_s_are_named_beside_the_cell(live: LivePage) -> None:
    note = "differs from what the book stores"
    live.run(ALONE)
    expect(live.cell(ALONE)).not_to_contain_text(note)
    live.cell(ALONE).evaluate(RUN_AGAINST_OTHERS)
    expect(live.cell(ALONE)).to_contain_text(note)
    expect(live.cell(ALONE)).to_contain_text("rounds differently")


def test_a_cell_that_must_print_other_numbers_says_why(live: LivePage) -> None:
    live.cell(ALONE).evaluate(RUN_AGAINST_OTHERS, "an index has four bytes")
    expect(live.cell(ALONE)).to_contain_text("an index has four bytes.")
    expect(live.cell(ALONE)).not_to_contain_text("rounds differently")


def test_figure_values_and_streams_are_drawn_like_stored_ones(live: LivePage) -> None:
    live.write(
        ALONE,
        "import sys\nprint('to stderr', file=sys.stderr)\n"
        "display({'a': 1})\nfig, _ = plot.panels()\nfig",
    )
    shown = live.run(ALONE)
    assert "to stderr" in shown
    assert "{'a': 1}" in shown
    image = live.cell(ALONE).locator(".cell_output img")
    expect(image).to_have_count(1)
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500


def test_pyplot_figures_are_shown_and_magics_dropped(live: LivePage) -> None:
    live.write(
        ALONE,
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n'end'",
    )
    assert live.run(ALONE).endswith("'end'")
    expect(live.cell(ALONE).locator(".cell_output img")).to_have_count(1)


def test_error_shows_the_frames_of_the_cell_and_no_others(live: LivePage) -> None:
    live.write(ALONE, "import numpy as np\ndef broken():\n    return np.linalg.inv([1])\nbroken()")
    lines = live.run(ALONE).splitlines()
    assert lines[0] == f"cell {ALONE}, line 4"
    assert lines[2] == f"cell {ALONE}, line 3, in broken"
    assert lines[3].strip() == "return np.linalg.inv([1])"
    assert "LinAlgError" in lines[4]
    assert not [line for line in lines if "lib/python" in line or "live_runner" in line]
    live.says("raised LinAlgError")


def test_endless_loop_is_stopped_and_python_starts_again(live: LivePage) -> None:
    live.write(ALONE, "while True:\n    pass")
    run = live.cell(ALONE).locator(".run")
    run.click()
    live.says("Running the cell")
    expect(live.cell("push-rules").locator(".run")).to_have_text("Run")
    live.cell("push-rules").locator(".run").click()
    expect(live.cell("push-rules")).to_contain_text("waiting")
    expect(run).to_have_text("Stop")
    run.click()
    live.says("What the cells had computed is gone")
    for ident, state in ((ALONE, "stopped"), ("push-rules", "not run")):
        expect(live.cell(ident)).to_contain_text(state)
        expect(live.cell(ident)).to_have_attribute("aria-busy", "false")
    live.write(ALONE, "print('again')")
    assert live.run(ALONE) == "again"


def test_edit_is_kept_over_a_reload_and_restored(fresh: LivePage) -> None:
    book = fresh.code(ALONE).input_value()
    stored = fresh.cell(ALONE).locator(".cell_output").inner_text()
    fresh.write(ALONE, "print('mine')")
    fresh.open()
    expect(fresh.code(ALONE)).to_have_value("print('mine')")
    expect(fresh.cell(ALONE)).to_contain_text("changed")
    assert fresh.cell(ALONE).locator("pre").first.inner_text().strip() == "print('mine')"
    fresh.cell(ALONE).get_by_role("button", name="Restore").click()
    expect(fresh.code(ALONE)).to_have_value(book)
    expect(fresh.cell(ALONE).locator(".live-edit")).to_be_hidden()
    assert fresh.cell(ALONE).locator(".cell_output").inner_text() == stored
    fresh.open()
    expect(fresh.code(ALONE)).to_have_value(book)


def test_restoring_a_cell_does_not_raise_the_keyboard_of_a_phone(live: LivePage) -> None:
    live.write(ALONE, "1")
    live.cell(ALONE).get_by_role("button", name="Restore").click()
    expect(live.cell(ALONE).locator(".run")).to_be_focused()


def test_reset_brings_the_stored_outputs_back_and_keeps_edits(live: LivePage) -> None:
    stored = live.cell(ALONE).locator(".cell_output").inner_text()
    live.write(ALONE, "kept = 1\nprint(kept)")
    assert live.run(ALONE) == "1"
    live.page.get_by_role("button", name="Reset").click()
    assert live.cell(ALONE).locator(".cell_output").inner_text() == stored
    expect(live.code(ALONE)).to_have_value("kept = 1\nprint(kept)")
    expect(live.cell(ALONE)).not_to_contain_text("ran here")
    live.write("push-rules", "print(kept)")
    assert live.run("push-rules") == "1"
    expect(live.cell(ALONE)).to_contain_text("ran here")  # what it had made was gone


def test_keyboard_alone_edits_runs_and_leaves(live: LivePage) -> None:
    keyboard, code = live.page.keyboard, live.code(ALONE)
    live.cell(ALONE).locator(".run").focus()
    keyboard.press("Shift+Tab")
    while live.page.evaluate("document.activeElement.tagName") != "TEXTAREA":
        keyboard.press("Shift+Tab")
    expect(code).to_be_focused()
    keyboard.press("Control+a")
    keyboard.type("for i in range(3):")
    keyboard.press("Enter")
    keyboard.type("print(i)")
    keyboard.press("Enter")
    keyboard.press("Backspace")
    keyboard.type("print('out')")
    expect(code).to_have_value("for i in range(3):\n    print(i)\nprint('out')")
    keyboard.press("Tab")
    expect(code).to_have_value("for i in range(3):\n    print(i)\nprint('out')    ")
    keyboard.press("Control+a")
    keyboard.press("Tab")
    expect(code).to_have_value("    for i in range(3):\n        print(i)\n    print('out')    ")
    keyboard.press("Shift+Tab")
    keyboard.press("Shift+Enter")
    assert live.finished(ALONE).split() == ["0", "1", "2", "out"]
    expect(live.code("toy-slopes")).to_be_focused()
    keyboard.press("Escape")
    keyboard.press("Tab")
    expect(live.code("toy-slopes")).not_to_be_focused()


def test_editor_lies_exactly_over_the_code(live: LivePage) -> None:
    live.write(ALONE, "\n".join(f"x{i} = 'a line {i}'" for i in range(30)) + f"\n# {'long ' * 60}")
    gap = """id => {
      const pre = document.querySelector(`#${id} pre`), area = document.querySelector(`#${id} textarea`);
      const [a, b] = [getComputedStyle(pre), getComputedStyle(area)];
      const same = ["fontFamily", "fontSize", "lineHeight", "letterSpacing", "paddingTop", "paddingLeft", "tabSize"];
      const [over, under] = [pre.getBoundingClientRect(), area.getBoundingClientRect()];
      const edges = ["left", "top", "right", "bottom"].filter(k => Math.abs(over[k] - under[k]) > 0.5);
      return [...same.filter(k => a[k] !== b[k]), ...edges];
    }"""  # noqa: E501
    assert live.page.evaluate(gap, f"cell-{ALONE}") == []


def test_the_code_behind_an_editor_cannot_be_reached(live: LivePage) -> None:
    """The theme makes a stop of the Tab key of each ``<pre>`` that overflows, some time later."""
    reached = """() => [...document.querySelectorAll(".live-editor > pre")].filter(pre => {
      pre.tabIndex = 0;
      pre.focus();
      return pre === document.activeElement;
    }).length"""
    assert live.page.locator(".live-editor > pre").count() > 10
    assert live.page.evaluate(reached) == 0


def test_the_cursor_in_a_long_line_takes_the_code_along(live: LivePage) -> None:
    live.write(ALONE, f"x = '{'long ' * 60}'")
    live.code(ALONE).click()
    left = "code => [code.scrollLeft, code.parentElement.scrollLeft]"
    live.page.keyboard.press("End")
    field, box = live.code(ALONE).evaluate(left)
    assert field == 0, "the field is as wide as the code, so it does not scroll by itself"
    assert box > 1000
    live.page.keyboard.press("Home")
    assert live.code(ALONE).evaluate(left) == [0, 0]


def test_cell_that_cannot_run_says_why(live: LivePage) -> None:
    cell = live.cell("torch-check")
    expect(cell).to_contain_text("Not in the page: it needs PyTorch")
    assert cell.get_by_role("button", name="Run").count() == 0
    assert cell.locator("textarea").count() == 0


def test_every_control_has_a_name(live: LivePage) -> None:
    unnamed = """() => [...document.querySelectorAll("[class^=live] :is(button, textarea)")]
      .filter(e => !(e.getAttribute("aria-label") || e.textContent.trim())).length"""
    assert live.page.evaluate(unnamed) == 0
    names = [b.get_attribute("aria-label") for b in live.page.locator(".live-button.run").all()]
    assert len(set(names)) == len(names)


def test_an_editor_that_gets_the_focus_is_not_behind_the_strip(live: LivePage) -> None:
    live.run(ALONE)
    hidden = """() => {
      document.documentElement.style.scrollBehavior = "auto";
      scrollTo(0, 0);
      return [...document.querySelectorAll(".cell textarea")].filter(editor => {
        editor.focus();
        const {top, bottom} = editor.getBoundingClientRect();
        const strip = document.querySelector(".live-dock").getBoundingClientRect().top;
        return bottom > strip && bottom - top < strip - 64;
      }).map(editor => editor.ariaLabel);
    }"""
    assert live.page.evaluate(hidden) == []
