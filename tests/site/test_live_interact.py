"""Sliders, menus and boxes: the same cell as in JupyterLab, drawn by the page."""

import pytest
from playwright.sync_api import expect

from tests.site.live import PATIENCE, LivePage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PICTURE = ".live-view-output img"
WIDGETS = """
import ipywidgets as widgets

def show(number=3, share=0.5, size=100.0, name="b", steps="two", ticked=True, word="w", kept=7):
    print(number, share, size, name, steps, ticked, word, kept)

widgets.interact(
    show, number=(0, 10), share=(0.0, 1.0, 0.25), name=["a", "b"], word="w", ticked=False,
    size=widgets.FloatLogSlider(value=100.0, min=0, max=4, step=1),
    steps=widgets.SelectionSlider(options=["one", "two", "three"], value="two"),
    kept=widgets.fixed(8))
"""


@pytest.fixture
def live(chapter: LivePage) -> LivePage:
    """The started chapter as the book has it."""
    return chapter


def test_slider_moves_the_figure(live: LivePage) -> None:
    cell = live.cell("one-point-slider")
    expect(cell.locator(".run")).to_have_text("Run with sliders")
    assert cell.locator(".cell_output img").count() == 1, "a stored figure before anything runs"
    live.run("one-point-slider")
    slider = cell.get_by_role("slider", name="point")
    expect(slider).to_have_attribute("aria-valuetext", "1.50")
    before = cell.locator(PICTURE).get_attribute("src")
    slider.press("ArrowRight")
    expect(cell.locator("output")).to_have_text("1.52")
    live.page.wait_for_function(
        "([id, src]) => document.querySelector(id).src !== src",
        arg=[f"#cell-one-point-slider {PICTURE}", before],
        timeout=PATIENCE,
    )
    assert slider.evaluate("e => e === document.activeElement"), "the focus stays on the slider"


def test_a_dragged_slider_ends_on_its_last_value(live: LivePage) -> None:
    live.write("sharpness-slider", WIDGETS)
    live.run("sharpness-slider")
    cell = live.cell("sharpness-slider")
    slider = cell.get_by_role("slider", name="number")
    for value in range(11):
        slider.fill(str(value))
    expect(cell.locator(".live-view-output")).to_contain_text("10 0.5 100.0 b two False w 8")


def test_controls_are_those_of_ipywidgets(live: LivePage) -> None:
    live.write("careless", WIDGETS)
    live.run("careless")
    cell = live.cell("careless")
    output = cell.locator(".live-view-output")
    expect(output).to_have_text("3 0.5 100.0 b two False w 8")
    cell.get_by_role("slider", name="share").press("ArrowLeft")
    expect(output).to_have_text("3 0.25 100.0 b two False w 8")
    cell.get_by_role("slider", name="size").press("ArrowRight")
    expect(output).to_have_text("3 0.25 1000.0 b two False w 8")
    cell.get_by_role("combobox", name="name").select_option("a")
    cell.get_by_role("slider", name="steps").press("Home")
    expect(output).to_have_text("3 0.25 1000.0 a one False w 8")
    cell.get_by_role("checkbox", name="ticked").check()
    cell.get_by_role("textbox", name="word").fill("v")
    expect(output).to_have_text("3 0.25 1000.0 a one True v 8")


def test_an_error_while_sliding_is_shown_and_passes(live: LivePage) -> None:
    code = "def f(x=1):\n    return 1 / x\nimport ipywidgets\nipywidgets.interact(f, x=(0, 2));"
    live.write("overwritten", code)
    live.run("overwritten")
    output = live.cell("overwritten").locator(".live-view-output")
    slider = live.cell("overwritten").get_by_role("slider")
    slider.fill("0")
    expect(output).to_contain_text("ZeroDivisionError")
    slider.fill("2")
    expect(output).to_have_text("0.5")


def test_stopping_switches_the_controls_off(live: LivePage) -> None:
    live.write("careless", WIDGETS)
    live.run("careless")
    live.page.evaluate("import(new URL('../live/page.mjs', location)).then(m => m.page.stop())")
    controls = live.cell("careless").locator(".live-controls input")
    assert controls.count() > 0
    for control in controls.all():
        expect(control).to_be_disabled()
    assert live.complaints == []
