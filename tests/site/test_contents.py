"""The contents: four parts, exercises under their chapter, titles from the notebooks, each once.

And what a chapter adds to pages of all: its terms and the works that it cites.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import Tag

from dlcore.notebooks.new_chapter import PARTS
from tests.site.pages import CHAPTERS, ROOT, soup

TOC = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
TERMS = ROOT / "book" / "glossary"
WORKS = ROOT / "book" / "references"


def number(page: str) -> int:
    return int(page.partition("/")[2][:2])


def exercises_to(page: str) -> str:
    return page.replace("chapters/", "exercises/")


def heading(page: str) -> str:
    """The first heading of a notebook."""
    cells = json.loads((ROOT / f"{page}.ipynb").read_text(encoding="utf-8"))["cells"]
    found = re.search(r"^# (.+)$", "".join(cells[0]["source"]), re.MULTILINE)
    assert found, page
    return found[1]


def part(caption: str) -> list[dict[str, Any]]:
    return next((p["chapters"] for p in TOC["parts"] if p["caption"] == caption), [])


def terms(path: Path) -> list[str]:
    """The terms of a file, two names of one thing each for itself."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line[0].isspace()]


def with_exercises(page: str) -> list[str]:
    return [page, exercises_to(page)]


def text_of_pages() -> str:
    """All that is written by hand and may cite a work, but for chapters and exercises."""
    files = [path for kind in ("md", "csv") for path in (ROOT / "book").rglob(f"*.{kind}")]
    return "".join(path.read_text("utf-8") for path in files if "_build" not in path.parts)


def name_of(entry: Tag) -> str:
    """A term as it was written, with straight quotes."""
    return entry.contents[0].get_text().strip().replace("’", "'")


def keys(path: Path) -> list[str]:
    return re.findall(r"^@\w+\{([^,]+),$", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_chapters_stand_in_their_part_in_order_with_their_exercises_below() -> None:
    captions = [part["caption"] for part in TOC["parts"]]
    own = [caption for caption in captions if caption in PARTS]
    assert own == [name for name in PARTS if name in own]
    assert captions == ["Using this book", *own, "Reference"]
    listed = []
    for caption in own:
        for chapter in part(caption):
            page = chapter["file"]
            assert number(page) in PARTS[caption]
            assert chapter == {"file": page, "sections": [{"file": exercises_to(page)}]}
            listed.append(page)
    assert listed == CHAPTERS == sorted(listed)


def test_no_title_is_written_twice() -> None:
    assert "title:" not in (ROOT / "book" / "_toc.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", CHAPTERS)
def test_the_side_lists_the_chapter_by_number_and_title(html: Path, page: str) -> None:
    side = soup(html / "book" / "index.html").select_one("nav.bd-links")
    assert isinstance(side, Tag)
    for name, text in (
        (page, f"{number(page)} · {heading(page)}"),
        (exercises_to(page), "Exercises"),
    ):
        link = side.select_one(f'a[href$="/{name}.html"]')
        assert isinstance(link, Tag)
        assert link.get_text() == text


@pytest.mark.parametrize("page", [page for name in CHAPTERS for page in with_exercises(name)])
def test_a_window_bears_the_title_of_the_notebook(html: Path, page: str) -> None:
    title = soup(html / f"{page}.html").title
    assert isinstance(title, Tag)
    assert title.get_text().split(" — ")[0].strip() == heading(page)


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapter_leads_to_its_exercises_and_they_lead_back(html: Path, page: str) -> None:
    own, other = f"{page}.html", f"{exercises_to(page)}.html"
    further, back = (
        soup(html / name).select_one(way)
        for name, way in ((own, "a.right-next"), (other, "a.left-prev"))
    )
    assert isinstance(further, Tag)
    assert isinstance(back, Tag)
    assert further["href"] == f"../{other}"
    assert back["href"] == f"../{own}"
    assert heading(exercises_to(page)) in further.get_text()
    assert heading(page) in back.get_text()


@pytest.mark.parametrize("folder", [TERMS, WORKS], ids=lambda folder: folder.name)
def test_each_file_of_terms_and_works_belongs_to_a_chapter_or_to_all(folder: Path) -> None:
    files = {path.stem for path in folder.iterdir()}
    assert files - {"00"} <= {f"{number(page):02}" for page in CHAPTERS}


def test_the_glossary_lists_the_terms_of_all_chapters_by_the_alphabet(html: Path) -> None:
    page = soup(html / "book" / "glossary.html")
    listed = [name_of(dt) for dt in page.select("dl.glossary > dt")]
    written = [term for path in TERMS.glob("*.md") for term in terms(path)]
    assert sorted(listed) == sorted(written)
    assert len({term.lower() for term in written}) == len(written)
    firsts = [name_of(dt).lower() for dt in page.select("dl.glossary > dd + dt")]
    assert firsts == sorted(firsts)


def test_the_bibliography_lists_the_works_of_all_chapters(html: Path) -> None:
    """Each is in one file, and cited by the chapter to which the file belongs."""
    files = {path.stem: keys(path) for path in sorted(WORKS.glob("*.bib"))}
    assert all(file == sorted(file) for file in files.values())
    written = [key for file in files.values() for key in file]
    assert len(set(written)) == len(written)
    for page in CHAPTERS:
        both = (page, page.replace("chapters/", "solutions/"))
        text = "".join((ROOT / f"{name}.ipynb").read_text("utf-8") for name in both)
        assert {key for key in files.get(f"{number(page):02}", []) if key not in text} == set()
    cited = len(written) - len([key for key in files["00"] if key not in text_of_pages()])
    assert len(soup(html / "book" / "bibliography.html").select("div.citation[id]")) == cited
