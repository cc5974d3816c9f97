"""What the tests of exercise pages share: answers, and a page on which they are given."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Locator, expect

from dlcore.notebooks.exercises import BEGIN, END, Exercise, read_exercises
from dlcore.notebooks.files import notebooks_in, read
from tests.grade.mistakes import file_of, wrong_answers
from tests.site.live import PATIENCE, LivePage
from tests.site.pages import ROOT

PATHS = notebooks_in(ROOT / "solutions")
PAGE = "exercises/06_automatic_differentiation"


def right_answers(path: Path) -> dict[str, str]:
    """The answer cells of a solution, by id, without its marks."""
    found = {}
    for exercise in read_exercises(read(path)):
        for cell in exercise.answers:
            lines = [line for line in cell.source.splitlines() if line.strip() not in (BEGIN, END)]
            found[cell.id] = "\n".join(lines)
    return found


def mistakes(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Typical wrong answers by exercise: what is wrong, and the source of the answer cell."""
    wrong = wrong_answers(file_of(path))
    return {number: [(one.what, one.source) for one in found] for number, found in wrong.items()}


def exercises(path: Path) -> dict[str, Exercise]:
    """The exercises of a solution by number."""
    return {exercise.number: exercise for exercise in read_exercises(read(path))}


# Whether all exercises of a chapter are tried, or only those that take no time to check.
LENGTHS = [
    pytest.param(False, id="brief"),
    pytest.param(True, id="whole", marks=pytest.mark.weekly),
]


def chosen(path: Path, whole: bool) -> dict[str, Exercise]:
    """The exercises to try: in brief without those whose checks train a network.

    That these are checked as the others are is seen in the first chapter.
    """
    found = exercises(path)
    whole = whole or path == PATHS[0]
    return {number: one for number, one in found.items() if whole or not one.long}


@dataclass
class Sheet:
    """A page of exercises in a browser."""

    live: LivePage
    name: str = PAGE

    def open(self) -> None:
        """Open the page, and wait until answers can be given."""
        self.live.open(self.name)
        self.live.page.wait_for_selector("html[data-exercises=on]")

    @contextmanager
    def later(self) -> Iterator["Sheet"]:
        """The page as a reader finds it who comes back: all it has is what the browser kept.

        It is another tab, so that Python goes on in this one.
        """
        page, complaints = self.live.page.context.new_page(), self.live.complaints
        page.on("console", lambda m: m.type == "error" and complaints.append(m.text))
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.on("response", lambda r: r.status >= 400 and complaints.append(r.url))
        again = Sheet(LivePage(page, self.live.url, complaints), self.name)
        again.open()
        yield again
        page.close()

    def panel(self, number: str) -> Locator:
        """Find the panel of an exercise."""
        return self.live.page.get_by_role("group", name=f"Exercise {number}", exact=True)

    def press(self, number: str) -> None:
        """Press the button that checks an exercise."""
        self.panel(number).locator(".check").click()

    def check(self, number: str) -> str:
        """Check an exercise, and return what the panel says."""
        self.press(number)
        return self.finished(number)

    def finished(self, number: str) -> str:
        """Wait until an exercise is checked, and return what the panel says."""
        expect(self.panel(number)).to_have_attribute("aria-busy", "false", timeout=PATIENCE)
        return self.panel(number).inner_text()

    def verdict(self, number: str) -> str:
        """Return the line that says how an exercise went."""
        return self.panel(number).locator(".exercise-verdict").inner_text()

    def check_all(self) -> None:
        """Check all exercises, and wait for the last."""
        button = self.live.page.locator(".exercise-actions .check").first
        button.click()
        expect(button).to_have_text("Check all", timeout=PATIENCE)

    def solution(self, number: str) -> Locator:
        """Find the solution of an exercise."""
        return self.live.page.locator(f'.exercise-solution[data-exercise="{number}"]')

    def total(self) -> str:
        """Return the points that the page shows."""
        return self.live.page.locator(".exercise-total strong").first.inner_text()

    def download(self, folder: Path) -> Path:
        """Press the button, and return the notebook that comes."""
        with self.live.page.expect_download() as download:
            self.live.page.get_by_role("button", name="Download notebook").first.click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def confirm(self, answer: str) -> None:
        """Answer the question that the page asks, and wait until it has been acted on."""
        dialog = self.live.page.locator(".exercise-dialog")
        dialog.get_by_role("button", name=answer, exact=True).click()
        expect(dialog).to_have_count(0)


def shown_points(sheet: Sheet) -> dict[str, int]:
    """Return the points of each exercise as the page keeps them."""
    script = "name => JSON.parse(localStorage.getItem(`exercises:${name}`))"
    kept: dict[str, Any] = sheet.live.page.evaluate(script, Path(sheet.name).name)
    return {
        number: found["result"]["points"] for number, found in kept.items() if "result" in found
    }


def notebook(path: Path) -> Any:
    """Read a notebook file as it is, once its format is proved."""
    nbformat.validate(nbformat.read(path, as_version=4))
    return json.loads(path.read_text(encoding="utf-8"))
