"""What the build leaves out of style sheets, and how it writes figures."""

from pathlib import Path

import light_code
import light_figures
import light_styles
import numpy as np
from PIL import Image

NAMES = light_styles.Names(
    ['<p class="note small"><b id="x">'], ['e.classList.add("shown"); e.className = "side-" + n']
)


def light(style: str) -> str:
    return light_styles.without_others(style, NAMES)


def test_a_rule_stays_if_one_of_its_selectors_can_match() -> None:
    assert light(".absent, p > .note:hover {color: red}") == "p > .note:hover{color: red}"
    assert light(".note .absent{color:red}p{color:blue}") == "p{color:blue}"


def test_a_class_that_a_script_names_or_begins_stays() -> None:
    assert light(".shown{margin:0}") == ".shown{margin:0}"
    assert light(".side-left{margin:0}.sidebar{margin:0}") == ".side-left{margin:0}"


def test_a_class_inside_a_function_drops_no_rule() -> None:
    """`:not(.absent)` is true of everything, and `:is(.absent, .note)` of a note."""
    for style in ("p:not(.absent){margin:0}", ":is(.absent, .note) a{margin:0}"):
        assert light(style) == style


def test_media_rules_are_cut_too_and_fonts_and_licences_stay() -> None:
    assert light("@media print{.absent{margin:0}}") == ""
    assert light("@media print{.note{margin:0}.absent{margin:0}}") == (
        "@media print{.note{margin:0}}"
    )
    kept = "/*! by someone */@font-face{font-family:x}@keyframes turn{to{margin:0}}"
    assert light(kept + "/* a remark */") == kept


def test_a_figure_is_written_smaller_and_without_loss(tmp_path: Path) -> None:
    ramp = np.linspace(0, 255, 200).astype(np.uint8)
    pixels = np.stack(np.broadcast_arrays(ramp, ramp[:, None], 9, 255), axis=2)
    Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / "a.png", compress_level=0)
    found = light_figures.lightened(tmp_path / "a.png")
    assert found == ("a.webp", 200, 200, 200)
    assert [path.name for path in tmp_path.iterdir()] == ["a.webp"]
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.webp").convert("RGBA")), pixels)


def test_a_figure_for_sharp_screens_is_shown_in_half_of_its_pixels(tmp_path: Path) -> None:
    """Its file says how many there are to an inch; a page has 110."""
    Image.new("RGBA", (1430, 880)).save(tmp_path / "a.png", dpi=(220, 220))
    assert light_figures.lightened(tmp_path / "a.png")[1:] == (1430, 880, 715)


def test_a_page_shows_the_light_figure_late_and_keeps_its_place() -> None:
    figures = {"a": ("a.webp", 20, 10, 8)}
    page = '<p>a.png</p><img alt="A" src="../_images/a.png" />'
    assert light_figures.rewritten(page, figures) == (
        '<p>a.png</p><img loading="lazy" decoding="async" width="20" height="10" '
        'style="--shown: 8px" alt="A" src="../_images/a.webp" />'
    )


def test_a_width_that_the_author_gave_stays() -> None:
    page = '<img style="width: 9px" width="50%" src="_images/a.png">'
    assert light_figures.rewritten(page, {"a": ("a.webp", 20, 10, 8)}) == (
        '<img loading="lazy" decoding="async" style="width: 9px" width="50%" src="_images/a.webp">'
    )


def test_a_picture_in_a_closed_menu_waits_until_it_opens() -> None:
    page = '<img alt="Colab logo" src="../_static/images/logo_colab.png">'
    assert light_figures.rewritten(page, {}) == f'<img loading="lazy"{page[4:]}'


def test_every_page_finds_its_figures(html: Path) -> None:
    """No page shows a figure that was written in another form."""
    pages = list(html.rglob("*.html"))
    assert len(pages) > 20
    assert [
        page.name for page in pages if light_figures.SHOWN.search(page.read_text("utf-8"))
    ] == []


def test_marks_without_a_colour_of_their_own_leave_code_and_its_text_stays() -> None:
    plain = light_code.plain_classes("a11y-high-contrast-light", "github-dark")
    assert {"n", "p"} <= set(plain)
    assert not {"k", "o", "s2", "mi", "w"} & set(plain)  # coloured in one of the two
    code = '<span></span><span class="n">a</span><span class="o">=</span><span class="p">(</span>'
    page = f'<p><span class="n">a</span></p><div class="highlight"><pre>{code}</pre></div>'
    assert light_code.without(plain, page) == (
        '<p><span class="n">a</span></p><div class="highlight"><pre>'
        '<span></span>a<span class="o">=</span>(</pre></div>'
    )
