"""The page of the reader's progress: what it counts, gives out and takes in."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from dlcore.grade.builds.joining import Part, join
from tests.site.conftest import HTML
from tests.site.live import LivePage, live_page
from tests.site.pages import CHAPTERS, soup
from tests.site.test_every_page import PHONE, POOR_CONTRAST, TOO_WIDE, violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIX = "chapters/06_automatic_differentiation"
NAME = Path(SIX).name
PUT = "entries => Object.entries(entries).forEach(([k, v]) => localStorage.setItem(k, v))"
Kept = dict[str, str]


def about(page: str = SIX) -> Any:
    """What the page knows of a chapter."""
    text = soup(HTML / "book" / "progress.html").find(id="progress-page").text
    return next(chapter for chapter in json.loads(text) if chapter["page"] == page)


def library() -> list[dict[str, Any]]:
    return json.loads((HTML / "live" / "mydl.json").read_text(encoding="utf-8"))


def scored() -> list[dict[str, Any]]:
    return [one for one in about()["exercises"] if one["points"]]


def result(exercise: dict[str, Any], points: int, answer: str = "x = 1") -> dict[str, Any]:
    """What the page of exercises keeps of one that was checked."""
    status = "right" if points == exercise["points"] else "partly right"
    found = {"status": status, "points": points, "checks": []}
    return {"result": found, "answer": [answer], "edition": exercise["edition"]}


def results(**points: int) -> Kept:
    by_number = {one["number"]: one for one in about()["exercises"]}
    every = {n.replace("_", "."): value for n, value in points.items()}
    found = {number: result(by_number[number], value) for number, value in every.items()}
    return {f"exercises:{NAME}": json.dumps(found)}


class Progress:
    """The page, opened with what the browser keeps."""

    def __init__(self, live: LivePage) -> None:
        self.live, self.page = live, live.page

    def open(self, kept: Kept | None = None) -> None:
        self.page.goto(f"{self.live.url}book/progress.html")
        self.page.evaluate("localStorage.clear()")
        self.page.evaluate(PUT, kept or {})
        self.reload()

    def reload(self) -> None:
        self.page.reload()
        self.page.wait_for_selector("html[data-progress=on]")

    def shown(self, part: str, page: str = SIX) -> str:
        return self.page.locator(f'tr[data-page="{page}"] [data-part={part}]').inner_text()

    def kept(self) -> Kept:
        found: Kept = self.page.evaluate("({...localStorage})")
        return found

    def download(self, name: str, folder: Path) -> Path:
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name=re.compile(f"^{name}")).click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def take(self, content: Any) -> str:
        """Import a file, and return what the page says."""
        text = content if isinstance(content, str) else json.dumps(content)
        says = self.page.locator(".progress-says")
        self.page.evaluate("document.querySelector('.progress-says').textContent = ''")
        file = {"name": "old.json", "mimeType": "application/json", "buffer": text.encode()}
        self.page.locator("#progress input[type=file]").set_input_files([file])
        expect(says).not_to_be_empty()
        return says.inner_text()


@pytest.fixture(scope="module")
def started(browser: Browser, url: str) -> Iterator[Progress]:
    with live_page(browser, url) as live:
        yield Progress(live)
        assert live.complaints == []
        assert live.left == []


@pytest.fixture
def progress(started: Progress) -> Progress:
    started.open()
    return started


def file_of(kept: Kept, **changes: Any) -> dict[str, Any]:
    head = {"format": "Deep Learning, Line by Line: progress", "version": 1, "kept": kept}
    return {**head, **changes}


def test_the_table_counts_what_the_built_pages_hold() -> None:
    page = soup(HTML / "book" / "progress.html")
    rows = {str(row["data-page"]): row for row in page.select("#progress tbody tr")}
    assert list(rows) == CHAPTERS
    for name, row in rows.items():
        built = soup(HTML / f"{name}.html")
        sections = built.select("article.bd-article > section > section[id]")
        assert row.select_one("[data-part=sections]").text == str(len(sections))
        assert about(name)["sections"] == [section["id"] for section in sections]
        exercises = soup(HTML / f"{name.replace('chapters/', 'exercises/')}.html")
        points = re.search(r"(\d+) points", exercises.select_one(".exercise-total").text)
        assert points is not None
        assert row.select_one("[data-part=points]").text == points[1]
        asked = built.select_one("#guesses-page")
        found = json.loads(asked.text)["predictions"] if asked else []
        assert about(name)["predictions"] == [one["cells"][0] for one in found]


def test_what_the_browser_keeps_is_counted(progress: Progress) -> None:
    first, second = scored()[:2]
    sections = about()["sections"]
    asked = about()["predictions"]
    guesses = {cell: {"guess": "2", "shown": False, "when": ""} for cell in asked[:1]}
    kept = {
        f"read:{SIX}": json.dumps({"sections": [*sections[:3], "gone"], "when": ""}),
        f"guesses:{SIX}": json.dumps(guesses),
        f"exercises:{NAME}": json.dumps(
            {
                first["number"]: result(first, first["points"]),
                second["number"]: {**result(second, 1), "edition": "an old one"},
            }
        ),
    }
    progress.open(kept)
    most = sum(one["points"] for one in scored())
    assert progress.shown("sections") == f"3 of {len(sections)}"
    assert progress.shown("guesses") == (f"1 of {len(asked)}" if asked else "–")
    assert progress.shown("points") == f"{first['points']} of {most}"
    assert progress.shown("points", "all").startswith(f"{first['points']} of ")
    progress.page.get_by_text("Exercises of chapter 6", exact=True).click()
    row = progress.page.locator(f'li[data-exercise="{first["number"]}"] .exercise-score')
    assert row.inner_text() == f"{first['points']} of {first['points']}"


def test_damaged_entries_count_as_nothing(progress: Progress) -> None:
    progress.open({f"read:{SIX}": "{", f"guesses:{SIX}": "[]", f"exercises:{NAME}": "null"})
    assert progress.shown("sections") == f"0 of {len(about()['sections'])}"


def test_a_section_is_read_once_its_end_has_stayed_in_sight(progress: Progress) -> None:
    page = progress.page
    progress.open()
    page.goto(f"{progress.live.url}{SIX}.html")
    page.wait_for_selector("[data-section]", state="attached")
    first = about()["sections"][0]
    key = f"read:{SIX}"
    page.evaluate("document.querySelector('[data-section]').scrollIntoView({block: 'center'})")
    page.wait_for_function("key => localStorage.getItem(key)", arg=key)
    found = json.loads(progress.kept()[key])["sections"]
    assert first in found
    assert about()["sections"][-1] not in found


def test_export_and_import_bring_everything_to_another_browser(
    progress: Progress, tmp_path: Path
) -> None:
    number = scored()[0]["number"].replace(".", "_")
    kept = {
        **results(**{number: 1}),
        f"read:{SIX}": json.dumps({"sections": about()["sections"], "when": ""}),
        f"guesses:{SIX}": json.dumps({"a": {"guess": "2", "shown": True, "when": ""}}),
        f"live:{SIX}#cell:abc": "x = 1",
        "theme": "dark",
    }
    progress.open(kept)
    path = progress.download("Export", tmp_path)
    assert re.fullmatch(r"progress-\d{4}-\d\d-\d\d\.json", path.name)
    progress.open()
    assert "nothing that was here is lost" in progress.take(path.read_text())
    found = progress.kept()
    assert {key: found.get(key) for key in kept if key != "theme"} == {
        key: value for key, value in kept.items() if key != "theme"
    }
    assert progress.shown("sections") == "{0} of {0}".format(len(about()["sections"]))


def test_import_merges_and_loses_nothing(progress: Progress) -> None:
    first, second, third = scored()[:3]
    sections = about()["sections"]
    old = {**result(third, third["points"]), "edition": "an old one"}
    here = {
        f"read:{SIX}": json.dumps({"sections": sections[:2], "when": "b"}),
        f"guesses:{SIX}": json.dumps({"a": {"guess": "here", "shown": False, "when": ""}}),
        f"exercises:{NAME}": json.dumps(
            {
                first["number"]: result(first, first["points"], "best"),
                second["number"]: result(second, 0, "poor"),
                third["number"]: result(third, 1, "new"),
            }
        ),
        "live:one": "here",
    }
    there = {
        f"read:{SIX}": json.dumps({"sections": sections[1:3], "when": "a"}),
        f"guesses:{SIX}": json.dumps(
            {
                "a": {"guess": "there", "shown": True, "when": ""},
                "b": {"guess": "new", "shown": False, "when": ""},
            }
        ),
        f"exercises:{NAME}": json.dumps(
            {
                first["number"]: {**result(first, 0, "worse"), "opened": True},
                second["number"]: result(second, second["points"], "better"),
                third["number"]: old,
            }
        ),
        "live:one": "there",
        "live:two": "there",
    }
    progress.open(here)
    assert "1 text differs from what is here" in progress.take(file_of(there))
    found = progress.kept()
    assert json.loads(found[f"read:{SIX}"])["sections"] == sections[:3]
    guesses = json.loads(found[f"guesses:{SIX}"])
    assert (guesses["a"]["guess"], guesses["a"]["shown"]) == ("here", True)
    assert guesses["b"]["guess"] == "new"
    exercises = json.loads(found[f"exercises:{NAME}"])
    assert [exercises[one["number"]]["answer"] for one in (first, second, third)] == [
        ["best"],
        ["better"],
        ["new"],
    ]
    assert exercises[first["number"]]["opened"] is True
    assert (found["live:one"], found["live:two"]) == ("here", "there")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("not a file", "it is no JSON"),
        ("[]", "not one that this page has exported"),
        ({"kept": {}}, "not one that this page has exported"),
        (file_of({}, version=2), "has version 2 and this page reads version 1"),
        (file_of({"theme": "dark"}), "is damaged"),
        (file_of({"live:a": 3}), "is damaged"),  # type: ignore[dict-item]
        (file_of({f"read:{SIX}": "{}"}), "is damaged"),
        (file_of({f"guesses:{SIX}": '{"a": 3}'}), "is damaged"),
        (file_of({f"exercises:{NAME}": '{"6.1": {"result": 3}}'}), "is damaged"),
        (file_of({"read:a": '{"sections": []}', "live:a": "x" * 6_000_000}), "has no room"),
        (" " * 10_000_001, "too large"),
    ],
    ids=lambda value: "" if not isinstance(value, str) or len(value) > 60 else value,
)
def test_a_bad_file_is_refused_with_a_sentence(progress: Progress, content: Any, said: str) -> None:
    before = progress.kept()
    assert said in progress.take(content)
    assert progress.kept() == before


# The library of one's own -----------------------------------------------------------------------


def joined(own: dict[str, str]) -> str:
    names = ("where", "exercise", "names", "text")
    return join([Part(*(one[name] for name in names)) for one in library()], own).text


def test_the_button_makes_the_file_that_dlcore_mine_makes(
    progress: Progress, tmp_path: Path
) -> None:
    path = progress.download("mydl.py", tmp_path)
    assert path.read_text(encoding="utf-8") == joined({})
    expect(progress.page.locator(".progress-says")).to_contain_text("mydl.py: 0 of ")


def test_the_button_takes_builds_that_passed_and_no_others(
    progress: Progress, tmp_path: Path
) -> None:
    builds = [one for one in library() if one.get("name")]
    assert len(builds) > 2
    kept: dict[str, Any] = {}
    for index, one in enumerate(builds):
        entry = {
            "result": {"status": "wrong" if index == 1 else "right", "points": 1, "checks": []},
            "answer": [f"\nMINE_{index} = $& # é"],
            "edition": "an old one" if index == 2 else one["edition"],
        }
        kept.setdefault(f"exercises:{one['name']}", {})[one["exercise"]] = entry
    progress.open({key: json.dumps(value) for key, value in kept.items()})
    own = {
        one["exercise"]: f"MINE_{index} = $& # é"
        for index, one in enumerate(builds)
        if index not in (1, 2)
    }
    text = progress.download("mydl.py", tmp_path).read_text(encoding="utf-8")
    assert text == joined(own)
    assert re.findall(r"MINE_\d+", text) == [
        f"MINE_{n}" for n in range(len(builds)) if n not in (1, 2)
    ]


JOIN = """async ([parts, own]) => {
  const { join } = await import(new URL("../live/mydl.mjs", location));
  return join(parts, own);
}"""


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"6.2": "class A:\r\n    ### BEGIN SOLUTION\r\n    pass\r\n    ### END SOLUTION\n\n"},
        {"6.2": "def main():\n    pass\nnp: int = 3\nfür = 4"},
        {"6.2": "async def helper(): ...", "16.1": "helper = 1\nother == 2"},
    ],
)
def test_the_browser_joins_as_python_does(progress: Progress, own: dict[str, str]) -> None:
    from dlcore.grade.builds.joining import Build, parts

    found = parts([Build("6.2", "Tape", ("Function", "Tensor")), Build("16.1", "Words", ("W",))])
    theirs = progress.page.evaluate(JOIN, [[part._asdict() for part in found], own])
    ours = join(found, own)
    assert theirs == {"text": ours.text, "own": list(ours.own), "clashes": ours.clashes}


# For everybody ----------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_everybody_can_read_and_use_the_page(
    browser: Browser, url: str, theme: str, size: str
) -> None:
    options = {"viewport": PHONE} if size == "phone" else {}
    with live_page(browser, url, reduced_motion="reduce", **options) as live:
        live.page.add_init_script(f"localStorage.setItem('mode', '{theme}')")
        live.page.add_init_script(f"localStorage.setItem('theme', '{theme}')")
        progress = Progress(live)
        live.page.goto(f"{url}book/progress.html")
        live.page.wait_for_selector(f"html[data-progress=on][data-theme={theme}]")
        live.page.evaluate(
            "document.querySelectorAll('#progress details').forEach(d => d.open = 1)"
        )
        assert "damaged" in progress.take(file_of({"theme": "dark"}))
        assert violations(live.page) == []
        assert live.page.evaluate(POOR_CONTRAST) == []
        assert live.page.evaluate(TOO_WIDE) == []


def test_buttons_are_reached_and_pressed_by_keyboard(progress: Progress) -> None:
    page = progress.page
    page.get_by_role("button", name="mydl.py").focus()
    for name in ("Export", "Import"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    with page.expect_download():
        page.keyboard.press("Enter")


def test_without_scripts_a_sentence_says_so_and_the_table_says_what_there_is(
    browser: Browser, url: str
) -> None:
    with live_page(browser, url, java_script_enabled=False) as live:
        live.page.goto(f"{url}book/progress.html")
        note = live.page.locator("#progress p.live-note:visible")
        expect(note).to_contain_text("Without JavaScript the table says what there is")
        row = live.page.locator(f'tr[data-page="{SIX}"] [data-part=sections]')
        assert row.inner_text() == str(len(about()["sections"]))


def test_opened_as_a_file_the_page_says_why(browser: Browser, html: Path, url: str) -> None:
    with live_page(browser, url) as live:
        live.page.goto((html / "book" / "progress.html").as_uri())
        says = live.page.locator(".progress-says")
        expect(says).to_contain_text("This page was opened as a file")


def test_a_browser_that_keeps_nothing_is_told_so(browser: Browser, url: str) -> None:
    with live_page(browser, url) as live:
        live.page.add_init_script(
            "Object.defineProperty(window, 'localStorage', "
            "{get() { throw new DOMException('denied', 'SecurityError'); }})"
        )
        live.page.goto(f"{url}book/progress.html")
        expect(live.page.locator(".progress-says")).to_contain_text("keeps nothing")
