"""The theme's script of icons, cut down to those that are shown."""

import re
from pathlib import Path

import light_icons

from tests.site.pages import PAGES

SCRIPT = (
    'var p={monero:[496,512,[],"f3d0","M352"],"circle-half-stroke":[512,512,[9680,"adjust"],"f042",'
    '"M448"],rocket:[512,512,[],"f135",["M1","M2"]]};'
)


def test_an_icon_stays_by_its_name_or_by_another_name_of_it() -> None:
    light = light_icons.without_others(SCRIPT, {"adjust"})
    assert light == 'var p={"circle-half-stroke":[512,512,[9680,"adjust"],"f042","M448"],};'


def test_every_icon_of_a_page_is_in_the_script(html: Path) -> None:
    script = (html / light_icons.SCRIPT).read_text(encoding="utf-8")
    assert len(script) < 200_000
    styles = {"brands", "regular", "solid", "lg"}
    names = light_icons.shown(html / f"{page}.html" for page in PAGES) - styles
    names = {name for name in names if not re.fullmatch(r"\d+[a-z]*", name)}
    assert len(names) > 5
    assert {
        name for name in names if f'{name}":' not in script and f"{name}:" not in script
    } == set()
