"""Terms stand where they are promised, and are told before they are used.

*You need* of a chapter is a list. A line names a section and the terms that stand there,
`- [Section 6.3](#sec-06-tape): tape, adjoint;`, or a chapter that is not written yet,
`- chapter 9, planned: fold;`, or what the book does not teach, `- from elsewhere: …`. A line of a
planned chapter must name a section as soon as that chapter is there.

A term of a chapter's part of the glossary is linked, `{term}`, or set in italics or bold, in the
first text cell that uses it; titles, *At a glance* and what is no prose do not count as a use.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from dlcore.notebooks import new_chapter
from dlcore.notebooks.files import read
from dlcore.notebooks.places import Section, sections
from tests.notebooks.building import chapter, words
from tests.site.pages import CHAPTERS, ROOT

NEED = re.compile(r"^\*\*You need\*\*\n\n(?P<lines>(?:- .+\n(?: +.+\n)*)+)", re.M)
WRITTEN = re.compile(r"\[Section (?P<number>[\d.]+)\]\(#(?P<name>[\w-]+)\): (?P<terms>.+)", re.S)
PLANNED = re.compile(r"chapter (?P<number>\d+), planned: (?P<terms>.+)", re.S)
ELSEWHERE = "from elsewhere: "
ROLE = re.compile(r"\{term\}`(?:(?P<shown>[^`<]+?)\s*<)?(?P<term>[^`<>]+)>?`")
NOT_PROSE = re.compile(
    r"```.*?```|\$\$.*?\$\$|\$[^$\n]*\$|\{[\w:]+\}`[^`]*`|`[^`\n]*`"
    r"|^\([^\n]+\)=$|^#+ [^\n]*$|\]\([^)]*\)",
    re.S | re.M,
)
NOT_READ = ("at-a-glance", "outside-the-site")


def need(notebook: NotebookNode) -> list[str]:
    """The lines of *You need*; none where there is no such list."""
    found = NEED.search(f"{notebook.cells[1].source}\n")
    if found is None:
        return []
    lines = re.split(r"^- ", found["lines"], flags=re.M)[1:]
    return [" ".join(line.split()).rstrip(";.") for line in lines]


def promised(terms: str) -> list[str]:
    """The terms of a line; a link to the glossary counts by what it shows."""
    plain = ROLE.sub(lambda role: role["shown"] or role["term"], terms)
    return [term for term in re.split(r",\s*(?:and )?|\s+and ", plain) if term]


def stands(term: str, text: str) -> bool:
    """Whether a text has a term, in the singular or the plural."""
    word = re.escape(term.removesuffix("s")).replace(r"\ ", r"\s+")
    return bool(re.search(rf"(?<!\w){word}(?:e?s)?(?!\w)", text, re.I))


@cache
def written() -> dict[int, list[Section]]:
    """The sections of all chapters that are there."""
    paths = {int(name.partition("/")[2][:2]): ROOT / f"{name}.ipynb" for name in CHAPTERS}
    return {number: sections(read(path), number) for number, path in paths.items()}


def broken_promises(notebook: NotebookNode, book: dict[int, list[Section]]) -> Iterator[str]:
    """What *You need* promises and the book does not hold."""
    lines = need(notebook)
    if not lines:
        yield "there is no list below **You need**"
    for line in lines:
        if found := WRITTEN.fullmatch(line):
            held = [one for part in book.values() for one in part if one.name == found["name"]]
            text = (
                ROLE.sub(lambda role: role["shown"] or role["term"], held[0].source) if held else ""
            )
            if not held or held[0].number != found["number"]:
                yield f"Section {found['number']} is not {found['name']}"
            for term in promised(found["terms"]):
                if held and not stands(term, text):
                    yield f"Section {found['number']} does not hold {term!r}"
        elif found := PLANNED.fullmatch(line):
            if int(found["number"]) in book:
                yield f"chapter {found['number']} is written: name its section"
        elif not line.startswith(ELSEWHERE):
            yield f"{line!r} names no section"


def terms_of(text: str) -> list[list[str]]:
    """The terms of a part of the glossary, each with its other names."""
    groups: list[list[str]] = [[]]
    for line in text.splitlines():
        if line and not line[0].isspace():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def untold(notebook: NotebookNode, groups: list[list[str]]) -> Iterator[str]:
    """Terms whose first use is neither a link nor a definition."""
    texts = [
        (cell.id, cell.source)
        for cell in notebook.cells
        if cell.cell_type == "markdown" and cell.id not in NOT_READ
    ]
    for names in groups:
        for cell, source in texts:
            if tells(source, names):
                break
            if any(stands(name, NOT_PROSE.sub(" ", source)) for name in names):
                yield f"{cell}: {names[0]!r} is used before it is told"
                break
        else:
            yield f"{names[0]!r} is not in the chapter"


def tells(source: str, names: list[str]) -> bool:
    """Whether a text links one of the names of a term, or sets it in italics or bold."""
    linked = {" ".join(role["term"].split()).lower() for role in ROLE.finditer(source)}
    set_off = re.findall(r"(\*\*?)(?=\w)([^*]+?)\1", source)
    return bool(linked & {name.lower() for name in names}) or any(
        stands(name, text) for name in names for _, text in set_off
    )


# The rules themselves -----------------------------------------------------------------------------


def needing(*lines: str) -> NotebookNode:
    made = chapter()
    made.cells[1].source = (
        "**You need**\n\n" + "\n".join(f"- {line}" for line in lines) + "\n\nTime."
    )
    return made


BOOK = {
    3: [
        Section(
            "3.1",
            "sec-03-tape",
            "The tape",
            "## The tape\n\nAn *adjoint* for {term}`leaves <leaf>`",
        )
    ]
}
PROMISES = {
    "[Section 3.1](#sec-03-tape): tape, adjoints and\n  leaves;": [],
    "chapter 9, planned: fold;": [],
    "from elsewhere: Python classes.": [],
    "[Section 3.1](#sec-03-tape): tape, fold;": ["Section 3.1 does not hold 'fold'"],
    "[Section 3.1](#sec-03-tape): tap": ["Section 3.1 does not hold 'tap'"],
    "[Section 3.2](#sec-03-tape): tape": ["Section 3.2 is not sec-03-tape"],
    "[Section 4.1](#sec-04-on): tape": ["Section 4.1 is not sec-04-on"],
    "chapter 3, planned: tape": ["chapter 3 is written: name its section"],
    "gradients": ["'gradients' names no section"],
}


@pytest.mark.parametrize("line", PROMISES)
def test_what_you_need_may_promise(line: str) -> None:
    assert list(broken_promises(needing(line), BOOK)) == PROMISES[line]


def test_what_you_need_is_a_list() -> None:
    assert list(broken_promises(chapter(), BOOK)) == ["there is no list below **You need**"]


USES = {
    "A {term}`kernel` slides.": [],
    "Two {term}`windows <kernel>` slide.": [],
    "A *kernel*, or window, slides.": [],
    "**Kernels** slide.": [],
    "`kernel` and $kernel$": ["'kernel' is not in the chapter"],
    "A kernel slides.": ["told: 'kernel' is used before it is told"],
    "Its kernels slide, *so* be it.": ["told: 'kernel' is used before it is told"],
}


@pytest.mark.parametrize("text", USES)
def test_how_a_term_is_told(text: str) -> None:
    made = chapter(words("told", text))
    assert list(untold(made, terms_of("kernel\nwindow\n  What slides.\n"))) == USES[text]


# The book -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_a_chapter_needs_stands_in_the_section_that_it_names(name: str) -> None:
    assert list(broken_promises(read(ROOT / f"{name}.ipynb"), written())) == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_term_of_a_chapter_is_told_before_it_is_used(name: str) -> None:
    part = ROOT / "book" / "glossary" / f"{Path(name).stem[:2]}.md"
    groups = terms_of(part.read_text(encoding="utf-8"))
    assert groups
    assert list(untold(read(ROOT / f"{name}.ipynb"), groups)) == []


def test_a_new_chapter_keeps_both_rules() -> None:
    skeleton = Path(new_chapter.__file__).with_name("skeleton")
    made = nbformat.read(skeleton / "chapter.ipynb", as_version=4)
    terms = (skeleton / "glossary.md").read_text(encoding="utf-8")
    assert list(broken_promises(made, written())) == []
    assert list(untold(made, terms_of(terms))) == []
