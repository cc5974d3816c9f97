"""The playground in a browser: it learns, obeys its controls, and its link brings it back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.site.live import PATIENCE, LivePage, live_page
from tests.site.test_access import SHIFT
from tests.site.test_every_page import PHONE, POOR_CONTRAST, TOO_WIDE, wait_for_theme
from tests.site.test_playground_engine import printed

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME = "book/playground"
SET_UP = "data=moons&noise=0.2&layers=5-3-2&activation=relu&optimizer=rmsprop&lr=0.03&seed=7"
LEARNT = "parseFloat(document.querySelector('[data-part=test]').textContent) >= 95"
# Press Pause, and read the counter at the moment when the page says that it is paused.
PAUSED = """() => new Promise((done) => {
  const page = document.querySelector("#pg");
  new MutationObserver((_, watch) => {
    if (page.dataset.state !== "paused") return;
    watch.disconnect();
    done(page.querySelector("[data-part=steps]").textContent);
  }).observe(page, {attributeFilter: ["data-state"]});
  page.querySelector("[data-part=play]").click();
})"""
NAMELESS = """() => [...document.querySelectorAll("#pg button, #pg input, #pg select, #pg canvas")]
  .filter(e => !e.closest("[aria-hidden=true]") && !(e.getAttribute("aria-label")
    || e.textContent.trim() || [...(e.labels ?? [])].some(l => l.textContent.trim())))
  .map(e => e.outerHTML.slice(0, 80))"""


def opened(live: LivePage, hash_: str = "") -> LivePage:
    """Open the playground, and wait until the network of its set-up is there."""
    live.page.goto(f"{live.url}{NAME}.html#{hash_}")
    live.page.wait_for_selector("#pg[data-state=ready]", timeout=PATIENCE)
    return live


@pytest.fixture(scope="module")
def started(browser: Browser, url: str) -> Iterator[LivePage]:
    """The playground on a desk, with Python started."""
    with live_page(browser, url, viewport={"width": 1280, "height": 900}) as live:
        live.page.add_init_script(f"window.shift = 0; {SHIFT}")
        yield opened(live)


@pytest.fixture
def live(started: LivePage) -> LivePage:
    """The started playground with its first set-up; Python stays."""
    part(started, "reset").click(timeout=20_000)
    started.page.evaluate("location.hash = 'data=circles'")
    expect(started.page.locator("select[name=optimizer]")).to_have_value("adam")
    expect(part(started, "steps")).to_have_text("0", timeout=PATIENCE)
    expect(part(started, "status")).to_contain_text("Ready", timeout=PATIENCE)
    started.complaints.clear()
    return started


def part(live: LivePage, name: str) -> Locator:
    return live.page.locator(f"[data-part={name}]").first


def press(live: LivePage, name: str) -> None:
    live.page.get_by_role("button", name=name, exact=True).first.click()


def steps(live: LivePage) -> int:
    return int(part(live, "steps").inner_text().replace(",", ""))


def learn(live: LivePage) -> None:
    """Play until 95 % of the test points are right, then pause."""
    press(live, "Play")
    live.page.wait_for_function(LEARNT, timeout=PATIENCE)
    pause(live)


def play(live: LivePage) -> None:
    """Press Play, and wait until the counter has moved."""
    before = part(live, "steps").inner_text()
    press(live, "Play")
    expect(part(live, "steps")).not_to_have_text(before, timeout=PATIENCE)


def pause(live: LivePage) -> None:
    """Press Pause, and wait until the step under way is done and told."""
    press(live, "Pause")
    live.page.wait_for_selector("#pg[data-state=paused]", timeout=PATIENCE)


def in_link(live: LivePage, entry: str) -> None:
    """The link to the set-up comes to hold an entry."""
    expect(live.page).to_have_url(re.compile(re.escape(entry)))


def test_nothing_moves_while_it_comes_and_learns(live: LivePage) -> None:
    learn(live)
    assert live.page.evaluate("window.shift") < 0.1


def test_circles_are_learnt_and_the_code_shown_does_the_same(live: LivePage) -> None:
    learn(live)
    press(live, "Show the code")
    shown = live.page.locator("#pg-code code")
    expect(shown).to_contain_text("import dlcore as dl", timeout=PATIENCE)
    code = shown.inner_text().replace("\xa0", " ")
    press(live, "Close")
    assert f"islice(batches(16), {steps(live)})" in code
    accuracy = float(part(live, "test").inner_text().split()[0]) / 100
    assert printed(code)["test"] == pytest.approx(accuracy, abs=0.03)
    assert live.complaints == []
    assert live.left == []


def test_pause_step_and_reset(live: LivePage) -> None:
    press(live, "Step")
    expect(part(live, "steps")).to_have_text("1")
    press(live, "Step")
    expect(part(live, "steps")).to_have_text("2")
    play(live)
    pause(live)
    expect(part(live, "status")).to_contain_text("of the test points right")
    press(live, "Reset")
    expect(part(live, "steps")).to_have_text("0")
    expect(part(live, "play")).to_have_text("Play")


@pytest.mark.parametrize("slow", [False, True], ids=["at full speed", "step by step"])
def test_a_page_that_says_paused_does_not_move_on(live: LivePage, slow: bool) -> None:
    """The code shown is asked for after every step under way, and is of as many steps."""
    part(live, "slow").set_checked(slow)
    for _ in range(3):
        play(live)
        said = live.page.evaluate(PAUSED)
        press(live, "Show the code")
        expect(live.page.locator("#pg-code code")).to_contain_text("islice(batches(16), ")
        press(live, "Close")
        assert part(live, "steps").inner_text() == said
    part(live, "slow").set_checked(False)


def test_layers_and_neurons_are_added_and_removed(live: LivePage) -> None:
    press(live, "Add a layer")
    in_link(live, "layers=8-4-4")
    press(live, "Remove a neuron from layer 3")
    in_link(live, "layers=8-4-3")
    expect(live.page.get_by_role("button", name="Layer 3, neuron")).to_have_count(3)
    expect(part(live, "size")).to_have_text("79 numbers to learn")
    press(live, "Remove the last layer")
    in_link(live, "layers=8-4&")
    press(live, "Step")
    expect(part(live, "steps")).to_have_text("1")


def test_inputs_are_chosen_and_one_always_stays(live: LivePage) -> None:
    press(live, "x₁x₂")
    in_link(live, "features=x1+x2+x1x2")
    for name in ("x₁", "x₂"):
        press(live, name)
    press(live, "x₁x₂")
    expect(part(live, "status")).to_have_text("A network needs at least one input.")
    in_link(live, "features=x1x2&")


def test_keyboard_alone_is_enough(live: LivePage) -> None:
    page = live.page
    part(live, "play").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(part(live, "steps")).to_have_text("1")
    page.get_by_role("radio", name="Circles").focus()
    page.keyboard.press("ArrowRight")
    in_link(live, "data=xor")
    page.locator("input[name=noise]").focus()
    page.keyboard.press("ArrowRight")
    in_link(live, "noise=0.05")
    page.get_by_role("button", name="Add a neuron to layer 2").focus()
    page.keyboard.press("Enter")
    in_link(live, "layers=8-5")
    assert page.evaluate("document.activeElement.dataset.at") == "more-1"
    expect(part(live, "status")).to_contain_text("Ready", timeout=PATIENCE)
    page.get_by_role("button", name="Layer 2, neuron 5").focus()
    expect(part(live, "neuron")).to_contain_text("Layer 2, neuron 5:")
    expect(part(live, "title")).to_have_text("Layer 2, neuron 5")


def test_points_are_drawn_with_mouse_and_keyboard(live: LivePage) -> None:
    page = live.page
    page.get_by_role("radio", name="Draw").check(force=True)
    expect(part(live, "status")).to_contain_text("Draw at least four points")
    plane = part(live, "plane")
    for x, y in ((80, 80), (80, 200)):
        plane.click(position={"x": x, "y": y})
    page.get_by_role("radio", name="class 1").check()
    plane.click(position={"x": 260, "y": 80})
    expect(part(live, "status")).to_contain_text("3 so far")
    plane.focus()
    for key in ("ArrowDown", "Shift+ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(part(live, "status")).to_contain_text("Ready: 2 points to train on, 2 to test on")
    press(live, "Step")
    expect(part(live, "steps")).to_have_text("1")
    in_link(live, "points=")
    press(live, "Undo")
    expect(part(live, "status")).to_contain_text("3 so far")


def test_what_to_try_is_one_press_away(live: LivePage) -> None:
    press(live, "Dying ReLU")
    expect(part(live, "note")).to_contain_text("ReLUs is dead")
    dead = live.page.get_by_role("button", name="Layer 3, neuron 1, silent")
    expect(dead).to_have_count(1, timeout=PATIENCE)
    expect(part(live, "silent")).to_contain_text("the same output for every training point")
    press(live, "Pause")
    assert live.page.locator("select[name=activation]").input_value() == "relu"


def test_too_large_steps_end_with_a_word(live: LivePage) -> None:
    live.page.evaluate("location.hash = 'loss=mse&optimizer=sgd&lr=10&activation=linear'")
    press(live, "Play")
    expect(part(live, "status")).to_contain_text("no longer a number", timeout=PATIENCE)
    expect(part(live, "play")).to_have_text("Play")


def test_every_control_has_a_name(live: LivePage) -> None:
    assert live.page.evaluate(NAMELESS) == []


def test_link_restores_the_set_up_on_a_dark_phone(
    browser: Browser, url: str, started: LivePage
) -> None:
    with live_page(browser, url, viewport=PHONE, color_scheme="dark", has_touch=True) as live:
        opened(live, SET_UP)
        page = live.page
        wait_for_theme(page, "dark")
        assert page.get_by_role("radio", name="Moons").is_checked()
        chosen = {"activation": "relu", "optimizer": "rmsprop", "lr": "0.03"}
        for name, value in chosen.items():
            assert page.locator(f"select[name={name}]").input_value() == value
        assert page.locator("input[name=noise]").input_value() == "0.2"
        assert page.locator("#pg-seed").input_value() == "7"
        assert page.evaluate(TOO_WIDE) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.evaluate(POOR_CONTRAST) == []
        part(live, "step").tap()
        expect(part(live, "steps")).to_have_text("1")
        here = part(live, "test").inner_text(), part(live, "neuron").inner_text()
        link = page.url
        assert live.complaints == []
        assert live.left == []
    started.page.evaluate("hash => location.hash = hash", link.partition("#")[2])
    expect(started.page.locator("#pg-seed")).to_have_value("7")
    expect(part(started, "status")).to_contain_text("Ready", timeout=PATIENCE)
    press(started, "Step")
    expect(part(started, "steps")).to_have_text("1")
    assert (part(started, "test").inner_text(), part(started, "neuron").inner_text()) == here


def test_without_scripts_the_page_says_why(browser: Browser, url: str) -> None:
    with live_page(browser, url, java_script_enabled=False) as live:
        live.page.goto(f"{url}{NAME}.html")
        expect(live.page.get_by_text("needs JavaScript")).to_be_visible()


def test_opened_as_a_file_the_page_says_why(browser: Browser, html: Path, url: str) -> None:
    with live_page(browser, url) as live:
        live.page.goto((html / f"{NAME}.html").as_uri())
        expect(live.page.get_by_text("This page was opened as a file")).to_be_visible()
        expect(live.page.locator("#pg")).to_be_hidden()


def test_before_python_has_come_nothing_is_distorted_and_the_code_is_promised(
    browser: Browser, url: str
) -> None:
    """On a slow line that takes minutes."""
    with live_page(browser, url, viewport=PHONE) as live:
        live.page.context.route("**/pyodide.asm.wasm", lambda route: None)  # never answered
        live.page.goto(f"{live.url}{NAME}.html")
        live.page.wait_for_selector("#pg[data-state=starting]")
        live.page.set_viewport_size({"width": 1280, "height": 900})
        sharp = """() => { const c = document.querySelector("[data-part=losses]");
          return Math.abs(c.width / c.height - c.clientWidth / c.clientHeight) < 0.02; }"""
        live.page.wait_for_function(sharp)
        press(live, "Show the code")
        dialog = live.page.get_by_role("dialog")
        expect(dialog.locator("code")).to_contain_text("Python is on its way")
        expect(dialog.get_by_role("button", name="Copy")).to_be_disabled()
        live.page.keyboard.press("Escape")
        live.page.context.unroute_all(behavior="ignoreErrors")
